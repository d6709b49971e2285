package epub_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/epub"
	"verso/hooks/translation/document/syntax"
)

// TestRealBooks holds what a reader of a translation relies on: every letter of the
// book is reached, every element and every other file is the same, and a book that
// is translated to itself is the book.
func TestRealBooks(t *testing.T) {
	names, err := filepath.Glob("testdata/*.epub")
	if err != nil || len(names) == 0 {
		t.Fatalf("no books: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatalf("%v", err)
			}
			mustBeFaithful(t, string(data))
			doc := doctest.MustParse(t, epub.Format{}, string(data), document.Options{})
			doctest.MustBuildAtOnce(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar", Bilingual: true})
		})
	}
}

// mustBeFaithful translates a book to itself and to marked text, and holds both
// against it.
func mustBeFaithful(t doctest.TB, data string) {
	t.Helper()
	doc := doctest.MustParse(t, epub.Format{}, data, document.Options{})
	before := unpack(t, data)
	same := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc), Target: "en-US", Source: "en"}))
	marked := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)}))
	if !slices.Equal(before.names, same.names) || !slices.Equal(before.names, marked.names) {
		t.Errorf("the entries %q became %q and %q", before.names, same.names, marked.names)
	}
	letters, reached := 0, 0
	for name, content := range before.content {
		if got := same.content[name]; withoutLanguages(got) != withoutLanguages(content) {
			t.Errorf("%s is not the same when it is translated to itself", name)
		}
		got := marked.content[name]
		switch path.Ext(name) {
		case ".xhtml", ".html", ".svg":
		default:
			if path.Ext(name) != ".opf" && path.Ext(name) != ".ncx" && got != content {
				t.Errorf("%s holds no text and was changed", name)
			}
			continue
		}
		if tags(t, got) != tags(t, content) {
			t.Errorf("%s has other elements or attributes", name)
		}
		if plain(doctest.WithoutMarks(shown(got))) != plain(shown(content)) {
			t.Errorf("%s has another text", name)
		}
		all, in := doctest.Coverage(shown(got))
		letters, reached = letters+all, reached+in
	}
	if letters == 0 || letters != reached {
		t.Errorf("%d of %d letters are translated", reached, letters)
	}
}

// book is an unpacked EPUB.
type unpacked struct {
	names   []string
	content map[string]string
}

func unpack(t doctest.TB, data string) unpacked {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	u := unpacked{content: map[string]string{}}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatalf("%v", err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatalf("%v", err)
		}
		u.names = append(u.names, f.Name)
		u.content[f.Name] = string(content)
	}
	return u
}

// withoutLanguages takes out what says which language a file is in.
func withoutLanguages(content string) string {
	for _, tag := range []string{`xml:lang="`, `lang="`, "<dc:language>"} {
		parts := strings.Split(content, tag)
		for i := 1; i < len(parts); i++ {
			parts[i] = strings.TrimLeft(parts[i], "enUSGB-")
		}
		content = strings.Join(parts, tag)
	}
	return strings.ReplaceAll(strings.ReplaceAll(content, ` xml:lang=""`, ""), ` lang=""`, "")
}

// tags returns the elements of a well-formed file and their attributes, but for the
// values that are text.
func tags(t doctest.TB, content string) string {
	t.Helper()
	var out strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(content))
	decoder.Strict = false
	decoder.Entity = xml.HTMLEntity
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			out.WriteString("<" + token.Name.Space + ":" + token.Name.Local)
			for _, a := range token.Attr {
				out.WriteString(" " + a.Name.Space + ":" + a.Name.Local)
				if a.Name.Local != "alt" && a.Name.Local != "title" && a.Name.Local != "aria-label" {
					out.WriteString("=" + a.Value)
				}
			}
		case xml.EndElement:
			out.WriteString(">")
		}
	}
}

// shown returns the text of a page that is to be translated.
func shown(content string) string {
	var out strings.Builder
	locked := 0
	for lexer := syntax.NewLexer(content, false); ; {
		token, ok := lexer.Next()
		if !ok {
			return out.String()
		}
		code := token.Name == "style" || token.Name == "script" || token.Name == "code" || token.Name == "pre" || token.Name == "math" || token.Name == "rt"
		switch {
		case token.Kind == syntax.StartTag && code && !token.Closed:
			locked++
		case token.Kind == syntax.EndTag && code:
			locked--
		case token.Kind == syntax.Text && locked == 0:
			out.WriteString(syntax.Decode(content[token.Start:token.End], nil))
		}
	}
}

