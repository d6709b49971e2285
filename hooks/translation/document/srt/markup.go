package srt

import (
	"strings"
	"unicode"

	"verso/hooks/translation/document/subtitle"
)

// dialect returns what SubRip's players take for markup.
func dialect() *subtitle.Dialect {
	return &subtitle.Dialect{
		Markup: markupAt,
		Name: func(tag string) string {
			name, _ := tagName(tag)
			return name
		},
	}
}

// longestTag bounds the bytes of a tag: the longest in use name a font, a size
// and a colour. What is longer is text.
const longestTag = 512

// markupAt returns the length and kind of the markup that s begins with; 0
// where it begins with none. Whether a tag has a mate is not known yet.
func markupAt(s string) (int, subtitle.Kind) {
	if s[0] == '{' {
		if !strings.HasPrefix(s, `{\`) {
			return 0, 0 // only a backslash makes it more than braces
		}
		if end := strings.IndexAny(s[1:min(len(s), longestTag)], "{}"); end >= 0 && s[1+end] == '}' {
			return end + 2, subtitle.Alone
		}
		return 0, 0
	}
	end := strings.IndexAny(s[1:min(len(s), longestTag)], "<>")
	if end < 0 || s[1+end] != '>' {
		return 0, 0
	}
	length := end + 2
	name, closes := tagName(s[:length])
	switch {
	case !isTag(name):
		return 0, 0
	case name == "br" || strings.HasSuffix(s[:length], "/>"):
		return length, subtitle.Alone
	case closes:
		return length, subtitle.Closing
	}
	return length, subtitle.Opening
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
