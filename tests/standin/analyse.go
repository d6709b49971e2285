package standin

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The tasks of analysis requests.
const (
	taskStyle    = "analyze_style"
	taskGlossary = "analyze_glossary"
)

// mostTerms is how many terms a glossary holds at most.
const mostTerms = 10

// analyse returns a plausible answer to an analysis, made of the capitalised
// words that stand in the text more than once.
// Where the response schema wants a list for a field of the style, it is one.
func analyse(payload Payload, schema json.RawMessage) string {
	names := names(payload.Text)
	if payload.Task == taskGlossary {
		type entry struct {
			Term        string `json:"term"`
			Translation string `json:"translation"`
		}
		glossary := []entry{}
		for _, name := range names[:min(len(names), mostTerms)] {
			glossary = append(glossary, entry{name, Translate(payload.TargetLanguage, name)})
		}
		return asJSON(map[string]any{"glossary": glossary})
	}
	protagonist := ""
	if len(names) > 0 {
		protagonist = names[0]
	}
	endings := "past tense, plain"
	if payload.TargetLanguage == "ko" {
		endings = "-했다, -였다"
	}
	style := map[string]any{
		"protagonist_name":        protagonist,
		"narration_style_endings": endings,
		"tone_keywords":           "calm, observant",
		"stylistic_rule":          "Keep sentences as long as they are.",
	}
	for field := range style {
		if wantsList(schema, field) {
			style[field] = strings.Split(style[field].(string), ", ")
		}
	}
	return asJSON(style)
}

// wantsList reports whether a schema says that a field is a list.
func wantsList(schema json.RawMessage, field string) bool {
	var object struct {
		Properties map[string]struct {
			Type string `json:"type"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(schema, &object); err != nil {
		return false
	}
	return strings.EqualFold(object.Properties[field].Type, "array")
}

// names returns the capitalised words that stand in a text more than once, the
// most frequent first.
func names(text string) []string {
	times := map[string]int{}
	for _, word := range regexp.MustCompile(`\p{Lu}\p{Ll}+`).FindAllString(text, -1) {
		if utf8.RuneCountInString(word) > 3 {
			times[word]++
		}
	}
	maps.DeleteFunc(times, func(_ string, n int) bool { return n < 2 })
	return slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(times[b]-times[a], cmp.Compare(a, b))
	})
}
