package md_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/engine/pseudo"
)

// FuzzParse holds of any bytes: a document or an error with a sentence, no
// panic, and a document that comes back byte for byte by itself.
func FuzzParse(f *testing.F) {
	rich, err := os.ReadFile("testdata/rich.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(rich))
	for _, seed := range []string{
		"# One *two*\n\n> a  \n> b\n", "\xef\xbb\xbf---\nt: x\n---\r\n\r\nOne\r\n", "|a|b|\n|-|-|\n|`c`|\\||\n",
		"- [ ] a\n  1. b\n\n     c\n", "[a][b] ![c][] [d]\n\n[b]: x 'y'\n[c]: z\n[d]: <w>\n", "Term\n: Def\n\n[^1]: x\n    y\n",
		"{{< a >}}\nb {{% c %}} $d$ :e: {#f}\n$$\ng\n$$\n", "**a**b *c***d** __e_f_ ~g~~", "a\\\nb&amp;&#1;&nbsp;<1></2>", "> [!NOTE] a\nb",
		"I\n|\n|-\né\n-", // goldmark puts the table before the heading that precedes it
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		doc, err := md.Format{}.Parse(context.Background(), data, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		var out bytes.Buffer
		if _, err := doc.Build(context.Background(), &out, document.Output{Translation: itself(doc)}); err != nil {
			t.Fatal(err)
		}
		// NULs may be UTF-16, which is written as UTF-8.
		if utf8.ValidString(data) && strings.IndexByte(data, 0) < 0 && out.String() != data {
			t.Fatalf("by itself\n got %q\nwant %q", out.Bytes(), data)
		}
		out.Reset()
		if _, err := doc.Build(context.Background(), &out, document.Output{Translation: by(pseudo.Accent)(doc)}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "\x00") {
			t.Fatal("NUL in the output")
		}
	})
}
