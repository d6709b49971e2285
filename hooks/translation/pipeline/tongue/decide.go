package tongue

import "math"

const (
	// leastTrigrams is how many trigrams tell a language, about five words.
	leastTrigrams = 25
	// leastGain is what a language must gain by the average trigram. What is in
	// another language, or in none, gains less.
	leastGain = 1.5
	// lead is by how much it must gain more than any other, in square roots of
	// the trigrams: differences by chance grow so.
	lead = 0.8
	// pieceTrigrams is how many trigrams a piece has that counts for itself.
	pieceTrigrams = 100
)

// decide returns the language that gains most, if it does so for certain and
// in most of the document.
func decide(c *census, script int) string {
	all := c.scores(script)
	if len(all) < 2 {
		return ""
	}
	n := 0
	for _, trigrams := range c.pieces {
		n += trigrams
	}
	best, second := -1, -1
	for i := range all {
		switch {
		case best < 0 || all[i].all > all[best].all:
			best, second = i, best
		case second < 0 || all[i].all > all[second].all:
			second = i
		}
	}
	if n < leastTrigrams || all[best].all < leastGain*float64(n) ||
		all[best].all-all[second].all < lead*math.Sqrt(float64(n)) {
		return ""
	}
	if !c.throughout(all, best) {
		return ""
	}
	return all[best].tag
}

// throughout reports whether a language gains most in most of the document, so
// that a document half in another one is told from one with quotations.
func (c *census) throughout(all []score, best int) bool {
	own, counted := 0, 0
	for piece, n := range c.pieces {
		if n < pieceTrigrams {
			continue
		}
		counted += n
		most := all[best].pieces[piece]
		for i := range all {
			most = max(most, all[i].pieces[piece])
		}
		if most-all[best].pieces[piece] < math.Sqrt(float64(n)) {
			own += n
		}
	}
	return float64(own) >= leastShare*float64(counted)
}
