package verify

import "strings"

// haystack is a piece of text in lower case in which many phrases are looked
// for. It remembers which three bytes stand in it one after another, so that
// most phrases are known not to be there without a walk through the text.
type haystack struct {
	text string
	seen [64]uint64
}

func newHaystack(text string) *haystack {
	h := &haystack{text: strings.ToLower(text)}
	for i := 0; i+3 <= len(h.text); i++ {
		bit := threeBytes(h.text[i:])
		h.seen[bit>>6] |= 1 << (bit & 63)
	}
	return h
}

// threeBytes hashes the first three bytes of s to 12 bits, by a multiplication
// with the golden ratio (Knuth).
func threeBytes(s string) uint32 {
	return (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) * 2654435769 >> 20
}

// holdsAny reports whether one of the phrases, "|" between them, is there.
func (h *haystack) holdsAny(phrases string) bool {
	for len(phrases) > 0 {
		phrase := phrases
		if end := strings.IndexByte(phrases, '|'); end >= 0 {
			phrase, phrases = phrases[:end], phrases[end+1:]
		} else {
			phrases = ""
		}
		if len(phrase) >= 3 {
			if bit := threeBytes(phrase); h.seen[bit>>6]>>(bit&63)&1 == 0 {
				continue
			}
		}
		if strings.Contains(h.text, phrase) {
			return true
		}
	}
	return false
}
