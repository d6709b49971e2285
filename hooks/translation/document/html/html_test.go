package html_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/html"
)

const page = `<!DOCTYPE html>
<html lang="en-US"><head><meta charset=utf-8><title>A page</title>
<meta name="description" content="What it is about"><meta name="viewport" content="width=device-width">
<script>if (a < b) document.write("<p>no</p>")</script><style>p::before { content: "no" }</style></head>
<body class=x>Loose <em>text</em>
<ul><li>One<li>Two <b>bold<li>Three</ul>
<table><tr><td>Cell<td>Other</table>
<p>First line<br>second <a href="?a=1&b=2" title="A tip">link</a> &copy; 2020
<p>Type <code>ls</code> or <kbd>Ctrl</kbd><pre>kept
  as is</pre>
<form><input type=submit value="Send"><input type=text value="kept" placeholder=Name><select><option>First<option label="L">Second</select><textarea>Words</textarea></form>
<svg><text x=1>Drawn</text></svg><p translate=no>Verso<p>Last &amp; least</body></html>
`

func TestBlocks(t *testing.T) {
	doc := doctest.MustParse(t, html.Format{}, page, document.Options{})
	want := []string{
		"A page", "What it is about", "Loose <1>text</1>", "One", "Two", "bold", "Three", "Cell", "Other",
		"First line<1/>second <2>link</2> © 2020", "A tip", "Type <1/> or <2>Ctrl</2>", "Send", "Name",
		"First", "L", "Second", "Words", "Drawn", "Last & least",
	}
	if got := doctest.Texts(doc); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)}); got != page {
		t.Errorf("translated to itself it is\n%s", got)
	}
	withPre := doctest.MustParse(t, html.Format{}, page, document.Options{TranslatePre: true})
	if got := strings.Join(doctest.Texts(withPre), "|"); !strings.Contains(got, "kept\n  as is") {
		t.Errorf("with preformatted text: %q", got)
	}
}

// TestLanguage says what becomes of the language and the direction of a page.
func TestLanguage(t *testing.T) {
	tests := []struct{ name, source, target, want string }{
		{"language", `<html lang="en"><p>a<p lang=fr>b<i lang="en-GB">c</i>d`, "de", `<html lang="de"><p>x<p lang=fr><i lang="de">x</i>`},
		{"added", `<!doctype html><html><p>a`, "de", `<!doctype html><html lang="de"><p>x`},
		{"no root", `<p>a`, "ar", `<p>x`},
		{"to the left", `<html lang="en" dir="ltr"><body dir=ltr><p>a`, "ar", `<html lang="ar" dir="rtl"><body dir=rtl><p>x`},
		{"to the left, added", `<html lang=en><p>a`, "he", `<html dir="rtl" lang=he><p>x`},
		{"to the right", `<html lang="fa" dir="rtl"><p dir=rtl>a`, "en", `<html lang="en" dir="ltr"><p dir=ltr>x`},
		{"the same direction", `<html lang="en"><p dir=rtl>a`, "de", `<html lang="de"><p dir=rtl>x`},
		{"by its script", `<html lang="pa"><p>a`, "pa-Arab", `<html dir="rtl" lang="pa-Arab"><p>x`},
		{"empty", `<html lang="" dir=""><body dir=><p lang="">a`, "ar", `<html lang="ar" dir="rtl"><body dir=rtl><p lang="">x`},
		{"without a value", `<html lang dir><p dir="" lang>a`, "ar", `<html lang="ar" dir="rtl"><p dir="" lang>x`},
		{"empty, the same direction", `<html lang= ><body dir=""><p>a`, "de", `<html lang= de><body dir=""><p>x`},
		{"empty XHTML", `<?xml version="1.0"?><html lang="" xml:lang=" "><p>a</p></html>`, "de", `<?xml version="1.0"?><html lang="de" xml:lang="de"><p>x</p></html>`},
		{"XHTML", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>a</p></html>`, "de", `<?xml version="1.0"?><html xml:lang="de" xmlns="http://www.w3.org/1999/xhtml"><p>x</p></html>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := doctest.MustParse(t, html.Format{}, test.source, document.Options{})
			x := doctest.By(doc, func(text string) string {
				if strings.Contains(text, "<1>") {
					return "<1>x</1>"
				}
				return "x"
			})
			got := doctest.MustBuild(t, doc, document.Output{Translation: x, Target: test.target, Source: "en"})
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestBilingual(t *testing.T) {
	source := `<html lang="en"><head><meta charset="utf-8"><title>T</title></head><body><p id="p">See <a id="a" href="#">here</a> <img src="x" alt="A">now.</p><ul><li>One</li></ul><nav><a>Home</a></nav></body></html>`
	doc := doctest.MustParse(t, html.Format{}, source, document.Options{})
	got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Bilingual: true})
	want := `<html lang="en"><head><meta charset="utf-8"><title>⟦T⟧</title></head><body><p id="p">⟦See ⟧<a id="a" href="#">⟦here⟧</a> <img src="x" alt="⟦A⟧">⟦now.⟧` +
		`<br class="verso-source"><span class="verso-source" lang="en">See <a href="#">here</a> now.</span></p>` +
		`<ul><li>⟦One⟧<br class="verso-source"><span class="verso-source" lang="en">One</span></li></ul><nav><a>⟦Home⟧</a></nav></body></html>`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	turned := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Bilingual: true, Target: "ar"})
	if want := `<span class="verso-source" lang="en" dir="ltr">One</span>`; !strings.Contains(turned, want) {
		t.Errorf("got %s, want %s in it", turned, want)
	}
}

