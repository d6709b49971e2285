package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

// TestRealDocuments holds what a reader of a translation relies on: every letter is
// reached, every element and every other part is the same, and a document that is
// translated to itself is the document.
func TestRealDocuments(t *testing.T) {
	for _, name := range realDocuments(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data := mustReadFile(t, name)
			mustBeFaithful(t, data)
			doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
			doctest.MustBuildAtOnce(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar", Bilingual: true})
		})
	}
}

func realDocuments(t doctest.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.docx")
	if err != nil || len(names) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	return names
}

func mustReadFile(t doctest.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(data)
}

// mustBeFaithful translates a document to itself and to marked text, and holds both
// against it.
func mustBeFaithful(t doctest.TB, data string) {
	t.Helper()
	doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
	before := unpack(t, data)
	same := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)}))
	marked := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)}))
	letters, reached := 0, 0
	for name, content := range before {
		if same[name] != content {
			t.Errorf("%s is not the same when it is translated to itself", name)
		}
		got := marked[name]
		if !strings.HasSuffix(name, ".xml") {
			if got != content {
				t.Errorf("%s holds no text and was changed", name)
			}
			continue
		}
		wantElements, wantText := read(t, content)
		elements, text := read(t, got)
		if elements != wantElements {
			t.Errorf("%s has other elements:\n%s\nwant\n%s", name, elements, wantElements)
		}
		if plain(doctest.WithoutMarks(text)) != plain(wantText) {
			t.Errorf("%s has another text:\n%s\nwant\n%s", name, text, wantText)
		}
		all, in := doctest.Coverage(text)
		letters, reached = letters+all, reached+in
	}
	if letters == 0 || letters != reached {
		t.Errorf("%d of %d letters are translated", reached, letters)
	}
}

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

// read returns the elements of a part with their attributes, but for those that
// are text or white space's, and the text that is to be translated.
func read(t doctest.TB, content string) (elements, text string) {
	t.Helper()
	var tree, words strings.Builder
	var stack []string
	dead := 0
	decoder := xml.NewDecoder(strings.NewReader(content))
	for {
		token, err := decoder.Token() // which checks that it is well-formed
		if errors.Is(err, io.EOF) {
			return tree.String(), words.String()
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, content)
		}
		switch token := token.(type) {
		case xml.StartElement:
			tree.WriteString("<" + token.Name.Local)
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "descr", "title", "space", "xmlns":
				default:
					tree.WriteString(" " + a.Name.Local + "=" + a.Value)
				}
			}
			stack = append(stack, token.Name.Local)
			if isDead(token.Name.Local) {
				dead++
			}
		case xml.EndElement:
			tree.WriteString(">")
			stack = stack[:len(stack)-1]
			if isDead(token.Name.Local) {
				dead--
			}
		case xml.CharData:
			if stack := stack; len(stack) > 0 && stack[len(stack)-1] == "t" && dead == 0 {
				words.Write(token)
			}
		}
	}
}

func isDead(name string) bool {
	switch name {
	case "del", "moveFrom", "oMath", "rt":
		return true
	}
	return false
}

func plain(text string) string { return strings.Join(strings.Fields(text), "") }

const (
	rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="/docProps/core.xml"/></Relationships>`
	types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ` +
		`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"`
	styles = `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="character" w:styleId="VC"><w:name w:val="Verbatim Char"/></w:style></w:styles>`
)

// files are the entries of a small document.
type files map[string]string

func small(body string) files {
	related := ""
	for part, kind := range map[string]string{"styles.xml": "styles", "footnotes.xml": "footnotes", "header1.xml": "header", "numbering.xml": "numbering"} {
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
		{"formula", r("", "a ") + `<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>` + r("", " b"), []string{"a <1/> b"}},
		{"code", r("", "Type ") + r(`<w:rStyle w:val="VC"/>`, "ls") + r("", " here"), []string{"Type <1/> here"}},
		{"literal tag", r("", "a &lt;1&gt; b"), []string{"a <1/> b"}},
		{"nothing", r("", "12. ") + `<w:r><w:tab/></w:r>`, nil},
		{"alternative text, twice", r("", "a") + `<w:r><w:drawing><wp:docPr descr="A whale"/><pic:cNvPr descr="A whale"/></w:drawing></w:r>`, []string{"a", "A whale"}},
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
		{"escapes", r("", "a"), `<&>"`, r("", `&lt;&amp;>"`)},
		{"link moves whole", r("", "a ") + `<w:hyperlink r:id="x">` + r("", "b") + `</w:hyperlink>`, "<1>B</1> A", `<w:hyperlink r:id="x">` + r("", "B") + `</w:hyperlink>` + r("", " A")},
		{"what is silent stays", r("", "a") + `<w:proofErr/>` + r("", "b"), "C", r("", "C") + `<w:proofErr/>` + r("", "")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, want := build(t, test.paragraph, test.translation, document.Output{}), "<w:p>"+test.want+"</w:p>"; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
	t.Run("lost tags", func(t *testing.T) {
		doc := doctest.MustParse(t, docx.Format{}, small("<w:p>"+r("", "a ")+r("<w:b/>", "b")+"</w:p>").pack(t), document.Options{})
		left, err := doc.Build(t.Context(), io.Discard, document.Output{Translation: func(id string) (string, bool) { return "A B", true }})
		if err != nil || !slices.Equal(left, []string{"b2"}) {
			t.Errorf("left %q, %v", left, err)
		}
	})
}

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
	t.Run("to the right", func(t *testing.T) {
		f := small(`<w:p><w:pPr><w:bidi/><w:jc w:val="left"/></w:pPr>` + r("<w:rtl/>", "مرحبا") + `</w:p>`)
		f["word/styles.xml"] = strings.Replace(styles, `w:val="en-US"`, `w:val="ar-SA"`, 1)
		doc := doctest.MustParse(t, docx.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "en", Source: "ar"}))["word/document.xml"]
		if strings.Contains(got, "bidi/>") || strings.Contains(got, "rtl/>") {
			t.Errorf("got %s", got)
		}
	})
}

