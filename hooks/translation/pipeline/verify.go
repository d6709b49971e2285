package pipeline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

// Problem is what is wrong with the answer to one block, in words that serve
// the model that is asked again and the reader who finds the block untranslated.
type Problem struct {
	Block  string
	Detail string
}

// check looks at one block and its translation and says what is wrong, or "".
type check func(source, translation string) string

// checks are the checks of a single block that need no model and no knowledge
// of the language pair, in the order in which they are told.
func checks() []check {
	return []check{notEmpty, tagsIntact, notEcho, numbersKept, lengthWithinBounds, noRunaway}
}

// verify sorts an answer: the translations that can be used by block id, and a
// problem for each block that cannot.
func verify(asked []Block, answer []engine.Block) (good map[string]string, problems []Problem) {
	given := map[string][]string{}
	for _, block := range answer {
		given[block.ID] = append(given[block.ID], block.Text)
	}
	good = make(map[string]string, len(asked))
	for _, block := range asked {
		texts := given[block.ID]
		if detail := once(texts); detail != "" {
			problems = append(problems, Problem{block.ID, detail})
			continue
		}
		detail := ""
		for _, check := range checks() {
			if detail = check(block.Text, texts[0]); detail != "" {
				break
			}
		}
		if detail != "" {
			problems = append(problems, Problem{block.ID, detail})
			continue
		}
		good[block.ID] = texts[0]
	}
	return good, problems
}

// once wants every id exactly once. Ids that nobody asked for are dropped
// without a word: they take nothing away from the others.
func once(texts []string) string {
	switch len(texts) {
	case 1:
		return ""
	case 0:
		return "it was missing from the answer"
	}
	return "it stood in the answer more than once"
}

// notEmpty wants something where there was something.
func notEmpty(source, translation string) string {
	if strings.TrimSpace(source) != "" && strings.TrimSpace(translation) == "" {
		return "the translation was empty"
	}
	return ""
}

var inlineTag = regexp.MustCompile(`</?\d+/?>`)

// tagsIntact wants the same numbered tags, each as often, and closing tags
// after their opening ones.
func tagsIntact(source, translation string) string {
	want := inlineTag.FindAllString(source, -1)
	got := inlineTag.FindAllString(translation, -1)
	if len(want) == 0 && len(got) == 0 {
		return ""
	}
	if !nested(got) {
		return "its markup tags were crossed"
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return "its markup tags were lost or changed"
	}
	return ""
}

func nested(tags []string) bool {
	var open []string
	for _, tag := range tags {
		number := strings.Trim(tag, "</>")
		switch {
		case strings.HasSuffix(tag, "/>"):
		case strings.HasPrefix(tag, "</"):
			if len(open) == 0 || open[len(open)-1] != number {
				return false
			}
			open = open[:len(open)-1]
		default:
			open = append(open, number)
		}
	}
	return len(open) == 0
}

// echoWords is the number of words from which on an unchanged text is taken
// for an echo. Shorter ones are often names, which do not change.
const echoWords = 4

// notEcho refuses the source given back. Text that is hardly any words (a
// name, a formula, an address) may stay as it is.
func notEcho(source, translation string) string {
	if strings.TrimSpace(source) != strings.TrimSpace(translation) {
		return ""
	}
	words := strings.FieldsFunc(inlineTag.ReplaceAllString(source, " "), func(r rune) bool { return !unicode.IsLetter(r) })
	spaceless := strings.ContainsFunc(source, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar)
	})
	lowercase := slices.ContainsFunc(words, func(word string) bool {
		r, _ := utf8.DecodeRuneInString(word)
		return !unicode.IsUpper(r)
	})
	if (len(words) >= echoWords && lowercase) || (spaceless && utf8.RuneCountInString(source) >= 2*echoWords) {
		return "it came back untranslated"
	}
	return ""
}