// TestBilingualNames holds that no name stands twice, however a page spells it.
func TestBilingualNames(t *testing.T) {
	source := `<p>See <a ID=x HREF='#>' Name = "y">here</a> or <b id class=c>there</b> or <i title=">" id='z'>now</i>, <u data-id=1>id</u>.`
	doc := doctest.MustParse(t, html.Format{}, source, document.Options{})
	got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Bilingual: true})
	want := `<span class="verso-source">See <a HREF='#>'>here</a> or <b class=c>there</b> or <i title=">">now</i>, <u data-id=1>id</u>.</span>`
	if !strings.HasSuffix(got, want) {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestEncodings holds that a page goes out in the encoding that it came in, with
// references for what that lacks.
func TestEncodings(t *testing.T) {
	tests := []struct {
		name, text string
		encoding   encoding.Encoding
	}{
		{"iso-8859-1", "naïve", charmap.Windows1252}, {"windows-1250", "žluťoučký", charmap.Windows1250},
		{"windows-1251", "привет", charmap.Windows1251}, {"windows-1252", "naïve – “façade”", charmap.Windows1252},
		{"windows-1253", "καλημέρα", charmap.Windows1253}, {"windows-1254", "güneş", charmap.Windows1254},
		{"windows-1255", "שלום", charmap.Windows1255}, {"windows-1256", "مرحبا", charmap.Windows1256},
		{"windows-1257", "ačiū", charmap.Windows1257}, {"windows-1258", "đương", charmap.Windows1258},
		{"koi8-r", "привет", charmap.KOI8R}, {"Shift_JIS", "吾輩は猫", japanese.ShiftJIS}, {"euc-jp", "吾輩は猫", japanese.EUCJP},
		{"euc-kr", "박제가", korean.EUCKR}, {"gb18030", "荷塘上面", simplifiedchinese.GB18030}, {"gbk", "荷塘上面", simplifiedchinese.GBK}, {"big5", "荷塘上面", traditionalchinese.Big5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := `<html><meta charset="` + test.name + `"><p>` + test.text + `<p>b`
			encoded, err := test.encoding.NewEncoder().String(source)
			if err != nil {
				t.Fatal(err)
			}
			doc := doctest.MustParse(t, html.Format{}, encoded, document.Options{})
			if got := doctest.Texts(doc)[0]; got != test.text {
				t.Fatalf("read as %q", got)
			}
			if got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)}); got != encoded {
				t.Errorf("translated to itself it is %q", got)
			}
			got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.By(doc, func(text string) string { return text + " ᚠ" })})
			rune := "&#5792;"
			if test.name == "gb18030" {
				rune = "ᚠ" // it has them all
			}
			if want, _ := test.encoding.NewEncoder().String(`<html><meta charset="` + test.name + `"><p>` + test.text + " " + rune + "<p>b " + rune); got != want {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
		})
	}
}

// TestSections holds that a character that an encoding lacks is one in a CDATA section
// too, where a reference is only its letters.
func TestSections(t *testing.T) {
	source := `<?xml version="1.0" encoding="iso-8859-1"?><html><p>a <![CDATA[b]]></p><p><![CDATA[c]]></p></html>`
	doc := doctest.MustParse(t, html.Format{}, source, document.Options{})
	got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.By(doc, func(text string) string {
		return strings.NewReplacer("b", "é 泊b", "c", "泊c").Replace(strings.ReplaceAll(text, "a", "é泊"))
	})})
	want := `<?xml version="1.0" encoding="iso-8859-1"?><html><p>` + "\xe9&#27850; <![CDATA[\xe9 ]]>&#27850;<![CDATA[b]]></p><p><![CDATA[]]>&#27850;<![CDATA[c]]></p></html>"
	if got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// TestXHTML holds that a page in XHTML is read as far as one in HTML.