func plain(text string) string { return strings.Join(strings.Fields(text), "") }

// files are the entries of a small book.
type files map[string]string

const (
	container = `<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>` +
		`<rootfile full-path="OPS/a%20b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`
	packageDocument = `<package xmlns="http://www.idpf.org/2007/opf" version="3.0" xml:lang="en"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>The Title</dc:title><dc:creator>A. Writer</dc:creator><dc:description>What it is.</dc:description><dc:language>en</dc:language></metadata>` +
		`<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>` +
		`<item id="two" href="two.xhtml" media-type="application/xhtml+xml"/><item id="one" href="caf%C3%A9.xhtml" media-type="application/xhtml+xml"/>` +
		`<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/><item id="pic" href="pic.svg" media-type="image/svg+xml"/>` +
		`<item id="css" href="s.css" media-type="text/css"/></manifest>` +
		`<spine toc="ncx"><itemref idref="one"/><itemref idref="two"/></spine><guide><reference type="text" title="Begin" href="two.xhtml"/></guide></package>`
	ncx = `<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>The Title</text></docTitle><docAuthor><text>A. Writer</text></docAuthor>` +
		`<navMap><navPoint><navLabel><text>First</text></navLabel></navPoint></navMap><pageList><pageTarget><navLabel><text>xii</text></navLabel></pageTarget></pageList></ncx>`
)

func page(body string) string {
	return `<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title>T</title></head><body>` + body + `</body></html>`
}

func small() files {
	return files{
		"mimetype":               "application/epub+zip",
		"META-INF/container.xml": container,
		"OPS/a b.opf":            packageDocument,
		"OPS/nav.xhtml":          page(`<nav><ol><li><a href="caf%C3%A9.xhtml">First</a></li></ol></nav>`),
		"OPS/two.xhtml":          page("<p>Second page</p>"),
		"OPS/café.xhtml":         page("<p>First page</p>"),
		"OPS/toc.ncx":            ncx,
		"OPS/pic.svg":            `<svg xmlns="http://www.w3.org/2000/svg"><text>Drawn</text></svg>`,
		"OPS/s.css":              "p{}",
	}
}

func (f files) pack(t doctest.TB) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	names := []string{"mimetype"}
	for name := range f {
		if name != "mimetype" {
			names = append(names, name)
		}
	}
	slices.Sort(names[1:])
	for _, name := range names {
		method := zip.Deflate
		if name == "mimetype" {
			method = zip.Store
		}
		e, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
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

func TestBlocks(t *testing.T) {
	doc := doctest.MustParse(t, epub.Format{}, small().pack(t), document.Options{})
	want := []string{"The Title", "What it is.", "Begin", "T", "First page", "T", "Second page", "T", "First", "The Title", "First", "Drawn"}
	if got := doctest.Texts(doc); !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestDirection(t *testing.T) {
	tests := []struct{ name, spine, target, want string }{
		{"added", `<spine toc="ncx">`, "ar", `<spine page-progression-direction="rtl" toc="ncx">`},
		{"turned", `<spine page-progression-direction="ltr">`, "he", `<spine page-progression-direction="rtl">`},
		{"default", `<spine page-progression-direction="default">`, "fa", `<spine page-progression-direction="rtl">`},
		{"empty", `<spine page-progression-direction="">`, "fa", `<spine page-progression-direction="rtl">`},
		{"columns stay", `<spine page-progression-direction="rtl">`, "de", `<spine page-progression-direction="rtl">`},
		{"right already", `<spine toc="ncx">`, "de", `<spine toc="ncx">`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := small()
			f["OPS/a b.opf"] = strings.Replace(packageDocument, `<spine toc="ncx">`, test.spine, 1)
			doc := doctest.MustParse(t, epub.Format{}, f.pack(t), document.Options{})
			got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: test.target})).content
			if opf := got["OPS/a b.opf"]; !strings.Contains(opf, test.want) || !strings.Contains(opf, "<dc:language>"+test.target+"</dc:language>") {
				t.Errorf("got %s", opf)
			}
			if !strings.Contains(got["OPS/two.xhtml"], `xml:lang="`+test.target+`"`) {
				t.Errorf("got %s", got["OPS/two.xhtml"])
			}
		})
	}
	// EPUB 2 has no such attribute.
	f := small()
	f["OPS/a b.opf"] = strings.Replace(packageDocument, `version="3.0"`, `version="2.0"`, 1)
	doc := doctest.MustParse(t, epub.Format{}, f.pack(t), document.Options{})
	got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar"})).content
	if strings.Contains(got["OPS/a b.opf"], "page-progression-direction") {
		t.Error("EPUB 2 got an attribute that it does not have")
	}
}

