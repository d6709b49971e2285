package glossary

// match is an entry that stands in a text.
type match struct {
	entry int32
	// first and last are its tokens.
	first, last int32
	// start and end are its bytes.
	start, end int32
	// form is the least exact of its words'.
	form     form
	doubtful bool
}

func (m *match) occurrence(x *index) Occurrence {
	e := &x.entries[m.entry]
	return Occurrence{
		Term: int(e.terms[0]), Start: int(m.start), End: int(m.end),
		Alias: e.alias, Doubtful: m.doubtful,
	}
}

// reading is a text in which terms are looked for.
type reading struct {
	letters []letter
	tokens  []token
	hits    []hit
}

// read prepares a text.
func (x *index) read(text string) *reading {
	r := &reading{letters: x.fold(text)}
	r.tokens = tokenize(r.letters)
	parted := false
	for i := range r.tokens {
		t := &r.tokens[i]
		t.firstHit = int32(len(r.hits))
		r.hits = x.lookup(r.hits, r.letters, t)
		t.lastHit = int32(len(r.hits))
		parted = parted || t.parted && t.firstHit == t.lastHit
	}
	if parted {
		x.part(r)
	}
	return r
}

// part cuts the words that mean nothing in two at tags like <2/>, which may be
// line breaks.
func (x *index) part(r *reading) {
	tokens := make([]token, 0, len(r.tokens)+8)
	for _, t := range r.tokens {
		if !t.parted || t.firstHit < t.lastHit {
			tokens = append(tokens, t)
			continue
		}
		from := t.from
		for at := t.from + 1; at <= t.to; at++ {
			if at < t.to && !r.letters[at].cut {
				continue
			}
			piece := t
			piece.from, piece.to, piece.casing = from, at, casingOf(r.letters[from:at])
			if from > t.from {
				piece.gap, piece.begins = space, true
			}
			piece.firstHit = int32(len(r.hits))
			r.hits = x.lookup(r.hits, r.letters, &piece)
			piece.lastHit = int32(len(r.hits))
			tokens = append(tokens, piece)
			from = at
		}
	}
	r.tokens = tokens
}

// find returns what stands in a text, left to right, not overlapping, the
// longest at each place.
func (x *index) find(text string) []match {
	if len(x.entries) == 0 || text == "" {
		return nil
	}
	r := x.read(text)
	var found []match
	for at := 0; at < len(r.tokens); at++ {
		if r.tokens[at].firstHit == r.tokens[at].lastHit {
			continue
		}
		w := walk{index: x, reading: r, first: int32(at)}
		w.from(0, at, exact)
		if w.found {
			found = append(found, w.best)
			at = int(w.best.last)
		}
	}
	return found
}

// walk follows the tree of words from one place in a text.
type walk struct {
	*index
	*reading
	first int32
	// begin is the first letter, behind a prefix.
	begin int32
	steps int
	found bool
	best  match
	// each is told of all entries instead of the best, if it is set.
	each func(*match)
}

// from follows the words of a text from a node on.
func (w *walk) from(at int32, token int, so form) {
	t := &w.tokens[token]
	for i := t.firstHit; i < t.lastHit; i++ {
		h := &w.hits[i]
		if token == int(w.first) {
			w.begin = h.from
		}
		meant, n := gaps(t, token == int(w.first))
		for _, before := range meant[:n] {
			if w.steps++; w.steps > mostSteps {
				return
			}
			next, ok := w.edges[edge{at, h.word, before}]
			if !ok {
				continue
			}
			as := max(so, h.form)
			w.arrive(next, int32(token), h, as)
			if !w.nodes[next].leaf && token+1 < len(w.tokens) && token+1-int(w.first) < longestTerm && h.to == t.to {
				w.from(next, token+1, as)
			}
		}
	}
}

// gaps returns what may have been meant by the gap before a token, at most two
// and never the same twice.
func gaps(t *token, first bool) (meant [2]gap, n int) {
	switch {
	case first:
		return [2]gap{tight}, 1
	case t.gap == hyphen:
		return [2]gap{hyphen, space}, 2
	case t.gap == line, t.gap == space && (t.script == han || t.script == hiragana || t.script == katakana):
		return [2]gap{space, tight}, 2
	case t.gap == space:
		return [2]gap{space, hyphen}, 2
	case t.gap == tight && (t.script.alone() || t.script == katakana):
		return [2]gap{tight, space}, 2
	}
	return [2]gap{t.gap}, 1
}
