package lane_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

// sent is what the oracle remembers of a request.
type sent struct {
	at, arrived time.Time
	tokens      int // the estimate, then the bill
	alone       bool
}

// oracle remembers everything and believes nothing.
type oracle struct {
	limits  lane.Limits
	log     []*sent
	out     map[*sent]lane.Ticket
	order   []*sent // of what is out
	quiet   time.Time
	until   time.Time
	outage  bool
	noticed time.Time
	probes  []*sent
	row     int // failures
	answers int
}

// mayGo reports in words why a request may not go out, "" if it may.
func (o *oracle) mayGo(now time.Time, tokens int) string {
	requests, sum := 1, 0
	for _, s := range o.log {
		if now.Sub(s.at) < 61*time.Second {
			requests++
			sum += s.tokens
		}
	}
	switch {
	case o.limits.Requests > 0 && requests > o.limits.Requests:
		return "too many requests"
	case o.limits.InputTokens > 0 && sum+tokens > o.limits.InputTokens && sum > 0:
		return "too many tokens"
	case now.Before(o.quiet):
		return "the engine asked to be left alone"
	case now.Before(o.until):
		return "the quota of the day is used up"
	case o.outage && slices.ContainsFunc(o.probes, func(p *sent) bool { _, out := o.out[p]; return out }):
		return "there is a probe already"
	}
	return ""
}

func (o *oracle) send(t *rapid.T, l *lane.Lane, now time.Time, tokens int) {
	if why := o.mayGo(now, tokens); why != "" {
		t.Fatalf("opens, but %s", why)
	}
	s := &sent{
		at: now, tokens: tokens, alone: tokens > o.limits.InputTokens,
		arrived: now.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "travel")) * time.Millisecond),
	}
	if o.outage {
		o.probes = append(o.probes, s)
	}
	o.log = append(o.log, s)
	o.out[s] = l.Begin(now, tokens)
	o.order = append(o.order, s)
}

// end ends a request that is out in some way.
func (o *oracle) end(t *rapid.T, l *lane.Lane, now time.Time) {
	i := rapid.IntRange(0, len(o.order)-1).Draw(t, "which")
	s := o.order[i]
	ticket := o.out[s]
	delete(o.out, s)
	o.order = slices.Delete(o.order, i, i+1)
	asked := rapid.SampledFrom([]time.Duration{0, 0, 300 * time.Millisecond, 7 * time.Second, 90 * time.Second, 5 * time.Hour}).Draw(t, "asked")
	switch rapid.SampledFrom([]string{"answered", "answered", "limited", "failed", "failed", "dropped"}).Draw(t, "how") {
	case "answered":
		o.row, o.outage, o.probes = 0, false, nil
		o.answers++
		billed := rapid.IntRange(0, s.tokens).Draw(t, "billed")
		if billed > 0 {
			s.tokens = billed
		}
		l.Answered(now, ticket, billed)
	case "limited":
		o.row, o.outage, o.probes = 0, false, nil
		l.Limited(now, ticket, &engine.Error{
			Kind: engine.RateLimited, RetryAfter: asked,
			Measure: engine.Measure(rapid.IntRange(0, 2).Draw(t, "measure")),
			Limit:   rapid.IntRange(0, 50).Draw(t, "limit"),
		})
		o.ask(now, asked)
	case "failed":
		o.row++
		if !o.outage && (o.row > 2 || asked > 0) {
			o.outage, o.noticed = true, now
		}
		l.Failed(now, ticket, asked)
		o.ask(now, asked)
	case "dropped":
		l.Dropped(now, ticket)
	}
	if l.Answers() != o.answers {
		t.Fatalf("%d answers, want %d", l.Answers(), o.answers)
	}
}

func (o *oracle) ask(now time.Time, asked time.Duration) {
	if end := now.Add(min(asked, time.Hour)); asked > 0 && end.After(o.quiet) {
		o.quiet = end
	}
}

