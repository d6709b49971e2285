package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"verso/tests/process"
)

const public = "../../pb_public"

// icon is a picture of the mark, for a home screen.
type icon struct {
	file   string
	side   int64
	corner int // how round the ground is, in 64ths of the side; systems round some by themselves
	mark   int // the mark's width in 64ths of the side; what may be cut off to a circle keeps within it
}

func icons() []icon {
	return []icon{
		{"verso-192.png", 192, 14, 42},
		{"verso-512.png", 512, 14, 42},
		{"verso-maskable-512.png", 512, 0, 34},
		{"apple-touch-icon.png", 180, 0, 42},
	}
}

// svg draws the mark on the cloth of a binding.
func (i icon) svg() string {
	scale := float64(i.mark) / 28 // the mark is 28 wide
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[1]d" viewBox="0 0 64 64">
		<rect width="64" height="64" rx="%[2]d" fill="#1f5245"/>
		<g transform="translate(32 32) scale(%.4[3]f) translate(-16 -16.75)">
			<path fill="#fdfbf6" d="M2 5.5 15.2 11v17L2 22.5z"/><path fill="#8fb3a4" d="M30 5.5 16.8 11v17L30 22.5z"/>
		</g></svg>`, i.side, i.corner, scale)
}

// TestIcons holds that the icons are there, of the sizes that the manifest tells
// and light to carry. With VERSO_DRAW_ICONS set they are drawn anew.
func TestIcons(t *testing.T) {
	if os.Getenv("VERSO_DRAW_ICONS") != "" {
		b := mustOpen(t, 512, 512)
		for _, icon := range icons() {
			b.draw(t, icon)
		}
	}
	raw, err := os.ReadFile(filepath.Join(public, "manifest.webmanifest"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Icons []struct{ Src, Sizes, Purpose string }
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	told := map[string]string{"/icons/apple-touch-icon.png": "180x180"}
	for _, icon := range manifest.Icons {
		told[icon.Src] = icon.Sizes
	}
	for _, icon := range icons() {
		data, err := os.ReadFile(filepath.Join(public, "icons", icon.file))
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := png.DecodeConfig(bytes.NewReader(data))
		if size := fmt.Sprintf("%dx%d", drawn.Width, drawn.Height); err != nil || told["/icons/"+icon.file] != size || drawn.Width != int(icon.side) {
			t.Errorf("%s is %s, told to be %q: %v", icon.file, size, told["/icons/"+icon.file], err)
		}
		if len(data) > 10_000 {
			t.Errorf("%s has %d bytes", icon.file, len(data))
		}
		delete(told, "/icons/"+icon.file)
	}
	if len(told) > 0 {
		t.Errorf("the manifest tells of %v, which is not drawn", told)
	}
}

// draw writes an icon.
func (b *browser) draw(t *testing.T, icon icon) {
	t.Helper()
	// No ground but the icon's own; a plain 0 would not be sent.
	_, err := chromedp.Call(b.ctx, emulation.SetDefaultBackgroundColorOverride, emulation.SetDefaultBackgroundColorOverrideParams{Color: &cdp.RGBA{A: .001}})
	if err != nil {
		t.Fatal(err)
	}
	b.must(t, "draw", chromedp.EmulateViewport(icon.side, icon.side),
		chromedp.Navigate("data:text/html,"+url.PathEscape(`<style>body { margin: 0 } svg { display: block }</style>`+icon.svg())))
	drawn, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(public, "icons", icon.file), drawn, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestInstallable holds that a browser offers to install the page, in the colours
// that it has.
func TestInstallable(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, phoneWidth, phoneHeight)
	b.must(t, "open", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("sign-in-user_demoada")))
	manifest, err := chromedp.Call(b.ctx, page.GetAppManifest, page.GetAppManifestParams{})
	if err != nil || manifest.Data == "" {
		t.Fatalf("no manifest: %v", err)
	}
	for _, fault := range manifest.Errors {
		t.Errorf("the manifest, line %d: %s", fault.Line, fault.Message)
	}
	faults, err := chromedp.Call(b.ctx, page.GetInstallabilityErrors, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults.InstallabilityErrors {
		t.Errorf("it cannot be installed: %s", fault.ErrorID)
	}

	var told struct {
		ThemeColor      string `json:"theme_color"`
		BackgroundColor string `json:"background_color"`
		StartURL        string `json:"start_url"`
	}
	if err := json.Unmarshal([]byte(manifest.Data), &told); err != nil {
		t.Fatal(err)
	}
	b.dress(t, "light")
	if ground := b.ground(t); told.ThemeColor != ground || told.BackgroundColor != ground {
		t.Errorf("the page is %s, the manifest tells %s on %s", ground, told.ThemeColor, told.BackgroundColor)
	}
	for _, scheme := range []string{"light", "dark"} {
		b.dress(t, scheme)
		theme := ask[string](t, b, `[...document.querySelectorAll('meta[name=theme-color]')].find(({media}) => matchMedia(media).matches)?.content`)
		if ground := b.ground(t); theme != ground {
			t.Errorf("in %s colours the page is %s, and its bars are %s", scheme, ground, theme)
		}
	}
	b.mustBeContent(t)
}

// ground returns the page's background as #rrggbb.
func (b *browser) ground(t *testing.T) string {
	t.Helper()
	color := ask[string](t, b, `getComputedStyle(document.documentElement).backgroundColor`)
	hex := "#"
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(color, "rgb("), ")"), ", ") {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatalf("the background is %s", color)
		}
		hex += fmt.Sprintf("%02x", n)
	}
	return hex
}
