package verify

import (
	"strings"
	"unicode/utf8"
)

// characters refuses what no text should have and the source has not: control
// and replacement characters, halves of characters, text decoded wrongly, and
// invisible characters that turn or hide text.
func (c *Checker) characters(b *bench) string {
	source, translation := b.source.raw, b.translation.raw
	if !utf8.ValidString(translation) {
		return "it held bytes that are no text"
	}
	garbled := 0
	previous := rune(0)
	for i, r := range translation {
		if r < 0x20 || r >= 0x7f {
			if detail := unwanted(r, c.turns()); detail != "" && !strings.ContainsRune(source, r) && !waved(translation[:i], r) {
				return detail
			}
			if r >= 0x80 && previous >= 0xc2 && previous <= 0xf4 && continuation(r) && strange(previous, r) {
				garbled++
			}
		}
		previous = r
	}
	if garbled >= 2 && !doublyEncoded(source) {
		return "its characters were garbled"
	}
	for _, escape := range [...]string{"\\u", "\\n", "&quot;", "&#", "&amp;", "&nbsp;", "&lt;", "&gt;"} {
		if at := strings.Index(translation, escape); at >= 0 && escaped(translation[at:], escape) && !strings.Contains(source, escape[:1]) {
			return "characters in it were escaped"
		}
	}
	return ""
}

// turns reports whether the target language is written from right to left, so
// that marks of direction may be needed.
func (c *Checker) turns() bool { return c.target.scripts&setOf(hebrew, arabic) != 0 }

// unwanted says what is wrong with a character, or "". Marks of direction that
// only nudge (U+200E, U+200F, U+061C), joiners and soft hyphens are text.
func unwanted(r rune, turns bool) string {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == 0x85:
		return ""
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return "it held control characters"
	case r < 0x200b:
		return ""
	case r == utf8.RuneError, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return "characters of it were lost"
	case r >= 0xfff9 && r <= 0xfffb, r == 0x202d, r == 0x202e, r >= 0x206a && r <= 0x206f, r >= 0xe0000 && r < 0xe0100:
		return "it held invisible characters"
	case r >= 0x202a && r <= 0x202c, r >= 0x2066 && r <= 0x2069:
		if !turns {
			return "it held invisible characters"
		}
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000:
		return "it held characters without a meaning"
	}
	return ""
}

// waved reports whether a tag character belongs to a flag: 🏴 and letters.
func waved(before string, r rune) bool {
	if r < 0xe0020 || r > 0xe007f {
		return false
	}
	const longest = 8 // a flag's letters and the sign that ends them
	for range longest {
		last, size := utf8.DecodeLastRuneInString(before)
		if last == 0x1f3f4 {
			return true
		}
		if last < 0xe0020 || last > 0xe007f || size == 0 {
			return false
		}
		before = before[:len(before)-size]
	}
	return false
}

// continuation reports whether a character is what a continuation byte of UTF-8
// looks like when it is read as Windows-1252 or Latin-1.
func continuation(r rune) bool {
	return r >= 0x80 && r <= 0xbf || strings.ContainsRune("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ", r)
}

// strange reports whether two characters hardly follow one another in text, as
// "Ã¼" or "â€": a capital or small letter and a sign that opens nothing.
func strange(first, second rune) bool {
	switch first {
	case 'Ã', 'Ð', 'Ñ', 'Â', 'Å', 'Ø', 'Ù', 'ã', 'ì', 'í', 'ë', 'ê', 'å', 'æ', 'ä', 'ç', 'è', 'é':
		return second >= 0xa1 && second <= 0xbf && second != '«' && second != '»' && second != '·' && second != '¿' && second != '¡' && second != '´' && second != '®' && second != '²' && second != '³' && second != '¹' && second != '°' && second != 'º' && second != 'ª' || second == '€' || second == '™' || second == '˜'
	case 'â':
		return second == '€'
	}
	return false
}

func doublyEncoded(text string) bool {
	previous := rune(0)
	for _, r := range text {
		if continuation(r) && strange(previous, r) {
			return true
		}
		previous = r
	}
	return false
}

// escaped reports whether a text begins with an escape that is complete.
func escaped(text, escape string) bool {
	rest := text[len(escape):]
	switch escape {
	case "\\u":
		if len(rest) < 4 {
			return false
		}
		for _, b := range []byte(rest[:4]) {
			if !(b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F') {
				return false
			}
		}
	case "&#":
		return len(rest) > 1 && (rest[0] >= '0' && rest[0] <= '9' || rest[0] == 'x') && strings.Contains(rest[:min(len(rest), 8)], ";")
	}
	return true
}
