package md

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	// keptBytes bounds how long a formula or shortcode within a line of text may
	// be, and with it the search for its end.
	keptBytes = 2000
	// addressBytes bounds an address; browsers take no longer ones either.
	addressBytes = 2048
)

// What is kept as it is, by how it looks. All are tried at their beginning only.
var (
	attributeList = regexp.MustCompile(`^\{(?:[#.:][^{}\n]*|[A-Za-z][\w-]*=[^{}\n]*)\}`)
	roleName      = regexp.MustCompile("^\\{[A-Za-z][\\w:+.-]*\\}`")
	footnoteRef   = regexp.MustCompile(`^\[\^[^\]\[\s]+\]`)
	citation      = regexp.MustCompile(`^\[-?@[\w:.#$%&+?<>~/-]+\]`)
	contents      = regexp.MustCompile(`^\[(?:TOC|toc)\]`)
	wikiLink      = regexp.MustCompile(`^\[\[[^\[\]\n]+\]\]`)
	emojiName     = regexp.MustCompile(`^:[a-z0-9_+-]*[a-z][a-z0-9_+-]*:`)
	webAddress    = regexp.MustCompile(`^(?:(?:https?|ftp)://|www\.)[^\s<>"` + "`" + `\[\]{}|\\^\x{3000}-\x{3002}\x{ff00}-\x{ff20}「」『』“”‘’]+`)
	mailAddress   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z0-9]+`)
)

// kept returns the length of what a text begins with and that is kept as it is:
// a formula, a shortcode or template expression, an attribute list, a footnote
// reference, a citation, a wiki link or an emoji's name. before is the
// character before it. Where it could as well be prose it returns 0.
func kept(text []byte, before rune) int {
	text = text[:min(len(text), keptBytes)]
	switch text[0] {
	case '$':
		return formula(text, before)
	case '\\':
		switch {
		case bytes.HasPrefix(text, []byte(`\\(`)):
			return through(text, 3, `\\)`)
		case bytes.HasPrefix(text, []byte(`\\[`)):
			return through(text, 3, `\\]`)
		}
	case '{':
		return braces(text)
	case '[':
		return bracketed(text)
	case ':':
		if m := emojiName.Find(text); m != nil && !isASCIIWord(before) {
			rest := text[len(m):]
			if ticks := len(rest) - len(bytes.TrimLeft(rest, "`")); ticks > 0 { // a role and its content, :ref:`a`
				return through(text, len(m)+ticks, strings.Repeat("`", ticks))
			}
			if next, _ := utf8.DecodeRune(rest); !isASCIIWord(next) {
				return len(m)
			}
		}
	}
	return 0
}

// through returns the length up to and with the next end, looked for from an
// offset on; 0 where there is none.
func through(text []byte, from int, end string) int {
	at := bytes.Index(text[min(from, len(text)):], []byte(end))
	if at < 0 {
		return 0
	}
	return from + at + len(end)
}

// formula follows pandoc's rules, which tell $x$ from $5 and $10: no space
// inside the dollars and no letter or digit outside.
func formula(text []byte, before rune) int {
	switch {
	case bytes.HasPrefix(text, []byte("$$")):
		if n := through(text, 2, "$$"); n > 4 {
			return n
		}
		return 0
	case bytes.HasPrefix(text, []byte("${")):
		at := bytes.IndexAny(text, "}\n ")
		if at > 2 && text[at] == '}' {
			return at + 1
		}
		return 0
	case len(text) < 3 || isSpace(text[1]) || isASCIIWord(before) || before == '$':
		return 0
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '`':
			return 0
		case '$':
			next, _ := utf8.DecodeRune(text[i+1:])
			if i == 1 || isSpace(text[i-1]) || isASCIIWord(next) || next == '$' {
				return 0
			}
			return i + 1
		}
	}
	return 0
}

func braces(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("{{<")):
		return through(text, 3, ">}}")
	case bytes.HasPrefix(text, []byte("{{%")):
		return through(text, 3, "%}}")
	case bytes.HasPrefix(text, []byte("{{")):
		return through(text, 2, "}}")
	case bytes.HasPrefix(text, []byte("{%")):
		return through(text, 2, "%}")
	}
	if m := roleName.Find(text); m != nil {
		return len(m) - 1
	}
	return len(attributeList.Find(text))
}

func bracketed(text []byte) int {
	for _, pattern := range []*regexp.Regexp{footnoteRef, citation, contents} {
		if m := pattern.Find(text); m != nil {
			if next := text[len(m):]; pattern == footnoteRef || len(next) == 0 || (next[0] != '(' && next[0] != '[') {
				return len(m)
			}
		}
	}
	if m := wikiLink.Find(text); m != nil {
		if next := text[len(m):]; len(next) == 0 || (next[0] != '(' && next[0] != '[') {
			return len(m)
		}
	}
	return 0
}

// address returns the length of a web or mail address at the beginning of a
// text, without the punctuation that ends the sentence around it.
func address(text []byte) int {
	text = text[:min(len(text), addressBytes)]
	if !bytes.HasPrefix(text, []byte("http")) && !bytes.HasPrefix(text, []byte("ftp:")) && !bytes.HasPrefix(text, []byte("www.")) {
		return mail(text)
	}
	m := webAddress.Find(text)
	if m == nil {
		return mail(text)
	}
	for len(m) > 0 {
		last := m[len(m)-1]
		switch last {
		case '?', '!', '.', ',', ':', ';', '*', '_', '~', '\'':
		case ')':
			if bytes.Count(m, []byte("(")) >= bytes.Count(m, []byte(")")) {
				return len(m)
			}
		default:
			return len(m)
		}
		m = m[:len(m)-1]
	}
	return 0
}

func mail(text []byte) int {
	if end := bytes.IndexAny(text, "@ \n"); end < 1 || text[end] != '@' {
		return 0
	}
	return len(mailAddress.Find(text))
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

func isASCIIWord(r rune) bool {
	return r == '_' || ('0' <= r && r <= '9') || ('a' <= r && r <= 'z') || ('A' <= r && r <= 'Z')
}
