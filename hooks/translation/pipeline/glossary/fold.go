package glossary

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letter is one character of a text as terms are compared: composed, in lower
// case, of ordinary width, and without the marks that writing may leave out.
type letter struct {
	r rune
	// start and end are the bytes of the text that it comes from. Several
	// letters may come from the same ("ß" is "ss").
	start, end int32
	// upper says that it was a capital.
	upper bool
	// cut says that a tag like <2/> stands before it, a line break maybe.
	cut bool
}

// folder makes letters of texts in one language.
type folder struct {
	// dotless says that I is the capital of ı and İ that of i, and that
	// a circumflex may be left out.
	dotless bool
	// unaccented says that acute accents come and go as words are inflected.
	unaccented bool
}

// fold returns a text's letters. Inline tags and invisible characters are left
// out.
func (f folder) fold(text string) []letter {
	letters := make([]letter, 0, utf8.RuneCountInString(text)+8)
	cut := false
	for at := 0; at < len(text); {
		if text[at] == '<' {
			if length, single := readTag(text, at); length > 0 {
				cut = cut || single
				at += length
				continue
			}
		}
		before := len(letters)
		length := composed(text, at)
		letters = f.segment(letters, text[at:at+length], at)
		if cut && len(letters) > before {
			letters[before].cut = true
			cut = false
		}
		at += length
	}
	return letters
}

// segment adds the letters of a piece of text that composes to itself.
func (f folder) segment(letters []letter, piece string, at int) []letter {
	start, end := int32(at), int32(at+len(piece))
	r, size := utf8.DecodeRuneInString(piece)
	if size == len(piece) && plain(r) {
		return f.one(letters, r, start, end)
	}
	for _, r := range norm.NFKC.String(piece) {
		letters = f.one(letters, r, start, end)
	}
	return letters
}

// one adds what becomes of one composed character.
func (f folder) one(letters []letter, r rune, start, end int32) []letter {
	upper := false
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			upper = true
			if r += 'a' - 'A'; f.dotless && r == 'i' {
				r = 'ı'
			}
		}
		return append(letters, letter{r: r, start: start, end: end, upper: upper})
	}
	if invisible(r) {
		return letters
	}
	if upper = unicode.IsUpper(r) || unicode.IsTitle(r); upper {
		r = unicode.ToLower(r)
	}
	switch r = alike(r); r {
	case 'ß':
		letters = append(letters, letter{r: 's', start: start, end: end, upper: upper})
		r = 's'
	case 'œ':
		letters = append(letters, letter{r: 'o', start: start, end: end, upper: upper})
		r = 'e'
	}
	switch {
	case f.unaccented:
		r = bare(r)
	case f.dotless:
		r = flat(r)
	}
	return append(letters, letter{r: r, start: start, end: end, upper: upper})
}

// composed returns the length of the piece at text[at] whose characters compose
// with each other, and not with what follows.
func composed(text string, at int) int {
	r, size := rune(text[at]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(text[at:])
	}
	if plain(r) {
		if at+size == len(text) || text[at+size] < utf8.RuneSelf {
			return size
		}
		if next, _ := utf8.DecodeRuneInString(text[at+size:]); plain(next) {
			return size
		}
	}
	if length := norm.NFKC.NextBoundaryInString(text[at:], true); length > 0 {
		return length
	}
	return size
}

// plain reports whether a character is composed already, and composes with no
// plain character. It is true of most characters of most texts.
func plain(r rune) bool {
	switch {
	case r < 0x300:
		return r < 0xA0 || r > 0xBE || r == 0xAD || r == 0xAB || r == 0xBB || r == 0xB7
	case r < 0x600:
		return r >= 0x400 && r <= 0x482 || r >= 0x48A && r < 0x590
	case r < 0x3000:
		return r >= 0x2010 && r <= 0x2016 || r >= 0x2018 && r <= 0x2023
	}
	return r >= 0x3041 && r <= 0x3096 || r >= 0x30A1 && r <= 0x30FE || r == 0x3001 || r == 0x3002 ||
		r >= 0x3400 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3
}

// invisible reports whether a character is not seen, or is a mark that
// most writing leaves out: vowels of Hebrew and Arabic, the dot of nukta.
func invisible(r rune) bool {
	switch {
	case r < 0x300:
		return r == 0xAD
	case r < 0x2000:
		return r == 0x34F || r >= 0x591 && r <= 0x5BD || r == 0x5BF || r == 0x5C1 || r == 0x5C2 || r == 0x5C4 || r == 0x5C5 || r == 0x5C7 ||
			r >= 0x610 && r <= 0x61A || r == 0x61C || r == 0x640 || r >= 0x64B && r <= 0x65F || r == 0x670 || r >= 0x6D6 && r <= 0x6DC ||
			r == 0x93C || r == 0x9BC || r == 0x180E
	}
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x206F ||
		r >= 0xFE00 && r <= 0xFE0F || r == 0xFEFF || r >= 0xE0100 && r <= 0xE01EF
}

// alike returns one character for all that are written for each other.
func alike(r rune) rune {
	switch r {
	case '’', '‘', '‛', 'ʼ', 'ʹ', '′', '´', '`', '׳', 'ʻ', 'ʾ', 'ʿ':
		return '\''
	case '‐', '‑', '‒', '–', '−', '־':
		return '-'
	case '・', '‧', '•', '᛫', '゠', '∙', '⋅':
		return '·'
	case 'ς':
		return 'σ'
	case 'ё':
		return 'е'
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ة', 'ۀ', 'ە', 'ہ':
		return 'ه'
	case 'ך':
		return 'כ'
	case 'ם':
		return 'מ'
	case 'ן':
		return 'נ'
	case 'ף':
		return 'פ'
	case 'ץ':
		return 'צ'
	case 'ँ':
		return 'ं'
	}
	return r
}

// bare returns a vowel without its acute accent.
func bare(r rune) rune {
	switch r {
	case 'á':
		return 'a'
	case 'ά':
		return 'α'
	case 'é':
		return 'e'
	case 'í':
		return 'i'
	case 'ó':
		return 'o'
	case 'ú':
		return 'u'
	case 'έ':
		return 'ε'
	case 'ή':
		return 'η'
	case 'ί', 'ΐ', 'ϊ':
		return 'ι'
	case 'ό':
		return 'ο'
	case 'ύ', 'ΰ', 'ϋ':
		return 'υ'
	case 'ώ':
		return 'ω'
	}
	return r
}

// flat returns a vowel without the circumflex that Turkish may leave out.
func flat(r rune) rune {
	switch r {
	case 'â':
		return 'a'
	case 'î':
		return 'i'
	case 'û':
		return 'u'
	}
	return r
}

// longestTag bounds a tag in bytes; nine digits are more than any block has.
const longestTag = len("</123456789>")

// readTag returns the length in bytes of the numbered inline tag at text[at], a
// "<", 0 where there is none, and whether it is one like <2/>.
func readTag(text string, at int) (length int, single bool) {
	rest := text[at+1 : min(len(text), at+longestTag)]
	i := 0
	closing := i < len(rest) && rest[i] == '/'
	if closing {
		i++
	}
	digits := i
	for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
		i++
	}
	if i == digits {
		return 0, false
	}
	if single = !closing && i < len(rest) && rest[i] == '/'; single {
		i++
	}
	if i == len(rest) || rest[i] != '>' {
		return 0, false
	}
	return i + 2, single
}
