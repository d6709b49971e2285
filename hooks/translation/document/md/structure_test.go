package md_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"verso/hooks/translation/engine/pseudo"
)

// TestRealDocuments translates whole documents: by themselves they come back
// byte for byte, and in other words their structure does.
func TestRealDocuments(t *testing.T) {
	names, err := filepath.Glob("testdata/*.md")
	if err != nil || len(names) < 4 {
		t.Fatalf("got %q, %v", names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			doc := mustParse(t, string(data))
			if got := mustBuild(t, doc, itself); got != string(data) {
				t.Error("it did not come back byte for byte")
			}
			for language, words := range map[string]func(string) string{"accented": pseudo.Accent, "Korean": hangul} {
				got := mustBuild(t, doc, by(words))
				wantStructure(t, language, string(data), got)
				if len(doc.Blocks()) != len(mustParse(t, got).Blocks()) {
					t.Errorf("%s: %d blocks became %d", language, len(doc.Blocks()), len(mustParse(t, got).Blocks()))
				}
			}
		})
	}
}

// TestTextComesBack holds that a document written from translations reads as
// those translations.
func TestTextComesBack(t *testing.T) {
	data, err := os.ReadFile("testdata/rich.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := mustParse(t, string(data))
	written := mustParse(t, mustBuild(t, doc, by(pseudo.Accent)))
	for i, block := range doc.Blocks() {
		if got, want := written.Blocks()[i].Text, pseudo.Accent(block.Text); got != want {
			t.Errorf("%s\n got %q\nwant %q", block.ID, got, want)
		}
	}
}

// wantStructure wants two documents to have the same blocks and inline markup,
// and the same targets, code and HTML in them.
func wantStructure(t testing.TB, language, source, translated string) {
	t.Helper()
	want, got := structure(source), structure(translated)
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Errorf("%s: from node %d on\n got %.5q\nwant %.5q", language, i, got[min(i, len(got)):], want[min(i, len(want)):])
			return
		}
	}
}

// structure lists what a document is made of, as goldmark with its extensions
// sees it, without its words. Bare addresses may become <addresses>.
func structure(source string) []string {
	src := []byte(strings.ReplaceAll(source, "\r\n", "\n"))
	parser := goldmark.New(goldmark.WithExtensions(
		extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote, extension.DefinitionList)).Parser()
	var out []string
	_ = ast.Walk(parser.Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		line, next := n.Kind().String(), ast.WalkStatus(ast.WalkContinue)
		switch n := n.(type) {
		case *ast.Text, *ast.String, *ast.AutoLink:
			return ast.WalkContinue, nil
		case *ast.Heading:
			line += fmt.Sprint(n.Level)
		case *ast.Emphasis:
			line += fmt.Sprint(n.Level)
		case *ast.Link:
			line += fmt.Sprintf(" %s %q", n.Destination, n.Title)
		case *ast.Image:
			line += fmt.Sprintf(" %s %q", n.Destination, n.Title)
		case *ast.RawHTML:
			line += " " + strings.Join(strings.Fields(string(n.Segments.Value(src))), " ")
		case *ast.CodeSpan:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				line += " " + strings.TrimSpace(string(c.(*ast.Text).Value(src)))
			}
			next = ast.WalkSkipChildren
		default:
			if n.Type() == ast.TypeBlock && n.IsRaw() {
				line += " " + string(n.Lines().Value(src))
			}
		}
		out = append(out, line)
		return next, nil
	})
	return slices.Clip(out)
}

// hangul replaces words by Korean syllables, with a particle after each tag,
// where languages with spaces between words have a space.
func hangul(s string) string {
	var out strings.Builder
	within := false // a tag
	letter := false // before
	for i, r := range s {
		switch {
		case within:
			within = r != '>'
			out.WriteRune(r)
			if !within && i+1 < len(s) && s[i+1] == ' ' && i > 2 && strings.Contains(s[max(0, i-4):i], "/") {
				out.WriteString("는")
			}
			letter = false
		case r == '<' && i+1 < len(s) && (s[i+1] == '/' || (s[i+1] >= '0' && s[i+1] <= '9')):
			within = true
			out.WriteRune(r)
		case (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z'):
			if !letter {
				out.WriteString("글")
			} else if i%2 == 0 {
				out.WriteString("자")
			}
			letter = true
		default:
			letter = false
			out.WriteRune(r)
		}
	}
	return out.String()
}
