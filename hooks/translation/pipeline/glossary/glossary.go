// Package glossary finds a glossary's terms in source texts, and tells whether
// a translation obeyed them.
//
//	g := glossary.New(glossary.Pair{Source: "en", Target: "ru"}, terms)
//	rules := g.In(block, nextBlock)      // which terms to send with a request
//	broken := g.Broken(block, answer)    // which of them the answer ignored
//
// A term is found in its inflected forms ("Измаилом"), across inline tags,
// line breaks, and kinds of hyphens, apostrophes and spaces, and never inside
// another word. Names, which are terms with a capital, are found with one.
//
// What a translation must hold is judged mildly: a block refused for nothing is
// asked for again at the owner's cost and in the end stands untranslated. The
// translation's words may be inflected, compounded, parted and reordered;
// another rendering ("Исмаил" for "Измаил") is still found. A [Term.Translation]
// may name alternatives: "кит / китиха", "кит|китиха" or "кит; китиха", of which
// one must stand, and end with a remark in parentheses, which need not. A slash
// without spaces is part of the translation. Forms with another stem ("люди" for
// "человек") are not known and must be named as alternatives.
//
// All of it takes time in proportion to the text, whatever the glossary and
// the text hold.
package glossary

// Term is a glossary entry: a source term and what it must become.
type Term struct {
	Term        string `json:"term"`
	Translation string `json:"translation"`
	// Kind is "person", "place", "organisation", "thing", "concept", or "" for
	// unknown.
	Kind string `json:"kind,omitempty"`
	// Gender is "female", "male", "neuter", "plural", or "" for unknown.
	Gender string `json:"gender,omitempty"`
	// Aliases are other spellings and names in the source that mean the same.
	// They count as the term for finding it, and demand nothing.
	Aliases []string `json:"aliases,omitempty"`
}

// Pair are the languages of a translation as BCP 47 tags. Source is "" where it
// is unknown.
type Pair struct{ Source, Target string }

// Glossary holds terms ready to be found. It does not change once it is made,
// and may serve many goroutines.
type Glossary struct {
	terms []Term
	// source finds terms in source texts, target their translations in
	// translations.
	source, target *index
	// demands are what translations must hold, by term.
	demands []demand
}

// Occurrence is where a term stands in a text.
type Occurrence struct {
	// Term is the term's index in the glossary. Of several entries with the
	// same term it is the first.
	Term int
	// Start and End are its place in bytes. An ending that inflects the word is
	// part of it, a particle or a clitic after an apostrophe is not.
	Start, End int
	// Alias says that one of the aliases stands there.
	Alias bool
	// Doubtful says that it may be another word: the case differs, or the form
	// was guessed. No translation is held against it.
	Doubtful bool
}

// New returns a glossary of terms, which are looked for in texts of the pair's
// source language. Tags that cannot be read are languages of which only scripts
// are known. Terms without a letter or a digit are never found.
func New(pair Pair, terms []Term) *Glossary {
	g := &Glossary{
		terms:   append([]Term(nil), terms...),
		source:  newIndex(pair.Source, len(terms)),
		target:  newIndex(pair.Target, len(terms)),
		demands: make([]demand, len(terms)),
	}
	for i := range g.terms {
		g.source.addTerm(i, &g.terms[i])
		g.demands[i] = g.target.addDemand(i, &g.terms[i])
	}
	g.source.seal()
	g.target.seal()
	return g
}

// Find returns where terms stand in a text, left to right and not overlapping,
// the longest at each place. Inline tags as <1>, </1> and <2/> are looked
// through.
func (g *Glossary) Find(text string) []Occurrence {
	var found []Occurrence
	for _, m := range g.source.find(text) {
		found = append(found, m.occurrence(g.source))
	}
	return found
}

// In returns the terms that occur in any of the texts, in glossary order,
// doubtful ones too.
func (g *Glossary) In(texts ...string) []Term {
	occurs := make([]bool, len(g.terms))
	for _, text := range texts {
		for _, m := range g.source.find(text) {
			for _, term := range g.source.entries[m.entry].terms {
				occurs[term] = true
			}
		}
	}
	var in []Term
	for i, yes := range occurs {
		if yes {
			in = append(in, g.terms[i])
		}
	}
	return in
}
