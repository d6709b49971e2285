package markup

import (
	"strings"

	"golang.org/x/net/html"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	textToken    tokenKind = iota
	startToken             // <a>, <a/>
	endToken               // </a>
	cdataToken             // <![CDATA[…]]>
	doctypeToken           // <!DOCTYPE …>
	otherToken             // a comment, an instruction, or what cannot be read
)

// token is a range of the source. Every byte belongs to exactly one.
type token struct {
	kind       tokenKind
	start, end int
	name       string // of an element, without its prefix, in lower case
	prefix     string // of its name, with the colon
	closed     bool   // <a/>
}

const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

// lexer cuts a document into tokens.
type lexer interface {
	// next returns the token after the last one; false at the end.
	next() (token, bool)
}

func newLexer(source string, isHTML bool) lexer {
	if isHTML {
		return &htmlLexer{source: source, tokenizer: html.NewTokenizer(strings.NewReader(source))}
	}
	return &xmlLexer{source: source}
}

// xmlLexer reads XML. What is not well-formed becomes text or otherToken, so that
// a document with one slip is still translated, and is not repaired.
type xmlLexer struct {
	source string
	at     int
}

func (l *xmlLexer) next() (token, bool) {
	if l.at >= len(l.source) {
		return token{}, false
	}
	rest := l.source[l.at:]
	t := token{start: l.at}
	switch {
	case rest[0] != '<':
		t.end = l.until(rest, "<", false)
	case strings.HasPrefix(rest, "<!--"):
		t.kind, t.end = otherToken, l.until(rest, "-->", true)
	case strings.HasPrefix(rest, cdataOpen):
		t.kind, t.end = cdataToken, l.until(rest, cdataClose, true)
		if !strings.HasSuffix(l.source[:t.end], cdataClose) {
			t.kind = otherToken // cut off
		}
	case strings.HasPrefix(rest, "<?"):
		t.kind, t.end = otherToken, l.until(rest, "?>", true)
	case strings.HasPrefix(rest, "<!"):
		t.kind, t.end = doctypeToken, l.at+doctypeLength(rest)
	default:
		l.tag(rest, &t)
	}
	l.at = t.end
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
func (l *xmlLexer) tag(rest string, t *token) {
	name := rest[1:]
	t.kind = startToken
	if strings.HasPrefix(name, "/") {
		t.kind, name = endToken, name[1:]
	}
	length := nameLength(name)
	if length == 0 {
		next := strings.IndexByte(rest[1:], '<')
		if t.kind, t.end = textToken, l.at+1+next; next < 0 {
			t.end = len(l.source)
		}
		return
	}
	t.setName(name[:length])
	end := tagEnd(rest)
	if end < 0 {
		t.kind, t.end = otherToken, len(l.source)
		return
	}
	t.end = l.at + end
	t.closed = t.kind == startToken && rest[end-2] == '/'
}

func (t *token) setName(name string) {
	if colon := strings.IndexByte(name, ':'); colon >= 0 {
		t.prefix, name = name[:colon+1], name[colon+1:]
	}
	t.name = strings.ToLower(name)
}

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
}

func (l *htmlLexer) next() (token, bool) {
	if l.at >= len(l.source) {
		return token{}, false
	}
	kind := l.tokenizer.Next()
	length := len(l.tokenizer.Raw())
	if kind == html.ErrorToken || length == 0 {
		length = len(l.source) - l.at // what is left cannot be read: a tag without its end
	}
	t := token{kind: otherToken, start: l.at, end: l.at + length}
	l.at = t.end
	switch kind {
	case html.TextToken:
		t.kind = textToken
	case html.DoctypeToken:
		t.kind = doctypeToken
	case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
		name := l.source[t.start+1 : t.end]
		t.kind = startToken
		if kind == html.EndTagToken {
			t.kind, name = endToken, name[1:]
		}
		t.setName(name[:nameLength(name)])
		t.closed = kind == html.SelfClosingTagToken
	}
	return t, true
}