// TestLane holds a lane against an oracle in random histories.
func TestLane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits := lane.Limits{
			Requests:    rapid.SampledFrom([]int{0, 1, 3, 20}).Draw(t, "requests"),
			InputTokens: rapid.SampledFrom([]int{0, 100, 5000}).Draw(t, "tokens"),
		}
		l := lane.New(limits).Jitter(func() float64 { return rapid.Float64Range(0, 0.999).Draw(t, "jitter") })
		o := &oracle{limits: limits, out: map[*sent]lane.Ticket{}}
		now := start
		for range 120 {
			tokens := rapid.SampledFrom([]int{0, 1, 30, 60, 700, 6000}).Draw(t, "tokens")
			at, ok := l.Opens(now, tokens)
			switch {
			case !ok && !(o.outage && len(o.order) > 0):
				t.Fatal("waits for an answer that is not out")
			case ok && at.Before(now):
				t.Fatal("opens in the past")
			case ok && at.Equal(now):
				o.send(t, l, now, tokens)
			case ok && now.Before(o.until) && at.Before(o.until):
				t.Fatalf("opens at %v, before the quota is there", at)
			}
			switch rapid.IntRange(0, 9).Draw(t, "then") {
			case 0:
				o.until = now.Add(time.Duration(rapid.IntRange(-10, 600).Draw(t, "quota")) * time.Second)
				l.Exhausted(o.until)
			case 1, 2, 3, 4, 5:
				if len(o.order) > 0 {
					o.end(t, l, now)
				}
			}
			if len(o.order) > 0 && l.Idle(now) {
				t.Fatal("idle with something out")
			}
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 100, 1000, 20_000, 60_000}).Draw(t, "passes")) * time.Millisecond)
		}
		o.seenByServer(t)
		o.getsThrough(t, l, now)
	})
}

// seenByServer holds every minute at the server against the limits. A request
// that alone is above the limit has its minute to itself when it is sent; what
// was billed less than estimated makes room for others.
func (o *oracle) seenByServer(t *rapid.T) {
	for _, from := range o.log {
		requests, tokens, alone := 0, 0, false
		for _, s := range o.log {
			if d := s.arrived.Sub(from.arrived); d >= 0 && d < time.Minute {
				requests++
				tokens += s.tokens
				alone = alone || s.alone
			}
		}
		if o.limits.Requests > 0 && requests > o.limits.Requests {
			t.Fatalf("%d requests in a minute", requests)
		}
		if o.limits.InputTokens > 0 && tokens > o.limits.InputTokens && !alone {
			t.Fatalf("%d tokens in a minute", tokens)
		}
	}
}

// getsThrough ends what is out and follows the lane's word until requests go out.
func (o *oracle) getsThrough(t *rapid.T, l *lane.Lane, now time.Time) {
	for len(o.order) > 0 {
		o.end(t, l, now)
	}
	for range 3 {
		for waits := 0; ; waits++ {
			at, ok := l.Opens(now, 6000)
			if !ok {
				t.Fatal("waits for an answer with nothing out")
			}
			if at.Equal(now) {
				break
			}
			if waits == 3 {
				t.Fatalf("still not open after three waits, until %v", at)
			}
			if d := at.Sub(now); d > time.Hour+time.Minute {
				t.Fatalf("waits %v", d)
			}
			now = at
		}
		l.Answered(now, l.Begin(now, 6000), 6000)
	}
	if now = now.Add(2 * time.Hour); !l.Idle(now) {
		t.Fatal("not idle after two hours")
	}
	if have, most := l.Slots(); have > most {
		t.Fatalf("%d slots", have)
	}
}

// TestWindowsMemory sends at every millisecond of a minute, and more.
func TestWindowsMemory(t *testing.T) {
	l := lane.New(lane.Limits{Requests: 1_000_000})
	now := start
	for range 200_000 {
		if at, _ := l.Opens(now, 10); !at.Equal(now) {
			t.Fatal("does not open")
		}
		l.Answered(now, l.Begin(now, 10), 12)
		now = now.Add(time.Millisecond)
	}
	if have, most := l.Slots(); have > most {
		t.Errorf("%d slots, want %d at most", have, most)
	}
}
