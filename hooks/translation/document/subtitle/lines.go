package subtitle

import (
	"strings"
	"unicode"
)

// Line is a range of byte offsets, without the line break.
type Line struct{ Start, End int }

// Of returns the line's text.
func (l Line) Of(source string) string { return source[l.Start:l.End] }

// Lines yields each line with its number, counted from 0. CR CR LF, which text
// that was converted twice has, is one line break and no blank line: with it
// every cue would end before its text.
func Lines(s string) func(yield func(int, Line) bool) {
	return func(yield func(int, Line) bool) {
		start, n := 0, 0
		for {
			end := strings.IndexAny(s[start:], "\r\n")
			if end < 0 {
				yield(n, Line{start, len(s)})
				return
			}
			end += start
			if !yield(n, Line{start, end}) {
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

// IsBlank reports whether a line of nothing but such runes is blank. A byte
// order mark stands within a file where two were put together.
func IsBlank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// Trim takes white space off both ends of a line.
func Trim(s string) string { return strings.TrimFunc(s, IsBlank) }
