package pseudo

import (
	"slices"
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
// its translation takes its place, that of the longest where several begin.
func translate(text string, terms []engine.Term) string {
	var out strings.Builder
	out.Grow(len(text) + len(text)/2 + 2)
	out.WriteByte('[')
	table := newAccents()
	sought := make([]place, 0, len(terms))
	for _, term := range terms {
		sought = append(sought, place{term: term, at: wordIn(text, term.Source)})
	}
	from := 0
	for {
		var first *place
		sought = slices.DeleteFunc(sought, func(p place) bool { return p.at < 0 })
		for i := range sought {
			p := &sought[i]
			if first == nil || p.at < first.at || p.at == first.at && len(p.term.Source) > len(first.term.Source) {
				first = p
			}
		}
		if first == nil {
			break
		}
		table.write(&out, text[from:first.at])
		out.WriteString(first.term.Target)
		from = first.at + len(first.term.Source)
		for i := range sought {
			sought[i].seek(text, from)
		}
	}
	table.write(&out, text[from:])
	out.WriteByte(']')
	return out.String()
}

// place is where a term stands next, -1 where it does not any more.
type place struct {
	term engine.Term
	at   int
}

// seek goes on to where the term stands from a place of the text on.
func (p *place) seek(text string, from int) {
	if p.at < 0 || p.at >= from {
		return
	}
	if p.at = wordIn(text[from:], p.term.Source); p.at >= 0 {
		p.at += from
	}
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
