package lane_test

import (
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

// opens fails the test unless the lane opens after just so long.
func opens(t *testing.T, l *lane.Lane, now time.Time, tokens int, after time.Duration) {
	t.Helper()
	at, ok := l.Opens(now, tokens)
	if !ok {
		t.Fatalf("waits for an answer, want %v", after)
	}
	if got := at.Sub(now); got != after {
		t.Fatalf("opens after %v, want %v", got, after)
	}
}

// closed fails the test unless the lane waits for an answer.
func closed(t *testing.T, l *lane.Lane, now time.Time) {
	t.Helper()
	if at, ok := l.Opens(now, 1); ok {
		t.Fatalf("opens after %v, want it to wait for an answer", at.Sub(now))
	}
}

func limited(retry time.Duration) *engine.Error {
	return &engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, RetryAfter: retry, Limit: 1000}
}

func TestConfiguredLimits(t *testing.T) {
	t.Run("requests", func(t *testing.T) {
		l := lane.New(lane.Limits{Requests: 2})
		l.Begin(start, 10)
		l.Begin(start.Add(20*time.Second), 10)
		opens(t, l, start.Add(30*time.Second), 10, 31*time.Second)
		opens(t, l, start.Add(61*time.Second), 10, 0)
		l.Begin(start.Add(61*time.Second), 10)
		opens(t, l, start.Add(61*time.Second), 10, 20*time.Second)
	})
	t.Run("tokens, corrected by the bill", func(t *testing.T) {
		l := lane.New(lane.Limits{InputTokens: 1000})
		ticket := l.Begin(start, 700)
		opens(t, l, start, 300, 0)
		opens(t, l, start, 301, 61*time.Second)
		l.Answered(start, ticket, 500)
		opens(t, l, start, 500, 0)
		opens(t, l, start, 501, 61*time.Second)
	})
	t.Run("a request above the limit, into an empty window", func(t *testing.T) {
		l := lane.New(lane.Limits{InputTokens: 1000})
		opens(t, l, start, 5000, 0)
		l.Begin(start, 5000)
		opens(t, l, start, 1, 61*time.Second)
		opens(t, l, start.Add(time.Second), 5000, 60*time.Second)
	})
	t.Run("a refused, failed or dropped request counts", func(t *testing.T) {
		l := lane.New(lane.Limits{Requests: 3}).Steady()
		l.Dropped(start, l.Begin(start, 1))
		l.Failed(start, l.Begin(start, 1), 0)
		l.Limited(start, l.Begin(start, 1), limited(time.Millisecond))
		opens(t, l, start.Add(time.Second), 1, 60*time.Second)
	})
}

func TestPauseAfter429(t *testing.T) {
	t.Run("as asked", func(t *testing.T) {
		l := lane.New(lane.Limits{})
		out := l.Begin(start, 1)
		l.Limited(start, l.Begin(start, 1), limited(2500*time.Millisecond))
		l.Answered(start, out, 1) // which does not shorten it
		opens(t, l, start, 1, 2500*time.Millisecond)
	})
	t.Run("a whole number of seconds was cut", func(t *testing.T) {
		l := lane.New(lane.Limits{})
		l.Limited(start, l.Begin(start, 1), limited(36*time.Second))
		opens(t, l, start, 1, 37*time.Second)
	})
	t.Run("an hour at most", func(t *testing.T) {
		l := lane.New(lane.Limits{})
		l.Limited(start, l.Begin(start, 1), limited(48*time.Hour))
		opens(t, l, start, 1, time.Hour)
	})
	t.Run("doubling while nothing is asked", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		now := start
		unasked := &engine.Error{Kind: engine.RateLimited, Measure: engine.InputTokens} // of which these have none
		for _, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			first, second := l.Begin(now, 0), l.Begin(now, 0)
			l.Limited(now, first, unasked)
			l.Limited(now, second, unasked) // of the same burst
			opens(t, l, now, 0, pause*time.Second)
			now = now.Add(pause * time.Second)
		}
		l.Answered(now, l.Begin(now, 0), 0)
		l.Limited(now, l.Begin(now, 0), unasked)
		opens(t, l, now, 0, time.Second)
	})
	t.Run("up to a quarter longer", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Jitter(func() float64 { return 0.5 })
		l.Limited(start, l.Begin(start, 1), limited(0))
		opens(t, l, start, 1, 1125*time.Millisecond)
	})
}

