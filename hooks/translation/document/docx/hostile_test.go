package docx_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

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
		{"main part and title in one", func(f files) { f["_rels/.rels"] = strings.ReplaceAll(rels, "/docProps/core.xml", "word/document.xml") }, document.Unreadable, "missing"},
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
		{"wide in all", body(strings.Repeat("<w:p>"+strings.Repeat("<w:tab/>", 100_000)+r("", "a")+"</w:p>", 21)), document.Unreadable, "more than 2000000 pieces"},
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
	doctest.MustRefuse(t, docx.Format{}, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Join(strings.Split("EncryptedPackage", ""), "\x00")+"\x00", document.Unreadable, "password")
}

// TestWide holds that a paragraph of very many runs, and a run of very many formats,
// take no more time than their size.
func TestWide(t *testing.T) {
	data := small("<w:p>" + strings.Repeat(r("", "a")+r("<w:b/>", "b"), 90_000) + "</w:p><w:p>" + r(strings.Repeat("<w:b/>", 300_000), "a") + "</w:p>").pack(t)
	doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
	doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar"})
}

// TestMemory holds that a parsed document takes few times its size, whatever its
// paragraphs consist of.
func TestMemory(t *testing.T) {
	memory := func() (held, allocated float64) {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return float64(stats.HeapAlloc), float64(stats.TotalAlloc)
	}
	paragraphs := func(n int, content string) string { return strings.Repeat("<w:p>"+content+"</w:p>", n) }
	var texts strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&texts, "<w:p><w:r><w:t>a%d</w:t></w:r></w:p>", i)
	}
	const depth = 190
	for name, body := range map[string]string{
		"paragraphs":        paragraphs(50_000, "<w:r><w:t>a</w:t></w:r>"),
		"runs without text": paragraphs(50, strings.Repeat("<w:r/>", 10_000)) + paragraphs(1, "<w:r><w:t>a</w:t></w:r>"),
		"runs beside text":  paragraphs(50, strings.Repeat("<w:r/>", 10_000)+"<w:r><w:t>a</w:t></w:r>"),
		"tabs":              paragraphs(500, "<w:r>"+strings.Repeat("<w:tab/><w:t>a</w:t>", 100)+"</w:r>"),
		"looks":             paragraphs(500, strings.Repeat("<w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r>", 100)),
		"alternates in each other": strings.Repeat("<w:p><w:r><mc:AlternateContent><mc:Choice>", depth) + texts.String() +
			strings.Repeat("</mc:Choice></mc:AlternateContent></w:r></w:p>", depth),
	} {
		data := small(body).pack(t)
		held, allocated := memory()
		doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
		heldNow, allocatedNow := memory()
		size := float64(len(body))
		if times, passing := (heldNow-held)/size, (allocatedNow-allocated)/size; times > 15 || passing > 150 {
			t.Errorf("%s: a document of %.0f bytes takes %.1f times as many, and %.0f in passing", name, size, times, passing)
		}
		runtime.KeepAlive(doc)
	}
}

// FuzzParse lets anything be the main part and the relationships. What is XML comes
// back with the same elements.
func FuzzParse(f *testing.F) {
	f.Add(small("<w:p>" + r("", "a ") + r("<w:b/>", "b") + "<w:r><w:tab/></w:r></w:p>")["word/document.xml"], rels)
	f.Add("<w:document><w:p><w:r><w:ruby><w:rubyBase><w:r><w:t>a</w:t></w:r></w:rubyBase></w:ruby><w:t>b</w:t></w:r></w:p></w:document>", rels)
	f.Add("<w:p><w:sdt><w:sdtContent><w:r><w:t>a</w:t></w:r></w:sdtContent></w:sdt><w:hyperlink><w:r><w:t/><w:t>b</w:t></w:r></w:hyperlink></w:p>", rels)
	f.Add("<w:p><w:r><mc:AlternateContent><w:p><w:r><w:t>a</w:t></w:r></w:p><mc:Fallback><w:p><w:r><w:t>a</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>", rels)
	f.Add(`<w:p><w:smartTag><w:smartTagPr/><w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t>a</w:t></w:r></w:smartTag><w:r><w:br/></w:r></w:p>`, rels)
	f.Add(`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:ins><w:r><w:fldChar w:fldCharType="separate"/><w:t>a</w:t><w:rPr/></w:r></w:ins><w:pPr/></w:p>`, rels)
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
		if isXML(main) && !strings.Contains(strings.ToLower(main), "ruby") { // what follows ruby text gets a run of its own
			marked := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)}))["word/document.xml"]
			before, _ := read(t, main)
			if after, _ := read(t, marked); after != before {
				t.Fatalf("the elements of %q are\n%s\nwant\n%s", marked, after, before)
			}
		}
		for _, target := range []string{"", "ar"} {
			turned := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: target, Bilingual: true}))["word/document.xml"]
			if isXML(main) && !isXML(turned) {
				t.Fatalf("%q became %q", main, turned)
			}
		}
	})
}

// isXML reports whether a text is well-formed, as far as Go's decoder sees.
func isXML(text string) bool {
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
