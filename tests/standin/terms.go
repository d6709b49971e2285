package standin

import (
	"encoding/json"
	"regexp"
	"strings"
)

// termsIn reads the glossary that stands in a system instruction, one term a
// line: the term and its translation as JSON strings with an arrow between
// them, or a JSON object with "term" and "translation".
func termsIn(instructions string) []Term {
	arrow := regexp.MustCompile(`("(?:[^"\\]|\\.)*")\s*(?:→|->|=>)\s*("(?:[^"\\]|\\.)*")`)
	object := regexp.MustCompile(`\{[^{}]*"term"\s*:[^{}]*\}`)
	var terms []Term
	add := func(term Term) {
		if term.Term != "" && term.Translation != "" {
			terms = append(terms, term)
		}
	}
	for line := range strings.SplitSeq(instructions, "\n") {
		if match := arrow.FindStringSubmatch(line); match != nil {
			var term Term
			if json.Unmarshal([]byte(match[1]), &term.Term) == nil && json.Unmarshal([]byte(match[2]), &term.Translation) == nil {
				add(term)
			}
			continue
		}
		for _, match := range object.FindAllString(line, -1) {
			var term Term
			if json.Unmarshal([]byte(match), &term) == nil {
				add(term)
			}
		}
	}
	return terms
}
