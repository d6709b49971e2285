package srt

import (
	"strings"
	"unicode"
)

// kind says what a piece of a line is.
type kind uint8

const (
	words   kind = iota
	literal      // looks like one of our numbered tags and is the author's text
	opening      // a tag with a closing one
	closing      // a tag with an opening one
	alone        // a tag by itself, an override, or a tag whose mate is missing
)

// piece is a range of byte offsets within a passage. Of a pair's tags each
// holds the other's index.
type piece struct {
	kind       kind
	start, end int
	mate       int
}

// longestTag bounds the bytes of a tag: the longest in use name a font, a size
// and a colour. What is longer is text.
const longestTag = 512

// pieces cuts a line into text and markup. The line begins at an offset.
func pieces(list []piece, text string, offset int) []piece {
	from := 0
	for at := 0; at < len(text); {
		next := strings.IndexAny(text[at:], "<{")
		if next < 0 {
			break
		}
		at += next
		length, k := markupAt(text[at:])
		if length == 0 {
			at++
			continue
		}
		if at > from {
			list = append(list, piece{kind: words, start: offset + from, end: offset + at})
		}
		list = append(list, piece{kind: k, start: offset + at, end: offset + at + length})
		at += length
		from = at
	}
	if from < len(text) {
		list = append(list, piece{kind: words, start: offset + from, end: offset + len(text)})
	}
	return list
}

// markupAt returns the length and kind of the markup that s begins with; 0
// where it begins with none. Whether a tag has a mate is not known yet.
func markupAt(s string) (int, kind) {
	if s[0] == '{' {
		if !strings.HasPrefix(s, `{\`) {
			return 0, words // only a backslash makes it more than braces
		}
		if end := strings.IndexAny(s[1:min(len(s), longestTag)], "{}"); end >= 0 && s[1+end] == '}' {
			return end + 2, alone
		}
		return 0, words
	}
	end := strings.IndexAny(s[1:min(len(s), longestTag)], "<>")
	if end < 0 || s[1+end] != '>' {
		return 0, words
	}
	length := end + 2
	if _, ok := parseNumbered(s[:length]); ok {
		return length, literal
	}
	name, closes := tagName(s[:length])
	switch {
	case !isTag(name):
		return 0, words
	case name == "br" || strings.HasSuffix(s[:length], "/>"):
		return length, alone
	case closes:
		return length, closing
	}
	return length, opening
}

// tagName returns the name of a tag in lower case, and whether it is a closing
// one.
func tagName(tag string) (name string, closes bool) {
	inner, closes := strings.CutPrefix(tag[1:len(tag)-1], "/")
	end := strings.IndexFunc(inner, func(r rune) bool { return unicode.IsSpace(r) || r == '/' })
	if end < 0 {
		end = len(inner)
	}
	return strings.ToLower(inner[:end]), closes
}

// isTag reports whether players take a tag of that name for markup. Anything
// else in angle brackets is text: files are full of "0 < p > 1".
func isTag(name string) bool {
	switch name {
	case "b", "i", "u", "s", "em", "strong", "strike", "font", "span", "ruby", "rb", "rt", "rp", "br":
		return true
	}
	return false
}

// pair finds the mates of a passage's tags. A tag without one, and one that
// crosses another pair, stands alone.
func pair(source string, list []piece) {
	var open []int
	waiting := map[string]int{}
	for i := range list {
		switch list[i].kind {
		case opening:
			name, _ := tagName(source[list[i].start:list[i].end])
			open = append(open, i)
			waiting[name]++
		case closing:
			name, _ := tagName(source[list[i].start:list[i].end])
			mate := -1
			for waiting[name] > 0 && mate < 0 {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				opened, _ := tagName(source[list[last].start:list[last].end])
				waiting[opened]--
				if opened == name {
					mate = last
				} else {
					list[last].kind = alone
				}
			}
			if mate < 0 {
				list[i].kind = alone
				continue
			}
			list[i].mate, list[mate].mate = mate, i
		}
	}
	for _, i := range open {
		list[i].kind = alone
	}
}
