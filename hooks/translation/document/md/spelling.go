package md

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// spelling is how a source writes characters that it does not write as they
// are: with a backslash or as a character reference.
type spelling map[rune]*written

type written struct {
	raw           string // as it was written first
	escaped, bare int    // how often that way, and how often as it is
}

// decode returns the characters that a raw text means, and notes how they are
// written. A nil spelling notes nothing.
func (s spelling) decode(raw string) string {
	if !strings.ContainsAny(raw, `\&`) {
		return raw
	}
	var out strings.Builder
	for i := 0; i < len(raw); {
		r, length := meaning(raw[i:])
		if length == 0 {
			_, length = utf8.DecodeRuneInString(raw[i:])
			out.WriteString(raw[i : i+length])
		} else {
			out.WriteRune(r)
			s.note(r, raw[i:i+length])
		}
		i += length
	}
	return out.String()
}

func (s spelling) note(r rune, raw string) {
	if s == nil {
		return
	}
	if w := s[r]; w != nil {
		w.escaped++
		return
	}
	s[r] = &written{raw: raw, escaped: 1}
}

// longestReference bounds a character reference; the longest name HTML has is
// 31 letters.
const longestReference = 33

// meaning returns the character that an escape or a reference at the beginning
// of a text means, and its length; 0 where there is none. References to control
// characters and to several characters at once are left as they are.
func meaning(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	if s[0] == '\\' {
		if util.IsPunct(s[1]) {
			return rune(s[1]), 2
		}
		return 0, 0
	}
	if s[0] != '&' {
		return 0, 0
	}
	end := strings.IndexByte(s[:min(len(s), longestReference)], ';')
	if end < 2 {
		return 0, 0
	}
	if s[1] == '#' {
		if r := numeric(s[2:end]); r != 0 {
			return r, end + 1
		}
		return 0, 0
	}
	entity, ok := util.LookUpHTML5EntityByName(s[1:end])
	if !ok {
		return 0, 0
	}
	r, length := utf8.DecodeRune(entity.Characters)
	if length != len(entity.Characters) || r < ' ' {
		return 0, 0
	}
	return r, end + 1
}

// numeric returns the character of a reference by number; 0 for none.
func numeric(digits string) rune {
	base := 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n < ' ' || n > unicode.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0
	}
	return rune(n)
}

// inlineMarkup are the characters that are markup anywhere in a text. Others,
// such as the full stop of "1\.", are markup in few places: their escape is
// kept where the translation has the character just as often.
const inlineMarkup = "\\`*_{}[]<>&|~$^=\""

// of returns how a character is to be written in a translation that holds it a
// number of times; "" for as it is.
func (s spelling) of(r rune, times int) string {
	w := s[r]
	if w == nil {
		return ""
	}
	if r >= utf8.RuneSelf {
		return w.raw
	}
	if strings.ContainsRune(inlineMarkup, r) || (w.bare == 0 && w.escaped == times) {
		return w.raw
	}
	return ""
}
