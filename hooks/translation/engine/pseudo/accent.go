package pseudo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

// Latin letters and the accented letters that stand for them, each readable as
// the plain one.
const (
	plainLetters    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	accentedLetters = "ÀƁÇÐÉƑĜĤÎĴĶĹṀÑÖÞǪŔŠŤÛṼŴẊÝŽàƀçđéƒĝĥîĵķĺṁñöþǫŕšťûṽŵẋýž"
)

// accents maps a plain letter to its accented one.
type accents [128]rune

func newAccents() (table accents) {
	accented := []rune(accentedLetters)
	for i, plain := range plainLetters {
		table[plain] = accented[i]
	}
	return table
}

// Accent returns a block as this engine "translates" it: Latin letters
// accented, the whole in square brackets, inline tags such as <1> and </1>,
// digits, white space and every other script as they are.
func Accent(text string) string { return translate(text, nil) }

// translate is Accent with a glossary: where a term stands as words of its own,
// its translation takes its place.
func translate(text string, terms []engine.Term) string {
	var out strings.Builder
	out.Grow(len(text) + len(text)/2 + 2)
	out.WriteByte('[')
	table := newAccents()
	for len(terms) > 0 {
		at, term := firstTerm(text, terms)
		if at < 0 {
			break
		}
		table.write(&out, text[:at])
		out.WriteString(term.Target)
		text = text[at+len(term.Source):]
	}
	table.write(&out, text)
	out.WriteByte(']')
	return out.String()
}

// accented returns a text with its Latin letters accented.
func accented(text string) string {
	var out strings.Builder
	newAccents().write(&out, text)
	return out.String()
}

func (table accents) write(out *strings.Builder, text string) {
	for _, r := range text {
		if r < 128 && table[r] != 0 {
			out.WriteRune(table[r])
		} else {
			out.WriteRune(r)
		}
	}
}

// firstTerm returns where the first of the terms stands in a text, the longest
// of those that begin there, or -1.
func firstTerm(text string, terms []engine.Term) (first int, found engine.Term) {
	first = -1
	for _, term := range terms {
		at := wordIn(text, term.Source)
		if at >= 0 && (first < 0 || at < first || at == first && len(term.Source) > len(found.Source)) {
			first, found = at, term
		}
	}
	return first, found
}

// wordIn returns where a word stands in a text by itself, or -1.
func wordIn(text, word string) int {
	if word == "" {
		return -1
	}
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return -1
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			return at
		}
		from = at + len(word)
	}
}
