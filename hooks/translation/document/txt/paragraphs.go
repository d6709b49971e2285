package txt

import (
	"context"
	"strings"
	"unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/span"
)

// line is a range of byte offsets, without the line break.
type line struct{ start, end int }

// split finds the paragraphs of a text.
func split(ctx context.Context, source string, bom bool) (*span.Document, error) {
	doc := span.New(source, bom)
	byParagraph := hasBlankLineBetween(source)
	below := "\n"
	if byParagraph {
		below = "\n\n"
	}
	doc.Render = func(n int, translation string, output document.Output) (string, bool) {
		if output.Bilingual {
			translation += below + doc.Passage(n)
		}
		return translation, true
	}

	var current line
	open := false
	flush := func() error {
		if !open {
			return nil
		}
		open = false
		return doc.Add(current.start, current.end, source[current.start:current.end])
	}

	for i, l := range lines(source) {
		if i&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		content, ok := trimmed(source, l)
		switch {
		case ok && byParagraph && open:
			current.end = content.end
			continue
		case ok && byParagraph:
			current, open = content, true
			continue
		case ok:
			current, open = content, true
		}
		if err := flush(); err != nil {
			return nil, err
		}
	}
	return doc, flush()
}

// lines yields each line with its number.
func lines(s string) func(yield func(int, line) bool) {
	return func(yield func(int, line) bool) {
		start, n := 0, 0
		for start <= len(s) {
			end := strings.IndexAny(s[start:], "\r\n")
			if end < 0 {
				yield(n, line{start, len(s)})
				return
			}
			end += start
			if !yield(n, line{start, end}) {
				return
			}
			n++
			start = end + 1
			if s[end] == '\r' && start < len(s) && s[start] == '\n' {
				start++
			}
		}
	}
}

// trimmed narrows a line to what is not white space; false for a blank line.
func trimmed(s string, l line) (line, bool) {
	content := strings.TrimLeftFunc(s[l.start:l.end], unicode.IsSpace)
	if content == "" {
		return line{}, false
	}
	start := l.end - len(content)
	return line{start, start + len(strings.TrimRightFunc(content, unicode.IsSpace))}, true
}

// hasBlankLineBetween reports whether a blank line stands between two lines
// that are not blank.
func hasBlankLineBetween(s string) bool {
	seenText, seenBlank := false, false
	for _, l := range lines(s) {
		if _, ok := trimmed(s, l); !ok {
			seenBlank = seenText
			continue
		}
		if seenBlank {
			return true
		}
		seenText = true
	}
	return false
}
