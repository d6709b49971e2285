package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"verso/tests/process"
	"verso/tests/standin"
)

// The sizes of view that people have.
const (
	deskWidth, deskHeight   = 1280, 860
	phoneWidth, phoneHeight = 390, 844
)

// look holds that what is to be seen is not wider than a screen and a phone,
// and takes its picture in both, by day and by night.
func (b *browser) look(t *testing.T, view string) {
	t.Helper()
	for _, size := range [][2]int64{{phoneWidth, phoneHeight}, {deskWidth, deskHeight}} {
		b.must(t, "set the size of the view", chromedp.EmulateViewport(size[0], size[1]))
		if wide := ask[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("%s is %d pixels too wide for %d", view, wide, size[0])
		}
		if os.Getenv("VERSO_SCREENSHOTS") == "" {
			continue
		}
		if strings.HasPrefix(view, "list") {
			b.must(t, "come to the list", chromedp.ScrollIntoView(id("job")))
		}
		for _, scheme := range []string{"light", "dark"} {
			b.dress(t, scheme)
			b.shoot(t, fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(view, " ", "-"), size[0], scheme))
		}
		b.dress(t, "light")
	}
}

// dress sets the colours that the person prefers.
func (b *browser) dress(t *testing.T, scheme string) {
	t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			// Pictures of what has come to rest.
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	if err != nil {
		t.Fatalf("prefer %s colours: %v", scheme, err)
	}
}

// startGemini starts a stand-in for Gemini and a server that translates with
// it, and offline on demand.
func startGemini(t *testing.T, config standin.Config, env map[string]string) (*standin.Gemini, *process.Server) {
	t.Helper()
	gemini := standin.StartGemini(t, config)
	all := map[string]string{
		"VERSO_ENGINES": "gemini,pseudo", "GOOGLE_GEMINI_BASE_URL": gemini.URL, "GEMINI_API_KEY": serverKey,
	}
	for name, value := range env {
		all[name] = value
	}
	return gemini, process.Start(t, process.Options{Env: all})
}

// Keys that the stand-in takes until they are revoked.
const serverKey, anotherKey = "the-servers-key", "another-key"

// mustWrite writes a document to upload.
func mustWrite(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// words returns the text of an element, however it is broken into lines.
func (b *browser) words(t *testing.T, selector chromedp.CSS) string {
	t.Helper()
	return ask[string](t, b, fmt.Sprintf(`document.querySelector('%s')?.textContent.replace(/\s+/g, ' ').trim() ?? ''`, selector))
}

// mustRead waits until an element says something.
func (b *browser) mustRead(t *testing.T, selector chromedp.CSS, want string) {
	t.Helper()
	if !process.Holds(patience, func() bool { return strings.Contains(b.words(t, selector), want) }) {
		t.Fatalf("%s says %q, want %q", selector, b.words(t, selector), want)
	}
}

// job selects a row of the list by its status.
func job(status string) chromedp.CSS {
	return id("job") + chromedp.CSS(fmt.Sprintf(`[data-status="%s"]`, status))
}

// reader selects the reader by its document's status.
func reader(status string) chromedp.CSS {
	return id("reader") + chromedp.CSS(fmt.Sprintf(`[data-status="%s"]`, status))
}

// wait waits for elements to be seen.
func (b *browser) wait(t *testing.T, selectors ...chromedp.CSS) {
	t.Helper()
	for _, selector := range selectors {
		b.must(t, "wait for "+string(selector), chromedp.WaitVisible(selector))
	}
}

func (b *browser) click(t *testing.T, selector chromedp.CSS) {
	t.Helper()
	b.must(t, "click "+string(selector), chromedp.Click(selector))
}

// count returns how many elements there are.
func (b *browser) count(t *testing.T, selector chromedp.CSS) int {
	t.Helper()
	return ask[int](t, b, fmt.Sprintf(`document.querySelectorAll('%s').length`, selector))
}

// focused returns the data-testid of what has the focus.
func (b *browser) focused(t *testing.T) string {
	t.Helper()
	return ask[string](t, b, `document.activeElement?.dataset.testid ?? ''`)
}

// retype types over what stands in a field.
func (b *browser) retype(t *testing.T, selector chromedp.CSS, text string) {
	t.Helper()
	b.must(t, "type into "+string(selector), chromedp.Focus(selector),
		chromedp.Evaluate[chromedp.Void](`void document.activeElement.select()`), chromedp.KeyEvent(text))
}

// choose chooses an option of a select.
func (b *browser) choose(t *testing.T, selector chromedp.CSS, value string) {
	t.Helper()
	b.must(t, "choose "+value, chromedp.SetValue(selector, value),
		// A script's change of a select says nothing to the page by itself.
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
			`void document.querySelector('%s').dispatchEvent(new Event('change', {bubbles: true}))`, selector)))
}

// localMoment is a time of day as the page writes it.
func localMoment(t *testing.T, b *browser, at time.Time) string {
	t.Helper()
	return ask[string](t, b, fmt.Sprintf(
		`new Intl.DateTimeFormat('en', {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date(%d))`, at.UnixMilli()))
}
