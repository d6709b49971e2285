package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// everydayWords returns the words of texts that stand with a capital and are no
// names: within sentences they are written without one more often.
func everydayWords(texts []string) map[string]bool {
	small, names := map[string]int{}, map[string]int{}
	for _, text := range texts {
		begins := true
		for word := range strings.FieldsSeq(text) {
			bare := bareWord(word)
			first, _ := utf8.DecodeRuneInString(bare)
			switch {
			case unicode.IsLower(first):
				small[bare]++
			case capitalised(bare) && !begins:
				names[bare]++
			}
			begins = strings.ContainsAny(word, sentenceMarks)
		}
	}
	everyday := map[string]bool{}
	for word, times := range small {
		first, size := utf8.DecodeRuneInString(word)
		name := string(unicode.ToUpper(first)) + word[size:]
		if times > names[name] {
			everyday[name] = true
		}
	}
	return everyday
}
