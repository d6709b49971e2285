package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

const (
	// mostTerms bounds a glossary that was found; one that a person gives may be
	// longer.
	mostTerms = 500
	// longestTerm is the length of a term or its translation, in characters.
	longestTerm = 120
	// mostAliases bounds the other names of a term.
	mostAliases = 8
)

// Conflict is a term that was found with several translations.
type Conflict struct {
	Term   string   `json:"term"`
	Chosen string   `json:"chosen"`
	Others []string `json:"others"`
}

// Settle makes one glossary of what was found in each part of a document, of which
// it is given the texts. Of several translations of a term the one stands that most
// parts gave, and among equals the first. Terms come by how many parts name them.
// Words that only seem to be names because sentences begin with them are left out.
func Settle(parts [][]engine.Entry, texts ...string) (glossary []engine.Entry, conflicts []Conflict) {
	everyday := everydayWords(texts)
	byTerm := map[string]*candidate{}
	var order []*candidate
	for _, part := range parts {
		for _, entry := range part {
			entry, ok := tidy(entry)
			if !ok || entry.Kind == "" && everyday[entry.Term] {
				continue
			}
			key := strings.ToLower(entry.Term)
			found := byTerm[key]
			if found == nil {
				found = &candidate{entry: entry}
				byTerm[key] = found
				order = append(order, found)
			}
			found.take(entry)
		}
	}
	slices.SortStableFunc(order, func(a, b *candidate) int { return cmp.Compare(b.parts, a.parts) })
	for _, found := range order[:min(len(order), mostTerms)] {
		entry, conflict := found.settle()
		entry.Aliases = slices.DeleteFunc(entry.Aliases, func(alias string) bool { return byTerm[strings.ToLower(alias)] != nil })
		entry.Aliases = entry.Aliases[:min(len(entry.Aliases), mostAliases)]
		glossary = append(glossary, entry)
		if conflict != nil {
			conflicts = append(conflicts, *conflict)
		}
	}
	return glossary, conflicts
}

// candidate is a term with all that was said of it.
type candidate struct {
	entry        engine.Entry
	parts        int
	translations []vote
}

type vote struct {
	translation string
	times       int
}

// take counts what a part says of the term.
func (c *candidate) take(entry engine.Entry) {
	c.parts++
	c.entry.Kind = cmp.Or(c.entry.Kind, entry.Kind)
	c.entry.Gender = cmp.Or(c.entry.Gender, entry.Gender)
	for _, alias := range entry.Aliases {
		if !slices.Contains(c.entry.Aliases, alias) {
			c.entry.Aliases = append(c.entry.Aliases, alias)
		}
	}
	for i := range c.translations {
		if c.translations[i].translation == entry.Translation {
			c.translations[i].times++
			return
		}
	}
	c.translations = append(c.translations, vote{entry.Translation, 1})
}

// settle chooses the term's translation.
func (c *candidate) settle() (engine.Entry, *Conflict) {
	slices.SortStableFunc(c.translations, func(a, b vote) int { return b.times - a.times })
	entry := c.entry
	entry.Translation = c.translations[0].translation
	if len(c.translations) == 1 {
		return entry, nil
	}
	conflict := &Conflict{Term: entry.Term, Chosen: entry.Translation}
	for _, other := range c.translations[1:] {
		conflict.Others = append(conflict.Others, other.translation)
	}
	return entry, conflict
}

// tidy returns an entry without what is no use; false where nothing is left.
func tidy(entry engine.Entry) (engine.Entry, bool) {
	entry.Term, entry.Translation = clean(entry.Term), clean(entry.Translation)
	if entry.Term == "" || entry.Translation == "" {
		return entry, false
	}
	if entry.Kind = clean(entry.Kind); entry.Kind == "unknown" {
		entry.Kind = ""
	}
	if entry.Gender = clean(entry.Gender); entry.Gender == "unknown" {
		entry.Gender = ""
	}
	aliases := entry.Aliases
	entry.Aliases = nil
	for _, alias := range aliases {
		if alias = clean(alias); alias != "" && !strings.EqualFold(alias, entry.Term) {
			entry.Aliases = append(entry.Aliases, alias)
		}
	}
	return entry, true
}

// clean returns a text on one line, or "" where it is too long to be a term.
func clean(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(text) > longestTerm || strings.ContainsRune(text, 0) {
		return ""
	}
	return text
}
