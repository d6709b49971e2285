// Package txt is the format of plain text files.
//
// A block is a paragraph between blank lines, or a line where the file has no
// blank lines between its lines. The white space around and between blocks
// stays as it is; the text comes in any common encoding and goes out as UTF-8,
// with a byte order mark where the source was UTF-8 with one.
package txt

import (
	"context"
	"path"
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
)

// Format implements [document.Format] for plain text.
type Format struct{}

var _ document.Format = Format{}

// Name returns "txt".
func (Format) Name() string { return "txt" }

// Extensions returns the extensions of plain text files.
func (Format) Extensions() []string { return []string{".txt", ".text"} }

// MediaType returns the media type of the output, which is always UTF-8.
func (Format) MediaType() string { return "text/plain; charset=utf-8" }

// structured lists extensions of text files whose text is not prose from the
// first character to the last: translated as plain text they would break.
var structured = []string{
	".bib", ".c", ".css", ".csv", ".go", ".htm", ".html", ".ini", ".java", ".js", ".json", ".jsonl",
	".latex", ".markdown", ".md", ".mdown", ".mdx", ".mkd", ".opf", ".po", ".py", ".rst", ".rtf", ".sbv", ".sh", ".sql", ".srt",
	".ssa", ".ass", ".sub", ".svg", ".tex", ".toml", ".ts", ".tsv", ".vtt", ".xhtml", ".xlf", ".xliff", ".xml",
	".yaml", ".yml",
}

// markup lists how files begin that are text by their bytes and something else
// by their content.
var markup = []string{"<!doctype", "<html", "<?xml", "{\\rtf", "%pdf-", "%!ps", "webvtt"}

// Recognise accepts whatever looks like text and does not claim by its name or
// its first characters to be something more structured.
func (Format) Recognise(name string, head []byte) bool {
	if slices.Contains(structured, strings.ToLower(path.Ext(name))) {
		return false
	}
	if charset.LooksBinary(head) {
		return false
	}
	start := strings.ToLower(strings.TrimLeft(string(head[:min(len(head), 256)]), "\ufeff \t\r\n"))
	return !slices.ContainsFunc(markup, func(prefix string) bool { return strings.HasPrefix(start, prefix) })
}

// Parse decodes the file and finds its blocks.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	text, bom, err := charset.Decode(data, options.Encoding)
	if err != nil {
		return nil, err
	}
	doc, err := split(ctx, text, bom)
	if err != nil {
		return nil, err
	}
	if len(doc.Blocks()) == 0 {
		return nil, document.Empty()
	}
	return doc, nil
}
