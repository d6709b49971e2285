package glossary

import (
	"slices"
	"strings"
)

// tongue is a grammar ready to be asked.
type tongue struct {
	grammar
	endings  []endings
	prefixes map[string]bool
	articles map[string]bool
}

// index is a tree of the words of terms, in which all terms that begin at
// a word are found at once.
type index struct {
	folder
	language string
	// tongues are the grammars, and tongueOf which of them a script has.
	tongues  []tongue
	tongueOf [scripts]uint8
	// homographs are ordinary words that are names too.
	homographs map[string]bool
	words      dictionary
	edges      map[edge]int32
	nodes      []node
	entries    []entry
}

// edge leads from a node by a word, and what stands before it.
type edge struct {
	node, word int32
	gap        gap
}

// node is a place in the tree of words.
type node struct {
	// entries end here.
	entries []int32
	// leaf says that nothing is longer.
	leaf bool
}

// entry is one way in which terms are written.
type entry struct {
	surface string
	// terms are written like this, in glossary order.
	terms []int32
	// casings are those of its words.
	casings []casing
	alias   bool
	// letters is how many it has, without gaps.
	letters int
	// word is the only one, if it is one.
	word string
	// homograph says that it is an ordinary word too, where it begins a sentence.
	homograph bool
}

const (
	// longestTerm is how many tokens a term has at most.
	longestTerm = 64
	// longestText is how many bytes it has at most.
	longestText = 1000
	// mostForms bounds the ways of writing one sequence of words in capitals.
	mostForms = 8
	// mostSteps bounds the ways in which terms are tried at one place.
	mostSteps = 400
)

// newIndex returns an empty index of about so many terms in a language.
func newIndex(tag string, terms int) *index {
	language := languageOf(tag)
	x := &index{
		language:   language,
		folder:     folderOf(language),
		words:      dictionary{ids: make(map[string]int32, terms), first: make(map[uint64]int32, 2*terms)},
		edges:      make(map[edge]int32, 2*terms),
		nodes:      make([]node, 1),
		homographs: homographs(language),
	}
	byScript := grammarsOf(language)
	x.tongues = []tongue{{}}
	for s, g := range byScript {
		if len(g.paradigms) == 0 {
			continue
		}
		x.tongueOf[s] = uint8(len(x.tongues))
		x.tongues = append(x.tongues, tongue{grammar: g, endings: endingsOf(g), prefixes: setOf(g.prefixes), articles: setOf(g.articles)})
	}
	return x
}

// seal ends the building of an index.
func (x *index) seal() {
	inner := make([]bool, len(x.nodes))
	for e := range x.edges {
		inner[e.node] = true
	}
	for i := range x.nodes {
		x.nodes[i].leaf = !inner[i]
	}
}

// add adds a way of writing a term, and returns its entry, -1 where it has no
// letters or too many.
func (x *index) add(term int, text string, alias bool) int32 {
	return x.enter(term, x.cut(text), alias)
}

// cut prepares a way of writing a term.
func (x *index) cut(text string) *reading {
	r := &reading{}
	if len(text) <= longestText {
		r.letters = x.fold(text)
		r.tokens = tokenize(r.letters)
	}
	return r
}

// enter adds a way of writing a term that is cut into tokens.
func (x *index) enter(term int, r *reading, alias bool) int32 {
	if len(r.tokens) == 0 || len(r.tokens) > longestTerm || !slices.ContainsFunc(r.tokens, token.word) {
		return -1
	}
	at := int32(0)
	e := entry{alias: alias}
	var surface strings.Builder
	for i, t := range r.tokens {
		letters := r.letters[t.from:t.to]
		if i == 0 {
			t.gap = tight
		}
		word := spelling(letters)
		at = x.step(at, x.word(word, t.script), t.gap)
		e.casings = append(e.casings, t.casing)
		e.letters += len(letters)
		if len(r.tokens) == 1 {
			e.word, e.homograph = word, x.homographs[word]
		}
		surface.WriteByte(byte(t.gap))
		writeCased(&surface, letters)
	}
	e.surface = surface.String()
	return x.end(at, int32(term), e)
}

// end puts an entry, or another term of an equal entry, to a node.
func (x *index) end(at, term int32, e entry) int32 {
	n := &x.nodes[at]
	for _, i := range n.entries {
		other := &x.entries[i]
		if other.surface != e.surface {
			continue
		}
		switch last := other.terms[len(other.terms)-1]; {
		case other.alias && !e.alias:
			// A term that is written so itself comes before another's alias.
			other.terms = append([]int32{term}, other.terms...)
			other.alias = false
		case last != term:
			other.terms = append(other.terms, term)
		}
		return i
	}
	if len(n.entries) >= mostForms {
		return -1
	}
	e.terms = []int32{term}
	x.entries = append(x.entries, e)
	n.entries = append(n.entries, int32(len(x.entries)-1))
	return int32(len(x.entries) - 1)
}

// step returns the node that a word leads to, made where there is none.
func (x *index) step(at, word int32, before gap) int32 {
	key := edge{at, word, before}
	if next, ok := x.edges[key]; ok {
		return next
	}
	next := int32(len(x.nodes))
	x.nodes = append(x.nodes, node{})
	x.edges[key] = next
	return next
}

// writeCased writes letters, each capital behind a sign.
func writeCased(b *strings.Builder, letters []letter) {
	for i := range letters {
		if letters[i].upper {
			b.WriteByte('^')
		}
		b.WriteRune(letters[i].r)
	}
}

// addTerm adds a term and its aliases.
func (x *index) addTerm(i int, term *Term) {
	x.add(i, term.Term, false)
	for _, alias := range term.Aliases {
		x.add(i, alias, true)
	}
	variants := koreanVariants(term)
	if x.language == "fr" {
		variants = append(variants, unaccentedCapital(term.Term)...)
	}
	for _, variant := range variants {
		x.add(i, variant, false)
	}
}
