package pipeline

import (
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Tokens returns about how many tokens a text has for a model of today: one for
// four characters of English, as the Gemini API's page on tokens says, and more
// the farther a script is from what tokenisers are trained on. What other
// scripts take are round figures of the vocabulary of 262,000 pieces that Gemma
// publishes; a quote's range leaves room for their error.
func Tokens(text string) int {
	sum := 0 // of hundredths
	for _, r := range text {
		sum += hundredths(r)
	}
	return (sum + 99) / 100
}

// hundredths returns how many hundredths of a token a character takes.
func hundredths(r rune) int {
	switch {
	case r < 0x80:
		return 25
	case r < 0x370: // Latin with marks
		return 33
	case r < 0x600: // Greek, Cyrillic, Armenian, Hebrew
		return 36
	case r < 0x780: // Arabic, Syriac
		return 38
	case r < 0x1100: // the scripts of India and of South-East Asia
		return 50
	case r < 0x1200: // Hangul's letters
		return 60
	case r >= 0x2000 && r < 0x2070: // quotation marks, dashes
		return 50
	case r >= 0xAC00 && r < 0xD7A4: // Hangul
		return 60
	case r >= 0x3000 && r < 0xA000: // Chinese and Japanese
		return 70
	}
	return 67
}

// tokensPerCharacter returns how many tokens a character of a language takes.
func tokensPerCharacter(tag string) float64 {
	sample := "a"
	if parsed, err := language.Parse(tag); err == nil {
		script, _ := parsed.Script()
		switch script.String() {
		case "Kore", "Hang":
			sample = "가"
		case "Jpan", "Hira", "Kana", "Hans", "Hant", "Hani":
			sample = "中"
		case "Cyrl":
			sample = "ж"
		case "Grek":
			sample = "λ"
		case "Arab":
			sample = "ع"
		case "Hebr":
			sample = "ש"
		case "Latn":
		default:
			sample = "क"
		}
	}
	r, _ := utf8.DecodeRuneInString(sample)
	return float64(hundredths(r)) / 100
}
