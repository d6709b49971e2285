// Package md is the format of Markdown files: CommonMark with GitHub's tables
// and strikethrough, footnotes, definition lists and what site generators add.
//
// The file is edited, never rendered again: [Format.Parse] finds where text
// stands and everything else comes back byte for byte. Two parsers share the
// work, both goldmark's. The first knows blocks alone and finds the leaves: the
// paragraphs, headings, table cells and terms. The second reads the inline
// markup of one leaf at a time, freed of the quote marks and indentation before
// its lines, so that every byte of it belongs to exactly one [token].
//
// # What a block is
//
// A block is the text of one leaf, on one line. Inline markup stands in it as
// numbered tags: <1>…</1> around emphasis, links, images (their alternative
// text) and pairs of HTML tags; <2/> for what is kept as it is: code, HTML,
// addresses, hard line breaks, footnote references, formulas, shortcodes, emoji
// names, and a literal <3> that could be taken for a tag. Escapes and character
// references are shown as the characters they mean. What surrounds a whole leaf
// (a link around all of it, a task box, an attribute list) stays outside the
// block and needs no tag. Where only pictures hold letters, each alternative
// text is a block.
//
// Kept out of all blocks: front matter, code, HTML blocks, formulas between
// $$, link reference definitions, table delimiter rows, lines that hold nothing
// but shortcodes or a ::: directive, the markers of admonitions and alerts, and
// whatever holds no letter.
//
// # What is written
//
// A block translated by itself is the source's own bytes. Anything else is
// written on one line, with the source's delimiters around the translated
// words, and parsed again: unless it reads as exactly the words and the markup
// that the translation has, it is written more carefully (see render.go).
// Characters are escaped where they would be markup, and those that the source
// always wrote in another way ("\_", "&nbsp;") are written that way again. A
// link that was named by its own text gets that text as its label. Emphasis
// that the neighbourhood of letters and punctuation would turn off is mended
// (see flank.go).
package md

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
)

// Format implements [document.Format] for Markdown.
type Format struct{}

var (
	_ document.Format = Format{}
	_ document.Packed = Format{}
)

// usualLine is the bytes of a usual line of text.
const usualLine = 64

// UnpackedSize returns the size of a file with as many lines of usual length: what a
// line takes in memory, however short, is about as much.
func (Format) UnpackedSize(data string) int64 {
	return int64(max(len(data), usualLine*strings.Count(data, "\n")))
}

// Name returns "md".
func (Format) Name() string { return "md" }

// Extensions returns the extensions of Markdown files. MDX is not among them:
// it is a program.
func (Format) Extensions() []string { return []string{".md", ".markdown", ".mdown", ".mkd"} }

// MediaType returns the media type of the output, which is always UTF-8.
func (Format) MediaType() string { return "text/markdown; charset=utf-8" }

// Recognise goes by the name: any text is Markdown, so content proves nothing.
func (f Format) Recognise(name string, head []byte) bool {
	return slices.Contains(f.Extensions(), strings.ToLower(path.Ext(name))) && !charset.LooksBinary(head)
}

// Parse decodes the file and finds its blocks. What cannot be read is a
// [*document.Error].
func (Format) Parse(ctx context.Context, data string, options document.Options) (doc document.Document, err error) {
	text, bom, err := charset.Decode(data, options.Encoding)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// goldmark is tested well, but its input here is anybody's.
	defer func() {
		if reason := recover(); reason != nil {
			doc, err = nil, &document.Error{
				Kind:    document.Unreadable,
				Message: "The Markdown of this file is nested in a way that cannot be read; simplify it, or upload the file as plain text (.txt).",
				Err:     fmt.Errorf("parse Markdown: %v", reason),
			}
		}
	}()
	parsed, err := parse(ctx, text, bom)
	if err != nil {
		return nil, err
	}
	if len(parsed.Blocks()) == 0 {
		return nil, document.Empty()
	}
	return parsed, nil
}
