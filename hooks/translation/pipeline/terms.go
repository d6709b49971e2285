package pipeline

import (
	"fmt"
	"strings"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/glossary"
)

// checkGlossary is the name of the check of terms.
const checkGlossary = "glossary"

// mostTermsNamed bounds the terms that one block's problem names.
const mostTermsNamed = 5

// obeyed takes the translations out of good in which a term of the glossary did
// not become what it must, and returns what is wrong with them.
func obeyed(work *Work, asked []Block, good map[string]string) (problems []Problem) {
	if len(work.Glossary) == 0 {
		return nil
	}
	terms := newGlossary(work.SourceLanguage, work.TargetLanguage, work.Glossary)
	for _, block := range asked {
		text, ok := good[block.ID]
		if !ok {
			continue
		}
		if broken := terms.Broken(block.Text, text); len(broken) > 0 {
			delete(good, block.ID)
			problems = append(problems, Problem{Block: block.ID, Check: checkGlossary, Detail: disobedience(broken)})
		}
	}
	return problems
}

// disobedience says which terms did not become what they must.
func disobedience(broken []Term) string {
	var named []string
	for _, term := range broken[:min(len(broken), mostTermsNamed)] {
		named = append(named, fmt.Sprintf("%q must be %q", term.Term, term.Translation))
	}
	if more := len(broken) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("and %d more", more))
	}
	return "the glossary was not followed: " + strings.Join(named, ", ")
}

// termsOf returns a glossary for engines that read no instructions.
func termsOf(terms []Term) []engine.Term {
	if len(terms) == 0 {
		return nil
	}
	plain := make([]engine.Term, len(terms))
	for i, term := range terms {
		plain[i] = engine.Term{Source: term.Term, Target: term.Translation}
	}
	return plain
}

// writeTerms writes the terms in force, a line each: what it becomes, and what
// helps to write sentences around it.
func writeTerms(b *strings.Builder, terms []Term) {
	for _, term := range terms {
		fmt.Fprintf(b, "\n- %s → %s", asJSON(term.Term), asJSON(term.Translation))
		if about := aboutTerm(term); about != "" {
			fmt.Fprintf(b, " (%s)", about)
		}
	}
}

// mostAliasesTold bounds the other names of a term that a question holds; all of
// them count for finding it.
const mostAliasesTold = 5

// aboutTerm says what is known of a term besides its translation.
func aboutTerm(term Term) string {
	var about []string
	for _, word := range []string{term.Kind, term.Gender} {
		if word != "" && word != "unknown" {
			about = append(about, asJSON(word))
		}
	}
	if len(term.Aliases) > 0 {
		about = append(about, "also called "+asJSON(term.Aliases[:min(len(term.Aliases), mostAliasesTold)]))
	}
	return strings.Join(about, ", ")
}

// newGlossary makes terms searchable for a pair of languages.
func newGlossary(source, target string, terms []Term) *glossary.Glossary {
	return glossary.New(glossary.Pair{Source: source, Target: target}, terms)
}
