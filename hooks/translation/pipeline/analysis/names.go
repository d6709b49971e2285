package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// mostNames bounds the words that are counted; a long novel has some two
	// thousand with capitals.
	mostNames = 20_000
	// leastTimes is how often a name stands in a document to be worth a line.
	leastTimes = 2
	// lineCharacters is the length of a line that shows a name.
	lineCharacters = 200
	// sentenceMarks are what a word has about it before a new sentence, or quotation.
	sentenceMarks = ".!?:;\"“”„«»‘—–¿¡"
	// longestName is the length of a name in bytes, beyond which it is none.
	longestName = 60
)

// names counts the words that stand with a capital within a sentence. Languages
// without capitals have none, and are shown more passages in their place.
type names struct {
	byWord map[string]*name
}

type name struct {
	word  string
	times int
	shown bool   // in a passage, where it may make room again
	line  string // around its second place
	from  int
}

// read counts the names in a text that stands at a character of the document.
func (n *names) read(text string, shown bool, from int) {
	if n.byWord == nil {
		n.byWord = map[string]*name{}
	}
	begins := true // of a sentence
	at := 0
	for word := range strings.FieldsSeq(text) {
		start := at + strings.Index(text[at:], word)
		at = start + len(word)
		bare := bareWord(word)
		if !begins && capitalised(bare) {
			n.count(bare, text, start, shown, from)
		}
		begins = strings.ContainsAny(word, sentenceMarks)
	}
}

func (n *names) count(word, text string, at int, shown bool, from int) {
	found := n.byWord[word]
	if found == nil {
		if len(n.byWord) >= mostNames {
			return
		}
		found = &name{word: word}
		n.byWord[strings.Clone(word)] = found
	}
	found.times++
	found.shown = found.shown || shown
	if found.times <= leastTimes {
		found.line, found.from = around(text, at), from
	}
}

// bareWord returns a word without what stands around it and without its
// possessive ending.
func bareWord(word string) string {
	word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if at := strings.IndexAny(word, "'’"); at > 1 {
		word = word[:at]
	}
	return word
}

// capitalised reports whether a word begins with a capital and goes on without.
func capitalised(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) || size == len(word) || len(word) > longestName {
		return false
	}
	second, _ := utf8.DecodeRuneInString(word[size:])
	return unicode.IsLower(second)
}

// around returns the text around a byte, between spaces.
func around(text string, at int) string {
	from, to := max(0, at-lineCharacters/2), min(len(text), at+lineCharacters/2)
	if from > 0 {
		if space := strings.IndexByte(text[from:at], ' '); space >= 0 {
			from += space + 1
		}
	}
	for from < len(text) && !utf8.RuneStart(text[from]) {
		from++
	}
	if to < len(text) {
		if space := strings.LastIndexByte(text[at:to], ' '); space > 0 {
			to = at + space
		}
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	return strings.Clone(text[from:to])
}

// lines returns a line for each name that recurs and stands in no passage, the
// most frequent first, at most so many characters in all.
func (n *names) lines(budget int) (lines []piece) {
	var wanted []*name
	for _, found := range n.byWord {
		if found.times >= leastTimes && !found.shown {
			wanted = append(wanted, found)
		}
	}
	slices.SortFunc(wanted, func(a, b *name) int { return cmp.Or(b.times-a.times, cmp.Compare(a.word, b.word)) })
	for _, found := range wanted {
		if budget -= utf8.RuneCountInString(found.line) + 1; budget < 0 {
			break
		}
		lines = append(lines, piece{found.from, found.line})
	}
	return lines
}
