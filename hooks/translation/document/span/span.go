// Package span builds text formats: a document is its source with the ranges
// replaced in which text stands, and everything around them is its own and
// comes back byte for byte.
//
//	doc := span.New(source, bom)
//	err := doc.Add(start, end, source[start:end])
//
// A format finds the ranges; reading them as blocks and writing the file again
// is the same for all.
package span

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
)

// Document is a text with ranges to translate. It implements
// [document.Document].
type Document struct {
	// Render turns the translation of the n-th block, counted from 0, into what
	// is written in its place in an output; nil writes it as it is. Line breaks are "\n" on
	// both sides: they become the file's own when they are written. Where it
	// answers false the source text stands, and the block is left.
	Render func(n int, translation string, output document.Output) (string, bool)

	source  string // the whole file, decoded
	bom     bool
	newline string // what the file breaks its lines with
	blocks  []document.Block
	ranges  []extent // where blocks[i] stands in source
}

var _ document.Document = (*Document)(nil)

// extent is a range of byte offsets.
type extent struct{ start, end int }

// New returns a document without blocks. A bom is written before the text.
func New(source string, bom bool) *Document {
	return &Document{source: source, bom: bom, newline: firstNewline(source)}
}

// Source returns the text that the document was made of.
func (d *Document) Source() string { return d.source }

// Passage returns the source of the n-th block, counted from 0, with "\n" for its
// line breaks.
func (d *Document) Passage(n int) string {
	return plainNewlines(d.source[d.ranges[n].start:d.ranges[n].end])
}

// Add makes the bytes from start to end the next block, whose text is given;
// line breaks in it may be of any kind. Blocks are added in the order in which
// they stand, without overlap. The error is a [*document.Error] where there are
// more of them than a document may have.
func (d *Document) Add(start, end int, text string) error {
	if len(d.blocks) >= document.MaxBlocks {
		return document.TooLarge()
	}
	d.ranges = append(d.ranges, extent{start, end})
	d.blocks = append(d.blocks, document.Block{
		ID:   document.BlockID(len(d.ranges)),
		Text: plainNewlines(text),
	})
	return nil
}

// Blocks returns the text to translate.
func (d *Document) Blocks() []document.Block { return d.blocks }

// Build writes the file with its blocks replaced.
func (d *Document) Build(ctx context.Context, w io.Writer, output document.Output) (left []string, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	if d.bom {
		out.WriteString(charset.BOM) // bufio keeps the first error for Flush
	}
	at := 0
	for i, r := range d.ranges {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.WriteString(d.source[at:r.start])
		switch written, fate := d.written(i, output); fate {
		case replaced:
			out.WriteString(d.withNewlines(written))
		case unplaced:
			left = append(left, d.blocks[i].ID)
			fallthrough
		case kept:
			out.WriteString(d.source[r.start:r.end])
		}
		at = r.end
	}
	out.WriteString(d.source[at:])
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("write text: %w", err)
	}
	return left, nil
}

// fate is what becomes of a block.
type fate int

const (
	kept     fate = iota // it has no translation, or its own text
	replaced             // by its translation
	unplaced             // its translation cannot be written in the format
)

// written returns what is written in the place of the n-th block, if it is
// replaced.
func (d *Document) written(n int, output document.Output) (string, fate) {
	translated, ok := output.Translation(d.blocks[n].ID)
	if !ok || strings.TrimSpace(translated) == strings.TrimSpace(d.blocks[n].Text) {
		// A translation that is the source text keeps what the text does not
		// show, such as line breaks of several kinds.
		return "", kept
	}
	if d.Render == nil {
		return translated, replaced
	}
	if translated, ok = d.Render(n, translated, output); !ok {
		return "", unplaced
	}
	return translated, replaced
}

func (d *Document) withNewlines(s string) string {
	if d.newline == "\n" {
		return s
	}
	return strings.ReplaceAll(s, "\n", d.newline)
}

func firstNewline(s string) string {
	i := strings.IndexAny(s, "\r\n")
	switch {
	case i < 0 || s[i] == '\n':
		return "\n"
	case strings.HasPrefix(s[i:], "\r\n"):
		return "\r\n"
	case strings.HasPrefix(s[i:], "\r\r\n"): // as some Windows programs leave it
		return "\r\r\n"
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
