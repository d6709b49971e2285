package lane_test

import (
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

// BenchmarkLane is a request from the question to the answer in a lane that is
// used to its limits.
func BenchmarkLane(b *testing.B) {
	for _, bench := range []struct {
		name    string
		limits  lane.Limits
		learned int
	}{
		{"configured", lane.Limits{Requests: 4000, InputTokens: 4_000_000}, 0},
		{"learned", lane.Limits{}, 4000},
		{"unlimited", lane.Limits{}, 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			l, now := lane.New(bench.limits), start
			if bench.learned > 0 {
				l.Limited(now, l.Begin(now, 1), &engine.Error{Measure: engine.Requests, Limit: bench.learned, RetryAfter: 1})
			}
			request := func() {
				for {
					at, _ := l.Opens(now, 1000)
					if !at.After(now) {
						break
					}
					now = at
				}
				l.Answered(now, l.Begin(now, 1000), 800)
				now = now.Add(15 * time.Millisecond)
			}
			for range 10_000 {
				request()
			}
			b.ReportAllocs()
			for b.Loop() {
				request()
			}
		})
	}
}

// BenchmarkOpensLate is the question whose answer lies furthest away: the whole
// window has to leave first.
func BenchmarkOpensLate(b *testing.B) {
	l, now := lane.New(lane.Limits{InputTokens: 4_000_000}), start
	for range 10_000 {
		if at, _ := l.Opens(now, 1000); at.Equal(now) {
			l.Begin(now, 1000)
		}
		now = now.Add(15 * time.Millisecond)
	}
	b.ReportAllocs()
	for b.Loop() {
		l.Opens(now, 5_000_000)
	}
}

// TestAllocations holds the steady state to none.
func TestAllocations(t *testing.T) {
	l, now := lane.New(lane.Limits{Requests: 4000}), start
	request := func() {
		if at, _ := l.Opens(now, 1000); !at.After(now) {
			l.Answered(now, l.Begin(now, l.Estimate(4000)), 800)
		}
		now = now.Add(15 * time.Millisecond)
	}
	for range 10_000 {
		request()
	}
	if n := testing.AllocsPerRun(1000, request); n != 0 {
		t.Errorf("%v allocations a request, want none", n)
	}
}
