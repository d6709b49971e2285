package lane

import "time"

const (
	// unordered bounds how much earlier than the latest time a time may be
	// without meaning that the clock was set back: callers read the time before
	// they hold the lane, and so may come out of order.
	unordered = time.Second
	// longestLeap bounds how far time goes at once. Nothing is remembered for
	// longer.
	longestLeap = 24 * time.Hour
	// never is before anything was sent.
	never time.Duration = -1
)

// clock turns the caller's times into a time that never goes back: the time
// since the lane was first used.
type clock struct {
	begun   bool
	base    time.Time // of elapsed 0
	elapsed time.Duration
}

func (c *clock) read(now time.Time) time.Duration {
	if !c.begun {
		c.begun, c.base = true, now
	}
	passed := now.Sub(c.base)
	switch {
	case passed < c.elapsed-unordered:
		c.base = now.Add(-c.elapsed)
	case passed > c.elapsed+longestLeap:
		c.elapsed += longestLeap
		c.base = now.Add(-c.elapsed)
	case passed > c.elapsed:
		c.elapsed = passed
	}
	return c.elapsed
}

// time returns the caller's time for one of the lane's, as seen at now, which
// must have been read.
func (c *clock) time(now time.Time, at time.Duration) time.Time {
	return now.Add(at - now.Sub(c.base))
}
