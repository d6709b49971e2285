package lane_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

// run lets a lane work at a server, first to learn and then for some time more.
func run(l *lane.Lane, s *server, toLearn, then time.Duration) (learning, learned figures) {
	chance := rand.New(rand.NewPCG(1, 2))
	w := &workload{
		lane: l.Jitter(chance.Float64), server: s, workers: 600,
		size:   func() int { return 500 + chance.IntN(7501) },
		chance: chance, now: start.Add(17 * time.Second),
	}
	return w.run(toLearn), w.run(then)
}

// TestLearn holds a lane that learns its limits against one that was told them:
// the rest is lost to large requests that do not fit what is left of a minute.
func TestLearn(t *testing.T) {
	limits := []lane.Limits{
		{Requests: 5}, {Requests: 10}, {Requests: 15}, {Requests: 60}, {Requests: 1000}, {Requests: 4000},
		{InputTokens: 15_000}, {InputTokens: 250_000}, {InputTokens: 4_000_000},
	}
	says := []struct {
		name string
		saying
		least float64 // of what the lane uses that was told its limits
	}{
		{"everything", saying{retry: true, measure: true, limit: true}, 0.93},
		{"what it counts and when to return", saying{retry: true, measure: true}, 0.82},
		{"what it counts", saying{measure: true}, 0.82},
		{"nothing", saying{}, 0.75},
	}
	for _, limit := range limits {
		for _, fixed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%+v,fixed=%v", limit, fixed), func(t *testing.T) {
				t.Parallel()
				serve := func(says saying) *server {
					return &server{requests: limit.Requests, tokens: limit.InputTokens, fixed: fixed, says: says}
				}
				toLearn, then := time.Hour, 10*time.Hour
				if limit.Requests > 500 || limit.InputTokens > 1_000_000 {
					toLearn, then = 10*time.Minute, 20*time.Minute // as many requests, and more
				}
				_, told := run(lane.New(limit), serve(saying{}), toLearn, then)
				if told.refused > 0 {
					t.Errorf("%d refused with the limit configured", told.refused)
				}
				for _, s := range says {
					learning, learned := run(lane.New(lane.Limits{}), serve(s.saying), toLearn, then)
					use := float64(learned.tokens) / float64(told.tokens)
					if limit.Requests > 0 {
						use = float64(learned.taken) / float64(told.taken)
					}
					refused := float64(learned.refused) / float64(learned.sent)
					t.Logf("429s say %s: %.1f%% of what is possible, %.2f%% refused (%d of %d while learning)",
						s.name, 100*use, 100*refused, learning.refused, learning.sent)
					if use < s.least || refused > 0.02 {
						t.Errorf("429s say %s: %.1f%% of what is possible, %.2f%% refused", s.name, 100*use, 100*refused)
					}
				}
				t.Logf("what is possible: %.1f requests and %.0f tokens a minute",
					float64(told.taken)/then.Minutes(), float64(told.tokens)/then.Minutes())
			})
		}
	}
}

// TestLearnAnew changes the engine's limit under a lane that knows the old one.
func TestLearnAnew(t *testing.T) {
	for _, test := range []struct {
		name     string
		from, to int
		says     saying
		within   time.Duration
	}{
		{"raised", 15, 1000, saying{retry: true, measure: true, limit: true}, 90 * time.Minute},
		{"raised, unsaid", 15, 1000, saying{measure: true}, 90 * time.Minute},
		{"lowered", 1000, 15, saying{retry: true, measure: true, limit: true}, 5 * time.Minute},
		{"lowered, unsaid", 1000, 15, saying{measure: true}, 20 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(3, 4))
			w := &workload{
				lane: lane.New(lane.Limits{}).Jitter(chance.Float64), server: &server{requests: test.from, says: test.says},
				workers: 100, size: func() int { return 1000 }, chance: chance, now: start,
			}
			w.run(5 * time.Hour)
			w.server.requests = test.to
			w.run(test.within)
			f := w.run(10 * time.Minute)
			// A hundred workers with answers after 5 s do at most 1200 a minute.
			if use := float64(f.taken) / float64(10*test.to); use < 0.85 {
				t.Errorf("%.0f%% used of the new limit", 100*use)
			}
			if f.refused > f.sent/20 {
				t.Errorf("%d of %d refused", f.refused, f.sent)
			}
		})
	}
}

