package glossary

import "unicode"

// script is a way of writing, as far as it matters to where words begin and
// end.
type script uint8

const (
	// none is what is no letter, mark or digit.
	none script = iota
	// digits go with the letters they stand with.
	digit
	// mark goes with the letter before.
	mark
	latin
	cyrillic
	greek
	hebrew
	arabic
	devanagari
	// spaced are all other scripts with spaces between words.
	spaced
	hangul
	katakana
	hiragana
	han
	// joined are Thai, Lao, Khmer, Burmese and Tibetan.
	joined
	scripts
)

// alone reports whether each character, or cluster of a character and its
// marks, counts as a word, since nothing shows where words end.
func (s script) alone() bool { return s == han || s == hiragana || s == joined }

// scriptOf returns the script of a folded character.
func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		switch {
		case 'a' <= r && r <= 'z':
			return latin
		case '0' <= r && r <= '9':
			return digit
		}
		return none
	case r >= 0x4E00 && r <= 0x9FFF:
		return han
	case r >= 0xAC00 && r <= 0xD7A3:
		return hangul
	case r >= 0x3041 && r <= 0x309F:
		return hiragana
	case r >= 0x30A1 && r <= 0x30FF || r >= 0x31F0 && r <= 0x31FF:
		return katakana
	case r >= 0x2010 && r <= 0x2FFF:
		// Punctuation, symbols and forms of letters that folding has undone.
		return none
	}
	switch {
	case unicode.IsLetter(r):
		return letterScript(r)
	case unicode.IsMark(r):
		return mark
	case unicode.IsDigit(r):
		return digit
	}
	return none
}

func letterScript(r rune) script {
	switch {
	case r < 0x250 || r >= 0x1E00 && r <= 0x1EFF:
		return latin
	case r >= 0x370 && r <= 0x3FF || r >= 0x1F00 && r <= 0x1FFF:
		return greek
	case r >= 0x400 && r <= 0x52F:
		return cyrillic
	case r >= 0x590 && r <= 0x5FF:
		return hebrew
	case r >= 0x600 && r <= 0x6FF || r >= 0x750 && r <= 0x77F:
		return arabic
	case r >= 0x900 && r <= 0x97F:
		return devanagari
	case r >= 0xE00 && r <= 0x109F && r != 0x10A0 || r >= 0x1780 && r <= 0x17FF:
		return joined
	case r >= 0x1100 && r <= 0x11FF || r >= 0x3131 && r <= 0x318E:
		return hangul
	case r == '々' || r == '〇' || r == '〆' || unicode.Is(unicode.Han, r):
		return han
	case unicode.Is(unicode.Latin, r):
		return latin
	}
	return spaced
}
