package srt

import (
	"strings"
	"unicode"
)

// line is a range of byte offsets, without the line break.
type line struct{ start, end int }

// of returns the line's text.
func (l line) of(source string) string { return source[l.start:l.end] }

// lines yields each line with its number, counted from 0. CR CR LF, which text
// that was converted twice has, is one line break and no blank line: with it
// every cue would end before its text.
func lines(s string) func(yield func(int, line) bool) {
	return func(yield func(int, line) bool) {
		start, n := 0, 0
		for {
			end := strings.IndexAny(s[start:], "\r\n")
			if end < 0 {
				yield(n, line{start, len(s)})
				return
			}
			end += start
			if !yield(n, line{start, end}) {
				return
			}
			n++
			start = end + lineBreak(s[end:])
		}
	}
}

// lineBreak returns the length of the line break that s begins with.
func lineBreak(s string) int {
	for _, long := range []string{"\r\r\n", "\r\n"} {
		if strings.HasPrefix(s, long) {
			return len(long)
		}
	}
	return 1
}

// isBlank reports whether a line of nothing but such runes is blank. A byte
// order mark stands within a file where two were put together.
func isBlank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

func trim(s string) string { return strings.TrimFunc(s, isBlank) }

// isCounter reports whether a line is a cue's number.
func isCounter(s string) bool {
	s = trim(s)
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

// longestTime bounds the characters of a time: 12 as it should be, and a good
// many spaces.
const longestTime = 40

// isTimeLine reports whether a line says when a cue begins and ends. Times may
// be negative, have any number of parts and digits, and be spaced in any way;
// what follows them, such as coordinates, may be anything.
func isTimeLine(s string) bool {
	head := strings.IndexByte(s, '>')
	if head < 2 {
		return false
	}
	shaft := strings.TrimRight(s[:head], "- \t")
	if strings.Count(s[len(shaft):head], "-") < 2 {
		return false
	}
	begin := trim(shaft)
	return begin != "" && timeLength(begin) == len(begin) && timeLength(s[head+1:]) > 0
}

// timeLength returns the length of the time that s begins with, spaces
// included; 0 where it begins with none.
func timeLength(s string) int {
	length, colons, digits := 0, 0, 0
	for length < min(len(s), longestTime) {
		switch c := s[length]; {
		case c >= '0' && c <= '9':
			digits++
		case c == ':' || c == ';':
			if digits == 0 {
				return 0
			}
			colons++
		case c == ',' || c == '.' || c == '-' || c == ' ' || c == '\t':
		default:
			if colons == 0 {
				return 0
			}
			return length
		}
		length++
	}
	if colons == 0 {
		return 0
	}
	return length
}

// isBrokenTimeLine reports whether a line that stands where a time line must
// stand (below a counter that a blank line precedes) is meant as one.
func isBrokenTimeLine(s string) bool {
	return strings.Contains(s, "-->") || (strings.Contains(s, "->") && strings.Contains(s, ":"))
}
