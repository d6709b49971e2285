package subtitle

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// columnsOf returns the columns of a grapheme cluster: two for what East Asian
// typography sets in a square, and for a cluster of several letters; none for
// what is not seen.
func columnsOf(cluster string) int {
	if len(cluster) == 1 {
		if cluster[0] < ' ' {
			return 0
		}
		return 1
	}
	columns := 0
	for _, r := range cluster {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc):
			if r == '\ufe0f' { // asks for the picture of an emoji
				return 2
			}
			continue
		case unicode.Is(unicode.Regional_Indicator, r):
			columns += 2
		default:
			switch width.LookupRune(r).Kind() {
			case width.EastAsianWide, width.EastAsianFullwidth:
				columns += 2
			default:
				columns++
			}
		}
		if columns >= 2 {
			return 2
		}
	}
	return columns
}

// class is what a character is to the breaking of lines.
type class uint8

const (
	other class = iota
	han
	hiragana
	katakana
	digit
	punctuation
)

func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.Is(unicode.Hiragana, r):
		return hiragana
	case unicode.Is(unicode.Katakana, r) || r == 'ー':
		return katakana
	case unicode.IsDigit(r):
		return digit
	case unicode.IsPunct(r) || unicode.IsSymbol(r):
		return punctuation
	}
	return other
}

// isIdeographic reports whether a character is of a script that is written
// without spaces and broken between any two characters, or its punctuation.
func isIdeographic(r rune) bool {
	if r < 0x2e80 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) ||
		r == 'ー' || r >= 0x3001 && r <= 0x303f || r >= 0xff01 && r <= 0xff60
}

// neverBegins reports whether a line must not begin with a character: the
// closing, repeating and small ones, after JIS X 4051 and GB/T 15834.
func neverBegins(r rune) bool {
	return strings.ContainsRune("、。，．：；！？!?,.:;%％‰…‥—～〜・·ーゝゞヽヾ々〻)]}）］｝〕〉》」』】〙〗»›”’\"'"+
		"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ♪", r)
}

// neverEnds reports whether a line must not end with a character: the opening
// ones.
func neverEnds(r rune) bool {
	return strings.ContainsRune("([{（［｛〔〈《「『【〘〖«‹“‘#＃$＄¥￥￡", r)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
