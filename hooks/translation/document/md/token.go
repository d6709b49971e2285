package md

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

type kind uint8

const (
	word   kind = iota // characters of the text
	soft               // a line break that is a space
	hard               // a line break that is one
	opener             // the beginning of emphasis, a link, an image
	closer             // its end
	stand              // code, HTML, an address, what is kept as it is
)

// token is a piece of a leaf's source. The tokens of a leaf, one after another,
// are its source.
type token struct {
	kind kind
	// raw is how the token is written. In all but a word, a line break that is
	// no more than a space has become one.
	raw string
	// text is what the token says: of a word its characters, of a soft break the
	// space that it is (or is not, between Chinese characters), and of markup
	// what it does, the same for two writings of the same.
	text string
	// start and end are the token's place in the leaf's source.
	start, end int
	// indent is, of a hard break, what stands before the text of the next line:
	// quote marks and indentation.
	indent string
	// pair numbers the openers of a translation, whose closers have the same.
	pair int
	// head and tail are how the first and the last character of a translation's
	// word are written, where not as they are; see refer.
	head, tail string
}

// The names of emphasis, as an opener's text.
const (
	emphasis      = "em"
	strong        = "strong"
	strikethrough = "del"
)

func (t token) isEmphasis() bool {
	return (t.kind == opener || t.kind == closer) &&
		(t.text == emphasis || t.text == strong || t.text == strikethrough)
}

// scanner makes tokens of goldmark's tree, which leaves out where delimiters
// stand: it walks the tree and the source side by side, and fails where they
// do not fit.
type scanner struct {
	source []byte
	at     int
	depth  int
	tokens []token
	failed bool
}

// words gives the words their text, once it is known how long they are.
func (s *scanner) words() []token {
	for i, t := range s.tokens {
		if t.kind == word {
			s.tokens[i].raw = string(s.source[t.start:t.end])
		}
	}
	return s.tokens
}

func (s *scanner) children(parent ast.Node) {
	if s.depth++; s.depth > maxDepth {
		s.failed = true
	}
	for node := parent.FirstChild(); node != nil && !s.failed; node = node.NextSibling() {
		s.node(node)
	}
	s.depth--
}

func (s *scanner) node(node ast.Node) {
	switch node := node.(type) {
	case *ast.Text:
		s.text(node)
	case *ast.Emphasis:
		name := emphasis
		if node.Level == 2 {
			name = strong
		}
		s.delimited(node, name, node.Level)
	case *extast.Strikethrough:
		length := 1
		if bytes.HasPrefix(s.source[s.at:], []byte("~~")) {
			length = 2
		}
		s.delimited(node, strikethrough, length)
	case *ast.Link:
		s.link(node, "[", "link "+target(node.Destination, node.Title))
	case *ast.Image:
		s.link(node, "![", "image "+target(node.Destination, node.Title))
	default:
		s.stand(node)
	}
}

func target(destination, title []byte) string {
	return oneLine(string(destination) + " " + string(title))
}

// add takes the source up to an offset as a token.
func (s *scanner) add(kind kind, end int, text string) {
	if end < s.at || end > len(s.source) {
		s.failed = true
		return
	}
	// goldmark cuts text wherever markup could have begun, also within "&amp;".
	if last := len(s.tokens) - 1; kind == word && last >= 0 && s.tokens[last].kind == word {
		s.tokens[last].end, s.at = end, end
		return
	}
	raw := string(s.source[s.at:end])
	if kind == opener || kind == closer || kind == stand {
		raw = oneLine(raw)
	}
	s.tokens = append(s.tokens, token{kind: kind, raw: raw, text: text, start: s.at, end: end})
	s.at = end
}

func (s *scanner) text(node *ast.Text) {
	// goldmark keeps the wrong one of several equal delimiters that are left
	// over, so what a text says can be trusted and where it stands cannot.
	value := node.Segment.Value(s.source)
	if !bytes.HasPrefix(s.source[s.at:], value) {
		s.failed = true
		return
	}
	if len(value) > 0 {
		s.add(word, s.at+len(value), "")
	}
	if !node.SoftLineBreak() && !node.HardLineBreak() {
		s.trailing()
		return
	}
	end := bytes.IndexByte(s.source[s.at:], '\n')
	if end < 0 || len(bytes.Trim(s.source[s.at:s.at+end], " \t\\")) > 0 {
		s.failed = true
		return
	}
	end += s.at + 1
	if node.HardLineBreak() {
		s.add(hard, end, "")
		return
	}
	s.add(soft, end, joint(s.source[:s.at], s.source[end:]))
}

