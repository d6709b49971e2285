// Package docx is the format of Word documents (Office Open XML, ECMA-376).
//
// A document is a ZIP file of parts that refer to each other. It is edited: a part is
// changed where text stands, every other entry is copied as it is (package archive).
//
// # What is translated
//
// The paragraphs of the main part, of headers, footers, footnotes, endnotes and
// comments, in tables, text boxes and content controls too; the results of fields,
// not their codes; tracked insertions, not deletions; alternative texts; labels that
// Word writes before numbered paragraphs, such as "Chapter %1"; the text of diagrams
// and charts, with the names of series and categories; the document's title and
// description. Where a part says the same in two ways, for newer and older programs,
// it is translated once and written twice. Formulas, code by its style, the readings
// above ruby text, building blocks (the glossary) and embedded files stay.
//
// # What a block is
//
// A block is the text of a paragraph. Word splits text into runs at random, so
// adjacent runs that look the same are one piece of text; the look that most of the
// paragraph has needs no tag, others are a pair of numbered tags, and so are
// hyperlinks, fields, insertions and what else surrounds runs. What a run holds
// besides text (a tab, a line break, a note's reference, a picture) is a tag that
// stands alone. What stands around all of the text is left outside of the block.
//
// # What is written
//
// A translation's text goes into the runs that the source's stood in, each piece into
// the first of those that look the same; the others are left empty, so that nothing
// that refers to them breaks. Where a translation puts its tags in another order, the
// runs move with them. The source below a translation is a run of its own, in a style
// by which it can be hidden.
//
// The languages that the document declares become the target's, and a right-to-left
// target turns translated paragraphs, their runs, tables and pages. Which way the
// source is written, its letters tell, where nobody says: Word declares English in
// Arabic documents too. Where Word keeps a format twice, for each direction, it is
// there in both. How paragraphs are aligned stays, because Word's left means where a
// line begins; and so do drawings and charts, which are set by other rules.
package docx

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
)

// Format implements [document.Format] for Word documents.
type Format struct{}

var (
	_ document.Format = Format{}
	_ document.Packed = Format{}
)

// UnpackedSize returns how large the file's compressed entries are.
func (Format) UnpackedSize(data string) int64 { return archive.UnpackedSize(data) }

// kind is what a document is called in messages.
const kind = "Word document"

// Name returns "docx".
func (Format) Name() string { return "docx" }

// Extensions returns the extensions of Word's XML formats: documents and templates,
// without and with macros, which stay.
func (Format) Extensions() []string { return []string{".docx", ".docm", ".dotx", ".dotm"} }

// MediaType returns the media type of Word documents.
func (Format) MediaType() string {
	return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
}

const (
	zipSignature = "PK\x03\x04"
	// oleSignature begins Word's old format, and XML documents with a password, which
	// are a stream of that name, in UTF-16, within it ([MS-OFFCRYPTO] 2.3.4.4).
	oleSignature    = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	encryptedStream = "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"
)

// Recognise accepts ZIP files that are called Word documents or begin like one, and
// what Word wrote before, whose owner is told what to do.
func (f Format) Recognise(name string, head []byte) bool {
	start, extension := string(head), strings.ToLower(path.Ext(name))
	named := slices.Contains(f.Extensions(), extension)
	if strings.HasPrefix(start, oleSignature) {
		return named || extension == ".doc"
	}
	return strings.HasPrefix(start, zipSignature) &&
		(named || strings.Contains(start, "[Content_Types].xml") && strings.Contains(start, "word/"))
}

// file is a parsed document. It implements [document.Document].
type file struct {
	archive   *archive.Archive
	parts     []*part        // in reading order
	byName    map[string]int // indexes of parts
	texts     []string       // of the blocks
	pieces    int            // of its paragraphs
	languages spoken
	// styled says that there is a part of styles, to which one can be added, and
	// marked that the style of sources is there, as in what was translated before.
	styled, marked bool
}

// Parse reads the document's parts and finds their text.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	if strings.HasPrefix(data, oleSignature) {
		if strings.Contains(data, encryptedStream) {
			return nil, document.Unreadablef("The Word document is protected by a password; open it in Word or LibreOffice and save it without one.").Because(document.Encrypted)
		}
		return nil, document.Unreadablef("The file is in Word's old format (.doc); open it in Word or LibreOffice and save it as .docx.")
	}
	opened, err := archive.Open(data, kind)
	if err != nil {
		return nil, err
	}
	sources, err := contents(opened)
	if err != nil {
		return nil, err
	}
	f := &file{archive: opened, byName: map[string]int{}}
	code := codeStyles{}
	for _, source := range sources {
		if source.role == stylesRole {
			if code, f.marked, err = readStyles(opened, source.name); err != nil {
				return nil, err
			}
		}
	}
	for _, source := range sources {
		if err := f.add(ctx, source, code, options); err != nil {
			return nil, err
		}
	}
	if len(f.texts) == 0 {
		return nil, document.Empty()
	}
	f.languages.script = scriptOfTexts(f.texts)
	return f, nil
}

// Blocks returns the text to translate.
func (f *file) Blocks() []document.Block {
	blocks := make([]document.Block, len(f.texts))
	for i, text := range f.texts {
		blocks[i] = document.Block{ID: document.BlockID(i + 1), Text: text}
	}
	return blocks
}

// Build writes the document.
func (f *file) Build(ctx context.Context, w io.Writer, output document.Output) (left []string, err error) {
	missing := map[int]bool{}
	err = f.archive.Write(ctx, w, "", func(name string) (string, bool, error) {
		i, ok := f.byName[name]
		if !ok {
			return "", false, nil
		}
		return f.write(f.parts[i], output, missing)
	})
	for n := range f.texts {
		if missing[n] {
			left = append(left, document.BlockID(n+1))
		}
	}
	return left, err
}
