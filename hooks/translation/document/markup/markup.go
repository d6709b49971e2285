// Package markup edits XML and HTML where text stands, and leaves every other byte
// as it is.
//
// [Parse] reads a document token by token, never into a tree that something would
// have to write again, and finds its blocks: runs of text and inline markup between
// two tags that are neither, and attributes that people read. What an element is
// to its text, a [Vocabulary] says: one for XHTML, HTML and SVG is here, those of
// an EPUB's package and table of contents stand beside their format.
//
// # What a block is
//
// Where inline elements begin and end within a block, numbered tags stand in its
// text (package inline). What surrounds the whole of a block (an element around all
// of it, a page anchor before it, a line break behind it) is left outside and needs
// no tag. Tags that stand together count as one. A tag without its mate, as where an
// inline element holds half a paragraph and a list, or crosses another, ends a block,
// and so do the pairs around it, so that no translation can move it. What is longer
// than any paragraph is divided.
//
// An element such as a formula, a drawing or a list of choices within a sentence is
// an island: one tag in the sentence around it, while the text inside of it, if it
// is to be translated at all, makes blocks of its own.
//
// # What is written
//
// A block translated to exactly its own text, or not at all, is the source's own
// bytes. In any other the text is written with the references that XML and HTML
// need, and those that the source always used for a character. Encodings are the
// affair of whoever reads and writes the file: here everything is UTF-8.
package markup

import (
	"context"
	"math"
	"slices"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// Options say how a document is read.
type Options struct {
	// Vocabulary says what its elements mean.
	Vocabulary Vocabulary
	// TranslatePre makes preformatted text, such as some poems are set in, text to
	// translate.
	TranslatePre bool
}

// Text is a parsed document. It does not change any more and may be written
// several times at once.
type Text struct {
	source    string
	html      bool
	blocks    []block
	languages languages
	literals  []string // texts that could be taken for numbered tags
	entities  syntax.Entities
	prefix    string // of the names of XHTML elements, with its colon
}

// block is some text to translate and its place.
type block struct {
	start, end int // byte offsets in the source
	text       string
	marks      []mark // of the numbered tags in the text
	place      place
	quote      byte // around an attribute's value; 0 where there is none
}

// place is where a block stands, as far as it matters for how it is written.
type place uint8

const (
	inFlow      place = iota // where inline elements may stand
	inBare                   // where text alone may stand
	inCDATA                  // in a CDATA section
	inAttribute              // in an attribute's value
)

// mark is what a numbered tag stands for: places in the source. A document has many
// of them.
type mark struct {
	open  stretch // the tags that begin a pair, or all of what stands alone
	close stretch // the tags that end a pair
	// within is the number of the pair that the mark must not leave, 0 for none:
	// a reading and its ruby.
	within int32
	// joined is how many pairs alike followed the pair in the source, whose text is
	// the pair's: they are written behind it, empty.
	joined int32
	pair   bool
	cdata  bool // the pair is a CDATA section
	// literal says that it is text that could be taken for a numbered tag, and stands
	// alone: the document's literal of the number with which open begins.
	literal bool
	// mute is a picture, a field or the like, which is not shown twice.
	mute bool
}

// extent is a range of byte offsets.
type extent struct{ start, end int }

// stretch is the same in half of the memory.
type stretch struct{ start, end int32 }

func stretchOf(start, end int) stretch { return stretch{int32(start), int32(end)} }

func (s stretch) extent() extent { return extent{int(s.start), int(s.end)} }

// Parse finds the blocks of a document. The error is a [*document.Error] where the
// document is not one or goes beyond what is read, or the context's.
func Parse(ctx context.Context, source string, options Options) (*Text, error) {
	if len(source) > math.MaxInt32 {
		return nil, document.Unreadablef("The document is larger than 2 GB; divide it into several.")
	}
	p := newParser(source, options)
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	text := p.text // without the parser's memory
	// A block within an island stands before the one around it, which ends later.
	slices.SortStableFunc(text.blocks, func(a, b block) int { return a.start - b.start })
	return &text, nil
}

// Len returns the number of blocks.
func (t *Text) Len() int { return len(t.blocks) }

// Block returns the text of the n-th block in reading order, counted from 0.
func (t *Text) Block(n int) string { return t.blocks[n].text }

// Language returns the language that the document says it is written in (BCP 47),
// "" where it says none.
func (t *Text) Language() string { return t.languages.main }
