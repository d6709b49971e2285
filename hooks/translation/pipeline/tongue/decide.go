package tongue

import "math"

const (
	// leastTrigrams is how many trigrams tell a language, about five words.
	leastTrigrams = 25
	// leastLead is by how many standard deviations a language must gain more
	// than the next one: the least with which none of the pieces of
	// testdata/README.md is told wrongly that is not nearly alike.
	leastLead = 2.5
	// leastFit is how much of what its own texts gain a language must gain, and
	// slack how much less it may be for chance, over the square root of the
	// trigrams. All texts of 2,000 characters reach 0.76 in their own language,
	// and half of them 0.54 in the next one.
	leastFit, slack = 0.7, 1.5
	// pieceTrigrams is how many trigrams a piece has that counts for itself.
	pieceTrigrams = 60
)

// decide returns the language that gains most, if it does so for certain and
// in most of the document.
func (c *census) decide(script string) string {
	all := c.candidates(script)
	if len(all) < 2 {
		return ""
	}
	best, second := firstTwo(all)
	n := 0
	for _, trigrams := range c.pieces {
		n += trigrams
	}
	fit := leastFit - slack/math.Sqrt(float64(n))
	if n < leastTrigrams || best.all < fit*best.own*float64(n) || c.lead(best, second) < leastLead ||
		!c.throughout(all, best) {
		return ""
	}
	return best.tag
}

// firstTwo returns the two languages that gain most.
func firstTwo(all []candidate) (best, second *candidate) {
	best, second = &all[0], &all[1]
	if second.all > best.all {
		best, second = second, best
	}
	for i := 2; i < len(all); i++ {
		switch {
		case all[i].all > best.all:
			best, second = &all[i], best
		case all[i].all > second.all:
			second = &all[i]
		}
	}
	return best, second
}

// lead returns how much more a language gains than another, in standard
// deviations of what the two differ by: between languages that are alike most
// trigrams say nothing, and a few that do say much.
func (c *census) lead(over, under *candidate) float64 {
	differences := make([]float64, len(c.of))
	for _, h := range over.hits {
		differences[h.trigram] += h.gain
	}
	for _, h := range under.hits {
		differences[h.trigram] -= h.gain
	}
	sum, squares := 0.0, 0.0
	for n, difference := range differences {
		for _, count := range c.of[n] {
			sum += difference * float64(count)
			squares += difference * difference * float64(count)
		}
	}
	if squares == 0 {
		return 0
	}
	return sum / math.Sqrt(squares)
}

// throughout reports whether a language gains most in most of the document, so
// that a document half in another one is told from one with quotations.
func (c *census) throughout(all []candidate, best *candidate) bool {
	own, counted := 0, 0
	for piece, n := range c.pieces {
		if n < pieceTrigrams {
			continue
		}
		counted += n
		most := best.pieces[piece]
		for i := range all {
			most = max(most, all[i].pieces[piece])
		}
		if most-best.pieces[piece] < math.Sqrt(float64(n)) {
			own += n
		}
	}
	return float64(own) >= leastShare*float64(counted)
}
