package pseudo

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

var _ engine.Analyst = (*Engine)(nil)

// mostTerms is how many terms a glossary of this engine holds at most.
const mostTerms = 40

// Analyse finds the names of a text by their capitals, so that what follows on an
// analysis can be seen without a model: the brief, its review, and its editing.
func (e *Engine) Analyse(ctx context.Context, request engine.Analysis) (engine.Findings, error) {
	if err := e.wait(ctx); err != nil {
		return engine.Findings{}, err
	}
	found := names(request.Payload.Text)
	findings := engine.Findings{Usage: engine.Usage{
		InputTokens:  (utf8.RuneCountInString(request.Payload.Text+request.Instructions) + 3) / 4,
		OutputTokens: 8 + 8*len(found),
	}}
	if request.Payload.Task == engine.AnalyseGlossary {
		for _, name := range found {
			findings.Glossary = append(findings.Glossary, engine.Entry{Term: name, Translation: accented(name)})
		}
		return findings, nil
	}
	findings.Style = engine.Style{
		NarrationStyleEndings: "as in the source",
		ToneKeywords:          "accented, bracketed",
		StylisticRule:         "Accent each Latin letter; translate nothing.",
	}
	if len(found) > 0 {
		findings.Style.ProtagonistName = found[0]
	}
	return findings, nil
}

// names returns the words that stand with a capital within a sentence more than
// once, the most frequent first.
func names(text string) []string {
	times := map[string]int{}
	begins := true // of a sentence
	for word := range strings.FieldsSeq(text) {
		bare := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
		bare, _, _ = strings.Cut(bare, "’")
		bare, _, _ = strings.Cut(bare, "'")
		if first, size := utf8.DecodeRuneInString(bare); !begins && unicode.IsUpper(first) && len(bare) > size+1 &&
			!strings.ContainsFunc(bare[size:], func(r rune) bool { return !unicode.IsLower(r) }) {
			times[bare]++
		}
		begins = strings.ContainsAny(word, ".!?:;\"“”‘—<>")
	}
	maps.DeleteFunc(times, func(_ string, n int) bool { return n < 2 })
	found := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(times[b]-times[a], cmp.Compare(a, b))
	})
	return found[:min(len(found), mostTerms)]
}
