package txt

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"

	"verso/hooks/translation/document"
)

// text is a parsed plain text file.
type text struct {
	source  string // the whole file, decoded
	bom     bool
	newline string // what the file breaks its lines with
	blocks  []document.Block
	spans   []span // where blocks[i] stands in source
}

var _ document.Document = (*text)(nil)

// span is a range of byte offsets.
type span struct{ start, end int }

// Blocks returns the paragraphs.
func (t *text) Blocks() []document.Block { return t.blocks }

// Build writes the file with its paragraphs replaced.
func (t *text) Build(ctx context.Context, w io.Writer, translation func(id string) (string, bool)) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if t.bom {
		out.Write(bomUTF8) // bufio keeps the first error for Flush
	}
	at := 0
	for i, s := range t.spans {
		if err := ctx.Err(); err != nil {
			return err
		}
		out.WriteString(t.source[at:s.start])
		if translated, ok := translation(t.blocks[i].ID); ok {
			out.WriteString(t.withNewlines(translated))
		} else {
			out.WriteString(t.source[s.start:s.end])
		}
		at = s.end
	}
	out.WriteString(t.source[at:])
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

func (t *text) withNewlines(s string) string {
	if t.newline == "\n" {
		return s
	}
	return strings.ReplaceAll(s, "\n", t.newline)
}

// split finds the blocks of a text.
func split(ctx context.Context, source string) (*text, error) {
	t := &text{source: source, newline: firstNewline(source)}
	byParagraph := hasBlankLineBetween(source)

	var current span
	open := false
	flush := func() {
		if !open {
			return
		}
		open = false
		t.spans = append(t.spans, current)
		t.blocks = append(t.blocks, document.Block{
			ID:   document.BlockID(len(t.spans)),
			Text: plainNewlines(source[current.start:current.end]),
		})
	}

	for i, line := range lines(source) {
		if i&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(t.spans) > document.MaxBlocks {
			return nil, &document.Error{
				Kind:    document.Unreadable,
				Message: fmt.Sprintf("The document has more than %d paragraphs; divide it into several files.", document.MaxBlocks),
			}
		}
		content, ok := trimSpan(source, line)
		switch {
		case !ok:
			flush()
		case !byParagraph:
			current, open = content, true
			flush()
		case open:
			current.end = content.end
		default:
			current, open = content, true
		}
	}
	flush()
	return t, nil
}

// lines yields each line's span without its line break, with its number.
func lines(s string) func(yield func(int, span) bool) {
	return func(yield func(int, span) bool) {
		start, n := 0, 0
		for start <= len(s) {
			end := strings.IndexAny(s[start:], "\r\n")
			if end < 0 {
				yield(n, span{start, len(s)})
				return
			}
			end += start
			if !yield(n, span{start, end}) {
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

// trimSpan narrows a line to what is not white space; false for a blank line.
func trimSpan(s string, line span) (span, bool) {
	content := strings.TrimLeftFunc(s[line.start:line.end], unicode.IsSpace)
	if content == "" {
		return span{}, false
	}
	start := line.end - len(content)
	return span{start, start + len(strings.TrimRightFunc(content, unicode.IsSpace))}, true
}

// hasBlankLineBetween reports whether a blank line stands between two lines
// that are not blank.
func hasBlankLineBetween(s string) bool {
	seenText, seenBlank := false, false
	for _, line := range lines(s) {
		if _, ok := trimSpan(s, line); !ok {
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

func firstNewline(s string) string {
	i := strings.IndexAny(s, "\r\n")
	switch {
	case i < 0 || s[i] == '\n':
		return "\n"
	case i+1 < len(s) && s[i+1] == '\n':
		return "\r\n"
	}
	return "\r"
}

// plainNewlines turns every kind of line break into "\n"; a text without
// carriage returns is not copied.
func plainNewlines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}
