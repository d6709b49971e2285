package docx_test

import (
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

// TestDirection holds where what turns the text stands, which the schema prescribes.
func TestDirection(t *testing.T) {
	tests := []struct{ name, paragraph, translation, want string }{
		{"without formats", r("", "a"), "A", `<w:pPr><w:bidi/></w:pPr>` + r("<w:rtl/>", "A")},
		{"among formats", `<w:pPr><w:pStyle w:val="x"/><w:spacing w:after="1"/><w:jc w:val="left"/></w:pPr>` + r(`<w:b/><w:lang w:val="en-US"/>`, "a"), "A",
			`<w:pPr><w:pStyle w:val="x"/><w:bidi/><w:spacing w:after="1"/><w:jc w:val="left"/></w:pPr>` + r(`<w:b/><w:bCs/><w:rtl/><w:lang w:val="ar"/>`, "A")},
		{"after formats", `<w:pPr><w:keepNext/></w:pPr>` + r(`<w:b/>`, "a"), "A", `<w:pPr><w:keepNext/><w:bidi/></w:pPr>` + r(`<w:b/><w:bCs/><w:rtl/>`, "A")},
		{"turned already", `<w:pPr><w:bidi/></w:pPr>` + r(`<w:rtl/>`, "a"), "A", `<w:pPr><w:bidi/></w:pPr>` + r(`<w:rtl/>`, "A")},
		{"turned off", `<w:pPr><w:bidi w:val="0"/><w:jc w:val="left"/></w:pPr>` + r(`<w:rtl w:val="0"/>`, "a"), "A",
			`<w:pPr><w:bidi/><w:jc w:val="left"/></w:pPr>` + r(`<w:rtl/>`, "A")},
		{"turned off, with an end tag", `<w:pPr><w:bidi w:val="0"></w:bidi></w:pPr>` + r(`<w:rtl w:val="off"></w:rtl>`, "a"), "A", `<w:pPr><w:bidi/></w:pPr>` + r(`<w:rtl/>`, "A")},
		{"before what newer programs added", r(`<w:b/><w:bCs/><w14:ligatures w14:val="all"/>`, "a"), "A",
			`<w:pPr><w:bidi/></w:pPr>` + r(`<w:b/><w:bCs/><w:rtl/><w14:ligatures w14:val="all"/>`, "A")},
		{"formats that are kept twice", r(`<w:b/><w:i/><w:iCs w:val="0"/><w:sz w:val="30"/><w:lang w:val="fr-FR"/>`, "a"), "A",
			`<w:pPr><w:bidi/></w:pPr>` + r(`<w:b/><w:bCs/><w:i/><w:iCs w:val="0"/><w:sz w:val="30"/><w:szCs w:val="30"/><w:rtl/><w:lang w:val="fr-FR"/>`, "A")},
		{"empty formats", `<w:pPr/><w:r><w:rPr/><w:t>a</w:t></w:r>`, "A", `<w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t>A</w:t></w:r>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, want := build(t, test.paragraph, test.translation, document.Output{Target: "ar"}), "<w:p>"+test.want+"</w:p>"; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
	t.Run("tables and sections", func(t *testing.T) {
		f := small(`<w:tbl><w:tblPr><w:tblStyle w:val="x"/><w:tblW w:w="0"/></w:tblPr><w:tr><w:tc><w:p>` + r("", "a") + `</w:p></w:tc></w:tr></w:tbl>` +
			`<w:sectPr><w:pgSz/><w:docGrid/></w:sectPr>`)
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "he"}))
		for part, want := range map[string]string{
			"word/document.xml": `<w:tblStyle w:val="x"/><w:bidiVisual/><w:tblW w:w="0"/>`,
			"word/styles.xml":   `<w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="he"/>`,
			"docProps/core.xml": `<dc:language>he</dc:language>`,
		} {
			if part == "word/styles.xml" {
				want = strings.Replace(want, `w:val="en-US"`, `w:val="he"`, 1)
			}
			if !strings.Contains(got[part], want) {
				t.Errorf("%s: %s", part, got[part])
			}
		}
		if !strings.Contains(got["word/document.xml"], `<w:pgSz/><w:bidi/><w:docGrid/>`) {
			t.Errorf("got %s", got["word/document.xml"])
		}
	})
	t.Run("without a translation", func(t *testing.T) {
		paragraph := "<w:p>" + r("<w:b/>", "a") + "</w:p>"
		doc := doctest.MustParse(t, docx.Format{}, small(paragraph).pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Target: "he", Translation: func(string) (string, bool) { return "", false }}))["word/document.xml"]
		if !strings.Contains(got, paragraph) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("sections as they were and are", func(t *testing.T) {
		f := small(`<w:p>` + r("", "a") + `</w:p><w:sectPr w:rsidR="1"><w:sectPrChange w:id="1"><w:sectPr><w:cols/></w:sectPr></w:sectPrChange></w:sectPr>`)
		f["word/styles.xml"] = strings.Replace(styles, "</w:styles>", `<w:style><w:tblPr><w:tblInd/></w:tblPr></w:style></w:styles>`, 1)
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "he"}))
		if want := `<w:sectPr w:rsidR="1"><w:bidi/><w:sectPrChange w:id="1"><w:sectPr><w:cols/>`; !strings.Contains(got["word/document.xml"], want) {
			t.Errorf("got %s", got["word/document.xml"])
		}
		if !strings.Contains(got["word/styles.xml"], `<w:tblPr><w:tblInd/></w:tblPr>`) {
			t.Errorf("got %s", got["word/styles.xml"])
		}
	})
	// Names without a prefix are Word's own, and those of drawings have one.
	t.Run("without a prefix", func(t *testing.T) {
		f := small("")
		f["word/document.xml"] = strings.ReplaceAll(`<document `+namespaces+`><body><p><r><rPr><i/></rPr><t>a</t></r></p><p><r><drawing><a:p><a:pPr/><a:r><a:rPr i="1"/><a:t>b</a:t></a:r></a:p></drawing></r></p></body></document>`, "xmlns:w=", "xmlns=")
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar"}))["word/document.xml"]
		want := `<p><pPr><bidi/></pPr><r><rPr><i/><iCs/><rtl/></rPr><t>⟦a⟧</t></r></p><p><r><drawing><a:p><a:pPr/><a:r><a:rPr i="1"/><a:t>⟦b⟧</a:t></a:r></a:p></drawing></r></p>`
		if !strings.Contains(got, want) {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
	t.Run("to the right, with an end tag", func(t *testing.T) {
		f := small(`<w:p><w:pPr><w:bidi></w:bidi></w:pPr>` + r(`<w:rtl></w:rtl>`, "مرحبا بكم في القاهرة") + `</w:p>`)
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "de"}))["word/document.xml"]
		if want := `<w:p><w:pPr></w:pPr><w:r><w:rPr></w:rPr>`; !strings.Contains(got, want) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("an empty language of the document", func(t *testing.T) {
		for _, empty := range []string{"<dc:language/>", "<dc:language></dc:language>", "<dc:language> </dc:language>"} {
			f := small("<w:p>" + r("", "a") + "</w:p>")
			f["docProps/core.xml"] = strings.Replace(f["docProps/core.xml"], "<dc:language>en-US</dc:language>", empty, 1)
			delete(f, "word/styles.xml")
			doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
			got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc), Target: "de"}))["docProps/core.xml"]
			if got != f["docProps/core.xml"] {
				t.Errorf("got %s", got)
			}
		}
	})
	// As Word writes documents in Arabic: it declares English for other letters.
	t.Run("to the right", func(t *testing.T) {
		f := small(`<w:tbl><w:tblPr><w:bidiVisual/></w:tblPr><w:tr><w:tc><w:p><w:pPr><w:bidi/><w:jc w:val="left"/></w:pPr>` +
			r(`<w:bCs/><w:rtl/><w:lang w:bidi="ar-EG"/>`, "مرحبا بكم في القاهرة") + `</w:p></w:tc></w:tr></w:tbl><w:sectPr><w:bidi/></w:sectPr>`)
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "de"}))
		want := `<w:tbl><w:tblPr></w:tblPr><w:tr><w:tc><w:p><w:pPr><w:jc w:val="left"/></w:pPr>` +
			r(`<w:b/><w:bCs/><w:lang w:bidi="ar-EG"/>`, "⟦مرحبا بكم في القاهرة⟧") + `</w:p></w:tc></w:tr></w:tbl><w:sectPr></w:sectPr>`
		if !strings.Contains(got["word/document.xml"], want) {
			t.Errorf("\n got %s\nwant %s", got["word/document.xml"], want)
		}
		if !strings.Contains(got["word/styles.xml"], `<w:lang w:val="de" w:eastAsia="ja-JP" w:bidi="ar-SA"/>`) {
			t.Errorf("got %s", got["word/styles.xml"])
		}
	})
}

// TestLanguages holds which of Word's three languages a target becomes.
func TestLanguages(t *testing.T) {
	tests := []struct{ name, declared, target, want string }{
		{"of the West", `<w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/>`, "fr", `<w:lang w:val="fr" w:eastAsia="ja-JP" w:bidi="ar-SA"/>`},
		{"of the East", `<w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/>`, "zh-Hans", `<w:lang w:val="zh-Hans" w:eastAsia="zh-Hans" w:bidi="ar-SA"/>`},
		{"from right to left", `<w:lang w:val="en-US"/>`, "he", `<w:lang w:val="he" w:bidi="he"/>`},
		{"declared as none", `<w:lang w:val="en-US" w:eastAsia="" w:bidi=""/>`, "he", `<w:lang w:val="he" w:eastAsia="" w:bidi="he"/>`},
		{"none declared", ``, "he", `<w:rPrDefault></w:rPrDefault>`},
		{"none asked for", `<w:lang w:val="en-US"/>`, "", `<w:lang w:val="en-US"/>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := small(`<w:p>` + r("", "A whale") + `</w:p>`)
			f["word/styles.xml"] = `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault>` + test.declared + `</w:rPrDefault></w:docDefaults></w:styles>`
			doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
			got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: test.target}))["word/styles.xml"]
			if !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
