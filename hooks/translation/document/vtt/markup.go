package vtt

import (
	"strings"

	"verso/hooks/translation/document/subtitle"
)

// dialect returns what WebVTT takes for markup, and how a file writes text.
func dialect(source string) *subtitle.Dialect {
	return &subtitle.Dialect{
		Markup: markupAt,
		Name: func(tag string) string {
			name, _ := tagName(tag)
			return name
		},
		Decode: decode,
		Encode: encoder(source),
		Apart:  startsVoice,
	}
}

// longestTag bounds the bytes of a tag; real ones name a speaker or some classes.
const longestTag = 512

// markupAt returns the length and kind of the markup that s begins with; 0 where it
// begins with none. Players show no tag, known or not. Whether a tag has a mate is
// not known yet.
func markupAt(s string) (int, subtitle.Kind) {
	if s[0] == '{' {
		return overrideLength(s), subtitle.Alone
	}
	end := strings.IndexAny(s[1:min(len(s), longestTag)], "<>")
	if end < 0 || s[1+end] != '>' {
		return 0, 0
	}
	length := end + 2
	name, closes := tagName(s[:length])
	switch {
	case name == "rt" && !closes:
		return readingLength(s, length), subtitle.Alone
	case !isPaired(name) || strings.HasSuffix(s[:length], "/>"):
		return length, subtitle.Alone
	case closes:
		return length, subtitle.Closing
	}
	return length, subtitle.Opening
}

// overrideLength returns the length of the override, such as {\an8}, that s begins
// with; 0 where there is none. Converters leave them of SubRip's.
func overrideLength(s string) int {
	if !strings.HasPrefix(s, `{\`) {
		return 0
	}
	return 1 + strings.IndexByte(s[:min(len(s), longestTag)], '}')
}

// readingLength returns the length of the ruby reading that s begins with, whose tag
// is so long. Without an end tag it reaches to the end of the ruby text. Where the line
// has neither, or another reading first, there is the tag alone.
func readingLength(s string, tag int) int {
	for at := tag; ; {
		next := strings.IndexByte(s[at:], '<')
		if next < 0 {
			return tag
		}
		at += next
		switch rest := s[at:]; {
		case strings.HasPrefix(rest, "</rt>"):
			return at + len("</rt>")
		case strings.HasPrefix(rest, "</ruby>"):
			return at
		case strings.HasPrefix(rest, "<rt"):
			return tag
		}
		at++
	}
}

// tagName returns the name of a tag in lower case, without its classes and its
// annotation, and whether it is a closing one.
func tagName(tag string) (name string, closes bool) {
	inner, closes := strings.CutPrefix(tag[1:len(tag)-1], "/")
	if end := strings.IndexAny(inner, " \t./"); end >= 0 {
		inner = inner[:end]
	}
	return strings.ToLower(inner), closes
}

// isPaired reports whether a tag of that name has a beginning and an end. Of those
// that the standard does not know, converters leave many. Times have none.
func isPaired(name string) bool {
	return name != "" && name[0] >= 'a' && name[0] <= 'z' && name != "br"
}

// startsVoice reports whether a line begins with the name of its speaker.
func startsVoice(line string) bool {
	line = subtitle.Trim(line)
	end := strings.IndexByte(line[:min(len(line), longestTag)], '>')
	if end < 0 || line[0] != '<' {
		return false
	}
	name, closes := tagName(line[:end+1])
	return name == "v" && !closes
}
