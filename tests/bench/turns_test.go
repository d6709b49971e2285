package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// contender is a way of doing the same thing, and what it took each time.
type contender struct {
	name  string
	do    func()
	after func() // what has to end before it is another's turn, and is not timed; may be nil
	took  []time.Duration
}

// inTurns lets contenders do their thing one after the other, so many times, so that
// what the machine does besides falls on all of them. The first turn, in which caches
// are filled, does not count.
func inTurns(b *testing.B, turns int, contenders ...*contender) {
	b.Helper()
	for turn := range turns + 1 {
		for _, c := range contenders {
			begun := time.Now()
			c.do()
			if took := time.Since(begun); turn > 0 {
				c.took = append(c.took, took)
			}
			if c.after != nil {
				c.after()
			}
		}
	}
	for _, c := range contenders {
		slices.Sort(c.took)
	}
}

// median is what half of the turns took at most.
func (c *contender) median() time.Duration { return c.took[len(c.took)/2] }

// times says how long something took and how many times as long that was for another.
func (c *contender) times(of time.Duration) string {
	return fmt.Sprintf("%s %s, ratio %.2f", c.name, short(c.median()), of.Seconds()/c.median().Seconds())
}

// short rounds a duration to three digits or so.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		d = d.Round(10 * time.Millisecond)
	case d >= 10*time.Millisecond:
		d = d.Round(100 * time.Microsecond)
	case d >= 100*time.Microsecond:
		d = d.Round(time.Microsecond)
	}
	return d.String()
}
