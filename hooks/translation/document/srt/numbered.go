package srt

import (
	"strconv"
	"strings"
)

// numbered is one of the numbered tags of a block's text.
type numbered struct {
	number int
	kind   kind // opening, closing or alone
}

// parseNumbered reads a whole tag, such as "<1>", "</1>" or "<2/>".
func parseNumbered(s string) (numbered, bool) {
	inner := s[1 : len(s)-1]
	digits, closes := strings.CutPrefix(inner, "/")
	digits, single := strings.CutSuffix(digits, "/")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return numbered{}, false
	}
	n, _ := strconv.Atoi(digits) // out of range: the greatest number, which no block has
	switch {
	case single: // "</1/>" is a tag too for whoever checks them, so it must not be text
		return numbered{n, alone}, true
	case closes:
		return numbered{n, closing}, true
	}
	return numbered{n, opening}, true
}

// cutNumbered yields a translation's text and its numbered tags, one after
// another: either some text, or a tag.
func cutNumbered(s string) func(yield func(text string, t numbered) bool) {
	return func(yield func(string, numbered) bool) {
		from := 0
		for at := 0; at < len(s); {
			next := strings.IndexByte(s[at:], '<')
			if next < 0 {
				break
			}
			at += next
			end := strings.IndexAny(s[at+1:min(len(s), at+longestTag)], "<>")
			if end < 0 || s[at+1+end] != '>' {
				at++
				continue
			}
			t, ok := parseNumbered(s[at : at+end+2])
			if !ok {
				at++
				continue
			}
			if at > from && !yield(s[from:at], numbered{}) {
				return
			}
			if !yield("", t) {
				return
			}
			at += end + 2
			from = at
		}
		if from < len(s) {
			yield(s[from:], numbered{})
		}
	}
}

// whole returns for each of the block's tags whether a translation uses it as
// it is meant: a pair opened before it is closed, and closed. The others are
// left out, since half a pair would run on to the end of the cue.
func (l *layout) whole(rows []string) []bool {
	good, open := make([]bool, len(l.tags)), make([]bool, len(l.tags))
	for i := range good {
		good[i] = true
	}
	for _, row := range rows {
		for text, t := range cutNumbered(row) {
			if text != "" || t.number < 1 || t.number > len(l.tags) {
				continue
			}
			i := t.number - 1
			switch {
			case l.tags[i].alone != (t.kind == alone), t.kind != alone && open[i] == (t.kind == opening):
				good[i] = false
			default:
				open[i] = t.kind == opening
			}
		}
	}
	for i := range good {
		good[i] = good[i] && !open[i]
	}
	return good
}
