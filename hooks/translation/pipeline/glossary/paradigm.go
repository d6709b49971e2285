package glossary

import "strings"

// paradigm is a way of inflecting words: those that end in cut lose it, and
// take one of the endings instead.
type paradigm struct {
	cut string
	// takes are the endings, between spaces. "_" is no ending.
	takes string
	// after are the letters one of which the stem must end with; "" for any.
	after string
	// from is how many letters the stem has at least; 0 for two.
	from int
	// chain says that several endings may follow each other.
	chain bool
	// agrees reports whether an ending goes with a stem by its sound; nil where
	// all do.
	agrees func(stem, ending string) bool
	// changed says that the stem itself changes: what is found so is doubtful.
	changed bool
}

// grammar is how words of a language are inflected.
type grammar struct {
	paradigms []paradigm
	// alter returns other stems of a word, to which the first paradigm applies.
	alter func(word string) []string
	// prefixes are what may stand before a word without a space.
	prefixes string
	// elides says that words are shortened before others, as in "l'homme".
	elides bool
	// compounds says that words are joined to longer ones.
	compounds bool
	// outside says that what follows the stem is a word of its own: a particle.
	outside bool
	// letter says that an apostrophe is a letter.
	letter bool
	// articles are words that a term may have, and change or lose.
	articles string
}

// endings is a paradigm ready to be asked.
type endings struct {
	paradigm
	takes map[string]bool
	// longest is the length of the longest ending in bytes.
	longest int
}

// longestChain is how many bytes the endings of a word have together at most.
const longestChain = 36

// endingsOf returns a grammar's paradigms, ready to be asked.
func endingsOf(g grammar) []endings {
	all := make([]endings, len(g.paradigms))
	for i, p := range g.paradigms {
		if p.from == 0 {
			p.from = 2
		}
		e := endings{paradigm: p, takes: make(map[string]bool)}
		for ending := range strings.FieldsSeq(p.takes) {
			ending = strings.TrimPrefix(ending, "_")
			e.takes[ending] = true
			e.longest = max(e.longest, len(ending))
		}
		all[i] = e
	}
	return all
}

// allows reports whether a stem may be followed by an ending.
func (e *endings) allows(stem, ending string) bool {
	if e.agrees != nil && !e.agrees(stem, ending) {
		return false
	}
	if e.takes[ending] {
		return true
	}
	return e.chain && len(ending) <= longestChain && e.chained(ending)
}

// chained reports whether an ending is made of several.
func (e *endings) chained(ending string) bool {
	var reached [longestChain + 1]bool
	reached[0] = true
	for from := range len(ending) {
		if !reached[from] {
			continue
		}
		for to := from + 1; to <= min(len(ending), from+e.longest); to++ {
			if !reached[to] && e.takes[ending[from:to]] {
				reached[to] = true
			}
		}
	}
	return reached[len(ending)]
}

// stemOf returns what a paradigm leaves of a word, and whether it applies.
func (e *endings) stemOf(word string) (string, bool) {
	stem, found := strings.CutSuffix(word, e.cut)
	if !found || runes(stem) < e.from {
		return "", false
	}
	if e.after == "" {
		return stem, true
	}
	last := []rune(stem)
	return stem, strings.ContainsRune(e.after, last[len(last)-1])
}

func runes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}
