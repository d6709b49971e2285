// Package html is the format of web pages, in HTML and in XHTML.
//
// The page is edited where text stands (package markup): elements, attributes,
// comments, scripts and white space come back as they were. Translated are the text
// of all elements but code, scripts, styles, formulas and what says
// translate="no", the attributes that are shown or read out, and the title and
// description that a page has for those who find it. The page's language and its
// direction of writing become the target's.
//
// The file comes in any common encoding and goes out in the same, because it says
// itself which one that is; a character that this lacks is written as a reference. A
// page in ASCII that says nothing says UTF-8 afterwards, if it has a head.
package html

import (
	"context"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/document/markup"
)

// Format implements [document.Format] for web pages.
type Format struct{}

var (
	_ document.Format = Format{}
	_ document.Packed = Format{}
)

// usualTag is the bytes of a usual tag and the text that belongs to it.
const usualTag = 64

// UnpackedSize returns the size of a page with as many tags of usual length: what a tag
// and a piece of text take in memory, however short, is about as much.
func (Format) UnpackedSize(data string) int64 {
	return int64(max(len(data), usualTag*strings.Count(data, "<")))
}

// Name returns "html".
func (Format) Name() string { return "html" }

// Extensions returns the extensions of web pages.
func (Format) Extensions() []string { return []string{".html", ".htm", ".xhtml", ".xht"} }

// MediaType returns the media type of the output. The encoding stands in the page.
func (Format) MediaType() string { return "text/html" }

// Recognise accepts text that is called a web page, and under the name of plain text
// or none what begins like one.
func (f Format) Recognise(name string, head []byte) bool {
	if charset.LooksBinary(head) {
		return false
	}
	extension := strings.ToLower(path.Ext(name))
	if slices.Contains(f.Extensions(), extension) {
		return true
	}
	if extension != "" && extension != ".txt" && extension != ".text" {
		return false
	}
	start := trimmed(charset.Beginning(string(head)))
	if strings.HasPrefix(start, "<?xml") {
		return strings.Contains(start, "<html")
	}
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// Parse decodes the page and finds its text.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	vocabulary, decode := markup.HTML(), charset.DecodeHTML
	if isXML(data) {
		vocabulary, decode = markup.XHTMLPage(), charset.DecodeXML
	}
	source, form, err := decode(data, options.Encoding)
	if err != nil {
		return nil, err
	}
	if strings.IndexByte(source, 0) >= 0 {
		return nil, &document.Error{
			Kind:    document.Unsupported,
			Message: "The file holds NUL characters, so it is not a web page; upload it in one of the formats on offer.",
		}
	}
	text, err := markup.Parse(ctx, source, markup.Options{Vocabulary: vocabulary, TranslatePre: options.TranslatePre})
	if err != nil {
		return nil, err
	}
	if text.Len() == 0 {
		return nil, document.Empty()
	}
	return &page{data: data, text: text, form: form}, nil
}

// trimmed returns a beginning in lower case, without white space before it.
func trimmed(start string) string { return strings.ToLower(strings.TrimLeft(start, " \t\r\n")) }

// isXML reports whether a page says that it is XML.
func isXML(data string) bool {
	return strings.HasPrefix(trimmed(charset.Beginning(data[:min(len(data), 64)])), "<?xml")
}

// page is a parsed web page.
type page struct {
	data string // the file
	text *markup.Text
	form charset.Form
}

// Blocks returns the text to translate.
func (p *page) Blocks() []document.Block {
	blocks := make([]document.Block, p.text.Len())
	for i := range blocks {
		blocks[i] = document.Block{ID: document.BlockID(i + 1), Text: p.text.Block(i)}
	}
	return blocks
}

// head is the start tag of the element that tells about a page.
var head = regexp.MustCompile(`(?i)<head(?:\s[^<>]*)?>`)

// declared names the encoding of a page that was ASCII without saying so and is not
// any more, if it has a place for that.
func (p *page) declared(written string) string {
	at := head.FindStringIndex(written)
	if at == nil || !p.form.Unsaid() || !strings.ContainsFunc(written, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return written
	}
	return written[:at[1]] + `<meta charset="utf-8">` + written[at[1]:]
}

// Build writes the page.
func (p *page) Build(ctx context.Context, w io.Writer, output document.Output) (left []string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	written, changed, missing := p.text.Write(markup.Output{
		Translation: func(n int) (string, bool) { return output.Translation(document.BlockID(n + 1)) },
		Target:      output.Target, Source: output.Source, Bilingual: output.Bilingual,
	})
	for _, n := range missing {
		left = append(left, document.BlockID(n+1))
	}
	if !changed {
		written = p.data
	} else if written, err = p.form.Encode(p.declared(written)); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	if _, err := io.WriteString(w, written); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	return left, nil
}
