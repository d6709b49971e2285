package markup_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/markup"
)

// TestHostile holds that what a stranger writes costs no more than its size, or is
// refused.
func TestHostile(t *testing.T) {
	const million = 1_000_000
	tests := []struct{ name, source, refused string }{
		{"deep", strings.Repeat("<div>", million), "nests more than 10000"},
		{"deep inline", strings.Repeat("<b>", million) + "a", "nests more than"},
		{"wide", strings.Repeat("<p>a</p>", million+1), "more than 1000000 pieces"},
		{"wide inline", "<p>" + strings.Repeat("<b>a</b>", million/2) + "</p>", ""},
		{"ends without beginnings", strings.Repeat("</b>", million) + "<p>a</p>", ""},
		{"beginnings without ends", strings.Repeat("<p><b>a", 4000), ""},
		{"islands in islands", strings.Repeat("<p>a<svg>", 3000), ""},
		{"attributes", "<p " + strings.Repeat("a='b' ", million) + ">a</p>", ""},
		{"one huge tag", "<p " + strings.Repeat("=", million), ""},
		{"comments", "<p>a" + strings.Repeat("<!-- -->", million) + "b</p>", ""},
		{"references", "<p>" + strings.Repeat("&", million) + "a</p>", ""},
		{"entities", `<!DOCTYPE a [<!ENTITY e "` + strings.Repeat("x", 4000) + `">]><p>` + strings.Repeat("&e;", 10_000) + "</p>", "stand for more than 4 MB"},
		{"entities in entities", `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><p>x` + strings.Repeat("&c;", 1000) + "</p>", ""},
		{"a bomb of entities", `<!DOCTYPE a [<!ENTITY a "ha">` + bomb(9) + `]><p>x</p>`, "grow to more than 64 KB"},
		{"an entity that holds itself", `<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><p>x</p>`, "grow to more than 64 KB"},
		{"references, each another", "<p>" + numbered(million/2, "&#%d;") + "a</p>", ""},
		{"pairs in pairs without words", "<p>a" + strings.Repeat("<b>", 9900) + strings.Repeat("<i></i>", million) + "c" + strings.Repeat("</b> ", 9900) + "</p>", ""},
		{"attributes that depend on others", "<meta " + strings.Repeat("content='b' ", million/2) + "/>a", ""},
		{"line breaks", strings.Repeat("<textarea>a\nb</textarea>", million/3), ""},
		{"crossed tags", "<p>" + strings.Repeat("a<b>b<i>c</b>d</i>", 100_000), ""},
		{"signs that begin nothing", "<p>a" + strings.Repeat("<", million), ""},
		{"declarations", "<!DOCTYPE a [" + strings.Repeat(`<!ENTITY e "x">`, 100_000) + "]><p>a</p>", ""},
	}
	for _, test := range tests {
		for name, vocabulary := range map[string]markup.Vocabulary{"XML": markup.XHTML(), "HTML": markup.HTML()} {
			t.Run(test.name+" in "+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				began := time.Now()
				defer func() {
					if took := time.Since(began); took > 20*time.Second {
						t.Errorf("it took %v", took)
					}
				}()
				text, err := markup.Parse(ctx, test.source, markup.Options{Vocabulary: vocabulary})
				var bad *document.Error
				switch {
				case err == nil:
					text.Write(markup.Output{Translation: func(n int) (string, bool) { return doctest.Mark(text.Block(n)), true }})
				case !errors.As(err, &bad):
					t.Fatal(err)
				}
				if name == "XML" && (err != nil) != (test.refused != "") || err != nil && !strings.Contains(err.Error(), test.refused) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// numbered returns a pattern repeated, each with its number.
func numbered(n int, pattern string) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, pattern, i)
	}
	return out.String()
}

// TestMemory holds that a parsed document takes few times its size, however much of it
// is markup.
func TestMemory(t *testing.T) {
	held := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	for name, source := range map[string]string{
		"pairs":      "<p>" + strings.Repeat("<b>c</b>d", 200_000),
		"paragraphs": strings.Repeat("<p>"+strings.Repeat("<b>c</b>d", 5)+"</p>", 50_000),
		"comments":   "<p>a" + strings.Repeat("<!---->b", 200_000),
		"signs":      "<p>a" + strings.Repeat("<", 500_000),
		"literals":   "<p>a" + strings.Repeat("&lt;1&gt;", 200_000),
	} {
		before := held()
		text := mustParse(t, source, markup.XHTML())
		after := held()
		if times := (float64(after) - float64(before)) / float64(len(source)); times > 8 {
			t.Errorf("%s: a document of %d bytes takes %.1f times as many", name, len(source), times)
		}
		runtime.KeepAlive(text)
	}
}

// TestDivided holds that a paragraph with more markup than a block holds is whole
// nevertheless.
func TestDivided(t *testing.T) {
	source := "<p>a <u>" + strings.Repeat("b<b>c</b>", 30_000) + "<br/>d</u> " + strings.Repeat("e<br/>", 10_000) + "f</p>"
	text := mustParse(t, source, markup.XHTML())
	if text.Len() < 2 {
		t.Fatalf("there are %d blocks", text.Len())
	}
	got, _, left := text.Write(markup.Output{Translation: func(n int) (string, bool) { return doctest.Mark(text.Block(n)), true }})
	if letters, marked := doctest.Coverage(shown(got)); len(left) > 0 || letters != marked || doctest.WithoutMarks(got) != source {
		t.Errorf("%d of %d letters are marked, %d blocks left, the same without marks: %v", marked, letters, len(left), doctest.WithoutMarks(got) == source)
	}
}

// bomb declares entities of which each stands for ten of the one before.
func bomb(levels int) string {
	var b strings.Builder
	for i := range levels {
		fmt.Fprintf(&b, `<!ENTITY %c "%s">`, 'b'+i, strings.Repeat(fmt.Sprintf("&%c;", 'a'+i), 10))
	}
	return b.String()
}
