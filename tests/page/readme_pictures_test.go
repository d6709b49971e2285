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

	"verso/tests/standin"
)

// What is to be read in the pictures: the beginning of the book in French, written for
// them by hand. The stand-in for the engine writes no language that anybody reads.
const (
	ishmael = "Appelez-moi Ismaël. Il y a quelques années (peu importe combien au juste), n’ayant guère d’argent en bourse et rien de particulier qui me retînt à terre, l’idée me vint de naviguer un peu et de voir la partie du monde que l’eau recouvre. C’est ma façon de chasser la bile et de régler la circulation. Chaque fois que je me sens un pli amer à la bouche\u00a0; chaque fois qu’il fait dans mon âme un novembre humide et bruineux\u00a0; chaque fois que je me surprends arrêté, malgré moi, devant les boutiques de cercueils et à la suite de tous les enterrements que je croise\u00a0; et surtout quand mes humeurs noires prennent si bien le dessus qu’il me faut de solides principes pour ne pas descendre exprès dans la rue et faire voler, avec méthode, les chapeaux des passants\u00a0– alors, j’estime qu’il est grand temps de gagner la mer au plus vite. Cela me tient lieu de pistolet et de balle. Dans un beau geste de philosophe, Caton se jette sur son épée\u00a0; moi, je monte tranquillement à bord. Il n’y a là rien d’étonnant. S’ils s’en doutaient, presque tous les hommes, chacun à sa mesure, nourrissent un jour ou l’autre à l’égard de l’océan des sentiments bien proches des miens."
	island  = "Voici donc votre cité insulaire des Manhattoes, ceinte de quais comme les îles des Indes le sont de récifs de corail\u00a0– le commerce l’entoure de son ressac. À droite comme à gauche, les rues vous mènent vers l’eau. Tout au bout de la ville basse est la Batterie, dont la noble jetée est baignée par les vagues et rafraîchie par des brises qui, quelques heures plus tôt, étaient encore hors de vue de la terre. Regardez-y ces foules qui contemplent l’eau."
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
	paragraphs := strings.SplitN(whale, "\n\n", 3)
	// The stand-in writes a whole paragraph as it is told to write a word.
	s := stageWith(t, standin.Config{Rules: mischief(), Whims: map[string][]string{paragraphs[0]: {ishmael}, paragraphs[1]: {island}}})
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
