// Package syntax reads XML and HTML as a sequence of tokens that are ranges of the
// source, so that a document can be edited without being written anew.
package syntax

import (
	"strings"

	"golang.org/x/net/html"
)

// Kind says what a token is.
type Kind uint8

const (
	// Text is what stands between tags.
	Text Kind = iota
	// StartTag is <a> or <a/>.
	StartTag
	// EndTag is </a>.
	EndTag
	// CDATA is <![CDATA[…]]>.
	CDATA
	// Doctype is <!DOCTYPE …>.
	Doctype
	// Other is a comment, an instruction, or what cannot be read.
	Other
)

// Token is a range of the source, in bytes. Every byte belongs to exactly one.
type Token struct {
	Kind       Kind
	Start, End int
	Name       string // of an element, without its prefix, in lower case
	Prefix     string // of its name, with the colon
	Closed     bool   // <a/>
}

// What a CDATA section begins and ends with.
const (
	CDATAOpen  = "<![CDATA["
	CDATAClose = "]]>"
)

// Lexer cuts a document into tokens.
type Lexer interface {
	// Next returns the token after the last one; false at the end.
	Next() (Token, bool)
}

// NewLexer returns a lexer of a document in XML or in HTML.
func NewLexer(source string, isHTML bool) Lexer {
	if isHTML {
		return &htmlLexer{source: source, tokenizer: html.NewTokenizer(strings.NewReader(source))}
	}
	return &xmlLexer{source: source}
}

// xmlLexer reads XML. What is not well-formed becomes text or Other, so that
// a document with one slip is still translated, and is not repaired.
type xmlLexer struct {
	source string
	at     int
}

func (l *xmlLexer) Next() (Token, bool) {
	if l.at >= len(l.source) {
		return Token{}, false
	}
	rest := l.source[l.at:]
	t := Token{Start: l.at}
	switch {
	case rest[0] != '<':
		t.End = l.until(rest, "<", false)
	case strings.HasPrefix(rest, "<!--"):
		t.Kind, t.End = Other, l.until(rest, "-->", true)
	case strings.HasPrefix(rest, CDATAOpen):
		t.Kind, t.End = CDATA, l.until(rest, CDATAClose, true)
		if !strings.HasSuffix(l.source[:t.End], CDATAClose) {
			t.Kind = Other // cut off
		}
	case strings.HasPrefix(rest, "<?"):
		t.Kind, t.End = Other, l.until(rest, "?>", true)
	case strings.HasPrefix(rest, "<!"):
		t.Kind, t.End = Doctype, l.at+doctypeLength(rest)
	default:
		l.tag(rest, &t)
	}
	l.at = t.End
	return t, true
}

// until returns the offset of the next mark, or behind it; without one the source's
// end.
func (l *xmlLexer) until(rest, mark string, behind bool) int {
	i := strings.Index(rest, mark)
	switch {
	case i < 0:
		return len(l.source)
	case behind:
		i += len(mark)
	}
	return l.at + i
}

// tag reads a tag. A "<" that begins none is text.
func (l *xmlLexer) tag(rest string, t *Token) {
	name := rest[1:]
	t.Kind = StartTag
	if strings.HasPrefix(name, "/") {
		t.Kind, name = EndTag, name[1:]
	}
	length := nameLength(name)
	if length == 0 {
		next := strings.IndexByte(rest[1:], '<')
		if t.Kind, t.End = Text, l.at+1+next; next < 0 {
			t.End = len(l.source)
		}
		return
	}
	t.setName(name[:length])
	end := tagEnd(rest)
	if end < 0 {
		t.Kind, t.End = Other, len(l.source)
		return
	}
	t.End = l.at + end
	t.Closed = t.Kind == StartTag && rest[end-2] == '/'
}

func (t *Token) setName(name string) {
	if colon := strings.IndexByte(name, ':'); colon >= 0 {
		t.Prefix, name = name[:colon+1], name[colon+1:]
	}
	t.Name = lower(name)
}

// lower returns a name in lower case, as long as it was: names that matter are in
// ASCII.
func lower(name string) string {
	if !strings.ContainsFunc(name, isUpper) {
		return name
	}
	b := []byte(name)
	for i, c := range b {
		if isUpper(rune(c)) {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

func isUpper(r rune) bool { return r >= 'A' && r <= 'Z' }

// nameLength returns the length of the name that s begins with.
func nameLength(s string) int {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || strings.IndexByte(`/><="'&`, c) >= 0 {
			return i
		}
	}
	return len(s)
}

// tagEnd returns the length of the tag that s begins with; -1 where it does not end.
func tagEnd(s string) int {
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1
		case c == '"' || c == '\'':
			quote = c
		}
	}
	return -1
}

// doctypeLength returns the length of a document type declaration, whose internal
// subset holds declarations and comments of its own.
func doctypeLength(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"', '\'':
			end := strings.IndexByte(s[i+1:], s[i])
			if end < 0 {
				return len(s)
			}
			i += end + 1
		case '<':
			if strings.HasPrefix(s[i:], "<!--") {
				end := strings.Index(s[i:], "-->")
				if end < 0 {
					return len(s)
				}
				i += end + len("-->") - 1
				continue
			}
			depth++
		case '>':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// htmlLexer reads HTML as its standard says, by golang.org/x/net/html; the length
// of what that returns for each token tells where it stands.
type htmlLexer struct {
	source    string
	tokenizer *html.Tokenizer
	at        int
	foreign   int // how many elements of SVG and MathML are open
}

func (l *htmlLexer) Next() (Token, bool) {
	if l.at >= len(l.source) {
		return Token{}, false
	}
	kind := l.tokenizer.Next()
	length := len(l.tokenizer.Raw())
	if kind == html.ErrorToken || length == 0 {
		length = len(l.source) - l.at // what is left cannot be read: a tag without its end
	}
	t := Token{Kind: Other, Start: l.at, End: l.at + length}
	l.at = t.End
	switch kind {
	case html.TextToken:
		t.Kind = Text
	case html.DoctypeToken:
		t.Kind = Doctype
	case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
		name := l.source[t.Start+1 : t.End]
		t.Kind = StartTag
		if kind == html.EndTagToken {
			t.Kind, name = EndTag, name[1:]
		}
		t.setName(name[:nameLength(name)])
		t.Closed = kind == html.SelfClosingTagToken
		l.nest(t)
	}
	return t, true
}

// nest tells the tokenizer where an element that is text alone by its name is not:
// a page is shown without scripts, and drawings have titles and styles of their own.
func (l *htmlLexer) nest(t Token) {
	isForeign := t.Name == "svg" || t.Name == "math"
	switch {
	case t.Kind == EndTag && isForeign && l.foreign > 0:
		l.foreign--
	case t.Kind == StartTag && isForeign && !t.Closed:
		l.foreign++
	case t.Kind == StartTag && (l.foreign > 0 || t.Name == "noscript"):
		l.tokenizer.NextIsNotRawText()
	}
}
