package glossary

import "strings"

// bounded reports whether an entry is not part of a longer word that is written
// with apostrophes, hyphens or signs.
func (w *walk) bounded(m *match, e *entry) bool {
	first, last := &w.tokens[m.first], &w.tokens[m.last]
	tongue := &w.tongues[w.tongueOf[last.script]]
	if m.first > 0 {
		before := &w.tokens[m.first-1]
		if first.gap == apostrophe && before.word() && w.language != "" && !tongue.elides {
			// "O'Brien" is no Brien.
			return false
		}
	}
	if int(m.last)+1 == len(w.tokens) {
		return w.hyphened(m, e, first.gap == hyphen, false)
	}
	after := &w.tokens[m.last+1]
	if after.gap == apostrophe && after.word() {
		if tongue.letter || (w.language == "en" || w.language == "") && spells(w.letters[after.from:after.to], "t") {
			return false
		}
	}
	if after.gap == tight && last.script == latin && (last.to-last.from) <= 2 {
		if c := w.letters[after.from].r; c == '+' || c == '#' {
			// "C" is another language than "C++".
			return false
		}
	}
	return w.hyphened(m, e, first.gap == hyphen && m.first > 0, after.gap == hyphen && after.word())
}

// hyphened decides on what stands in a word with hyphens: a name may ("Anglo-
// Saxon"); another word is doubtful at one end ("whale-ship"), and nothing
// inside, or in a longer one ("mother-in-law").
func (w *walk) hyphened(m *match, e *entry, before, after bool) bool {
	if !before && !after || e.casings[0] != lower {
		return true
	}
	m.doubtful = true
	switch {
	case before && after:
		return false
	case before:
		return m.first < 2 || w.tokens[m.first-1].gap != hyphen
	}
	next := int(m.last) + 2
	return next >= len(w.tokens) || w.tokens[next].gap != hyphen
}

// apart reports whether an entry in a script without spaces is not part of
// a longer word, as far as that can be told.
func (w *walk) apart(m *match, e *entry, h *hit) bool {
	first, last := &w.tokens[m.first], &w.tokens[m.last]
	before, after := w.neighbour(m.first-1, first.gap), w.neighbour(m.last+1, w.gapAfter(m.last))
	if h.to < last.to {
		after = nil
	}
	switch {
	case first.script == han && last.script == han:
		return w.apartHan(m, e, before, after)
	case first.script == hiragana && last.script == hiragana:
		return w.apartKana(m, e, before, after)
	case first.script == joined:
		return w.apartJoined(m, before, after)
	}
	return true
}

func (w *walk) gapAfter(last int32) gap {
	if int(last)+1 < len(w.tokens) {
		return w.tokens[last+1].gap
	}
	return space
}

// neighbour returns a token that stands right next to a match, nil for none.
func (w *walk) neighbour(at int32, between gap) *token {
	if at < 0 || int(at) >= len(w.tokens) || between != tight || !w.tokens[at].word() {
		return nil
	}
	return &w.tokens[at]
}

// apartHan reports whether Chinese characters are a word of their own. One
// alone is, where none stands beside it but particles; two of Japanese are not,
// where they lie across what would be the words of a longer row.
func (w *walk) apartHan(m *match, e *entry, before, after *token) bool {
	beside := func(t *token, particles string) bool {
		return t != nil && t.script == han && !strings.ContainsRune(particles, w.letters[t.from].r)
	}
	if e.letters == 1 {
		if beside(before, particlesBefore(w.language)) || beside(after, particlesAfter(w.language)) || w.conjugates(after) {
			return false
		}
		m.doubtful = m.doubtful || beside(before, "") || beside(after, "")
		return true
	}
	if w.language != "ja" || e.letters > 2 {
		return true
	}
	if beside(before, prefixesJapanese) && w.run(m.first)%2 == 1 {
		return false
	}
	return true
}

// conjugates reports whether hiragana continue a verb or an adjective, rather
// than being a particle.
func (w *walk) conjugates(after *token) bool {
	return after != nil && after.script == hiragana && strings.ContainsRune(endingsKana, w.letters[after.from].r)
}

// apartJoined reports whether syllables are a word of their own: one alone is
// most often part of a longer word, and two may be.
func (w *walk) apartJoined(m *match, before, after *token) bool {
	switch m.last - m.first {
	case 0:
		m.doubtful = true
		return before == nil && after == nil
	case 1:
		m.doubtful = m.doubtful || before != nil && after != nil
	}
	return true
}

// run returns how many Chinese characters stand right before a token.
func (w *walk) run(at int32) int {
	n := 0
	for n < 8 && w.tokens[at].gap == tight && at > 0 && w.tokens[at-1].script == han {
		at--
		n++
	}
	return n
}

// apartKana reports whether hiragana are a word of their own: beside others
// there must be particles, or four of them.
func (w *walk) apartKana(m *match, e *entry, before, after *token) bool {
	beside := func(t *token, particles string) bool {
		return t != nil && t.script == hiragana && !strings.ContainsRune(particles, w.letters[t.from].r)
	}
	if e.letters >= 4 {
		return true
	}
	m.doubtful = m.doubtful || e.letters < 3
	return !beside(before, particlesBeforeKana) && !beside(after, particlesKana)
}
