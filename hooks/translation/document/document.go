// Package document turns a file into blocks of text, and the blocks'
// translations into a file of the same format again.
//
// A block is what a reader would call one thing to translate: a paragraph, a
// heading, a subtitle. Everything around the blocks (white space, markup,
// pictures) is the document's own and comes back byte for byte.
//
// Each format is a package of its own below this one and implements [Format].
// The formats on offer are handed to the service as [Formats], in the order in
// which a file is tried on them.
package document

import (
	"context"
	"fmt"
	"io"
)

// Block is one piece of text to translate.
type Block struct {
	// ID names the block within its document: "b1", "b2", … in reading order.
	// It holds no dot, which the pipeline uses to number a block's parts.
	ID string
	// Text is what the author wrote, in Unicode, with "\n" for line breaks.
	Text string
}

// BlockID returns the id of the n-th block of a document, counted from 1.
func BlockID(n int) string { return fmt.Sprintf("b%d", n) }

// Format knows one file format.
type Format interface {
	// Name is the format's short name, which is also its usual extension
	// without the dot.
	Name() string
	// Extensions lists the file name extensions, with the dot, in lower case.
	Extensions() []string
	// MediaType is the Content-Type of a file of the format.
	MediaType() string
	// Recognise reports whether a file of that name, beginning with head (up
	// to [HeadBytes] bytes), is of the format.
	Recognise(name string, head []byte) bool
	// Parse reads a whole file, given as a string so that a document can hold on
	// to it without a copy. What cannot be read is an [*Error].
	Parse(ctx context.Context, data string, options Options) (Document, error)
}

// Packed is a format whose files are larger in memory than on disk.
type Packed interface {
	// UnpackedSize returns about how many bytes a file holds, unpacked; 0 where it
	// cannot be told.
	UnpackedSize(data string) int64
}

// HeadBytes is how much of a file's beginning a format is shown to recognise
// it. The first ZIP entry of an EPUB and any markup declaration fit in it.
const HeadBytes = 4096

// MaxBlocks bounds the blocks of a document. A long novel has some ten thousand;
// each costs memory at every step, whatever the file's size.
const MaxBlocks = 1_000_000

// Options are what the person who uploads a file may say about it.
type Options struct {
	// Encoding is the IANA name of the character encoding; "" means that the
	// format finds out.
	Encoding string
	// TranslatePre makes preformatted text something to translate, in the formats
	// that have it: it is mostly code, and sometimes a poem.
	TranslatePre bool
}

// Document is a parsed file.
type Document interface {
	// Blocks returns the text to translate, in reading order, never empty.
	Blocks() []Block
	// Build writes the document with each block's text replaced by its
	// translation. A block without one stands in the source language, and so do
	// the blocks whose ids are returned as left: their translation cannot be
	// written in the format, because it would become markup or break it. A
	// document may be built several times at once.
	Build(ctx context.Context, w io.Writer, output Output) (left []string, err error)
}

// Output says what a document is built into.
type Output struct {
	// Translation returns the translation of a block, or false where it has
	// none.
	Translation func(id string) (string, bool)
	// Target is the language translated into (BCP 47). It becomes the document's
	// language where the format says which one that is, and decides the
	// direction of writing; "" leaves both as they are.
	Target string
	// Source is the language translated from (BCP 47), "" if it is not known.
	Source string
	// Bilingual asks for each translated block's source under its translation,
	// marked so that a reader can tell it apart or hide it.
	Bilingual bool
}

// Formats are the formats on offer, in the order in which they are tried. A
// format that accepts almost anything, such as plain text, stands last.
type Formats []Format

// Recognise returns the first format that a file is of.
func (f Formats) Recognise(name string, head []byte) (Format, bool) {
	for _, format := range f {
		if format.Recognise(name, head) {
			return format, true
		}
	}
	return nil, false
}

// ByName returns the format of that name.
func (f Formats) ByName(name string) (Format, bool) {
	for _, format := range f {
		if format.Name() == name {
			return format, true
		}
	}
	return nil, false
}

// Names lists the formats' names.
func (f Formats) Names() []string {
	names := make([]string, len(f))
	for i, format := range f {
		names[i] = format.Name()
	}
	return names
}