func TestPacedAfterRest(t *testing.T) {
	l := lane.New(lane.Limits{}).Steady()
	l.Limited(start, l.Begin(start, 1), &engine.Error{Measure: engine.Requests, Limit: 61, RetryAfter: time.Millisecond})
	now := start.Add(10 * time.Minute)
	burst := 0
	for ; ; burst++ {
		at, _ := l.Opens(now, 1)
		if at.After(now) {
			break
		}
		l.Begin(now, 1)
	}
	if burst != 2 {
		t.Errorf("a minute's 61 requests begin with %d at once, want one and a second's worth", burst)
	}
}

func TestOutage(t *testing.T) {
	t.Run("two failures are accidents", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		l.Failed(start, l.Begin(start, 1), 0)
		l.Failed(start, l.Begin(start, 1), 0)
		opens(t, l, start, 1, 0)
		l.Answered(start, l.Begin(start, 1), 1)
		l.Failed(start, l.Begin(start, 1), 0)
		opens(t, l, start, 1, 0)
	})
	t.Run("a burst is one event, then probes", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		var burst []lane.Ticket
		for range 9 {
			burst = append(burst, l.Begin(start, 1))
		}
		late := burst[8]
		for _, ticket := range burst[:8] {
			l.Failed(start, ticket, 0)
		}
		now := start
		for i, pause := range []time.Duration{250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000} {
			opens(t, l, now, 1, pause*time.Millisecond)
			now = now.Add(pause * time.Millisecond)
			opens(t, l, now, 1, 0)
			probe := l.Begin(now, 1)
			closed(t, l, now)
			if i == 3 {
				l.Failed(now, late, 0) // sent before: says nothing new
				closed(t, l, now)
			}
			l.Failed(now, probe, 0)
		}
		now = now.Add(30 * time.Second)
		l.Answered(now, l.Begin(now, 1), 1)
		l.Begin(now, 1)
		opens(t, l, now, 1, 0)
	})
	t.Run("a dropped probe makes room for another", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		for range 3 {
			l.Failed(start, l.Begin(start, 1), 0)
		}
		now := start.Add(250 * time.Millisecond)
		probe := l.Begin(now, 1)
		closed(t, l, now)
		l.Dropped(now, probe)
		opens(t, l, now, 1, 0)
	})
	t.Run("a 429 shows that the engine is there", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		for range 3 {
			l.Failed(start, l.Begin(start, 1), 0)
		}
		now := start.Add(250 * time.Millisecond)
		l.Limited(now, l.Begin(now, 1), &engine.Error{Measure: engine.InputTokens, Limit: 1 << 40, RetryAfter: time.Millisecond})
		now = now.Add(time.Millisecond)
		l.Begin(now, 1)
		opens(t, l, now, 1, 0)
	})
	t.Run("Retry-After counts at once, and answers do not shorten it", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		out := l.Begin(start, 1)
		l.Failed(start, l.Begin(start, 1), 20*time.Second)
		opens(t, l, start, 1, 20*time.Second)
		l.Answered(start, out, 1)
		opens(t, l, start, 1, 20*time.Second)
	})
	t.Run("an old probe is not the new one", func(t *testing.T) {
		l := lane.New(lane.Limits{}).Steady()
		straggler := l.Begin(start, 1)
		for range 3 {
			l.Failed(start, l.Begin(start, 1), 0)
		}
		now := start.Add(250 * time.Millisecond)
		old := l.Begin(now, 1)
		l.Answered(now, straggler, 1)
		for range 3 {
			l.Failed(now, l.Begin(now, 1), 0)
		}
		now = now.Add(250 * time.Millisecond)
		l.Begin(now, 1)
		l.Failed(now, old, 0)
		closed(t, l, now)
	})
}

