package glossary

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Broken returns the terms that stand in a source and were not obeyed in its
// translation, in glossary order. A term that stands there several times is
// obeyed by one translation of it, since pronouns may stand for the others.
// Occurrences by an alias, and doubtful ones, demand nothing.
func (g *Glossary) Broken(source, translation string) []Term {
	demanded := g.demanded(source)
	if len(demanded) == 0 {
		return nil
	}
	a := newAnswer(g.target, translation)
	var broken []int32
	for _, terms := range demanded {
		if !slices.ContainsFunc(terms, func(term int32) bool { return a.obeys(&g.demands[term]) }) {
			broken = append(broken, terms[0])
		}
	}
	slices.Sort(broken)
	all := make([]Term, len(broken))
	for i, term := range broken {
		all[i] = g.terms[term]
	}
	return slices.Clip(all)
}

// demanded returns the terms that certainly stand in a source, those that are
// written alike together.
func (g *Glossary) demanded(source string) [][]int32 {
	var demanded [][]int32
	seen := make(map[int32]bool)
	for _, m := range g.source.find(source) {
		e := &g.source.entries[m.entry]
		if m.doubtful || e.alias || seen[m.entry] {
			continue
		}
		seen[m.entry] = true
		demanded = append(demanded, e.terms)
	}
	return demanded
}

// answer is a translation that is asked whether terms were obeyed.
type answer struct {
	*index
	*reading
	raw string
	// stands and cased say which entries stand, and which with their capitals.
	stands, cased []bool
	// spelt and joint are the answer folded, with and without spaces.
	spelt, joint func() string
	// heads are where its words begin, by their first two letters.
	heads func() map[string][]int32
	// roots are the consonants of its Arabic words.
	roots func() map[string]bool
	// places are the tokens of each word, once they were asked for.
	places map[int32][]int32
}

func newAnswer(x *index, translation string) *answer {
	a := &answer{
		index: x, reading: x.read(translation), raw: translation,
		stands: make([]bool, len(x.entries)), cased: make([]bool, len(x.entries)),
	}
	a.roots = sync.OnceValue(func() map[string]bool { return x.rootsOf(a.reading) })
	a.spelt, a.joint = sync.OnceValue(a.reading.spelt), sync.OnceValue(a.reading.joint)
	a.heads = sync.OnceValue(func() map[string][]int32 { return headsOf(a.spelt()) })
	for at := range a.tokens {
		if a.tokens[at].firstHit == a.tokens[at].lastHit {
			continue
		}
		w := walk{index: x, reading: a.reading, first: int32(at)}
		w.each = func(m *match) {
			a.stands[m.entry] = true
			a.cased[m.entry] = a.cased[m.entry] || w.cased(m, &x.entries[m.entry])
		}
		w.from(0, at, exact)
	}
	return a
}

// obeys reports whether one of the wordings of a demand stands.
func (a *answer) obeys(d *demand) bool {
	for i := range d.wordings {
		if a.has(&d.wordings[i], d.kept) {
			return true
		}
	}
	return len(d.wordings) == 0
}

// has reports whether a wording stands: as it is, inflected, in a longer word,
// or with its words parted and in another order.
func (a *answer) has(w *wording, kept bool) bool {
	switch {
	case w.entry < 0:
		return strings.Contains(a.raw, w.text)
	case kept:
		return a.cased[w.entry] || strings.Contains(a.raw, w.text) && a.within(w)
	}
	return a.stands[w.entry] || a.within(w) || a.around(w) ||
		w.stem != "" && a.begins(w.stem) || w.root != "" && a.roots()[w.root]
}

// within reports whether the letters of a wording stand in a longer word: at
// its beginning, or anywhere in languages that join words to longer ones, and
// in scripts without spaces.
func (a *answer) within(w *wording) bool {
	switch {
	case w.script == hangul:
		return w.letters >= 3 && strings.Contains(a.joint(), w.joint) || w.letters >= 2 && a.begins(w.spelt)
	case w.script == katakana:
		return w.letters >= 3 && strings.Contains(a.joint(), w.joint)
	case w.script.alone():
		return w.letters >= 2 && strings.Contains(a.joint(), w.joint)
	case a.tongues[a.tongueOf[w.script]].compounds:
		return w.letters >= 4 && strings.Contains(a.spelt(), w.spelt) || w.letters >= 3 && a.begins(w.spelt)
	}
	return w.letters >= 4 && a.begins(w.spelt)
}

// begins reports whether a word of the answer begins like this, or several do.
func (a *answer) begins(spelt string) bool {
	text := a.spelt()
	for _, at := range a.heads()[headOf(spelt)] {
		if strings.HasPrefix(text[at:], spelt) {
			return true
		}
	}
	return false
}

// headsOf returns where the words of a folded text begin, by their first two
// letters.
func headsOf(text string) map[string][]int32 {
	heads := make(map[string][]int32)
	for at := 0; at < len(text); {
		head := headOf(text[at:])
		heads[head] = append(heads[head], int32(at))
		next := strings.IndexByte(text[at:], ' ')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return heads
}

// headOf returns the first two characters of a text.
func headOf(text string) string {
	_, first := utf8.DecodeRuneInString(text)
	_, second := utf8.DecodeRuneInString(text[first:])
	return text[:first+second]
}

// mostBetween is how many other words may stand among those of a wording.
const mostBetween = 4

// around reports whether all words of a wording stand near each other.
func (a *answer) around(w *wording) bool {
	if len(w.words) < 2 {
		return false
	}
	if a.places == nil {
		a.places = make(map[int32][]int32)
		for i := range a.tokens {
			for _, h := range a.hits[a.tokens[i].firstHit:a.tokens[i].lastHit] {
				a.places[h.word] = append(a.places[h.word], int32(i))
			}
		}
	}
	reach := int32(len(w.words) + mostBetween)
	for _, place := range a.places[w.words[0]] {
		if a.near(w.words[1:], place, reach) {
			return true
		}
	}
	return false
}

// near reports whether each of some words stands in reach of a place.
func (a *answer) near(words []int32, place, reach int32) bool {
	for _, word := range words {
		places := a.places[word]
		at, _ := slices.BinarySearch(places, place-reach)
		if at == len(places) || places[at] > place+reach {
			return false
		}
	}
	return true
}