// trailing takes white space that goldmark drops at the end of a text.
func (s *scanner) trailing() {
	rest := s.source[s.at:]
	if trimmed := bytes.TrimLeft(rest, " \t"); len(trimmed) == 0 && len(rest) > 0 {
		s.add(word, len(s.source), "")
	}
}

func (s *scanner) delimited(node ast.Node, name string, length int) {
	s.delimiter(opener, name, length)
	s.children(node)
	s.delimiter(closer, name, length)
}

func (s *scanner) delimiter(kind kind, name string, length int) {
	rest := s.source[s.at:]
	if s.failed || len(rest) < length || !strings.ContainsRune("*_~", rune(rest[0])) || rest[length-1] != rest[0] {
		s.failed = true
		return
	}
	s.add(kind, s.at+length, name)
}

func (s *scanner) link(node ast.Node, open, text string) {
	end, ok := node.AttributeString(endName)
	if !ok || !bytes.HasPrefix(s.source[s.at:], []byte(open)) {
		s.failed = true
		return
	}
	label := s.at + len(open)
	s.add(opener, label, text)
	s.children(node)
	if s.failed || s.at >= len(s.source) || s.source[s.at] != ']' {
		s.failed = true
		return
	}
	inner := oneLine(string(s.source[label:s.at]))
	s.add(closer, end.(int), text)
	// A link that is named by its text keeps that name whatever its text becomes.
	if last := &s.tokens[len(s.tokens)-1]; last.raw == "]" || last.raw == "][]" {
		last.raw = "][" + inner + "]"
	}
}

func (s *scanner) stand(node ast.Node) {
	end, ok := node.AttributeString(endName)
	if !ok {
		s.failed = true
		return
	}
	start := s.at
	s.add(stand, end.(int), "")
	if s.failed || start == s.at {
		s.failed = true
		return
	}
	last := &s.tokens[len(s.tokens)-1]
	last.text = last.raw
	if inner, ok := autolink(last.raw); ok {
		last.text = inner // <https://x.org> and https://x.org are the same
	}
}

// autolink returns the address in angle brackets.
func autolink(raw string) (string, bool) {
	if len(raw) < 3 || raw[0] != '<' || raw[len(raw)-1] != '>' {
		return "", false
	}
	inner := raw[1 : len(raw)-1]
	return inner, address([]byte(inner)) == len(inner)
}

var lineBreak = regexp.MustCompile(`[ \t]*\n[ \t]*`)

// oneLine makes line breaks spaces.
func oneLine(s string) string {
	if !strings.Contains(s, "\n") {
		return s
	}
	return lineBreak.ReplaceAllLiteralString(s, " ")
}

// joint returns what a line break between two texts stands for: nothing between
// scripts that write no spaces, else a space.
func joint(before, after []byte) string {
	last, _ := utf8.DecodeLastRune(bytes.TrimRight(before, " \t*_~"))
	first, _ := utf8.DecodeRune(bytes.TrimLeft(after, " \t*_~"))
	if isSpaceless(last) && isSpaceless(first) {
		return ""
	}
	return " "
}

// isSpaceless reports whether a character is of the Chinese or Japanese
// scripts, or their punctuation. Korean writes spaces.
func isSpaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		(r >= 0x3001 && r <= 0x303f) || (r >= 0xff01 && r <= 0xff65)
}

// isProse reports whether a leaf can hold no markup at all.
func isProse(source string) bool {
	return !strings.ContainsAny(source, "\\`*_~[]<&${:!@") && !strings.Contains(source, "  \n") &&
		!strings.Contains(source, "www.")
}

// prose returns the text of a leaf without markup.
func prose(source string) string {
	if !strings.Contains(source, "\n") {
		return source
	}
	var out strings.Builder
	for rest := source; ; {
		text, next, more := strings.Cut(rest, "\n")
		text = strings.TrimRight(text, " \t")
		out.WriteString(text)
		if !more {
			return out.String()
		}
		out.WriteString(joint([]byte(lastRunes(text)), []byte(next[:min(len(next), 8)])))
		rest = next
	}
}

// lastRunes returns the end of a text, which may begin within a character.
func lastRunes(text string) string { return text[max(0, len(text)-8):] }
