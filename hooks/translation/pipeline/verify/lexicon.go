package verify

import "math/bits"

// vocabulary is a language's frequent words, with white space between.
type vocabulary struct {
	language string
	words    string
}

// lexicon knows the frequent words of the languages that share a script with
// the target language, and of those written in Latin letters.
type lexicon struct {
	// of maps the hash of a word to a bit for each language that has it.
	of map[uint32]uint64
	// target, source are the bits of the two languages; 0 where their words are
	// not known.
	target, source uint64
	names          []string
	scripts        scriptSet
}

// maxLanguages is how many languages a lexicon can hold, one bit each.
const maxLanguages = 64

// lexiconOf makes the lexicon of a pair.
func lexiconOf(target, source tongue) lexicon {
	l := lexicon{of: make(map[uint32]uint64, 3000)}
	tables := [...]struct {
		script script
		words  func() []vocabulary
	}{{latin, latinWords}, {cyrillic, cyrillicWords}, {arabic, arabicWords}, {devanagari, devanagariWords}}
	for _, table := range tables {
		if table.script != latin && !target.scripts.has(table.script) {
			continue
		}
		l.scripts |= setOf(table.script)
		for _, vocabulary := range table.words() {
			l.add(vocabulary, target, source)
		}
	}
	return l
}

func (l *lexicon) add(v vocabulary, target, source tongue) {
	if len(l.names) == maxLanguages {
		return
	}
	bit := uint64(1) << len(l.names)
	l.names = append(l.names, v.language)
	if listedAs(v.language, target.base) {
		l.target |= bit
	}
	if listedAs(v.language, source.base) {
		l.source |= bit
	}
	for at := 0; at < len(v.words); {
		end := at
		for end < len(v.words) && v.words[end] != ' ' && v.words[end] != '\n' {
			end++
		}
		if end > at {
			l.of[hashOf(v.words[at:end])] |= bit
		}
		at = end + 1
	}
}

// listedAs reports whether the words of a language stand under a name:
// languages that differ too little to be told apart share a list.
func listedAs(name, base string) bool {
	switch base {
	case name:
		return true
	case "hr", "bs", "sr", "cnr":
		return name == "sh"
	case "ms":
		return name == "id"
	case "no":
		return name == "nb" || name == "nn"
	case "tl":
		return name == "fil"
	case "prs":
		return name == "fa"
	case "ku":
		return name == "ckb"
	}
	return false
}

// hits counts the frequent words of a text, by language.
type hits struct {
	words int                 // of the scripts that the lexicon knows, no code
	of    [maxLanguages]int32 // words that the language has
	// withTarget, withSource count those that the target or the source
	// language has as well.
	withTarget, withSource [maxLanguages]int32
	target, source         int32
	// kinds has a bit for each different word, one of 64, that the target has
	// not, by language.
	kinds [maxLanguages]uint64
	// languages are those that have a word which the target has not.
	languages uint64
}

// count counts the frequent words of a text in some scripts, without those that
// are code or copied from the source, such as names of books.
func (l *lexicon) count(r *reading, h *hits, in scriptSet) {
	*h = hits{}
	if len(l.of) == 0 {
		return
	}
	for i := range r.words {
		w := &r.words[i]
		if w.code || w.copied || !in.has(w.script) {
			continue
		}
		h.words++
		found := l.of[w.hash]
		if found == 0 {
			continue
		}
		hasTarget, hasSource := found&l.target != 0, found&l.source != 0
		if hasTarget {
			h.target++
		} else {
			h.languages |= found
		}
		if hasSource {
			h.source++
		}
		for rest := found; rest != 0; rest &= rest - 1 {
			language := bits.TrailingZeros64(rest)
			h.of[language]++
			if hasTarget {
				h.withTarget[language]++
			} else {
				h.kinds[language] |= 1 << (w.hash % 64)
			}
			if hasSource {
				h.withSource[language]++
			}
		}
	}
}

// add adds up two texts.
func (h *hits) add(other *hits) {
	h.words += other.words
	h.target += other.target
	h.source += other.source
	h.languages |= other.languages
	for i := range h.of {
		h.of[i] += other.of[i]
		h.kinds[i] |= other.kinds[i]
		h.withTarget[i] += other.withTarget[i]
		h.withSource[i] += other.withSource[i]
	}
}
