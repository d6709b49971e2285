package page

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestReadmePictures takes the pictures of the README into the folder that
// VERSO_PICTURES names.
func TestReadmePictures(t *testing.T) {
	folder := os.Getenv("VERSO_PICTURES")
	if folder == "" {
		t.Skip("VERSO_PICTURES names no folder")
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	// From where the story begins: the first words of the file are of its edition.
	whale := string(text[strings.Index(string(text), "Call me Ishmael"):60_000])
	const title = "Moby-Dick; or, The Whale.txt"
	s := newStage(t, mischief())
	names := `[{"term":"Ishmael","translation":"Ismaël","kind":"person","gender":"male"},{"term":"Manhattoes","translation":"Manhattoes","kind":"place"},{"term":"Cato","translation":"Caton","kind":"person","gender":"male"},{"term":"New Bedford","translation":"New Bedford","kind":"place"},{"term":"Nantucket","translation":"Nantucket","kind":"place"}]`
	s.fill(t,
		ordered{name: "Letters from the lighthouse.txt", text: voyage(2), becomes: "COMPLETED"},
		ordered{name: title, text: whale, fields: map[string]string{"glossary_data": names}, becomes: "COMPLETED"},
		ordered{name: "The voyage out.txt", text: voyage(9), becomes: "PROCESSING"},
	)
	s.signIn(t, s.server, "user_demoada")
	s.dress(t, "light")
	if _, err := chromedp.Call(s.ctx, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true}); err != nil {
		t.Fatal(err)
	}

	s.open(t, "#/")
	s.lay(t, mustWrite(t, "Typee.txt", whale[:30_000]), mustWrite(t, "Dear keeper of the light.txt", voyage(1)))
	s.choose(t, id("target-language"), "fr")
	s.wait(t, item(1, "file-price"), id("total"), id("job"))
	s.poll(t, "something is under way", `document.querySelector('[data-status="PROCESSING"]')?.dataset.progress > 50`)
	s.keep(t, folder, "desk")

	s.open(t, "#/jobs/"+s.jobs[title])
	s.wait(t, id("reader-block"))
	s.click(t, id("open-names"))
	s.wait(t, id("names"), `[data-term="Cato"]`)
	s.must(t, "leave the field", chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
	s.keep(t, folder, "reader")

	s.must(t, "take up a phone", chromedp.EmulateViewport(phoneWidth, phoneHeight, chromedp.EmulateScale(2)))
	s.dress(t, "dark")
	s.open(t, "#/jobs/"+s.jobs[title])
	s.wait(t, id("reader-block"))
	s.must(t, "read on", chromedp.Evaluate[chromedp.Void](`scrollBy({top: document.querySelector('.translation').getBoundingClientRect().top - 520, behavior: 'instant'})`))
	s.keep(t, folder, "phone")
}

// keep writes a picture of at most 256 colours, which nobody sees the difference
// of and which is half as heavy: those that are there most, and for all others the
// nearest of them.
func (b *browser) keep(t *testing.T, folder, name string) {
	t.Helper()
	taken, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[color.Color]int{}
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			seen[picture.At(x, y)]++
		}
	}
	palette := color.Palette(slices.SortedFunc(maps.Keys(seen), func(a, b color.Color) int { return seen[b] - seen[a] }))
	kept := image.NewPaletted(bounds, palette[:min(len(palette), 256)])
	draw.Draw(kept, bounds, picture, bounds.Min, draw.Src)
	file, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(file, kept); err != nil {
		t.Fatal(err)
	}
}
