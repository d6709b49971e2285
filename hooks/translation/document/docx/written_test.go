package docx_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

// build translates the paragraph of a document and returns its content.
func build(t testing.TB, paragraph, translation string, output document.Output) string {
	t.Helper()
	doc := doctest.MustParse(t, docx.Format{}, small("<w:p>"+paragraph+"</w:p>").pack(t), document.Options{})
	output.Translation = func(id string) (string, bool) { return translation, id == "b2" }
	content := unpack(t, doctest.MustBuild(t, doc, output))["word/document.xml"]
	_, content, _ = strings.Cut(content, "<w:body>")
	content, _, _ = strings.Cut(content, "</w:body>")
	return content
}

func TestWritten(t *testing.T) {
	tests := []struct{ name, paragraph, translation, want string }{
		{"into the first run", r("", "One ") + r("", "two"), "Eins zwei", r("", "Eins zwei") + r("", "")},
		{"tags move", r("", "a ") + r("<w:b/>", "b") + r("", " c"), "<1>B</1> A", r("<w:b/>", "B") + r("", " A") + r("", "")},
		{"more pieces than runs", r("", "a ") + r("<w:b/>", "b"), "A <1>B</1> C", r("", "A ") + r("<w:b/>", "B") + r("", " C")},
		{"things stay in their run", `<w:r><w:rPr><w:i/></w:rPr><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>`, "A<1/>B", `<w:r><w:rPr><w:i/></w:rPr><w:t>A</w:t><w:br/><w:t>B</w:t></w:r>`},
		{"spaces are kept", `<w:r><w:t>a</w:t></w:r>` + r("<w:b/>", "b"), "A <1>B</1>", `<w:r><w:t xml:space="preserve">A </w:t></w:r>` + r("<w:b/>", "B")},
		{"spaces are kept that were not", `<w:r><w:t xml:space="default">a</w:t></w:r>` + r("<w:b/>", "b"), "A <1>B</1>", `<w:r><w:t xml:space="preserve">A </w:t></w:r>` + r("<w:b/>", "B")},
		{"escapes", r("", "a"), `<&>"`, r("", `&lt;&amp;>"`)},
		{"link moves whole", r("", "a ") + `<w:hyperlink r:id="x">` + r("", "b") + `</w:hyperlink>`, "<1>B</1> A", `<w:hyperlink r:id="x">` + r("", "B") + `</w:hyperlink>` + r("", " A")},
		{"a text that is not used", r("", "a ") + `<w:hyperlink>` + r("", "b") + `<w:r><w:tab/></w:r>` + r("", "c") + `</w:hyperlink>`, "A <1>B<2/></1>",
			r("", "A ") + `<w:hyperlink>` + r("", "B") + `<w:r><w:tab/></w:r>` + r("", "") + `</w:hyperlink>`},
		{"words behind ruby text", `<w:r><w:rPr><w:b/></w:rPr><w:ruby><w:rubyBase>` + r("", "b") + `</w:rubyBase></w:ruby><w:t>c</w:t></w:r>` + r("", " and a"), "A <2>C</2> <1>B</1>",
			r("", "A ") + `<w:r><w:rPr><w:b/></w:rPr><w:t>C</w:t></w:r>` + r("", " ") + `<w:r><w:rPr><w:b/></w:rPr><w:ruby><w:rubyBase>` + r("", "B") + `</w:rubyBase></w:ruby></w:r>`},
		{"two ruby texts in a run", `<w:r>` + strings.Repeat(`<w:ruby><w:rubyBase>`+r("", "b")+`</w:rubyBase></w:ruby>`, 2) + `</w:r>` + r("", " a"), "<1>B</1> A",
			`<w:r><w:ruby><w:rubyBase>` + r("", "B") + `</w:rubyBase></w:ruby><w:ruby><w:rubyBase>` + r("", "b") + `</w:rubyBase></w:ruby></w:r>` + r("", " A")},
		{"what is silent stays", r("", "a") + `<w:proofErr/>` + r("", "b"), "C", r("", "C") + `<w:proofErr/>` + r("", "")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, want := build(t, test.paragraph, test.translation, document.Output{}), "<w:p>"+test.want+"</w:p>"; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
	left := []struct{ name, paragraph, translation string }{
		{"lost tags", r("", "a ") + r("<w:b/>", "b"), "A B"},
		{"halves of fields", r("", "a") + `<w:r><w:fldChar w:fldCharType="end"/></w:r>` + r("", "b") + `<w:r><w:fldChar w:fldCharType="begin"/></w:r>` + r("", "c"), "A<2/>B<1/>C"},
	}
	for _, test := range left {
		t.Run(test.name, func(t *testing.T) {
			doc := doctest.MustParse(t, docx.Format{}, small("<w:p>"+test.paragraph+"</w:p>").pack(t), document.Options{})
			left, err := doc.Build(t.Context(), io.Discard, document.Output{Translation: func(id string) (string, bool) { return test.translation, true }})
			if err != nil || !slices.Contains(left, "b2") {
				t.Errorf("left %q, %v", left, err)
			}
		})
	}
}

func TestBilingual(t *testing.T) {
	got := build(t, r("", "a ")+r("<w:b/>", "b")+`<w:r><w:tab/><w:t>&lt;9&gt;</w:t></w:r>`, "A <1>B</1><2/><3/>", document.Output{Bilingual: true})
	want := `<w:p>` + r("", "A ") + r("<w:b/>", "B") + `<w:r><w:tab/><w:t>&lt;9></w:t></w:r>` +
		`<w:r><w:rPr><w:rStyle w:val="VersoSource"/></w:rPr><w:br/><w:t xml:space="preserve">a b &lt;9></w:t></w:r></w:p>`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	below := `<w:r><w:rPr><w:rStyle w:val="VersoSource"/></w:rPr><w:br/><w:t xml:space="preserve">a</w:t></w:r>`
	places := []struct{ name, paragraph, want string }{
		{"before a page's end", r("", "a") + `<w:r><w:br w:type="page"/></w:r>`, r("", "A") + below + `<w:r><w:br w:type="page"/></w:r>`},
		{"within a run", `<w:r><w:t>a</w:t><w:br/></w:r>`, `<w:r><w:t>A</w:t></w:r>` + below + `<w:r><w:br/></w:r>`},
		{"behind a note", r("", "a") + `<w:r><w:footnoteReference w:id="1"/></w:r>`, r("", "A") + `<w:r><w:footnoteReference w:id="1"/></w:r>` + below},
		{"behind a link", `<w:hyperlink>` + r("", "a") + `</w:hyperlink>`, `<w:hyperlink>` + r("", "A") + `</w:hyperlink>` + below},
		{"behind a link with a break", `<w:hyperlink>` + r("", "a") + `<w:r><w:br/></w:r></w:hyperlink>`, `<w:hyperlink>` + r("", "A") + `<w:r><w:br/></w:r></w:hyperlink>` + below},
		{"before a field that goes on", r("", "a") + `<w:r><w:fldChar w:fldCharType="begin"/></w:r>`, r("", "A") + below + `<w:r><w:fldChar w:fldCharType="begin"/></w:r>`},
		{"not in a drawing", `<w:r><w:drawing><a:p><a:r><a:t>a</a:t></a:r></a:p></w:drawing></w:r>`, `<w:r><w:drawing><a:p><a:r><a:t>A</a:t></a:r></a:p></w:drawing></w:r>`},
	}
	for _, test := range places {
		t.Run(test.name, func(t *testing.T) {
			if got, want := build(t, test.paragraph, "A", document.Output{Bilingual: true}), "<w:p>"+test.want+"</w:p>"; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

// TestSourceStyle holds how the sources of a bilingual document look.
func TestSourceStyle(t *testing.T) {
	const style = `w:styleId="VersoSource"`
	both := func(f files, output document.Output) map[string]string {
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		output.Translation, output.Bilingual = doctest.Marked(doc), true
		return unpack(t, doctest.MustBuild(t, doc, output))
	}
	f := small("<w:p>" + r("", "a") + "</w:p>")
	f["word/header1.xml"] = `<w:hdr ` + namespaces + `><w:p>` + r("", "Top") + `</w:p></w:hdr>`
	once := files(both(f, document.Output{}))
	if strings.Count(once["word/styles.xml"], style) != 1 || strings.Contains(once["word/header1.xml"], "VersoSource") {
		t.Errorf("got %s", once)
	}
	if twice := both(once, document.Output{}); strings.Count(twice["word/styles.xml"], style) != 1 {
		t.Errorf("got %s", twice["word/styles.xml"])
	}
	delete(f, "word/styles.xml")
	if got := both(f, document.Output{})["word/document.xml"]; !strings.Contains(got, `<w:rPr><w:i/><w:iCs/><w:color w:val="808080"/></w:rPr><w:br/>`) {
		t.Errorf("got %s", got)
	}
	got := both(small("<w:p>"+r("<w:rtl/>", "مرحبا")+"</w:p>"), document.Output{Target: "en", Source: "ar"})["word/document.xml"]
	if !strings.Contains(got, `<w:rPr><w:rStyle w:val="VersoSource"/><w:rtl/><w:lang w:bidi="ar"/></w:rPr><w:br/>`) {
		t.Errorf("got %s", got)
	}
}

// TestSourceWithoutPrefix holds that the formats of a source have the prefixes that the
// part declares: attributes have one where elements have none.
func TestSourceWithoutPrefix(t *testing.T) {
	f := small("")
	const namespace = `"http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	f["word/document.xml"] = `<document xmlns=` + namespace + ` xmlns:x=` + namespace + `><body><p><r><rPr><rFonts x:hint="a"/></rPr><t>a </t></r><r><t>b</t></r></p></body></document>`
	doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
	got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Bilingual: true, Source: "en", Target: "de"}))["word/document.xml"]
	if want := `<r><rPr><rStyle x:val="VersoSource"/><lang x:val="en"/></rPr><br/><t xml:space="preserve">ab</t></r></p>`; !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

// TestDescriptions holds that attributes are written wherever they stand: the first
// link begins where its paragraph's content does.
func TestDescriptions(t *testing.T) {
	body := `<w:p><w:hyperlink w:tooltip="Tip">` + r("", "a") + `</w:hyperlink><w:r><w:drawing><wp:docPr descr='A "whale"'/><pic:cNvPr descr="A &quot;whale&quot;"/></w:drawing></w:r></w:p>`
	doc := doctest.MustParse(t, docx.Format{}, small(body).pack(t), document.Options{})
	got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)}))["word/document.xml"]
	want := `<w:p><w:hyperlink w:tooltip="⟦Tip⟧">` + r("", "⟦a⟧") + `</w:hyperlink><w:r><w:drawing><wp:docPr descr='⟦A "whale"⟧'/><pic:cNvPr descr="⟦A &quot;whale&quot;⟧"/></w:drawing></w:r></w:p>`
	if !strings.Contains(got, want) {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestLabels holds that the labels of numbered paragraphs keep their numbers.
func TestLabels(t *testing.T) {
	for translation, want := range map[string]string{
		"Teil %2, Kapitel %1": "Teil %2, Kapitel %1", "Kapitel %1": "Chapter %1 of part %2", "Kapitel 1 und 2": "Chapter %1 of part %2", "%1 %1 %2": "Chapter %1 of part %2",
	} {
		f := small("<w:p>" + r("", "a") + "</w:p>")
		f["word/numbering.xml"] = `<w:numbering ` + namespaces + `><w:lvl><w:lvlText w:val="Chapter %1 of part %2"/></w:lvl></w:numbering>`
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		var out strings.Builder
		left, err := doc.Build(t.Context(), &out, document.Output{Translation: doctest.By(doc, func(text string) string {
			if strings.HasPrefix(text, "Chapter") {
				return translation
			}
			return text
		})})
		if got := unpack(t, out.String())["word/numbering.xml"]; err != nil || !strings.Contains(got, `w:val="`+want+`"`) || (len(left) == 0) != (want == translation) {
			t.Errorf("%s: left %q, %v, got %s", translation, left, err, got)
		}
	}
}
