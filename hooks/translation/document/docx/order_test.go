package docx_test

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

// order returns the children that a set of formats may have, in the order in which
// they have to stand (ECMA-376 part 1, annex A): Word refuses a document with another.
func order(formats string) []string {
	return strings.Fields(map[string]string{
		"pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku " +
			"wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents " +
			"suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
		"rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish " +
			"webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath " +
			"newer rPrChange",
		"tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd tblLayout " +
			"tblCellMar tblLook tblCaption tblDescription tblPrChange",
		"sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign " +
			"noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange newer",
	}[formats])
}

// disorder counts what stands in the wrong order in the formats of a part, or twice.
func disorder(t doctest.TB, content string) map[string]int {
	t.Helper()
	type open struct {
		name, last string
		place      int
	}
	wrong := map[string]int{}
	var stack []open
	decoder := xml.NewDecoder(strings.NewReader(content))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return wrong
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, content)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if !strings.Contains(token.Name.Space, "wordprocessingml") || strings.Contains(token.Name.Space, "microsoft") {
				name = "newer"
			}
			if n := len(stack) - 1; n >= 0 {
				parent := &stack[n]
				place := slices.Index(order(parent.name), name)
				repeats := name == "newer" || strings.HasSuffix(name, "Reference")
				if place >= 0 && (place < parent.place || place == parent.place && !repeats) {
					wrong[parent.name+": "+name+" after "+parent.last]++
				}
				if place >= 0 {
					parent.place, parent.last = place, name
				}
			}
			stack = append(stack, open{name: name, place: -1})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}

// mustKeepOrder turns a document both ways, with the source below, and holds that
// nothing stands in the wrong order that did not before.
func mustKeepOrder(t doctest.TB, data string) {
	t.Helper()
	doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
	before := unpack(t, data)
	for _, output := range []document.Output{{Target: "ar", Source: "en"}, {Target: "de", Source: "ar"}} {
		output.Translation, output.Bilingual = doctest.Marked(doc), true
		for name, content := range unpack(t, doctest.MustBuild(t, doc, output)) {
			if !strings.HasSuffix(name, ".xml") || content == before[name] {
				continue
			}
			if was, is := disorder(t, before[name]), disorder(t, content); !maps.Equal(was, is) {
				t.Errorf("%s in %s: the order was %v and is %v", name, output.Target, was, is)
			}
		}
	}
}

// TestOrderOfEach puts what turns text beside each format that there may be.
func TestOrderOfEach(t *testing.T) {
	paragraph := func(formats, run string) string {
		return "<w:p><w:pPr>" + formats + "</w:pPr>" + r(run, "a") + "</w:p>"
	}
	whole := map[string]func(string) string{
		"pPr": func(formats string) string { return paragraph(formats, "") },
		"rPr": func(formats string) string { return paragraph("", formats) },
		"tblPr": func(formats string) string {
			return "<w:tbl><w:tblPr>" + formats + "</w:tblPr></w:tbl>" + paragraph("", "")
		},
		"sectPr": func(formats string) string { return paragraph("", "") + "<w:sectPr>" + formats + "</w:sectPr>" },
	}
	for set, body := range whole {
		all := ""
		for _, name := range order(set) {
			element := "<w:" + name + "/>"
			if name == "newer" {
				element = "<w14:glow/>"
			}
			if !slices.Contains([]string{"bidi", "rtl", "bidiVisual", "bCs", "iCs", "szCs"}, name) {
				all += element
			}
			mustKeepOrder(t, small(body(element)).pack(t))
		}
		mustKeepOrder(t, small(body(all)).pack(t))
	}
}

func TestOrder(t *testing.T) {
	for _, name := range realDocuments(t) {
		t.Run(filepath.Base(name), func(t *testing.T) { mustKeepOrder(t, mustReadFile(t, name)) })
	}
}

// TestArabic holds that nothing of a document in Arabic is turned any more in German.
func TestArabic(t *testing.T) {
	doc := doctest.MustParse(t, docx.Format{}, mustReadFile(t, "testdata/libreoffice-arabic.docx"), document.Options{})
	content := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "de"}))
	for _, part := range []string{"word/document.xml", "word/styles.xml"} {
		for _, turned := range []string{"<w:bidi ", "<w:bidiVisual ", "<w:rtl "} {
			if n := strings.Count(content[part], turned) - strings.Count(content[part], turned+`w:val="0"/>`); n > 0 {
				t.Errorf("%s holds %d of %s", part, n, turned)
			}
		}
	}
	if !strings.Contains(content["word/document.xml"], "<w:b/><w:bCs/>") || !strings.Contains(content["word/styles.xml"], `<w:lang w:val="de"`) {
		t.Errorf("got %s", content["word/document.xml"])
	}
}