func TestBilingual(t *testing.T) {
	got := build(t, r("", "a ")+r("<w:b/>", "b")+`<w:r><w:tab/><w:t>&lt;9&gt;</w:t></w:r>`, "A <1>B</1><2/><3/>", document.Output{Bilingual: true})
	want := `<w:p>` + r("", "A ") + r("<w:b/>", "B") + `<w:r><w:tab/><w:t>&lt;9></w:t></w:r>` +
		`<w:r><w:rPr><w:rStyle w:val="VersoSource"/></w:rPr><w:br/><w:t xml:space="preserve">a b &lt;9></w:t></w:r></w:p>`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	doc := doctest.MustParse(t, docx.Format{}, small("<w:p>"+r("", "a")+"</w:p>").pack(t), document.Options{})
	content := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Bilingual: true}))
	if !strings.Contains(content["word/styles.xml"], `w:styleId="VersoSource"`) {
		t.Errorf("got %s", content["word/styles.xml"])
	}
}

func TestRefused(t *testing.T) {
	body := func(content string) func(files) {
		return func(f files) {
			f["word/document.xml"] = `<w:document ` + namespaces + `><w:body>` + content + `</w:body></w:document>`
		}
	}
	tests := []struct {
		name   string
		change func(files)
		kind   document.ErrorKind
		says   string
	}{
		{"no relationships", func(f files) { delete(f, "_rels/.rels") }, document.Unreadable, "no Word document"},
		{"relationships to nothing", func(f files) { f["_rels/.rels"] = "<Relationships/>" }, document.Unreadable, "no Word document"},
		{"no main part", func(f files) { delete(f, "word/document.xml") }, document.Unreadable, "word/document.xml"},
		{"main part outside", func(f files) { f["_rels/.rels"] = strings.ReplaceAll(rels, "word/document.xml", "../../etc/passwd") }, document.Unreadable, "missing"},
		{"spreadsheet", func(f files) {
			f["[Content_Types].xml"] = strings.ReplaceAll(types, "wordprocessingml", "spreadsheetml")
		}, document.Unsupported, "spreadsheet"},
		{"no types", func(f files) { delete(f, "[Content_Types].xml") }, document.Unreadable, "[Content_Types].xml"},
		{"broken types", func(f files) { f["[Content_Types].xml"] = "<Types" }, document.Unreadable, "[Content_Types].xml"},
		{"document type", func(f files) {
			f["word/document.xml"] = "<!DOCTYPE a [<!ENTITY b 'c'>]>" + f["word/document.xml"]
		}, document.Unreadable, "document type"},
		{"not well-formed", body("<w:p></w:r>"), document.Unreadable, "not valid XML"},
		{"cut off", func(f files) { f["word/document.xml"] = "<w:document><w:body>" }, document.Unreadable, "cut off"},
		{"deep", body(strings.Repeat("<w:sdt>", 1_000_000)), document.Unreadable, "nests more than"},
		{"deep links", body("<w:p>" + strings.Repeat("<w:ins>", 500) + r("", "a") + strings.Repeat("</w:ins>", 500) + "</w:p>"), document.Unreadable, "nests more than"},
		{"wide", body(strings.Repeat("<w:p>"+r("", "a")+"</w:p>", 1_000_001)), document.Unreadable, "more than 1000000"},
		{"wide paragraph", body("<w:p>" + strings.Repeat(r("", "a"), 200_001) + "</w:p>"), document.Unreadable, "paragraph"},
		{"no text", func(f files) { body("<w:p/>")(f); delete(f, "docProps/core.xml") }, document.Unreadable, "empty"},
		{"circular relationships", func(f files) {
			body("<w:p/>")(f)
			delete(f, "docProps/core.xml")
			f["word/header1.xml"] = "<w:hdr/>"
			f["word/_rels/header1.xml.rels"] = strings.ReplaceAll(f["word/_rels/document.xml.rels"], "styles.xml", "header1.xml")
		}, document.Unreadable, "empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := small("<w:p>" + r("", "a") + "</w:p>")
			test.change(f)
			doctest.MustRefuse(t, docx.Format{}, f.pack(t), test.kind, test.says)
		})
	}
	doctest.MustRefuse(t, docx.Format{}, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 600), document.Unreadable, "old format")
}

