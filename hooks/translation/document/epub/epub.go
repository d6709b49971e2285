// Package epub is the format of EPUB books, versions 2 and 3.
//
// A book is a ZIP file of pages, styles, pictures and fonts, and a package document
// that says which is which. It is edited: the pages are changed where text stands
// (package markup), every other file is copied as it is (package archive). Nothing
// is unpacked that holds no text.
//
// The text of a book stands in its pages, including those outside of the reading
// order, in its drawings, in both kinds of tables of contents, the navigation
// document and the NCX, and in the title and description of the package document,
// which the shelf of a reading system shows. Of a book with several renditions the
// first is translated, which is the one that reading systems open; the others, such
// as one in Braille, come back as they are.
//
// The language that the package and each page declare becomes the target's. Where
// the target is written in the other direction, so are the pages' direction and the
// direction in which pages are turned; which way the lines of a page run, a style
// sheet says, and that is left as it is: vertical Japanese turned into English is
// still set in columns until the style sheet is changed.
//
// Copy protection is refused. Fonts that are only obfuscated, as publishers have to,
// stay as they are, and so does what their key is made of.
package epub

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/document/markup"
)

// Format implements [document.Format] for EPUB books.
type Format struct{}

var (
	_ document.Format = Format{}
	_ document.Packed = Format{}
)

// UnpackedSize returns how large the file's compressed entries are.
func (Format) UnpackedSize(data string) int64 { return archive.UnpackedSize(data) }

// mediaType is also the content of a book's first file, by which it is told from
// other ZIP files (EPUB Open Container Format).
const mediaType = "application/epub+zip"

// kind is what a book is called in messages.
const kind = "EPUB file"

// Name returns "epub".
func (Format) Name() string { return "epub" }

// Extensions returns the extension of EPUB books.
func (Format) Extensions() []string { return []string{".epub"} }

// MediaType returns the media type of EPUB books.
func (Format) MediaType() string { return mediaType }

// Recognise accepts ZIP files that are called a book or begin like one.
func (Format) Recognise(name string, head []byte) bool {
	start := string(head)
	if !strings.HasPrefix(start, "PK\x03\x04") {
		return false
	}
	return strings.EqualFold(path.Ext(name), ".epub") || strings.Contains(start, mediaType)
}

// book is a parsed EPUB.
type book struct {
	archive *archive.Archive
	parts   []part         // in reading order
	byName  map[string]int // indexes of parts
	blocks  int
	source  string // the language that the package says; "" if none
}

// part is a file of the book that holds text.
type part struct {
	name  string
	text  *markup.Text
	form  charset.Form
	first int // the number of its first block within the book, counted from 0
}

// Parse reads the book's files and finds their text.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	opened, err := archive.Open(data, kind)
	if err != nil {
		return nil, err
	}
	if err := refuseProtected(opened); err != nil {
		return nil, err
	}
	files, err := contents(opened)
	if err != nil {
		return nil, err
	}
	b := &book{archive: opened, byName: map[string]int{}}
	for _, f := range files {
		if err := b.add(ctx, f, options); err != nil {
			return nil, err
		}
	}
	if b.blocks == 0 {
		return nil, document.Empty()
	}
	return b, nil
}

// add reads a file of the book.
func (b *book) add(ctx context.Context, f file, options document.Options) error {
	data, err := b.archive.Read(f.name)
	if err != nil {
		return err
	}
	decode := charset.DecodeXML
	if f.vocabulary.HTML {
		decode = charset.DecodeHTML
	}
	source, form, err := decode(data, "")
	if err != nil && options.Encoding != "" {
		// For the files whose own declaration is wrong; most are right.
		source, form, err = decode(data, options.Encoding)
	}
	if err != nil {
		return archive.In(f.name, err)
	}
	text, err := markup.Parse(ctx, source, markup.Options{Vocabulary: f.vocabulary, TranslatePre: options.TranslatePre})
	if err != nil {
		return archive.In(f.name, err)
	}
	if f.isPackage && b.source == "" {
		b.source = text.Language()
	}
	b.byName[f.name] = len(b.parts)
	b.parts = append(b.parts, part{name: f.name, text: text, form: form, first: b.blocks})
	if b.blocks += text.Len(); b.blocks > document.MaxBlocks {
		return document.TooLarge()
	}
	return nil
}

// Blocks returns the text to translate.
func (b *book) Blocks() []document.Block {
	blocks := make([]document.Block, 0, b.blocks)
	for _, part := range b.parts {
		for n := range part.text.Len() {
			blocks = append(blocks, document.Block{ID: document.BlockID(len(blocks) + 1), Text: part.text.Block(n)})
		}
	}
	return blocks
}

// Build writes the book.
func (b *book) Build(ctx context.Context, w io.Writer, output document.Output) (left []string, err error) {
	err = b.archive.Write(ctx, w, mimetypeFile, func(name string) (string, bool, error) {
		i, ok := b.byName[name]
		if !ok {
			return "", false, nil
		}
		content, changed, missing, err := b.parts[i].write(output, b.source)
		left = append(left, missing...)
		return content, changed, err
	})
	return left, err
}

// write returns the content of a part's file.
func (p *part) write(output document.Output, source string) (content string, changed bool, left []string, err error) {
	id := func(n int) string { return document.BlockID(p.first + n + 1) }
	if source == "" {
		source = output.Source
	}
	written, changed, missing := p.text.Write(markup.Output{
		Translation: func(n int) (string, bool) { return output.Translation(id(n)) },
		Target:      output.Target, Source: source, Bilingual: output.Bilingual,
	})
	for _, n := range missing {
		left = append(left, id(n))
	}
	if !changed {
		return "", false, left, nil
	}
	if content, err = p.form.Encode(written); err != nil {
		return "", false, left, fmt.Errorf("write %s: %w", p.name, err)
	}
	return content, true, left, nil
}