// numbersKept wants the numbers of two and more digits to stand in the
// translation, in whatever digits and with whatever separators. Single digits
// are often written out, and so are left alone.
func numbersKept(source, translation string) string {
	wanted := numbers(source)
	if len(wanted) == 0 {
		return ""
	}
	kept := map[string]int{}
	for _, number := range numbers(translation) {
		kept[number.joined]++
		if len(number.parts) > 1 {
			for _, part := range number.parts {
				kept[part]++
			}
		}
	}
	take := func(digits string) bool {
		kept[digits]--
		return kept[digits] >= 0
	}
	for _, number := range wanted {
		if len(number.joined) < 2 || take(number.joined) {
			continue
		}
		// "10,11" may be two numbers or one; it counts as either.
		for _, part := range number.parts {
			if len(number.parts) < 2 || !take(part) {
				return fmt.Sprintf("the number %s was lost", number.joined)
			}
		}
	}
	return ""
}

// digits is a number in ASCII digits: as one without its separators, and as
// the parts that the separators make.
type digits struct {
	joined string
	parts  []string
}

// numbers returns a text's numbers.
func numbers(text string) []digits {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return nil
	}
	var found []digits
	var part strings.Builder
	var open []string
	endPart := func() {
		if part.Len() > 0 {
			open = append(open, part.String())
			part.Reset()
		}
	}
	endNumber := func() {
		endPart()
		if len(open) > 0 {
			found = append(found, digits{strings.Join(open, ""), open})
			open = nil
		}
	}
	runes := []rune(inlineTag.ReplaceAllString(text, " "))
	for i, r := range runes {
		switch {
		case unicode.IsDigit(r):
			part.WriteByte(asciiDigit(r))
		case part.Len() > 0 && strings.ContainsRune(".,'’٬٫\u00a0\u202f", r) && i+1 < len(runes) && unicode.IsDigit(runes[i+1]):
			endPart() // a separator within a number, or between two
		default:
			endNumber()
		}
	}
	endNumber()
	return found
}

// asciiDigit returns the ASCII digit of any decimal digit. Unicode encodes
// each script's ten digits one after another from its zero.
func asciiDigit(r rune) byte {
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return byte('0' + (r-zero)%10)
}

const (
	// shortText is the length up to which bounds mean nothing: "OK" may become
	// a sentence.
	shortText = 40
	// leastRatio and mostRatio bound the translation's characters over the
	// source's for any two languages: English to Chinese shrinks to a third,
	// Chinese to English grows fourfold, with room on both sides.
	leastRatio, mostRatio = 0.12, 8.0
)

// lengthWithinBounds refuses what is cut off or blown up beyond what any pair
// of languages can explain.
func lengthWithinBounds(source, translation string) string {
	from, to := utf8.RuneCountInString(source), utf8.RuneCountInString(translation)
	if from <= shortText && to <= shortText*mostRatio {
		return ""
	}
	switch ratio := float64(to) / float64(from); {
	case ratio < leastRatio:
		return "the translation was far too short"
	case ratio > mostRatio:
		return "the translation was far too long"
	}
	return ""
}

// runawayTimes is how often in a row the same phrase may stand beyond what the
// source itself repeats.
const runawayTimes = 8

// noRunaway refuses a text that ends in the same words again and again, as
// models do when they lose the thread.
func noRunaway(source, translation string) string {
	if repeats(translation) >= runawayTimes && repeats(source) < runawayTimes/2 {
		return "the translation repeated itself without end"
	}
	return ""
}

// longestPhrase is the longest phrase, in words, whose repetition is looked for.
const longestPhrase = 10

// repeats returns how often a phrase of one to ten words stands at the end of
// a text in a row, up to runawayTimes and a few more.
func repeats(text string) int {
	words := lastWords(text, longestPhrase*(runawayTimes+1))
	most := 1
	for length := 1; length <= longestPhrase && length*2 <= len(words); length++ {
		times := 1
		last := words[len(words)-length:]
		for end := len(words) - length; end >= length; end -= length {
			if !slices.Equal(words[end-length:end], last) {
				break
			}
			times++
		}
		most = max(most, times)
	}
	return most
}

// lastWords returns the last n words of a text, without looking at the rest.
func lastWords(text string, n int) []string {
	const longWord = 40 // in bytes, white space included
	if cut := len(text) - n*longWord; cut > 0 {
		text = text[cut:]
	}
	words := strings.Fields(text)
	return words[max(0, len(words)-n):]
}