// TestWide holds that a paragraph of very many runs takes no more time than its size.
func TestWide(t *testing.T) {
	data := small("<w:p>" + strings.Repeat(r("", "a")+r("<w:b/>", "b"), 90_000) + "</w:p>").pack(t)
	doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
	doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar"})
}

// TestGenerated holds any paragraphs to what real documents are held to.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(check *rapid.T) {
		text := rapid.StringMatching(`[a-zé ]{0,6}`)
		run := rapid.Custom(func(t *rapid.T) string {
			formats := rapid.SampledFrom([]string{"", "<w:b/>", "<w:i/>", `<w:lang w:val="fr-FR"/>`, "<w:b/><w:noProof/>"}).Draw(t, "formats")
			inside := rapid.SampledFrom([]string{"", "<w:tab/>", "<w:br/>", `<w:footnoteReference w:id="1"/>`}).Draw(t, "inside")
			return strings.Replace(r(formats, text.Draw(t, "text")), "</w:r>", inside+`<w:t>`+text.Draw(t, "more")+`</w:t></w:r>`, 1)
		})
		runs := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(run, 0, 4).Draw(t, "runs"), "") })
		around := rapid.Custom(func(t *rapid.T) string {
			inner := runs.Draw(t, "inner")
			return rapid.SampledFrom([]string{
				inner, "<w:hyperlink>" + inner + "</w:hyperlink>", "<w:ins>" + inner + "</w:ins>", "<w:proofErr/>", `<w:bookmarkStart w:name="x"/>`,
				"<w:sdt><w:sdtContent>" + inner + "</w:sdtContent></w:sdt>", "<w:r/>", "<w:del>" + inner + "</w:del>",
				`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + inner + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`,
			}).Draw(t, "around")
		})
		var body strings.Builder
		for _, paragraph := range rapid.SliceOfN(rapid.SliceOf(around), 1, 3).Draw(check, "paragraphs") {
			body.WriteString("<w:p>" + strings.Join(paragraph, "") + "</w:p>")
		}
		mustBeFaithful(check, small(body.String()+"<w:p>"+r("", "End")+"</w:p>").pack(check))
	})
}

// TestLibreOffice holds that another program opens what is written.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	var outputs []string
	for _, name := range realDocuments(t) {
		doc := doctest.MustParse(t, docx.Format{}, mustReadFile(t, name), document.Options{})
		for target, bilingual := range map[string]bool{"de": true, "ar": false} {
			file := filepath.Join(dir, target+"-"+filepath.Base(name))
			content := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: target, Source: "en", Bilingual: bilingual})
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatalf("%v", err)
			}
			outputs = append(outputs, file)
		}
	}
	args := append([]string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir}, outputs...)
	if out, err := exec.CommandContext(t.Context(), soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, file := range outputs {
		text, err := os.ReadFile(strings.TrimSuffix(file, ".docx") + ".txt")
		if err != nil {
			t.Error(err)
		} else if !strings.ContainsRune(string(text), doctest.OpenMark) && bodyIsMarked(t, file) {
			t.Errorf("%s: %s", filepath.Base(file), text)
		}
	}
}

// bodyIsMarked reports whether a document's main part holds translated text: the notes
// are not among what LibreOffice exports.
func bodyIsMarked(t *testing.T, file string) bool {
	_, text := read(t, unpack(t, mustReadFile(t, file))["word/document.xml"])
	return strings.ContainsRune(text, doctest.OpenMark)
}

// FuzzParse lets anything be the main part and the relationships.
func FuzzParse(f *testing.F) {
	f.Add(small("<w:p>" + r("", "a ") + r("<w:b/>", "b") + "<w:r><w:tab/></w:r></w:p>")["word/document.xml"], rels)
	f.Add("<w:document><w:p><w:r><w:ruby><w:rubyBase><w:r><w:t>a</w:t></w:r></w:rubyBase></w:ruby><w:t>b</w:t></w:r></w:p></w:document>", rels)
	f.Add("<w:p><w:sdt><w:sdtContent><w:r><w:t>a</w:t></w:r></w:sdtContent></w:sdt><w:hyperlink><w:r><w:t/><w:t>b</w:t></w:r></w:hyperlink></w:p>", rels)
	f.Add("<w:p><w:r><mc:AlternateContent><w:p><w:r><w:t>a</w:t></w:r></w:p><mc:Fallback><w:p><w:r><w:t>a</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>", rels)
	f.Fuzz(func(t *testing.T, main, root string) {
		files := small("")
		files["word/document.xml"], files["_rels/.rels"] = main, root
		data := files.pack(t)
		doc, err := docx.Format{}.Parse(t.Context(), data, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		if same := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)})); same["word/document.xml"] != main {
			t.Fatalf("translated to itself it is %q", same["word/document.xml"])
		}
		for _, target := range []string{"", "ar"} {
			if _, err := doc.Build(t.Context(), io.Discard, document.Output{Translation: doctest.Marked(doc), Target: target, Bilingual: true}); err != nil {
				t.Fatalf("%v", err)
			}
		}
	})
}
