package translation

import (
	"math"
	"time"
)

// recentSettles is how many segments an estimate looks back on: enough to even
// out single ones, few enough to follow an engine that becomes slow.
const recentSettles = 32

// tempo measures how fast a job's segments are settled since it was taken up in
// this process. What happened before, a pause for instance, is not in it.
type tempo struct {
	last    [recentSettles]time.Time // a ring
	settled int
	took    time.Duration // of all segments together, from taking to settling
}

// settle notes that a segment was settled that was worked on for some time.
func (p *tempo) settle(now time.Time, took time.Duration) {
	p.last[p.settled%recentSettles] = now
	p.settled++
	p.took += took
}

// mean returns how long a segment took; nothing while none is settled.
func (p *tempo) mean() time.Duration {
	if p.settled == 0 {
		return 0
	}
	return p.took / time.Duration(p.settled)
}

// estimate returns how long some segments still take, with so many at a time;
// false while there is nothing to judge by.
func (p *tempo) estimate(now time.Time, left, atATime int) (time.Duration, bool) {
	if p.settled == 0 {
		return 0, false
	}
	if p.settled < 2*atATime || p.settled < 4 {
		// The first ones come in a bunch, so their rate says little: what counts
		// is how long one takes.
		rounds := (left + atATime - 1) / atATime
		return time.Duration(rounds) * (p.took / time.Duration(p.settled)), true
	}
	// Up to now, not to the last one: an estimate grows while nothing comes.
	looked := min(p.settled, recentSettles)
	oldest := p.last[(p.settled-looked)%recentSettles]
	// In fractions: a day's outage times a hundred thousand segments is no whole number
	// of nanoseconds any more.
	return time.Duration(min(float64(now.Sub(oldest))*float64(left)/float64(looked-1), math.MaxInt64/2)), true
}
