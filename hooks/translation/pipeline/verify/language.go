package verify

import "math/bits"

const (
	// languageWords is how many words of a text it takes to say in which
	// language it is; shorter blocks are looked at together.
	languageWords = 12
	// leastOwn is how many words of another language that the target language
	// has not it takes to say that this is the other one, ownShare their least
	// share of the words, apartTimes how many times the words that only the
	// target language has.
	leastOwn, ownShare, apartTimes = 5, 0.13, 4
	// leastKinds is how many different ones they must be.
	leastKinds = 3
	// kinTimes and kinOwn take the place of apartTimes and leastOwn between
	// related languages.
	kinTimes, kinOwn = 8, 6
)

// language refuses a text in another language of the same script: frequent
// words of another language are there, and those of the target language are
// not. What is in no language it knows it lets pass.
func (c *Checker) language(b *bench) string {
	c.words.count(&b.translation, &b.hits, c.words.scripts&c.target.scripts)
	if b.stays {
		return ""
	}
	if b.hits.words < languageWords {
		b.pool.add(&b.hits)
		return ""
	}
	if c.words.other(&b.hits) != "" {
		return "it came back in another language than it should be in"
	}
	return ""
}

// other returns the language in which a text is clearly written instead of the
// target language, or "".
func (l *lexicon) other(h *hits) string {
	best, most := -1, int32(0)
	for i := range l.names {
		own := h.of[i] - h.withTarget[i]
		if own > most {
			best, most = i, own
		}
	}
	if best < 0 || most < leastOwn || bits.OnesCount64(h.kinds[best]) < leastKinds || float64(most) < ownShare*float64(h.words) {
		return ""
	}
	if l.target == 0 {
		// Of a language whose words are not known only the source language is
		// told apart, and only where it is beyond doubt.
		if l.source>>best&1 == 0 || float64(most) < 2*ownShare*float64(h.words) {
			return ""
		}
		return l.names[best]
	}
	times := int32(apartTimes)
	if 2*h.withTarget[best] > h.of[best] {
		// Most of its words are the target's as well.
		if times = kinTimes; most < kinOwn || bits.OnesCount64(h.kinds[best]) <= leastKinds {
			return ""
		}
	}
	if (h.target-h.withTarget[best])*times > most {
		return ""
	}
	return l.names[best]
}

// together looks at the blocks that are too short to be judged alone: if all of
// them in one are in another language, those are refused that have a word of
// it and none of the target's.
func (c *Checker) together(b *bench) {
	if b.pool.words < languageWords || c.words.other(&b.pool) == "" {
		return
	}
	for i := range b.lines {
		if line := &b.lines[i]; line.answered && line.check == "" && line.strange {
			line.check = "language"
			line.detail = "it came back in another language than it should be in"
		}
	}
}

const (
	// foreignWords is how many words of a source block it takes to say that it
	// is a quotation in another language.
	foreignWords = 5
	// foreignOwn, foreignTimes are as leastOwn and apartTimes there.
	foreignOwn, foreignTimes = 3, 3
)

// foreign reports whether a block of the source is in the target language
// already, or in another language than the rest of the document.
func (l *lexicon) foreign(h *hits) bool {
	if h.words < foreignWords || l.source == 0 && l.target == 0 {
		return false
	}
	if l.source == 0 {
		return l.isTarget(h)
	}
	for i := range l.names {
		own := h.of[i] - h.withSource[i]
		if l.source>>i&1 == 0 && own >= foreignOwn && float64(own) >= ownShare*float64(h.words) && (h.source-h.withSource[i])*foreignTimes <= own {
			return true
		}
	}
	return false
}

// isTarget reports whether a text of unknown language is in the target's.
func (l *lexicon) isTarget(h *hits) bool {
	if h.target < foreignOwn || float64(h.target) < 2*ownShare*float64(h.words) {
		return false
	}
	for i := range l.names {
		if l.target>>i&1 == 0 && h.of[i] >= h.target {
			return false
		}
	}
	return true
}
