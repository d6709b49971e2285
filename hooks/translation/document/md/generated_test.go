package md_test

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/engine/pseudo"
)

// TestGenerated holds on documents of random blocks, containers and markup that
// they come back byte for byte by themselves, and that in other words they have
// the same blocks with the same tags.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := strings.Join(rapid.SliceOfN(rapid.Custom(drawBlock), 1, 6).Draw(t, "blocks"), "\n\n") + "\n"
		if rapid.Bool().Draw(t, "windows") {
			file = strings.ReplaceAll(file, "\n", "\r\n")
		}
		doc, err := md.Format{}.Parse(context.Background(), file, document.Options{})
		if err != nil {
			return // nothing to translate
		}
		if got := build(t, doc, itself); got != file {
			t.Fatalf("by itself\n got %q\nwant %q", got, file)
		}
		for name, words := range map[string]func(string) string{"accented": pseudo.Accent, "Korean": hangul} {
			written := build(t, doc, by(words))
			again, err := md.Format{}.Parse(context.Background(), written, document.Options{})
			if err != nil {
				t.Fatalf("%s: %q became %q: %v", name, file, written, err)
			}
			if len(again.Blocks()) != len(doc.Blocks()) {
				t.Fatalf("%s: %q became %q: %d blocks, then %d", name, file, written, len(doc.Blocks()), len(again.Blocks()))
			}
		}
	})
}

// TestGarbage holds the same of text that is markup by accident: no panic, and
// nothing lost.
func TestGarbage(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"a", "b c", "é", "語", "한", " ", "  ", "\n", "\n\n", "\t", "    ", "*", "**", "_", "__", "~~", "`", "``", "[", "]", "](", ")", "![",
		"<", ">", "<b>", "</b>", "<1>", "<!--", "-->", "&amp;", "&", "\\", "\\\n", "  \n", "|", "|-|", "-", "- ", "1. ", "# ", "===", "---",
		"> ", "[a]: b", "[^a]", "[^a]: ", ": ", ":::", "$", "$$", "{{<", ">}}", "{#a}", "http://a.b", "a@b.cd", "www.a.b", "!", "\"", "'", "\r\n", "\r", "\f", "\u00a0",
	})
	rapid.Check(t, func(t *rapid.T) {
		file := strings.Join(rapid.SliceOfN(pieces, 1, 40).Draw(t, "pieces"), "")
		doc, err := md.Format{}.Parse(context.Background(), file, document.Options{})
		if err != nil {
			return
		}
		if got := build(t, doc, itself); got != file {
			t.Fatalf("by itself\n got %q\nwant %q", got, file)
		}
		build(t, doc, by(hangul))
		build(t, doc, by(func(s string) string { return strings.NewReplacer("<", "", "/", "").Replace(s) }))
		build(t, doc, by(func(s string) string { return file }))
	})
}

func build(t *rapid.T, doc document.Document, translate translation) string {
	var out strings.Builder
	if _, err := doc.Build(context.Background(), &out, document.Output{Translation: translate(doc)}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// drawBlock draws one block, perhaps within a container.
func drawBlock(t *rapid.T) string {
	line := drawLine(t)
	switch rapid.IntRange(0, 10).Draw(t, "kind") {
	case 0:
		return "## " + line
	case 1:
		return line + "\n---"
	case 2:
		return "> " + line + "\n> " + drawLine(t)
	case 3:
		return "- " + line + "\n- " + drawLine(t) + "\n  " + drawLine(t)
	case 4:
		return "1. " + line + "\n\n   " + drawLine(t)
	case 5:
		return "| " + line + " | b |\n|---|---|\n| " + drawLine(t) + " | " + drawLine(t) + " |"
	case 6:
		return "```\n" + line + "\n```"
	case 7:
		return "Term " + line + "\n: " + drawLine(t)
	case 8:
		return "[^n]: " + line + "\n    " + drawLine(t)
	case 9:
		return "> - " + line + "  \n>   " + drawLine(t)
	}
	return line + "\n" + drawLine(t)
}

// drawLine draws a line of words and inline markup, beginning with a word.
func drawLine(t *rapid.T) string {
	pieces := rapid.SampledFrom([]string{
		"word", "Two words", "*emphasis*", "**strong**", "_under_", "***both***", "~~gone~~", "`code`", "[link](u \"t\")", "[ref]",
		"![alt](p.png)", "<http://x.org>", "https://x.org/a_b", "<b>bold</b>", "<br>", "\\*", "&copy;", "[^n]", ":tada:", "$x_1$",
		"{{< s >}}", "2 < 3", "a & b", "日本語", "한국어", "<1>", "(note)", "“quoted”", "**`code`**", "[**strong** link](u)", "end.",
	})
	return "word " + strings.Join(rapid.SliceOfN(pieces, 1, 6).Draw(t, "pieces"), " ")
}
