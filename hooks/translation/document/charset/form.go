package charset

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// Form is how a file of markup is encoded, so that it can be written again as its
// own declarations say.
type Form struct {
	bom      bool
	encoding encoding.Encoding // nil is UTF-8
	ascii    bool              // and nothing says so
}

// Unsaid reports whether a file holds nothing but ASCII and names no encoding, so
// that whoever reads it may take other characters for something else than UTF-8.
func (f Form) Unsaid() bool { return f.ascii }

// Encode returns a text in the file's encoding. A character that this lacks becomes
// a character reference.
func (f Form) Encode(text string) (string, error) {
	if f.encoding == nil {
		if f.bom {
			return BOM + text, nil
		}
		return text, nil
	}
	encoded, err := encoding.HTMLEscapeUnsupported(f.encoding.NewEncoder()).String(f.divided(text))
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return encoded, nil
}

// divided returns a text with its CDATA sections, in which a reference is none, divided
// where they hold a character that the encoding lacks.
func (f Form) divided(text string) string {
	if !strings.Contains(text, syntax.CDATAOpen) {
		return text
	}
	var out strings.Builder
	encoder := f.encoding.NewEncoder()
	for lexer := syntax.NewLexer(text, false); ; {
		token, ok := lexer.Next()
		if !ok {
			return out.String()
		}
		piece := text[token.Start:token.End]
		if _, err := encoder.String(piece); token.Kind != syntax.CDATA || err == nil {
			out.WriteString(piece)
			continue
		}
		for _, r := range piece {
			if _, err := encoder.String(string(r)); err != nil {
				fmt.Fprintf(&out, "%s&#%d;%s", syntax.CDATAClose, r, syntax.CDATAOpen)
			} else {
				out.WriteRune(r)
			}
		}
	}
}

func isBeyondASCII(r rune) bool { return r >= utf8.RuneSelf }

var (
	xmlDeclaration  = regexp.MustCompile(`^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)
	htmlDeclaration = regexp.MustCompile(`(?i)<meta\s[^>]*?charset\s*=\s*["']?\s*([a-z0-9._:-]+)`)
)

// declarationBytes is how far HTML's declaration may stand from the beginning
// (html.spec.whatwg.org, prescan).
const declarationBytes = 1024

// DecodeXML returns the text of an XML file: of the encoding that its byte order
// mark or its declaration says, else UTF-8. A name overrides the declaration. What
// cannot be decoded for certain is a [*document.Error].
func DecodeXML(data, name string) (string, Form, error) {
	return decodeMarkup(data, name, xmlDeclaration)
}

// DecodeHTML returns the text of an HTML file, whose encoding is found out where
// nothing declares it.
func DecodeHTML(data, name string) (string, Form, error) {
	return decodeMarkup(data, name, htmlDeclaration)
}

func decodeMarkup(data, name string, declaration *regexp.Regexp) (string, Form, error) {
	switch {
	case strings.HasPrefix(data, BOM):
		text, _, err := decodeUTF8(data)
		return text, Form{bom: true}, err
	case strings.HasPrefix(data, bomUTF16LE):
		return decodeAs(data, "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM))
	case strings.HasPrefix(data, bomUTF16BE):
		return decodeAs(data, "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM))
	}
	if endianness, ok := looksUTF16(data); ok {
		return decodeAs(data, "UTF-16", unicode.UTF16(endianness, unicode.IgnoreBOM))
	}
	if name == "" {
		if m := declaration.FindStringSubmatch(data[:min(len(data), declarationBytes)]); m != nil {
			name = m[1]
		} else if declaration == htmlDeclaration {
			return decodeUndeclared(data)
		}
	}
	enc, canonical := lookUp(name)
	switch {
	case name == "" || canonical == "utf-8" || strings.HasPrefix(canonical, "utf-16"):
		// A file in UTF-16 was found above: this one only says so.
		text, _, err := decodeUTF8(data)
		return text, Form{}, err
	case enc == nil:
		return "", Form{}, unknown(name, nil)
	}
	return decodeAs(data, name, enc)
}

func decodeUndeclared(data string) (string, Form, error) {
	if invalidUTF8(data) < 0 {
		return data, Form{ascii: !strings.ContainsFunc(data, isBeyondASCII)}, nil
	}
	if enc, text, ok := detect(data); ok {
		return text, Form{encoding: enc}, nil
	}
	return "", Form{}, notRecognised()
}

func decodeAs(data, name string, enc encoding.Encoding) (string, Form, error) {
	text, err := decodeWith(data, enc, name)
	return text, Form{encoding: enc}, err
}

// lookUp returns the encoding of a name and its name in lower case; nil for a name
// that nobody knows. Browsers' names come first, because that is how files use them.
func lookUp(name string) (encoding.Encoding, string) {
	if enc, err := htmlindex.Get(name); err == nil {
		canonical, _ := htmlindex.Name(enc)
		return enc, canonical
	}
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil {
		return nil, ""
	}
	canonical, _ := ianaindex.IANA.Name(enc)
	return enc, strings.ToLower(canonical)
}

// unknown returns the error of an encoding whose name nobody knows.
func unknown(name string, err error) error {
	return &document.Error{
		Kind:    document.BadOption,
		Message: fmt.Sprintf("The encoding %q is not known; use an IANA name such as UTF-8, windows-1252, Shift_JIS, EUC-KR or GB18030, or leave the field out.", trim(name, 40)),
		Err:     err,
	}
}

func notRecognised() error {
	return &document.Error{
		Kind:    document.Unreadable,
		Message: "The character encoding of the file could not be recognised for certain; " + askForEncoding,
	}
}
