// Package inline is the notation in which inline markup travels inside a
// block's text: <1>…</1> around what a pair of tags encloses, <2/> for what
// stands by itself. Formats number the tags of a block from 1, in the order in
// which they stand, and read a translation with [Cut].
package inline

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Kind says what a tag does.
type Kind uint8

const (
	// Text is no tag but the text between two.
	Text Kind = iota
	// Open is <1>.
	Open
	// Close is </1>.
	Close
	// Alone is <1/>.
	Alone
)

// Token is a tag, or the text between two.
type Token struct {
	Kind   Kind
	Number int    // of a tag
	Text   string // as it is written
}

// longest bounds a tag in bytes; nine digits are more than any block has.
const longest = len("</123456789/>")

// Tag returns a tag as it is written.
func Tag(kind Kind, number int) string {
	digits := strconv.Itoa(number)
	switch kind {
	case Open:
		return "<" + digits + ">"
	case Close:
		return "</" + digits + ">"
	}
	return "<" + digits + "/>"
}

// Cut yields the text and the tags of a translation, one after another.
func Cut(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		from := 0
		for at := 0; ; {
			next := strings.IndexByte(text[at:], '<')
			if next < 0 {
				break
			}
			at += next
			tag, ok := read(text[at:])
			if !ok {
				at++
				continue
			}
			if at > from && !yield(Token{Text: text[from:at]}) {
				return
			}
			if !yield(tag) {
				return
			}
			at += len(tag.Text)
			from = at
		}
		if from < len(text) {
			yield(Token{Text: text[from:]})
		}
	}
}

// read reads the tag that s, which begins with "<", begins with. A stroke on both
// sides, which nothing means, is a tag that stands alone: whoever counts tags
// counts it.
func read(s string) (Token, bool) {
	end := strings.IndexByte(s[:min(len(s), longest)], '>')
	if end < 0 {
		return Token{}, false
	}
	digits, closes := strings.CutPrefix(s[1:end], "/")
	digits, alone := strings.CutSuffix(digits, "/")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Token{}, false
	}
	number, err := strconv.Atoi(digits)
	if err != nil {
		return Token{}, false
	}
	tag := Token{Kind: Open, Number: number, Text: s[:end+1]}
	switch {
	case alone:
		tag.Kind = Alone
	case closes:
		tag.Kind = Close
	}
	return tag, true
}

// Fits reports whether a translation has exactly the tags of a block: each once, and
// each pair opened and closed in turn. Tag n is a pair where pairs[n-1] is true.
func Fits(translation string, pairs []bool) bool {
	var open []int
	used := make([]bool, len(pairs))
	for token := range Cut(translation) {
		if token.Kind == Text {
			continue
		}
		i := token.Number - 1
		switch {
		case i < 0 || i >= len(pairs) || pairs[i] != (token.Kind != Alone):
			return false
		case token.Kind == Close:
			if len(open) == 0 || open[len(open)-1] != i {
				return false
			}
			open = open[:len(open)-1]
			continue
		case used[i]:
			return false
		case token.Kind == Open:
			open = append(open, i)
		}
		used[i] = true
	}
	return len(open) == 0 && !slices.Contains(used, false)
}
