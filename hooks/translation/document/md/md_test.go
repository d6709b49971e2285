package md_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/md"
)

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, file, head string
		want             bool
	}{
		{"md", "a.md", "# One", true},
		{"capitals", "README.MD", "One.", true},
		{"markdown", "a.markdown", "One.", true},
		{"mdown", "a.mdown", "One.", true},
		{"mkd", "a.mkd", "One.", true},
		{"UTF-16", "a.md", "\xff\xfeO\x00", true},
		{"empty so far", "a.md", "", true},
		{"MDX is a program", "a.mdx", "# One", false},
		{"Markdown by its content alone", "a.txt", "# One\n\n* two", false},
		{"no extension", "README", "# One", false},
		{"a picture", "a.md", "\x89PNG\r\n\x1a\n\x00\x00", false},
		{"an archive", "a.md", "PK\x03\x04\x14\x00", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (md.Format{}).Recognise(test.file, []byte(test.head)); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name, file string
		kind       document.ErrorKind
		says       string
	}{
		{"empty", "", document.Unreadable, "empty"},
		{"white space", " \n\n\t\n", document.Unreadable, "empty"},
		{"only code", "```\ncode\n```\n", document.Unreadable, "empty"},
		{"only front matter", "---\ntitle: One\n---\n", document.Unreadable, "empty"},
		{"numbers and punctuation", "1.5\n\n* * *\n\n| 1 | 2 |\n|---|---|\n", document.Unreadable, "empty"},
		{"NUL", "One.\x00Two, three, four, five.", document.Unsupported, "NUL"},
		{"a table of too many cells", "|" + strings.Repeat("a|", 2000) + "\n|" + strings.Repeat("-|", 2000) + "\n" + strings.Repeat("a\n", 2000), document.Unreadable, "1000000 cells"},
		{"a paragraph of too much markup", "One.\n\n" + strings.Repeat("[a", 40_000), document.Unreadable, "line 3"},
		{"too many pieces of markup", strings.Repeat(strings.Repeat("*a*b", 1000)+"\n\n", 200), document.Unreadable, "500000 pieces"},
		{"too many paragraphs of much markup", strings.Repeat(strings.Repeat("*a ", 8000)+"\n\n", 25), document.Unreadable, "several files"},
		{"too many lines", strings.Repeat("a\n", 1_000_001), document.Unreadable, "1000000 lines"},
		{"too many definitions in a row", strings.Repeat("[a]: b\n", 30_000), document.Unreadable, "definitions"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := md.Format{}.Parse(context.Background(), test.file, document.Options{})
			var bad *document.Error
			if !errors.As(err, &bad) {
				t.Fatalf("got %v, want a document.Error", err)
			}
			if bad.Kind != test.kind || !strings.Contains(bad.Message, test.says) {
				t.Errorf("got kind %d, %q; want kind %d with %q in it", bad.Kind, bad.Message, test.kind, test.says)
			}
		})
	}
}

