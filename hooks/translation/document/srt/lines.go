package srt

import (
	"strings"
	"unicode"

	"verso/hooks/translation/document/subtitle"
)

// isCounter reports whether a line is a cue's number.
func isCounter(s string) bool {
	s = subtitle.Trim(s)
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
	begin := subtitle.Trim(shaft)
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

// arrow is what is drawn for an arrow that a reader might take for a time line's.
const arrow = "→"

// noArrow draws the arrows of a time line as one character: strict readers look for
// nothing else.
func noArrow(s string) string { return strings.ReplaceAll(s, "-->", arrow) }

// noTimeLine draws the arrow in each line that our reader would take for a time line
// as one character.
func noTimeLine(s string) string {
	if !strings.Contains(s, ">") {
		return s
	}
	rows := strings.Split(s, "\n")
	for i, row := range rows {
		switch {
		case isTimeLine(row):
			rows[i] = strings.Replace(row, ">", arrow, 1)
		case i > 0 && isCounter(rows[i-1]) && isBrokenTimeLine(row):
			rows[i] = strings.ReplaceAll(row, "->", arrow)
		}
	}
	return strings.Join(rows, "\n")
}
