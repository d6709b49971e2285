package vtt

import (
	"html"
	"strings"

	"verso/hooks/translation/document/subtitle"
)

// dialect returns what WebVTT takes for markup.
func dialect() *subtitle.Dialect {
	return &subtitle.Dialect{
		Markup: markupAt,
		Name: func(tag string) string {
			name, _ := tagName(tag)
			return name
		},
		Decode: decode,
		Encode: encode,
		Apart:  func(line string) bool { return strings.HasPrefix(subtitle.Trim(line), "<v") },
	}
}

// decode returns what text with character references shows.
func decode(text string) string {
	if strings.IndexByte(text, '&') < 0 {
		return text
	}
	return html.UnescapeString(text)
}

// encode writes text so that no reader takes it for markup or for a line of times.
func encode(text string) string {
	if !strings.ContainsAny(text, "&<>") {
		return text
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", arrow, "--&gt;").Replace(text)
}

// longestTag bounds the bytes of a tag; real ones name a speaker or some classes.
const longestTag = 512

// markupAt returns the length and kind of the markup that s begins with; 0 where it
// begins with none. Players show no tag, known or not.
func markupAt(s string) (int, subtitle.Kind) {
	if s[0] == '{' {
		// What converters leave of SubRip's overrides.
		end := strings.IndexByte(s[:min(len(s), longestTag)], '}')
		if end < 0 || !strings.HasPrefix(s, `{\`) {
			return 0, 0
		}
		return end + 1, subtitle.Alone
	}
	end := strings.IndexByte(s[:min(len(s), longestTag)], '>')
	if end < 0 || strings.IndexByte(s[1:end], '<') >= 0 {
		return 0, 0
	}
	name, closes := tagName(s[:end+1])
	switch {
	case name == "rt" && !closes:
		return readingLength(s, end+1), subtitle.Alone
	case !isTag(name):
		return end + 1, subtitle.Alone
	case closes:
		return end + 1, subtitle.Closing
	}
	return end + 1, subtitle.Opening
}

// readingLength returns the length of the ruby reading that s begins with, whose
// tag is so long; without its end tag it reaches to the end of the ruby text.
func readingLength(s string, tag int) int {
	if end := strings.Index(s, "</rt>"); end >= 0 {
		return end + len("</rt>")
	}
	if end := strings.Index(s, "</ruby>"); end >= 0 {
		return end
	}
	return tag
}

// tagName returns the name of a tag, without its classes and its annotation, and
// whether it is a closing one.
func tagName(tag string) (name string, closes bool) {
	inner, closes := strings.CutPrefix(tag[1:len(tag)-1], "/")
	if end := strings.IndexAny(inner, " \t."); end >= 0 {
		inner = inner[:end]
	}
	return inner, closes
}

// isTag reports whether a tag of that name has a beginning and an end.
func isTag(name string) bool {
	switch name {
	case "b", "i", "u", "c", "v", "lang", "ruby":
		return true
	}
	return false
}