// TestHostile holds that input made to be slow or deep is answered at all, with
// a document or a sentence.
func TestHostile(t *testing.T) {
	const n = 20_000
	for _, unit := range []string{
		"[", "![", "[a](", "*a ", "a* ", "*a_ ", "a**b", "`a``b ", "<a ", "<!--", "<?", "<![CDATA[", "$$a ", "{{<", "[^",
		"> ", "- ", "1. ", "- a\n", "[^a]: ", "a\n: b\n", "|", "-|\n", "a|b\n-|-\n", "<b>a", "&a;", `\`, "::: a\n", "~~a ",
	} {
		file := strings.Repeat(unit, n/len(unit))
		doc, err := md.Format{}.Parse(context.Background(), file, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Errorf("%q: an error without a sentence: %v", unit, err)
			}
			continue
		}
		if got := mustBuild(t, doc, itself); got != file {
			t.Errorf("%q repeated did not come back", unit)
		}
	}
	deep := strings.Repeat(">", 100_000) + " One.\n"
	if got := mustBuild(t, mustParse(t, deep), itself); got != deep {
		t.Error("deep quotes did not come back")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (md.Format{}).Parse(ctx, "One.\n", document.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("parse: got %v", err)
	}
	doc := mustParse(t, "One.\n")
	if _, err := doc.Build(ctx, &bytes.Buffer{}, document.Output{Translation: itself(doc)}); !errors.Is(err, context.Canceled) {
		t.Errorf("build: got %v", err)
	}
}

// TestNewlines holds that line breaks and a byte order mark are the file's own.
func TestNewlines(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"Windows", "# One\r\n\r\nTwo\r\nthree.\r\n\r\n> four  \r\n> five\r\n",
			"# {One}\r\n\r\n{Two three.}\r\n\r\n> {four  \r\n> five}\r\n"},
		{"old Mac", "# One\r\rTwo\rthree.\r", "# {One}\r\r{Two three.}\r"},
		{"mixed", "# One\n\r\nTwo  \r\nthree.\n\nFour.\r\n", "# {One}\n\r\n{Two  \nthree.}\n\n{Four.}\r\n"},
		{"byte order mark", "\ufeff---\nt: x\n---\n# One\n", "\ufeff---\nt: x\n---\n# {One}\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file)
			if got := mustBuild(t, doc, itself); got != test.file {
				t.Errorf("by itself\n got %q\nwant %q", got, test.file)
			}
			if got := mustBuild(t, doc, by(func(text string) string { return "{" + text + "}" })); got != test.want {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
		})
	}
}

func mustParse(t testing.TB, file string) document.Document {
	t.Helper()
	doc, err := md.Format{}.Parse(context.Background(), file, document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// translation makes a document's translations.
type translation func(document.Document) func(id string) (string, bool)

func mustBuild(t testing.TB, doc document.Document, translate translation) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := doc.Build(context.Background(), &out, document.Output{Translation: translate(doc)}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// by translates each block with a function.
func by(f func(string) string) translation {
	return func(doc document.Document) func(id string) (string, bool) {
		texts := map[string]string{}
		for _, block := range doc.Blocks() {
			texts[block.ID] = f(block.Text)
		}
		return func(id string) (string, bool) {
			text, ok := texts[id]
			return text, ok
		}
	}
}

func itself(doc document.Document) func(id string) (string, bool) {
	return by(func(text string) string { return text })(doc)
}

// texts returns the blocks' texts, and checks their ids.
func texts(t testing.TB, doc document.Document) []string {
	t.Helper()
	var out []string
	for i, block := range doc.Blocks() {
		if block.ID != document.BlockID(i+1) {
			t.Errorf("block %d has the id %q", i, block.ID)
		}
		out = append(out, block.Text)
	}
	return out
}

func same(a, b []string) bool { return slices.Equal(a, b) }

// TestBuildAtOnce holds that one document can be built several times at once,
// as a download of a finished job and of a part of it may do.
func TestBuildAtOnce(t *testing.T) {
	file := strings.Repeat("One *two* `three`\n\n![a](b) ![c](d)\n\n", 50)
	doc := mustParse(t, file)
	want := mustBuild(t, doc, by(strings.ToUpper))
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			var out bytes.Buffer
			if _, err := doc.Build(context.Background(), &out, document.Output{Translation: by(strings.ToUpper)(doc)}); err != nil || out.String() != want {
				t.Errorf("got %q, %v", out.String(), err)
			}
		})
	}
	wait.Wait()
}

// TestUnpackedSize holds that many short lines count as what they take in memory.
func TestUnpackedSize(t *testing.T) {
	for _, test := range []struct {
		data string
		want int64
	}{
		{strings.Repeat("a\n\n", 1000), 128_000},
		{strings.Repeat("a", 1000), 1000},
		{strings.Repeat(strings.Repeat("a", 99)+"\n", 10), 1000},
	} {
		if got := (md.Format{}).UnpackedSize(test.data); got != test.want {
			t.Errorf("%d bytes count as %d, want %d", len(test.data), got, test.want)
		}
	}
}
