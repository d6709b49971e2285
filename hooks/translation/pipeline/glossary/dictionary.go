package glossary

import (
	"strings"
)

const (
	// longestEnding is how many letters may follow a stem.
	longestEnding = 16
	// longestWord is how many letters an inflected word has at most.
	longestWord = 64
	// mostHits bounds how many words of the glossary one word may be a form of.
	mostHits = 8
)

// form is how a word of a text is related to the glossary's.
type form uint8

const (
	exact form = iota
	inflected
	// changed has another stem, or a prefix.
	changed
)

// stem is a beginning that forms of a word have.
type stem struct {
	text string
	word int32
	// tongue and paradigm say what may follow; paradigm is -1 where nothing may.
	tongue   uint8
	paradigm int16
	changed  bool
	// next is the stem with the same hash, -1 for none.
	next int32
}

// dictionary knows the words of a glossary by their stems.
type dictionary struct {
	ids   map[string]int32
	stems []stem
	first map[uint64]int32
	// seen has a bit for each hash, so that most words are passed by quickly.
	seen [1 << 12]uint64
}

// hit is a word of the glossary that a token may be a form of.
type hit struct {
	word int32
	// from and to are the letters of it that count.
	from, to int32
	form     form
}

const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashOn(hash uint64, r rune) uint64 {
	hash = (hash ^ uint64(uint32(r))) * hashPrime
	return hash ^ hash>>29
}

func hashOf(s string) uint64 {
	hash := uint64(hashStart)
	for _, r := range s {
		hash = hashOn(hash, r)
	}
	return hash
}

// put adds a stem.
func (d *dictionary) put(s stem) {
	hash := hashOf(s.text)
	s.next = -1
	if first, ok := d.first[hash]; ok {
		s.next = first
		// The same stem may come of several paradigms and alterations.
		for at := first; at >= 0; at = d.stems[at].next {
			other := d.stems[at]
			if other.text == s.text && other.word == s.word && other.paradigm == s.paradigm && other.tongue == s.tongue {
				return
			}
		}
	}
	d.first[hash] = int32(len(d.stems))
	d.stems = append(d.stems, s)
	d.seen[hash>>6&(1<<12-1)] |= 1 << (hash & 63)
}

// word returns the id of a folded word of a script, adding it where it is new.
func (x *index) word(text string, s script) int32 {
	d := &x.words
	if id, ok := d.ids[text]; ok {
		return id
	}
	id := int32(len(d.ids))
	d.ids[text] = id
	d.put(stem{text: text, word: id, paradigm: -1})
	if s == none || s.alone() || runes(text) > longestWord {
		return id
	}
	tongue := &x.tongues[x.tongueOf[s]]
	for i := range tongue.endings {
		e := &tongue.endings[i]
		if stemmed, ok := e.stemOf(text); ok {
			d.put(stem{text: stemmed, word: id, tongue: x.tongueOf[s], paradigm: int16(i), changed: e.changed || e.cut != ""})
		}
	}
	if tongue.alter == nil {
		return id
	}
	for _, other := range tongue.alter(text) {
		d.put(stem{text: other, word: id, tongue: x.tongueOf[s], changed: true})
	}
	return id
}

// lookup adds the words of the glossary that a token is a form of.
func (x *index) lookup(hits []hit, letters []letter, t *token) []hit {
	start := len(hits)
	hits = x.lookupFrom(hits, letters, t, t.from, exact)
	if t.script == none || t.script.alone() {
		return hits
	}
	prefixes := x.tongues[x.tongueOf[t.script]].prefixes
	if len(prefixes) == 0 {
		return hits
	}
	var written [4]rune
	for n := int32(1); n <= 4 && t.from+n < t.to; n++ {
		written[n-1] = letters[t.from+n-1].r
		if prefixes[string(written[:n])] && len(hits)-start < mostHits {
			hits = x.lookupFrom(hits, letters, t, t.from+n, changed)
		}
	}
	return hits
}

// lookupFrom adds the words that a token is a form of from a letter on.
func (x *index) lookupFrom(hits []hit, letters []letter, t *token, from int32, as form) []hit {
	d := &x.words
	start := len(hits)
	hash := uint64(hashStart)
	for at := from; at < t.to; at++ {
		hash = hashOn(hash, letters[at].r)
		if t.to-at-1 > longestEnding || d.seen[hash>>6&(1<<12-1)]&(1<<(hash&63)) == 0 {
			continue
		}
		first, ok := d.first[hash]
		if !ok {
			continue
		}
		for i := first; i >= 0 && len(hits)-start < mostHits; i = d.stems[i].next {
			hits = x.tryStem(hits, start, letters, t, from, at+1, &d.stems[i], as)
		}
	}
	return hits
}

// tryStem adds the word of a stem that stands at some letters, if what follows
// is one of its endings.
func (x *index) tryStem(hits []hit, start int, letters []letter, t *token, from, to int32, s *stem, as form) []hit {
	if s.paradigm < 0 && to != t.to || !spells(letters[from:to], s.text) {
		return hits
	}
	found := hit{word: s.word, from: from, to: t.to, form: as}
	if s.paradigm >= 0 {
		if t.to-t.from > longestWord {
			return hits
		}
		tongue := &x.tongues[s.tongue]
		if !tongue.endings[s.paradigm].allows(s.text, spelling(letters[to:t.to])) {
			return hits
		}
		found.form = max(as, inflected)
		if s.changed {
			found.form = changed
		}
		if tongue.outside && !s.changed {
			found.to = to
		}
	}
	for i := start; i < len(hits); i++ {
		if hits[i].word == found.word {
			if found.form < hits[i].form {
				hits[i] = found
			}
			return hits
		}
	}
	return append(hits, found)
}

// spells reports whether letters are those of a word.
func spells(letters []letter, word string) bool {
	at := 0
	for _, r := range word {
		if at == len(letters) || letters[at].r != r {
			return false
		}
		at++
	}
	return at == len(letters)
}

// spelling returns letters as a string.
func spelling(letters []letter) string {
	if len(letters) == 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(len(letters) * 3)
	for i := range letters {
		b.WriteRune(letters[i].r)
	}
	return b.String()
}
