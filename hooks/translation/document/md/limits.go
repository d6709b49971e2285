package md

import (
	"bytes"
	"fmt"
	"strings"

	"verso/hooks/translation/document"
)

// The inline markup of a leaf can take time in proportion to its length times
// the number of its markup characters: each can make goldmark look through all
// the rest. That product is bounded, for a leaf and for the sum of all. A step
// was measured at 2.5 ns at most (2026, one core), so that the worst leaf takes
// some 2.5 s and the worst document 10 s; a paragraph of 500 characters with 30
// of markup counts 15,000, a book of ten thousand of them 150 million.
const (
	maxLeafWork = 1_000_000_000
	maxFileWork = 4_000_000_000
)

const markupCharacters = "`*_~[]<&!$\\:{"

// work is what reading the inline markup of a leaf may cost, in steps.
func work(source string) int {
	if isProse(source) {
		return 0
	}
	markup := 0
	for i := range len(source) {
		if strings.IndexByte(markupCharacters, source[i]) >= 0 {
			markup++
		}
	}
	return markup * len(source)
}

// charge refuses a file whose inline markup would take too long to read.
func (c *collector) charge(l leaf) error {
	steps := work(l.source)
	c.work += steps
	if steps <= maxLeafWork && c.work <= maxFileWork {
		return nil
	}
	line := 1 + bytes.Count([]byte(c.source.text[:c.skip+l.lines[0].place]), []byte("\n"))
	what := "The paragraph at line %d holds too much markup to be read in reasonable time; divide it by blank lines."
	if steps <= maxLeafWork {
		what = "The document holds too much markup to be read in reasonable time (as far as line %d it can be); divide it into several files."
	}
	return &document.Error{Kind: document.Unreadable, Message: fmt.Sprintf(what, line)}
}

// maxLines bounds the lines that are not blank: each costs goldmark up to some
// 500 bytes of memory while it parses, whatever its length. A book of 50 MB has
// some 700,000.
const maxLines = 1_000_000

// maxPieces bounds the pieces of text and markup of all leaves: each costs some
// microseconds, however short it is, and a line can hold many. A book of ten thousand
// paragraphs with five words in italics each has two hundred thousand.
const maxPieces = 500_000

// maxDefinitionWork bounds, for the sum of all paragraphs, the lines that may
// hold a link reference definition times the paragraph's length, which is the
// order of goldmark's time for them; a step was measured at 1 ns.
const maxDefinitionWork = 2_000_000_000

// chargeLines refuses a text of too many lines, or whose link reference
// definitions would take too long to read.
func chargeLines(body []byte) error {
	var work, definitions, length, lines int
	for line := range bytes.Lines(body) {
		if len(bytes.TrimLeft(line, "> \t\r\n")) == 0 {
			work += definitions * length
			definitions, length = 0, 0
			continue
		}
		length += len(line)
		lines++
		if bytes.Contains(line, []byte("]:")) {
			definitions++
		}
	}
	if lines > maxLines {
		return &document.Error{
			Kind:    document.Unreadable,
			Message: fmt.Sprintf("The document has more than %d lines of text; divide it into several files.", maxLines),
		}
	}
	if work+definitions*length > maxDefinitionWork {
		return &document.Error{
			Kind:    document.Unreadable,
			Message: "The document holds too many link definitions without blank lines between them to be read in reasonable time; put blank lines between them.",
		}
	}
	return nil
}
