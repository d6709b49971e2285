package lane

// Steady takes the chance out of a lane's pauses: each is as short as it may be.
func (l *Lane) Steady() *Lane {
	l.jitter = func() float64 { return 0 }
	return l
}

// Jitter sets the source of chance.
func (l *Lane) Jitter(from func() float64) *Lane {
	l.jitter = from
	return l
}

// Slots returns how many slots the window has memory for, and how many it may
// ever use.
func (l *Lane) Slots() (have, most int) { return len(l.window.ring), slots + 2 }

// InForce returns the limits in force, learned ones included.
func (l *Lane) InForce() Limits {
	return Limits{
		Requests:    l.gauges[requests].limit(),
		InputTokens: l.gauges[inputTokens].limit(),
	}
}