func TestExhausted(t *testing.T) {
	l := lane.New(lane.Limits{})
	until := start.Add(9 * time.Hour)
	l.Exhausted(until)
	opens(t, l, start, 1, 9*time.Hour)
	if l.Idle(start) || !l.Until().Equal(until) {
		t.Errorf("idle %v, until %v", l.Idle(start), l.Until())
	}
	opens(t, l, until, 1, 0)
	l.Exhausted(time.Time{})
	opens(t, l, start, 1, 0)
}

func TestClockThatJumps(t *testing.T) {
	for _, now := range []time.Time{
		{}, start.AddDate(-100, 0, 0), start.Add(-time.Hour), start.Add(-2 * time.Second), start.Add(-time.Millisecond),
		start.Add(time.Hour), start.AddDate(100, 0, 0), start.AddDate(7000, 0, 0),
	} {
		t.Run(now.String(), func(t *testing.T) {
			l := lane.New(lane.Limits{Requests: 1}).Steady()
			l.Failed(start, l.Begin(start, 1), 30*time.Second)
			at, ok := l.Opens(now, 1)
			if wait := at.Sub(now); !ok || wait > 61*time.Second+time.Millisecond || (now.Before(start) && wait < 61*time.Second) {
				t.Fatalf("waits %v", wait)
			}
			opens(t, l, at, 1, 0)
			l.Answered(at, l.Begin(at, 1), 1)
			opens(t, l, at, 1, 61*time.Second)
		})
	}
	t.Run("times out of order do not hurry it", func(t *testing.T) {
		l := lane.New(lane.Limits{Requests: 1})
		l.Begin(start, 1)
		for range 10_000 {
			l.Opens(start.Add(20*time.Millisecond), 1)
			l.Opens(start, 1)
		}
		opens(t, l, start, 1, 61*time.Second)
	})
}

func TestIdle(t *testing.T) {
	l := lane.New(lane.Limits{})
	if !l.Idle(start) {
		t.Error("a new lane is not idle")
	}
	ticket := l.Begin(start, 1)
	l.Answered(start, ticket, 1)
	if l.Idle(start.Add(60*time.Second)) || !l.Idle(start.Add(61*time.Second)) {
		t.Error("a lane is to be kept while its window is not empty, and no longer")
	}
	ticket = l.Begin(start.Add(2*time.Minute), 1)
	if l.Idle(start.Add(9 * time.Minute)) {
		t.Error("idle with a request out")
	}
	l.Dropped(start.Add(9*time.Minute), ticket)
	now := start.Add(10 * time.Minute)
	l.Limited(now, l.Begin(now, 1), limited(0))
	if l.Idle(now.Add(59*time.Minute)) || !l.Idle(now.Add(time.Hour)) {
		t.Error("what was learned is to be kept for an hour")
	}
}

func TestEstimate(t *testing.T) {
	l := lane.New(lane.Limits{})
	now := start
	if got := l.Estimate(3001); got != 1001 {
		t.Fatalf("3001 bytes are %d tokens at first, want 1001", got)
	}
	bill := func(bytes, billed int) {
		tokens := l.Estimate(bytes)
		l.Answered(now, l.Begin(now, tokens), billed)
	}
	bill(3000, 1500)
	if got := l.Estimate(3000); got != 1500 {
		t.Errorf("after a higher bill %d, want 1500 at once", got)
	}
	bill(3000, 0)
	bill(30, 3000) // the engine's own words, no measure of the text
	if got := l.Estimate(3000); got != 1500 {
		t.Errorf("%d, want nothing learned", got)
	}
	for range 70 {
		bill(3000, 750)
	}
	if got := l.Estimate(3000); got != 750 {
		t.Errorf("after 70 lower bills %d, want 750", got)
	}
	bill(3000, 1_000_000)
	if got := l.Estimate(3000); got != 10_000 {
		t.Errorf("after a bill that cannot be %d, want ten times the first guess", got)
	}
	if got := l.Estimate(-1); got != 0 {
		t.Errorf("less than nothing is %d tokens", got)
	}
}
