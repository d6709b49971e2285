package markup_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/markup"
	"verso/hooks/translation/document/syntax"
)

// TestGenerated holds for any document that it comes back by itself, that all of its
// text is marked in a translation that marks text, and that nothing else changes.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := "<html xml:lang=\"en\"><body>" + generated(3).Draw(t, "source") + "</body></html>"
		text, err := markup.Parse(context.Background(), source, markup.Options{Vocabulary: markup.XHTML()})
		if err != nil {
			t.Fatal(err)
		}
		if got, changed, _ := text.Write(markup.Output{Translation: func(n int) (string, bool) { return text.Block(n), true }}); changed || got != source {
			t.Fatalf("by itself\n got %s\nwant %s", got, source)
		}
		got, _, left := text.Write(markup.Output{Translation: func(n int) (string, bool) { return doctest.Mark(text.Block(n)), true }})
		if len(left) > 0 {
			t.Fatalf("left %d blocks of %s", len(left), source)
		}
		if before, after := tags(source), tags(got); before != after {
			t.Fatalf("the tags\n%s\nbecame\n%s", before, after)
		}
		letters, marked := doctest.Coverage(shown(got))
		if letters != marked {
			t.Fatalf("%d of %d letters are marked in\n%s", marked, letters, got)
		}
		if before, after := words(shown(source)), words(doctest.WithoutMarks(shown(got))); before != after {
			t.Fatalf("the text\n%s\nbecame\n%s", before, after)
		}
	})
}

// generated returns a generator of content, nested so deep, whose tags may be in
// disorder.
func generated(depth int) *rapid.Generator[string] {
	text := rapid.OneOf(
		rapid.StringMatching(`[a-zé ]{1,8}`), rapid.StringMatching(`[.,0-9 \n]{1,4}`),
		rapid.SampledFrom([]string{"&amp;", "&#160;", "&eacute;", "&lt;1&gt;", "東京", "<br/>", `<a id="x"/>`, "<!-- c -->", "<?pi?>",
			"<![CDATA[a<b]]>", `<img alt="4"/>`, "&unknown;"}))
	if depth == 0 {
		return text
	}
	inner := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(generated(depth-1), 0, 4).Draw(t, "content"), "")
	})
	element := rapid.Custom(func(t *rapid.T) string {
		name := rapid.SampledFrom([]string{"p", "div", "b", "i", "span", "a", "li", "td", "h1", "ruby", "svg", "q"}).Draw(t, "name")
		return "<" + name + ">" + inner.Draw(t, "inner") + "</" + name + ">"
	})
	misnested := rapid.Custom(func(t *rapid.T) string {
		var out strings.Builder
		for _, tag := range []string{"<b>", "<i>", "</b>", "</i>", "</u>"} {
			if rapid.Bool().Draw(t, tag) {
				out.WriteString(tag)
			}
			out.WriteString(inner.Draw(t, "between"))
		}
		return out.String()
	})
	return rapid.OneOf(text, element, element, misnested)
}

// tags returns everything of a document but its text.
func tags(source string) string {
	var out strings.Builder
	for lexer := syntax.NewLexer(source, false); ; {
		token, ok := lexer.Next()
		if !ok {
			return out.String()
		}
		if token.Kind != syntax.Text && token.Kind != syntax.CDATA {
			out.WriteString(source[token.Start:token.End])
		}
	}
}

// names returns the kinds of a document's tokens and the names of its elements.
func names(source string, html bool) string {
	var out strings.Builder
	for lexer := syntax.NewLexer(source, html); ; {
		token, ok := lexer.Next()
		if !ok {
			return out.String()
		}
		if token.Kind != syntax.Text && token.Kind != syntax.CDATA {
			fmt.Fprintln(&out, token.Kind, token.Name)
		}
	}
}

// shown returns the text of a document.
func shown(source string) string {
	var out strings.Builder
	for lexer := syntax.NewLexer(source, false); ; {
		token, ok := lexer.Next()
		switch {
		case !ok:
			return out.String()
		case token.Kind == syntax.Text:
			out.WriteString(syntax.Decode(source[token.Start:token.End], syntax.Entities{"unknown": "?"}))
		case token.Kind == syntax.CDATA:
			out.WriteString(source[token.Start+len(syntax.CDATAOpen) : token.End-len(syntax.CDATAClose)])
		}
	}
}

func words(text string) string { return strings.Join(strings.Fields(text), "") }

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"<p>a <b>b</b><br/>c</p>", "<p>a<svg><text>b</text></svg></p>", "<p>a <i>b<p>c</p>d</i>", "<!DOCTYPE a [<!ENTITY b 'c'>]><p>&b;&lt;1&gt;</p>",
		"<p><![CDATA[a]]> <b>b</b></p>", "<ruby>a<rt>b</rt></ruby>", "<p translate=no>a<b translate=yes>b", "<td>a<td>b<table><tr><td>c",
		"<img alt=a title='b'><textarea>c</textarea><title>&amp;</title>", "<html lang=en dir=ltr><body dir=ltr>a", "<pre>a\r\n b</pre><code>c</code>d", "a<b>c<b>d</b>",
		"<p>one <b>two <i>three</b> four</p>", "<p>A <i>x<b>y</i> z</p>", "b<b>\x8a<a>d</b>", "<p>a</b>b</i> c<u>d</p></u>",
	} {
		f.Add(seed, "<1>x</1> & y", true)
		f.Add(seed, "a", false)
	}
	f.Fuzz(func(t *testing.T, source, translation string, html bool) {
		vocabulary := markup.XHTML()
		if html {
			vocabulary = markup.HTML()
		}
		text, err := markup.Parse(context.Background(), source, markup.Options{Vocabulary: vocabulary, TranslatePre: len(source)%2 == 0})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		if got, changed, _ := text.Write(markup.Output{Translation: func(n int) (string, bool) { return text.Block(n), true }}); changed || got != source {
			t.Fatalf("by itself\n got %q\nwant %q", got, source)
		}
		text.Write(markup.Output{Translation: func(int) (string, bool) { return translation, true }, Target: "ar", Source: "en", Bilingual: true})
		marked := markup.Output{Translation: func(n int) (string, bool) { return doctest.Mark(text.Block(n)), true }}
		if got, _, left := text.Write(marked); len(left) > 0 || names(got, html) != names(source, html) {
			t.Fatalf("marked, %d left:\n got %q\nfrom %q", len(left), got, source)
		}
	})
}
