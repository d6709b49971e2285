package standin

import "unicode/utf8"

// tokensOf counts tokens as the stand-in does: four ASCII characters a token, three
// letters of another alphabet, one and a half of Chinese, Japanese or Korean.
// Google's tokenizer is about as dense.
func tokensOf(text string) int {
	twelfths := 0
	for _, r := range text {
		twelfths += twelfthsOf(r)
	}
	return (twelfths + 11) / 12
}

func twelfthsOf(r rune) int {
	switch utf8.RuneLen(r) {
	case 1:
		return 3
	case 2:
		return 4
	}
	return 8
}

// withinTokens returns as much of a text as so many tokens hold.
func withinTokens(text string, tokens int) string {
	room := 12 * tokens
	for i, r := range text {
		if room -= twelfthsOf(r); room < 0 {
			return text[:i]
		}
	}
	return text
}