func TestBilingual(t *testing.T) {
	doc := doctest.MustParse(t, epub.Format{}, small().pack(t), document.Options{})
	got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Bilingual: true})).content
	if want := page(`<p>⟦Second page⟧<br class="verso-source"/><span class="verso-source" xml:lang="en">Second page</span></p>`); got["OPS/two.xhtml"] != strings.Replace(want, ">T<", ">⟦T⟧<", 1) {
		t.Errorf("got %s", got["OPS/two.xhtml"])
	}
	for _, name := range []string{"OPS/a b.opf", "OPS/toc.ncx", "OPS/nav.xhtml", "OPS/pic.svg"} {
		if strings.Contains(got[name], "verso-source") {
			t.Errorf("%s: %s", name, got[name])
		}
	}
}

func TestRefused(t *testing.T) {
	encryption := func(method string) string {
		return `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">` +
			`<EncryptionMethod Algorithm="` + method + `"/><CipherData><CipherReference URI="OPS/two.xhtml"/></CipherData></EncryptedData></encryption>`
	}
	tests := []struct {
		name   string
		change func(files)
		kind   document.ErrorKind
		says   string
	}{
		{"no container", func(f files) { delete(f, "META-INF/container.xml") }, document.Unreadable, "container.xml is missing"},
		{"container of nothing", func(f files) { f["META-INF/container.xml"] = "<container/>" }, document.Unreadable, "names no package"},
		{"container of itself", func(f files) {
			f["META-INF/container.xml"] = strings.Replace(container, "OPS/a%20b.opf", "META-INF/container.xml", 1)
		}, document.Unreadable, "no pages"},
		{"broken container", func(f files) { f["META-INF/container.xml"] = "<container" }, document.Unreadable, "container.xml"},
		{"no package", func(f files) { delete(f, "OPS/a b.opf") }, document.Unreadable, "a b.opf"},
		{"no pages", func(f files) { delete(f, "OPS/two.xhtml"); delete(f, "OPS/café.xhtml") }, document.Unreadable, "no pages"},
		{"copy protection", func(f files) {
			f["META-INF/encryption.xml"] = encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc")
		}, document.Unreadable, "copy-protected"},
		{"wrong encoding", func(f files) { f["OPS/two.xhtml"] = page("<p>\xff</p>") }, document.Unreadable, "two.xhtml"},
		{"unknown encoding", func(f files) {
			f["OPS/two.xhtml"] = `<?xml version="1.0" encoding="klingon"?>` + page("")
		}, document.BadOption, "klingon"},
		{"deep", func(f files) { f["OPS/two.xhtml"] = strings.Repeat("<div>", 20_000) }, document.Unreadable, "two.xhtml"},
		{"entities", func(f files) {
			f["OPS/two.xhtml"] = `<!DOCTYPE html [<!ENTITY e "` + strings.Repeat("x", 4000) + `">]>` + page("<p>"+strings.Repeat("&e;", 10_000)+"</p>")
		}, document.Unreadable, "entities"},
		{"no text", func(f files) {
			for _, name := range []string{"OPS/nav.xhtml", "OPS/two.xhtml", "OPS/café.xhtml", "OPS/toc.ncx", "OPS/pic.svg"} {
				f[name] = "<p>1.</p>"
			}
			f["OPS/a b.opf"] = strings.NewReplacer("The Title", "", "What it is.", "", "Begin", "").Replace(packageDocument)
		}, document.Unreadable, "empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := small()
			test.change(f)
			doctest.MustRefuse(t, epub.Format{}, f.pack(t), test.kind, test.says)
		})
	}
	t.Run("obfuscated fonts are no copy protection", func(t *testing.T) {
		for _, method := range []string{"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"} {
			f := small()
			f["META-INF/encryption.xml"] = encryption(method)
			mustBeFaithful(t, f.pack(t))
		}
	})
	t.Run("an external entity is not read and stays", func(t *testing.T) {
		f := small()
		f["OPS/two.xhtml"] = `<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + page("<p>a &e; b</p>")
		doc := doctest.MustParse(t, epub.Format{}, f.pack(t), document.Options{})
		got := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)})).content["OPS/two.xhtml"]
		if !strings.Contains(got, "<p>⟦a ⟧&e;⟦ b⟧</p>") {
			t.Errorf("got %s", got)
		}
	})
}

func TestRecognise(t *testing.T) {
	head := []byte(small().pack(t))[:document.HeadBytes/4]
	for name, want := range map[string]bool{"a.epub": true, "a.zip": true, "": true} {
		if got := (epub.Format{}).Recognise(name, head); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	if (epub.Format{}).Recognise("a.epub", []byte("text")) || (epub.Format{}).Recognise("a.zip", []byte("PK\x03\x04 and something")) {
		t.Error("something else is taken for a book")
	}
}

// TestManyItems holds that what a package lists costs little more than its size.
func TestManyItems(t *testing.T) {
	for name, items := range map[string]string{
		"items": strings.Repeat(`<item id="a" href="b" media-type="application/xhtml+xml"/>`, 20_000),
		"pages": strings.Repeat(`<item id="one" href="caf%C3%A9.xhtml" media-type="application/xhtml+xml"/>`, 20_000),
	} {
		f := small()
		f["OPS/a b.opf"] = strings.Replace(packageDocument, "<manifest>", "<manifest>"+items, 1)
		data := f.pack(t)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		doctest.MustParse(t, epub.Format{}, data, document.Options{})
		runtime.ReadMemStats(&after)
		if times := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(items)); times > 60 {
			t.Errorf("%s: %.0f times their size pass through memory", name, times)
		}
	}
	f := small()
	f["OPS/a b.opf"] = strings.Replace(packageDocument, "<manifest>", "<manifest><item "+strings.Repeat(`a="b" `, 200_000)+"/>", 1)
	doctest.MustRefuse(t, epub.Format{}, f.pack(t), document.Unreadable, "longer than 1 MB")
}

// TestGenerated holds any pages to what real books are held to.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := small()
		piece := rapid.StringMatching(`(<p>|<p id="[a-z]">)[a-zé &&&]{0,9}(<b>[a-z]{1,5}</b>|<br/>|<a id="x"/>|<!-- c -->)?[a-z .]{0,9}</p>|[a-z ]{1,9}|<h1>[A-Z]{1,5}</h1>`)
		for _, name := range []string{"OPS/two.xhtml", "OPS/café.xhtml"} {
			body := strings.ReplaceAll(strings.Join(rapid.SliceOf(piece).Draw(r, name), "\n"), "&", "&amp;")
			f[name] = page(body)
		}
		mustBeFaithful(r, f.pack(r))
	})
}

// FuzzParse lets anything be a page, a package, a table of contents.
func FuzzParse(f *testing.F) {
	f.Add(page("<p>a <b>b</b></p>"), packageDocument, ncx, container)
	f.Add(page("<p>a<svg><text>b</text></svg></p>"), strings.Replace(packageDocument, "two.xhtml", "../two.xhtml", 1), "<ncx><text>a", container)
	f.Add("", "<package><item id='one' href='#'/><itemref idref='one'/>", "", strings.Replace(container, "OPS/", "../", 1))
	f.Fuzz(func(t *testing.T, one, opf, toc, root string) {
		files := small()
		files["OPS/two.xhtml"], files["OPS/a b.opf"], files["OPS/toc.ncx"], files["META-INF/container.xml"] = one, opf, toc, root
		data := files.pack(t)
		doc, err := epub.Format{}.Parse(t.Context(), data, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		if same := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)})); same.content["OPS/two.xhtml"] != one || same.content["OPS/a b.opf"] != opf {
			t.Fatal("translated to itself it is another book")
		}
		var out bytes.Buffer
		if _, err := doc.Build(t.Context(), &out, document.Output{Translation: doctest.Marked(doc), Target: "ar", Source: "en", Bilingual: true}); err != nil {
			t.Fatalf("%v", err)
		}
	})
}
