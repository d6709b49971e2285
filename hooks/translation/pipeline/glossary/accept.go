package glossary

// arrive takes the entries that end at a node, if they may stand where they do.
func (w *walk) arrive(at int32, last int32, h *hit, as form) {
	for _, i := range w.nodes[at].entries {
		m := match{entry: i, first: w.first, last: last, form: as}
		if w.each != nil {
			w.each(&m)
			continue
		}
		if !w.stands(&m, h) {
			continue
		}
		m.start, m.end = w.letters[w.begin].start, w.letters[h.to-1].end
		if !w.found || w.better(&m) {
			w.found, w.best = true, m
		}
	}
}

// better reports whether a match is to be taken instead of the best so far: the
// longer, then the surer.
func (w *walk) better(m *match) bool {
	if m.last != w.best.last {
		return m.last > w.best.last
	}
	if m.end != w.best.end {
		return m.end > w.best.end
	}
	if m.form != w.best.form {
		return m.form < w.best.form
	}
	if m.doubtful != w.best.doubtful {
		return !m.doubtful
	}
	return w.entries[w.best.entry].alias && !w.entries[m.entry].alias
}

// stands reports whether an entry may stand where it does, and says in the
// match whether that is doubtful.
func (w *walk) stands(m *match, h *hit) bool {
	e := &w.entries[m.entry]
	if !w.cased(m, e) || !w.bounded(m, e) || !w.apart(m, e, h) {
		return false
	}
	w.inflects(m, e)
	return true
}

// inflects finds forms doubtful that are not exact, but for those of names and
// words before Korean particles.
func (w *walk) inflects(m *match, e *entry) {
	if m.form == exact {
		return
	}
	t := &w.tokens[m.last]
	switch {
	case t.script == hangul:
		m.doubtful = m.doubtful || e.letters < 2 || m.form == changed
	case e.casings[0] == upper && len(e.casings) == 1:
		// "USA" has no endings of its own.
		m.doubtful = true
	case e.casings[0] == capital || e.casings[0] == mixed:
		m.doubtful = m.doubtful || e.letters < 4
	default:
		m.doubtful = true
	}
}

// cased reports whether an entry is written in capitals and small letters as
// a text has it.
func (w *walk) cased(m *match, e *entry) bool {
	// How many words want a capital, have theirs, and have no case at all.
	named, kept, without := 0, 0, 0
	for i, want := range e.casings {
		t := &w.tokens[int(m.first)+i]
		switch want {
		case lower:
			if t.casing == capital && !t.begins && len(e.casings) == 1 {
				m.doubtful = true
			}
			continue
		case caseless:
			without++
			continue
		}
		named++
		if t.casing == lower || t.casing == caseless {
			continue
		}
		if want == upper && t.casing == capital && t.to-t.from > 1 {
			continue
		}
		kept++
	}
	switch {
	case named == 0:
		return true
	case kept == 0 && without == 0:
		return false
	case kept < named:
		m.doubtful = true
	}
	if len(e.casings) == 1 {
		w.ordinary(m, e)
	}
	return true
}

// ordinary finds a single name doubtful where an ordinary word would have its
// capital too: at the beginning of a sentence, and among capitals.
func (w *walk) ordinary(m *match, e *entry) {
	t := &w.tokens[m.first]
	switch {
	case e.homograph && (t.begins || t.casing == upper):
		m.doubtful = true
	case e.casings[0] == upper && e.letters <= 3 && w.shouted(m):
		m.doubtful = true
	}
}

// shouted reports whether a neighbour of a match is in capitals too.
func (w *walk) shouted(m *match) bool {
	return m.first > 0 && w.tokens[m.first-1].casing == upper ||
		int(m.last)+1 < len(w.tokens) && w.tokens[m.last+1].casing == upper
}
