package verify

import (
	"slices"
	"strings"
)

// tag is a numbered inline tag: <1>, </1> or <2/>. Tags of one number and kind
// are equal, whatever zeros they are written with.
type tag struct {
	number int
	kind   tagKind
}

type tagKind uint8

const (
	opening tagKind = iota
	closing
	single
)

// longestTag bounds a tag in bytes; nine digits are more than any block has.
const longestTag = len("</123456789>")

// readTag reads a tag that begins at text[at], a "<", and returns its length
// in bytes, 0 where there is none.
func readTag(text string, at int) (found tag, length int) {
	rest := text[at+1 : min(len(text), at+longestTag)]
	i := 0
	if strings.HasPrefix(rest, "/") {
		found.kind = closing
		i++
	}
	digits := i
	for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
		found.number = found.number*10 + int(rest[i]-'0')
		i++
	}
	if i == digits {
		return tag{}, 0
	}
	if found.kind == opening && i < len(rest) && rest[i] == '/' {
		found.kind = single
		i++
	}
	if i == len(rest) || rest[i] != '>' {
		return tag{}, 0
	}
	return found, i + 2
}

// Tags says what is wrong with the numbered inline tags of a translation, in
// words that continue "because", or "" where they are whole: the source's tags,
// each as often, properly nested, and none besides. What only looks like a tag
// (< 1 >, &lt;1&gt;, ＜1＞) has lost it, and is refused where the source has
// nothing of the kind.
func Tags(source, translation string) string {
	want, got := tagsOf(source), tagsOf(translation)
	if len(want) > 0 || len(got) > 0 {
		// A source that is not nested itself holds literal text like tags.
		if !nested(got) && nested(want) {
			return "its markup tags were crossed or left open"
		}
		if !sameTags(want, got) {
			return "its markup tags were lost, doubled or invented"
		}
	}
	if spoilt(translation) > 0 && spoilt(translation) > spoilt(source) {
		return "its markup tags were changed into something else"
	}
	return ""
}

func tagsOf(text string) []tag {
	var found []tag
	for at := 0; ; {
		next := strings.IndexByte(text[at:], '<')
		if next < 0 {
			return found
		}
		at += next
		if tag, length := readTag(text, at); length > 0 {
			found = append(found, tag)
			at += length
		} else {
			at++
		}
	}
}

func nested(tags []tag) bool {
	var open []int
	for _, tag := range tags {
		switch tag.kind {
		case opening:
			open = append(open, tag.number)
		case closing:
			if len(open) == 0 || open[len(open)-1] != tag.number {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

func sameTags(a, b []tag) bool {
	if len(a) != len(b) {
		return false
	}
	order := func(x, y tag) int {
		if x.number != y.number {
			return x.number - y.number
		}
		return int(x.kind) - int(y.kind)
	}
	slices.SortFunc(a, order)
	slices.SortFunc(b, order)
	return slices.Equal(a, b)
}

// spoilt counts what looks like a tag and is none: with spaces or attributes
// inside, escaped, or in full-width characters.
func spoilt(text string) int {
	count := 0
	for at := 0; at < len(text); {
		next := strings.IndexAny(text[at:], "<&\uff1c")
		if next < 0 {
			break
		}
		at += next
		switch {
		case text[at] == '<':
			if _, length := readTag(text, at); length == 0 && spoiltInside(text[at+1:], ">") {
				count++
			}
			at++
		case strings.HasPrefix(text[at:], "&lt;"):
			if spoiltInside(text[at+len("&lt;"):], "&gt;") {
				count++
			}
			at++
		case strings.HasPrefix(text[at:], "＜"):
			if spoiltInside(text[at+len("＜"):], "＞") {
				count++
			}
			at += len("＜")
		default:
			at++
		}
	}
	return count
}

// spoiltInside reports whether a text begins like the inside of a tag: spaces,
// strokes and a number, and the end within a short distance.
func spoiltInside(text, end string) bool {
	const reach = 40 // bytes: room for an attribute, not for a sentence
	inside, _, ok := strings.Cut(text[:min(len(text), reach)], end)
	if !ok {
		return false
	}
	inside = strings.TrimLeft(inside, " /\u00a0\u3000／")
	digits := 0
	for _, r := range inside {
		if _, ok := digitOf(r); !ok {
			break
		}
		digits += len(string(r))
	}
	rest := strings.Trim(inside[digits:], " /\u00a0\u3000／")
	// "a < 1 > b" and "<12:30 Uhr>" are text; an attribute has an equals sign.
	return digits > 0 && (rest == "" || strings.Contains(rest, "="))
}
