package syntax_test

import (
	"strings"
	"testing"

	"verso/hooks/translation/document/syntax"
)

func TestTokens(t *testing.T) {
	tests := []struct {
		name, source string
		html         bool
		want         []syntax.Kind
	}{
		{"elements", `<a x="1>2"/>b</a >`, false, []syntax.Kind{syntax.StartTag, syntax.Text, syntax.EndTag}},
		{"comment and instruction", "<!-- <a> --><?x ?>", false, []syntax.Kind{syntax.Other, syntax.Other}},
		{"CDATA", "<![CDATA[<a>]]>b", false, []syntax.Kind{syntax.CDATA, syntax.Text}},
		{"internal subset", "<!DOCTYPE a [<!ENTITY b '>'><!-- ' -->]>c", false, []syntax.Kind{syntax.Doctype, syntax.Text}},
		{"cut off", "<a", false, []syntax.Kind{syntax.Other}},
		{"no tag", "a < b", false, []syntax.Kind{syntax.Text, syntax.Text}},
		{"script", "<script>'</p>'</script>", true, []syntax.Kind{syntax.StartTag, syntax.Text, syntax.EndTag}},
		{"without scripts", "<noscript><p>a</noscript>", true, []syntax.Kind{syntax.StartTag, syntax.StartTag, syntax.Text, syntax.EndTag}},
		{"title of a drawing", "<svg><title><b>a</b></title></svg><title><b></title>", true, []syntax.Kind{syntax.StartTag, syntax.StartTag, syntax.StartTag,
			syntax.Text, syntax.EndTag, syntax.EndTag, syntax.EndTag, syntax.StartTag, syntax.Text, syntax.EndTag}},
		{"cut off in HTML", "a<b", true, []syntax.Kind{syntax.Text, syntax.Other}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []syntax.Kind
			for lexer := syntax.NewLexer(test.source, test.html); ; {
				token, ok := lexer.Next()
				if !ok {
					break
				}
				got = append(got, token.Kind)
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Fatalf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

func TestAttributes(t *testing.T) {
	source := `<p a="1" B='2' c=3 d  e = "4"  f/>`
	token, _ := syntax.NewLexer(source, false).Next()
	var got []string
	for _, a := range syntax.Attributes(nil, source, token) {
		got = append(got, a.Name+"="+source[a.Start:a.End])
	}
	if want := "a=1|b=2|c=3|d=|e=4|f="; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}

func TestDeclared(t *testing.T) {
	doctype := `<!DOCTYPE a [<!ENTITY plain "A &amp; B&#160;C"> <!ENTITY tag "<b/>"> <!ENTITY hidden "&#60;b/>">
		<!ENTITY nested "&plain;&plain;"> <!ENTITY file SYSTEM "file:///etc/passwd"> <!ENTITY % p "x"> <!ENTITY plain "again"> <!ENTITY lt "x">]>`
	got := syntax.Declared(doctype)
	if len(got) != 1 || got["plain"] != "A & B\u00a0C" {
		t.Errorf("got %q", got)
	}
}

// FuzzTokens holds that every byte of a document belongs to one token, and every
// attribute's value lies in its tag.
func FuzzTokens(f *testing.F) {
	for _, seed := range []string{"<a b='c'>d</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<![CDATA[a]]", "<a b=c/><!--", "<script><!--<script></script>--></script>", "<a\x00b='", "</ a>"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, source string, html bool) {
		at := 0
		for lexer := syntax.NewLexer(source, html); ; {
			token, ok := lexer.Next()
			if !ok {
				break
			}
			if token.Start != at || token.End <= token.Start {
				t.Fatalf("a token from %d to %d after %d", token.Start, token.End, at)
			}
			at = token.End
			switch token.Kind {
			case syntax.StartTag:
				for _, a := range syntax.Attributes(nil, source, token) {
					if a.Valued && (a.Start < token.Start || a.End > token.End || a.Start > a.End) {
						t.Fatalf("%v in %v", a, token)
					}
				}
			case syntax.Doctype:
				syntax.Declared(source[token.Start:token.End])
			case syntax.Text:
				syntax.Decode(source[token.Start:token.End], nil)
			}
		}
		if at != len(source) {
			t.Fatalf("%d of %d bytes", at, len(source))
		}
	})
}
