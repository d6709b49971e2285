package standin

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// withWhims adds the words that a request translates as it happens.
func (g *Gemini) withWhims(terms []Term, number int) []Term {
	for word, ways := range g.config.Whims {
		told := slices.ContainsFunc(terms, func(term Term) bool { return strings.EqualFold(term.Term, word) })
		if !told {
			terms = append(terms, Term{word, ways[mix(g.config.Seed, uint64(number))%uint64(len(ways))]})
		}
	}
	return terms
}

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
