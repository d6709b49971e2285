package tongue

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foreignLetter is what a letter beyond ASCII that a language does not write costs: about
// four common trigrams, so that a word with one looks less like the language than none.
const foreignLetter = 8

// Likeness returns how much a text looks like one in the language that it looks like
// most, by its trigrams and its letters: some 2 a letter for a text, nothing or less for
// what makes no words. It is for comparing readings of the same bytes. sole says that most
// of the text is in a script which only one language has, or in none: of that nothing is
// known but its letters, and it is like nothing.
func Likeness(text string) (gain float64, sole bool) {
	pieces := sample([]string{text})
	table := scripts()
	found := newFindings(len(pieces), len(table))
	for i, piece := range pieces {
		reader := wordReader{scripts: table, yield: func(word []rune, script int) { found.add(i, word, script) }}
		reader.read(piece)
	}
	main, _ := found.mainScript(table)
	census := found.census[main]
	if main == han || main == kana || table[main].sole != "" || census == nil {
		return 0, true
	}
	code := table[main].code
	foreign := foreignLetters(code, lettersBeyondASCII(pieces))
	for i, candidate := range census.candidates(code) {
		like := candidate.all - foreignLetter*float64(foreign[candidate.tag])
		if i == 0 || like > gain {
			gain = like
		}
	}
	return gain, false
}

// lettersBeyondASCII counts the letters of texts, in small, that are not among ASCII's.
func lettersBeyondASCII(texts []string) map[rune]int {
	letters := map[rune]int{}
	for _, text := range texts {
		for _, r := range text {
			if r >= utf8.RuneSelf && unicode.IsLetter(r) {
				letters[unicode.ToLower(r)]++
			}
		}
	}
	return letters
}

// foreignLetters returns how many of some letters each language of a script does not
// write, by its tag: what it writes stands in the trigrams of its profile.
func foreignLetters(script string, letters map[rune]int) map[string]int {
	foreign := map[string]int{}
	all := 0
	for _, count := range letters {
		all += count
	}
	language := ""
	var known map[rune]bool
	_, table, _ := strings.Cut(profiles, "\nscript "+script+"\n")
	for line := range strings.Lines(table) {
		name, trigrams, listed := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case name == "":
			return foreign
		case !listed:
			language, known = name, make(map[rune]bool, len(letters))
			foreign[language] = all
			continue
		}
		for _, r := range trigrams {
			if r >= utf8.RuneSelf && letters[r] > 0 && !known[r] {
				known[r] = true
				foreign[language] -= letters[r]
			}
		}
	}
	return foreign
}
