package archive

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/document/syntax"
)

// EachElement calls found for each start tag of an entry in XML, such as those in
// which a document says what it consists of.
func (a *Archive) EachElement(name string, found func(xml.StartElement)) error {
	data, err := a.Read(name)
	if err != nil {
		return err
	}
	text, _, err := charset.DecodeXML(data, "")
	if err != nil {
		return In(name, err)
	}
	if hasLongTag(text) {
		return In(name, document.Unreadablef("One of its tags is longer than %d MB; save or download the document again.", maxTag>>20))
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // decoded already
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return In(name, &document.Error{Kind: document.Unreadable, Message: "It is not valid XML; save or download the document again.", Err: err})
		}
		if start, ok := token.(xml.StartElement); ok {
			found(start)
		}
	}
}

// maxTag bounds the bytes of a tag, of whose attributes the decoder makes many times
// as many.
const maxTag = 1 << 20

func hasLongTag(text string) bool {
	for lexer := syntax.NewLexer(text, false); ; {
		t, ok := lexer.Next()
		if !ok {
			return false
		}
		if t.Kind == syntax.StartTag && t.End-t.Start > maxTag {
			return true
		}
	}
}

// Attribute returns the value of an element's attribute, whatever its prefix, or "".
func Attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// In says in which entry something is wrong.
func In(name string, err error) error {
	var bad *document.Error
	if !errors.As(err, &bad) {
		return err
	}
	return &document.Error{Kind: bad.Kind, Reason: bad.Reason, Message: "In the file " + document.Quote(name) + ": " + bad.Message, Err: bad.Err}
}
