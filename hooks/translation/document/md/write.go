package md

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// writer writes the tokens of a translation as Markdown.
type writer struct {
	form     form
	spelling spelling
	// careful escapes whatever might be markup, not only what is for certain.
	careful bool
	// lineStart says that the block begins a line of its leaf.
	lineStart bool
}

// write returns the tokens as they stand in the file, and the same without what
// the file has before continued lines, which is what a parser of the leaf sees.
func (w writer) write(tokens []token) (inFile, inLeaf string) {
	var out, bare strings.Builder
	times := counts(tokens, w.spelling)
	for i, t := range tokens {
		raw := t.raw
		switch {
		case t.kind == word && t.raw == "":
			next := ""
			if i+1 < len(tokens) {
				next = tokens[i+1].shown()
			}
			raw = w.word(t, next, times, w.lineStart && i == 0 || i > 0 && tokens[i-1].kind == hard, i == len(tokens)-1)
		case t.kind == soft:
			raw = t.text
		case t.kind == stand && w.careful && t.text == raw && needsBrackets(raw):
			raw = "<" + raw + ">"
		}
		out.WriteString(raw)
		bare.WriteString(raw)
		if t.kind == hard {
			out.WriteString(t.indent)
		}
	}
	return out.String(), bare.String()
}

// needsBrackets reports whether an address is one by its surroundings alone.
func needsBrackets(raw string) bool {
	return raw[0] != '<' && !strings.HasPrefix(raw, "www.") && address([]byte(raw)) == len(raw)
}

// counts returns how often a translation holds the characters that the source
// writes in another way.
func counts(tokens []token, spelled spelling) map[rune]int {
	if len(spelled) == 0 {
		return nil
	}
	times := make(map[rune]int)
	for _, t := range tokens {
		if t.kind == word && t.raw == "" {
			for _, r := range t.text {
				if spelled[r] != nil {
					times[r]++
				}
			}
		}
	}
	return times
}

// word writes characters. next is what is written after them.
func (w writer) word(t token, next string, times map[rune]int, lineStart, last bool) string {
	text := t.text
	start := -1
	if lineStart && w.form != headingForm && w.form != cellForm {
		start = startsBlock(text, w.form)
	}
	if w.form == headingForm && last && closesHeading(text) {
		start = len(text) - 1
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		r, length := utf8.DecodeRuneInString(text[i:])
		end := i + length
		switch {
		case i == 0 && t.head != "":
			out.WriteString(t.head)
		case end == len(text) && t.tail != "":
			out.WriteString(t.tail)
		case r == '\\' && last && end == len(text) && (w.form == cellForm || w.form == rowStartForm):
			out.WriteString("&#92;") // a backslash before a pipe would escape it
		default:
			raw := w.spelling.of(r, times[r])
			if raw == "" && (i == start || w.isMarkup(text, i, next)) {
				raw = `\` + string(r)
			}
			if raw == "" {
				raw = text[i:end]
			}
			out.WriteString(raw)
		}
		i = end
	}
	return out.String()
}

var (
	referenceStart = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);`)
	addressStart   = regexp.MustCompile(`^(?:://|@[A-Za-z0-9])`)
	emojiStart     = regexp.MustCompile(`^:[a-z0-9_+-]+:`)
)

// isMarkup reports whether the character at an offset would be, or if careful
// might be, markup.
func (w writer) isMarkup(text string, i int, next string) bool {
	c := text[i]
	if c >= utf8.RuneSelf || !util.IsPunct(c) {
		return false
	}
	after := text[i+1:]
	if after == "" {
		after = next
	}
	switch c {
	case '|':
		return w.form == cellForm || w.form == rowStartForm
	case '\\':
		return after == "" || util.IsPunct(after[0])
	case '!':
		return i+1 == len(text) && strings.HasPrefix(next, "[")
	}
	if !w.careful {
		return false
	}
	before := byte(' ')
	if i > 0 {
		before = text[i-1]
	}
	switch c {
	case '`', '[', ']', '$', '{', '}':
		return true
	case '*', '~':
		return before != ' ' || (after != "" && after[0] != ' ')
	case '_':
		return !wordByte(before) || after == "" || !wordByte(after[0])
	case '<':
		return after == "" || after[0] == '/' || after[0] == '!' || after[0] == '?' || wordByte(after[0])
	case '&':
		return after == "" || referenceStart.MatchString(text[i:])
	case ':':
		return addressStart.MatchString(text[i:]) || emojiStart.MatchString(text[i:])
	case '@':
		return addressStart.MatchString(text[i:])
	case '.':
		return i >= 3 && text[i-3:i] == "www"
	}
	return false
}

// wordByte reports whether a byte belongs to a letter or digit.
func wordByte(c byte) bool { return c >= utf8.RuneSelf || util.IsAlphaNumeric(c) }

// The ways in which a line can begin something else than a paragraph; the
// group, where there is one, is what comes before the character to escape.
var blockStart = regexp.MustCompile(`^(?:` +
	`#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|` + // heading, quote, list
	`(\d{1,9})[.)](?:\s|$)|` + // numbered list
	`(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$|=+\s*$|-+\s*$|` + // rule, underline
	"```|~~~|" + // code
	`:(?:\s|::)|\[[^\]]+\]:|\$\$|\{[{%]|` + // definition, directive, reference, formula, template
	`!!! |\?\?\?|===[+! ]|\|)`)

// startsBlock returns the offset of the character to escape in a line that would
// begin a block of another kind; -1 where it would not.
func startsBlock(text string, form form) int {
	if (form == itemForm && taskBox(text) > 0) || (form == quoteForm && strings.HasPrefix(text, "[!")) {
		return 0
	}
	m := blockStart.FindStringSubmatchIndex(text)
	switch {
	case m == nil:
		return -1
	case m[2] >= 0:
		return m[3]
	}
	return 0
}

// closesHeading reports whether a heading's text ends in what would be taken
// for its closing number signs.
func closesHeading(text string) bool {
	trimmed := strings.TrimRight(text, "#")
	return trimmed != text && (trimmed == "" || strings.HasSuffix(trimmed, " "))
}