// TestOneLesson counts the 429s of one burst once.
func TestOneLesson(t *testing.T) {
	l := lane.New(lane.Limits{}).Steady()
	var out []lane.Ticket
	for range 100 {
		out = append(out, l.Begin(start, 500))
	}
	now := start.Add(time.Second)
	for _, ticket := range out[:20] {
		l.Answered(now, ticket, 0)
	}
	for i, ticket := range out[20:] {
		l.Limited(now.Add(time.Duration(i)*time.Millisecond), ticket, &engine.Error{Kind: engine.RateLimited, Measure: engine.Requests})
	}
	if got := l.InForce(); got != (lane.Limits{Requests: 18}) {
		t.Errorf("20 of 100 were taken; in force %+v, want nine tenths of them", got)
	}
}

// TestGrowth follows a limit from a lesson to beyond the knee.
func TestGrowth(t *testing.T) {
	l := lane.New(lane.Limits{Requests: 500}).Steady()
	refuse := func(now time.Time, taken int) {
		var out []lane.Ticket
		for range taken + 10 {
			out = append(out, l.Begin(now, 0))
		}
		for _, ticket := range out[taken:] {
			l.Limited(now, ticket, &engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, RetryAfter: 1})
		}
	}
	// press asks for as much as there is until the minute is over.
	press := func(from time.Time) time.Time {
		end := from.Add(time.Minute)
		for now := from; now.Before(end); {
			at, _ := l.Opens(now, 0)
			if at.After(now) {
				now = at
				continue
			}
			l.Answered(now, l.Begin(now, 0), 0)
		}
		l.Opens(end, 0)
		return end
	}
	now := start
	refuse(now, 300)
	want := func(minute, limit int) {
		t.Helper()
		if got := l.InForce().Requests; got != limit {
			t.Fatalf("minute %d: %d in force, want %d", minute, got, limit)
		}
	}
	want(0, 270)
	for minute, limit := range []int{285, 300, 315, 345, 405, 500, 500} {
		now = press(now)
		want(minute+1, limit)
	}

	now = now.Add(2 * time.Minute)
	refuse(now, 280) // confirms the knee: two minutes at it
	want(0, 252)
	for minute, limit := range []int{266, 280, 294} {
		now = press(now)
		want(minute+1, limit)
	}

	for hour := range 3 { // nothing presses any more; the last minute's pressing counts once
		now = now.Add(time.Hour)
		l.Opens(now, 0)
		want(60*hour, 322)
	}
}

func TestLimitedTeaches(t *testing.T) {
	for _, test := range []struct {
		name       string
		configured lane.Limits
		err        engine.Error
		want       lane.Limits
	}{
		{"requests, stated", lane.Limits{}, engine.Error{Measure: engine.Requests, Limit: 7}, lane.Limits{Requests: 7}},
		{"tokens, stated", lane.Limits{}, engine.Error{Measure: engine.InputTokens, Limit: 7000}, lane.Limits{InputTokens: 7000}},
		{"requests", lane.Limits{}, engine.Error{Measure: engine.Requests}, lane.Limits{Requests: 8}},
		{"tokens", lane.Limits{}, engine.Error{Measure: engine.InputTokens}, lane.Limits{InputTokens: 8100}},
		{"nobody knows which", lane.Limits{}, engine.Error{Limit: 3}, lane.Limits{Requests: 8, InputTokens: 8100}},
		{"below the configured", lane.Limits{Requests: 50}, engine.Error{Measure: engine.Requests, Limit: 20}, lane.Limits{Requests: 20}},
		{"not above the configured", lane.Limits{Requests: 10}, engine.Error{Measure: engine.Requests, Limit: 20}, lane.Limits{Requests: 8}},
		{"at least half", lane.Limits{Requests: 50}, engine.Error{Measure: engine.Requests}, lane.Limits{Requests: 25}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := lane.New(test.configured).Steady()
			var last lane.Ticket
			for range 10 {
				last = l.Begin(start, 1000)
			}
			l.Limited(start.Add(time.Second), last, &test.err)
			if got := l.InForce(); got != test.want {
				t.Errorf("in force %+v, want %+v", got, test.want)
			}
		})
	}
}