func TestXHTML(t *testing.T) {
	source := `<?xml version="1.0"?><html><head><meta name="description" content="What it is about"/></head><body><form><input type="submit" value="Send"/></form></body></html>`
	doc := doctest.MustParse(t, html.Format{}, source, document.Options{})
	if got := strings.Join(doctest.Texts(doc), "|"); got != "What it is about|Send" {
		t.Errorf("got %q", got)
	}
}

// TestDisorder holds that the tags stay that a browser passes over, and where those end
// that need no end tag.
func TestDisorder(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"end without a beginning", `<p>a</b> b</span>c</p>d</p>e</div>f</br>g`, `<p>⟦a⟧</b>⟦ b⟧</span>⟦c⟧</p>⟦d⟧</p>⟦e⟧</div>⟦f⟧</br>⟦g⟧`},
		{"ruby", `<ruby><rb>a<rb>b<rt>c<rt>d<rtc>e<rp>f<rb>g</ruby> h`, `<ruby><rb>⟦a⟧<rb>⟦b⟧<rt>c<rt>d<rtc>e<rp>f<rb>⟦g⟧</ruby> ⟦h⟧`},
	}
	for _, test := range tests {
		doc := doctest.MustParse(t, html.Format{}, test.source, document.Options{})
		if got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)}); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestUndeclared holds that a page which names no encoding stays readable.
func TestUndeclared(t *testing.T) {
	for source, want := range map[string]string{
		"<head><p>Cafe":               `<head><meta charset="utf-8"><p>泊Cafe`,
		"<head><p>Café":               "<head><p>泊Café",
		"<p>Cafe":                     "<p>泊Cafe",
		"<meta charset=utf-8><p>Cafe": "<meta charset=utf-8><p>泊Cafe",
		"\ufeff<head><p>Cafe":         "\ufeff<head><p>泊Cafe",
	} {
		doc := doctest.MustParse(t, html.Format{}, source, document.Options{})
		got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.By(doc, func(text string) string { return "泊" + text })})
		if got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func TestUTF16(t *testing.T) {
	for _, bom := range []string{"\ufeff", ""} {
		var file []byte
		for _, unit := range utf16.Encode([]rune(bom + "<!doctype html><p>One: 猫.</p>")) {
			file = append(file, byte(unit), byte(unit>>8))
		}
		doc := doctest.MustParse(t, html.Format{}, string(file), document.Options{})
		if got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)}); got != string(file) {
			t.Errorf("translated to itself it is %q", got)
		}
		got := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)})
		if len(got) != len(file)+4 {
			t.Errorf("marked it is %d bytes, want %d", len(got), len(file)+4)
		}
	}
}

func TestRefused(t *testing.T) {
	doctest.MustRefuse(t, html.Format{}, "<p> </p>", document.Unreadable, "empty")
	doctest.MustRefuse(t, html.Format{}, "<p>a\x00", document.Unsupported, "NUL")
	doctest.MustRefuse(t, html.Format{}, "<p>\x81\x8d\x8f\x90\x9d\xfd", document.Unreadable, `"encoding"`)
	doctest.MustRefuse(t, html.Format{}, "<meta charset=klingon><p>a", document.BadOption, "klingon")
	doctest.MustRefuse(t, html.Format{}, "<?xml version='1.0' encoding='utf-8'?><p>\xff</p>", document.Unreadable, "byte")
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, head string
		want       bool
	}{
		{"a.html", "text", true}, {"a.HTM", "text", true}, {"a.xhtml", "<?xml ?>", true},
		{"a.txt", "\n<!DOCTYPE html>", true}, {"", "<html>", true}, {"a", "<?xml version='1.0'?><html>", true},
		{"a.txt", "<?xml version='1.0'?><rss>", false}, {"a.md", "<html>", false}, {"a.txt", "text", false}, {"a.html", "\x00\x01\x02\x03", false},
	}
	for _, test := range tests {
		if got := (html.Format{}).Recognise(test.name, []byte(test.head)); got != test.want {
			t.Errorf("%s %q: %v", test.name, test.head, got)
		}
	}
}

// TestUnpackedSize holds that many short tags count as what they take in memory.
func TestUnpackedSize(t *testing.T) {
	for data, want := range map[string]int64{strings.Repeat("<p>a", 1000): 64_000, "<p>" + strings.Repeat("a", 1000): 1003} {
		if got := (html.Format{}).UnpackedSize(data); got != want {
			t.Errorf("%d bytes count as %d, want %d", len(data), got, want)
		}
	}
}
