package verify

import "unicode/utf8"

const (
	// gram is how many characters make a piece that is looked for again.
	gram = 6
	// farReach is how far back, in characters, a piece counts as just said.
	farReach = 4096
	// fewTimes, manyTimes: from how many repetitions on a stretch of so many
	// characters is a runaway. A model that lost its thread goes on to the end
	// of the answer; a refrain comes three or four times.
	manyTimes, manyCharacters = 8, 40
	fewTimes, fewCharacters   = 4, 240
	// wholeCharacters is how long a text must be that is said twice as a whole,
	// wholeShare how much of the text that must be.
	wholeCharacters, wholeShare = 30, 0.9
)

// stretch is the worst repetition of a text: how often something was said in a
// row, and over how many characters.
type stretch struct {
	times, characters, period int
}

// runaway reports whether a stretch is beyond what people write.
func (s stretch) runaway() bool {
	return s.times >= manyTimes && s.characters >= manyCharacters ||
		s.times >= fewTimes && s.characters >= fewCharacters
}

// repetition refuses a text that says the same again and again, anywhere in it,
// as models do when they lose the thread, unless the source does so too.
func (c *Checker) repetition(b *bench) string {
	found := b.repeats(b.translation.raw)
	whole := found.times >= 2 && found.period >= wholeCharacters && float64(found.characters) >= wholeShare*float64(b.translation.runes)
	if !found.runaway() && !whole {
		return ""
	}
	own := b.repeats(b.source.raw)
	if 2*own.times >= found.times && 3*own.characters >= found.characters || own.runaway() && 3*own.characters >= found.characters {
		return ""
	}
	return "the translation repeated itself without end"
}

// repeats finds the worst repetition of a text: the longest stretch in which
// each piece of six characters was there a short distance before, and how often
// the longest of these distances goes into it. White space and letter case
// count like anything else; each character is looked at once.
func (b *bench) repeats(text string) (worst stretch) {
	if len(text) < manyCharacters {
		return stretch{}
	}
	last := b.places(utf8.RuneCountInString(text))

	var window [gram]rune
	// A phrase of one length is not to be taken for a part of a longer one that
	// comes before it, so stretches are followed within several reaches.
	runs := [...]run{{reach: 20}, {reach: 80}, {reach: 320}, {reach: farReach}}
	at := int32(0)
	for _, r := range text {
		window[at%gram] = r
		at++
		if at < gram {
			continue
		}
		hash := uint32(hashStart)
		for i := range int32(gram) {
			hash = mix(hash, window[(at+i)%gram])
		}
		slot := &last[find(last, hash)]
		distance := int(at - slot.at)
		if slot.at == 0 {
			distance = farReach + 1 // never
		}
		*slot = place{hash, at}
		for i := range runs {
			worst = runs[i].step(distance, worst)
		}
	}
	return worst
}

// run is the stretch under way in which each piece was there within a reach.
type run struct {
	reach, length, period int
}

// step takes a piece that was there so many characters before, and returns the
// worse of the stretch under way and the worst before it.
func (r *run) step(distance int, worst stretch) stretch {
	if distance > r.reach {
		r.length, r.period = 0, 0
		return worst
	}
	r.length++
	r.period = max(r.period, distance)
	found := stretch{times: (r.length+2*gram)/r.period + 1, characters: r.length + r.period, period: r.period}
	switch {
	case found.times < 2, worst.runaway() && !found.runaway():
		return worst
	case found.runaway() && !worst.runaway(), found.characters > worst.characters:
		return found
	}
	return worst
}

// places returns an empty table for n pieces.
func (b *bench) places(n int) []place {
	size := 64
	for size < 2*n {
		size *= 2
	}
	if len(b.last) < size {
		b.last = make([]place, size)
	}
	clear(b.last[:size])
	return b.last[:size]
}

// find returns where a piece stands in a table or would stand.
func find(table []place, hash uint32) uint32 {
	mask := uint32(len(table) - 1)
	slot := hash * 0x9e3779b1 >> 4 & mask
	for table[slot].at != 0 && table[slot].hash != hash {
		slot = (slot + 1) & mask
	}
	return slot
}

// place is where a piece of text was seen last.
type place struct {
	hash uint32
	at   int32
}
