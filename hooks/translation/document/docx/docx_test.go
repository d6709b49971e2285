package docx_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

func unpack(t doctest.TB, data string) map[string]string {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	content := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatalf("%v", err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatalf("%v", err)
		}
		content[f.Name] = string(data)
	}
	return content
}

const (
	rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="/docProps/core.xml"/></Relationships>`
	types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ` +
		`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" ` +
		`xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"`
	styles = `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="character" w:styleId="VC"><w:name w:val="Verbatim Char"/></w:style></w:styles>`
)

// files are the entries of a small document.
type files map[string]string

func small(body string) files {
	related := ""
	for part, kind := range map[string]string{"styles.xml": "styles", "footnotes.xml": "footnotes", "header1.xml": "header", "numbering.xml": "numbering", "charts/chart1.xml": "chart"} {
		related += `<Relationship Id="` + kind + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind + `" Target="` + part + `"/>`
	}
	return files{
		"[Content_Types].xml":          types,
		"_rels/.rels":                  rels,
		"word/_rels/document.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + related + `</Relationships>`,
		"word/document.xml":            `<w:document ` + namespaces + `><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":              styles,
		"docProps/core.xml":            `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>The title</dc:title><dc:language>en-US</dc:language></cp:coreProperties>`,
	}
}

func (f files) pack(t doctest.TB) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	var names []string
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		e, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(e, f[name])
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatalf("%v", err)
	}
	return out.String()
}

// r returns a run.
func r(formats, text string) string {
	if formats != "" {
		formats = "<w:rPr>" + formats + "</w:rPr>"
	}
	return `<w:r>` + formats + `<w:t xml:space="preserve">` + text + `</w:t></w:r>`
}

func TestBlocks(t *testing.T) {
	field := func(code, result string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>` + code + `</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + result + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	tests := []struct {
		name, paragraph string
		want            []string
	}{
		{"runs that look the same", r("", "Wo") + `<w:proofErr w:type="x"/>` + r(`<w:lang w:val="en-GB"/>`, "rds ") + r(`<w:rFonts w:hint="eastAsia"/>`, "here"), []string{"Words here"}},
		{"another look", r("", "Some ") + r("<w:b/>", "bold") + r("", " words"), []string{"Some <1>bold</1> words"}},
		{"most is bold", r("<w:b/>", "Nearly all of it") + r("", " is"), []string{"Nearly all of it<1> is</1>"}},
		{"a space of another look", r("", "a") + r("<w:b/>", " ") + r("", "b"), []string{"a b"}},
		{"things in a run", `<w:r><w:tab/><w:t>a</w:t><w:tab/><w:br/><w:t>b</w:t><w:br/></w:r>`, []string{"a<1/>b"}},
		{"note", r("", "a") + `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="1"/></w:r>` + r("", "."), []string{"a<1/>."}},
		{"link", r("", "a ") + `<w:hyperlink w:tooltip="A tip">` + r(`<w:rStyle w:val="Hyperlink"/>`, "link") + `</w:hyperlink>` + r("", " b"), []string{"a <1>link</1> b", "A tip"}},
		{"field", r("", "See ") + field("REF x", r("", "there")) + r("", " now"), []string{"See <1>there</1> now"}},
		{"field without words", r("", "a ") + field("PAGE", "") + r("", " b"), []string{"a <1/> b"}},
		{"field in a field", r("", "a ") + field("IF "+"x", field("REF y", r("", "deep"))) + r("", " b"), []string{"a <1>deep</1> b"}},
		{"tracked changes", r("", "a ") + `<w:ins>` + r("", "new") + `</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>` + r("", " b"), []string{"a <1>new</1><2/> b"}},
		{"content control", r("", "a ") + `<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>` + r("", "b") + `</w:sdtContent></w:sdt>` + r("", " c"), []string{"a <1>b</1> c"}},
		{"ruby", r("", "a ") + `<w:r><w:ruby><w:rubyPr/><w:rt>` + r("", "とう") + `</w:rt><w:rubyBase>` + r("", "東") + `</w:rubyBase></w:ruby></w:r>` + r("", " b"), []string{"a <1>東</1> b"}},
		{"ruby, and words in its run", r("", "Read ") + `<w:r><w:rPr><w:b/></w:rPr><w:ruby><w:rt>` + r("", "とう") + `</w:rt><w:rubyBase>` + r("", "東") + `</w:rubyBase></w:ruby><w:t>京</w:t></w:r>`, []string{"Read <1>東</1><2>京</2>"}},
		{"two ruby texts in a run", `<w:r>` + strings.Repeat(`<w:ruby><w:rubyBase>`+r("", "東")+`</w:rubyBase></w:ruby>`, 2) + `</w:r>`, []string{"東"}},
		{"what somebody may edit", r("", "a ") + `<w:permStart w:id="1"/>` + r("", "b") + `<w:permEnd w:id="1"/>` + r("", " c"), []string{"a <1/>b<2/> c"}},
		{"field in a drawing", `<w:r><w:drawing><a:p><a:r><a:t>Page </a:t></a:r><a:fld id="x"><a:t>ix</a:t></a:fld><a:r><a:t> of it</a:t></a:r></a:p></w:drawing></w:r>`, []string{"Page <1/> of it"}},
		{"looks in a drawing", `<w:r><w:drawing><a:p><a:r><a:rPr lang="en" dirty="0"/><a:t>Some </a:t></a:r><a:r><a:t>more </a:t></a:r><a:r><a:rPr b="1"/><a:t>bold</a:t></a:r></a:p></w:drawing></w:r>`, []string{"Some more <1>bold</1>"}},
		{"empty formats", r("", "a ") + r(" ", "b ") + r(`<w:rFonts w:hint="eastAsia"/>`, "c ") + r(`<w:rFonts w:ascii="x"/>`, "d"), []string{"a b c <1>d</1>"}},
		{"formula", r("", "a ") + `<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>` + r("", " b"), []string{"a <1/> b"}},
		{"code", r("", "Type ") + r(`<w:rStyle w:val="VC"/>`, "ls") + r("", " here"), []string{"Type <1/> here"}},
		{"literal tag", r("", "a &lt;1&gt; b"), []string{"a <1/> b"}},
		{"nothing", r("", "12. ") + `<w:r><w:tab/></w:r>`, nil},
		{"alternative text, twice", r("", "a") + `<w:r><w:drawing><wp:docPr descr="A whale"/><pic:cNvPr descr="A whale"/></w:drawing></w:r>`, []string{"a", "A whale"}},
		{"two alternative texts, twice", r("", "a") + `<w:r><w:drawing><wp:docPr descr="A whale" title="Moby"><a:hlinkClick tooltip="Dive"/></wp:docPr>` +
			`<pic:cNvPr descr="A whale" title="Moby"><a:hlinkClick tooltip="Dive"/></pic:cNvPr></w:drawing></w:r>`, []string{"a", "A whale", "Moby", "Dive"}},
		{"alternative text of a shape", r("", "a") + `<w:r><w:pict><v:shape alt="A whale"/></w:pict></w:r>`, []string{"a", "A whale"}},
		{"description of a table", r("", "a") + `</w:p><w:tbl><w:tblPr><w:tblCaption w:val="Whales"/></w:tblPr></w:tbl><w:p>`, []string{"a", "Whales"}},
		{"simple field", `<w:fldSimple w:instr="AUTHOR Ada">` + r("", "Ada") + `</w:fldSimple>` + r("", " wrote it"), []string{"<1>Ada</1> wrote it"}},
		{"moved", `<w:moveFrom>` + r("", "old") + `</w:moveFrom>` + r("", "a ") + `<w:moveTo>` + r("", "new") + `</w:moveTo>` + r("", " b"), []string{"a <1>new</1> b"}},
		{"smart tag", r("", "in ") + `<w:smartTag w:element="City"><w:smartTagPr><w:attr w:name="a"/></w:smartTagPr>` + r("", "Rome") + `</w:smartTag>`, []string{"in <1>Rome</1>"}},
		{"signs", `<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:sym w:font="Wingdings" w:char="F04A"/><w:t>x</w:t></w:r>`, []string{"co<1/>op<2/>x"}},
		{"hidden text", r("", "Some ") + r("<w:vanish/>", "hid"), []string{"Some <1>hid</1>"}},
		{"code by the id of its style", r("", "Type ") + r(`<w:rStyle w:val="SourceCode"/>`, "ls"), []string{"Type"}},
		{"code as a paragraph", `<w:pPr><w:pStyle w:val="Source_20_Code"/></w:pPr>` + r("", "a") + `</w:p><w:p><w:pPr><w:pStyle w:val="SourceCode"/></w:pPr>` + r("", "b"), []string{"a"}},
		{"text box, twice", r("", "a ") + `<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>` + r("", "In a box") + `</w:p></w:txbxContent></mc:Choice>` +
			`<mc:Fallback><w:pict><w:txbxContent><w:p>` + r("", "In a box") + `</w:p><w:p>` + r("", "Only here") + `</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>` + r("", " b"),
			[]string{"a <1/> b", "In a box", "Only here"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := small("<w:p>" + test.paragraph + "</w:p><w:p>" + r("", "End") + "</w:p>").pack(t)
			doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
			if got, want := doctest.Texts(doc), append([]string{"The title"}, append(test.want, "End")...); !slices.Equal(got, want) {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
			before, same := unpack(t, data), unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)}))
			for name := range before {
				if before[name] != same[name] {
					t.Errorf("translated to itself, %s is %s", name, same[name])
				}
			}
		})
	}
}

// TestChart holds that a chart's names are translated wherever it repeats them, and
// that nothing of Word's is written into it.
func TestChart(t *testing.T) {
	f := small("<w:p>" + r("", "a") + "</w:p>")
	chart := func(title, name string) string {
		labels := func(kind, text string) string {
			return "<c:" + kind + "><c:ptCount/><c:pt><c:v>" + text + "</c:v></c:pt></c:" + kind + ">"
		}
		return `<c:chartSpace xmlns:c="c" ` + namespaces + `><c:title><c:tx><c:rich><a:p><a:r><a:rPr b="1"/><a:t>` + title + `</a:t></a:r></a:p></c:rich></c:tx></c:title>` +
			`<c:ser><c:tx><c:v>` + name + `</c:v></c:tx><c:cat>` + labels("strCache", name) + `</c:cat><c:val>` + labels("numCache", "1E5") + `</c:val></c:ser></c:chartSpace>`
	}
	f["word/charts/chart1.xml"] = chart("Whales", "Blue")
	doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
	if got, want := doctest.Texts(doc), []string{"The title", "a", "Whales", "Blue"}; !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar", Bilingual: true}))["word/charts/chart1.xml"]
	if want := chart("⟦Whales⟧", "⟦Blue⟧"); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
