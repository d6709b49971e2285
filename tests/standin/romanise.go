package standin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// romanise writes a word in plain Latin letters in lower case: Latin letters
// without their accents, Korean by its syllables, everything else in made-up
// syllables that are always the same for the same letter.
func romanise(word string) string {
	var out strings.Builder
	for _, r := range norm.NFC.String(word) {
		out.WriteString(romaniseRune(unicode.ToLower(r)))
	}
	return out.String()
}

func romaniseRune(r rune) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	number := mix(uint64(r))
	consonant := string(consonants[number%uint64(len(consonants))])
	vowel := string(vowels[number>>32%uint64(len(vowels))])
	switch {
	case r >= 'a' && r <= 'z':
		return string(r)
	case unicode.Is(unicode.Latin, r):
		if plain := []rune(norm.NFD.String(string(r)))[0]; plain >= 'a' && plain <= 'z' {
			return string(plain)
		}
		return vowel
	case unicode.Is(unicode.Cyrillic, r) && strings.ContainsRune(russianLetters, r):
		return letterOf(russianLetters, r)
	case unicode.Is(unicode.Greek, r) && strings.ContainsRune(greekLetters, r):
		return letterOf(greekLetters, r)
	case unicode.Is(unicode.Hangul, r):
		return romaniseHangul(r)
	case unicode.Is(unicode.Han, r):
		// A character is about two syllables of speech in translation.
		second := mix(uint64(r), 2)
		return consonant + vowel + string(consonants[second%uint64(len(consonants))]) + string(vowels[second>>32%uint64(len(vowels))])
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return consonant + vowel
	case unicode.In(r, unicode.M, unicode.Join_Control):
		return vowel
	case number>>48%5 < 2:
		return vowel
	}
	return consonant
}

// letterOf returns the Latin letter for which a letter stands in a row of them.
func letterOf(letters string, r rune) string {
	return string(rune('a' + utf8.RuneCountInString(letters[:strings.IndexRune(letters, r)])))
}

// romaniseHangul takes a syllable apart, which Unicode composes of 19 initial
// consonants, 21 vowels and 28 final consonants.
func romaniseHangul(r rune) string {
	const first, last = 0xAC00, 0xD7A3
	if r < first || r > last {
		return "o"
	}
	const initials, vowels, finals = "gknttrmppssoczkktph", "aeaeoeoeoiuuuoueiuuui", "\x00gggnnndllllllllmbbstnzczktph"
	n := int(r - first)
	syllable := string(initials[n/(21*28)]) + string(vowels[n/28%21])
	if final := finals[n%28]; final != 0 {
		syllable += string(final)
	}
	return syllable
}

func isVowel(letter byte) bool { return strings.IndexByte("aeiouy", letter) >= 0 }
