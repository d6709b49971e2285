package lane_test

import (
	"container/heap"
	"math/rand/v2"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// server is an engine with limits a minute.
type server struct {
	requests, tokens int  // 0: unlimited
	fixed            bool // minutes of the clock instead of the last 60 s
	says             saying

	log []taken // of the last minute
	sum taken
}

// saying is what a 429 says.
type saying struct{ retry, measure, limit bool }

type taken struct {
	at               time.Time
	requests, tokens int
}

// ask takes a request or returns what a 429 says.
func (s *server) ask(now time.Time, tokens int) *engine.Error {
	for len(s.log) > 0 && s.gone(s.log[0].at, now) {
		s.sum.requests--
		s.sum.tokens -= s.log[0].tokens
		s.log = s.log[1:]
	}
	e := &engine.Error{Kind: engine.RateLimited}
	switch {
	case s.requests > 0 && s.sum.requests+1 > s.requests:
		s.say(e, now, engine.Requests, s.requests)
	case s.tokens > 0 && s.sum.tokens+tokens > s.tokens:
		s.say(e, now, engine.InputTokens, s.tokens)
	default:
		s.log = append(s.log, taken{at: now, tokens: tokens})
		s.sum.requests++
		s.sum.tokens += tokens
		return nil
	}
	return e
}

func (s *server) gone(at, now time.Time) bool {
	if s.fixed {
		return at.Truncate(time.Minute) != now.Truncate(time.Minute)
	}
	return now.Sub(at) >= time.Minute
}

func (s *server) say(e *engine.Error, now time.Time, m engine.Measure, limit int) {
	if s.says.measure {
		e.Measure = m
	}
	if s.says.limit {
		e.Limit = limit
	}
	if s.says.retry {
		e.RetryAfter = time.Minute - now.Sub(s.log[0].at)
		if s.fixed {
			e.RetryAfter = time.Minute - now.Sub(now.Truncate(time.Minute))
		}
	}
}

// answer is on its way back.
type answer struct {
	at      time.Time
	ticket  lane.Ticket
	refused *engine.Error
	tokens  int
}

type answers []answer

func (a answers) Len() int           { return len(a) }
func (a answers) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a answers) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *answers) Push(x any)        { *a = append(*a, x.(answer)) }
func (a *answers) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	*a = (*a)[:last]
	return x
}

// figures are what came of a run.
type figures struct{ sent, taken, tokens, refused int }

// workload is a caller who always has something to ask.
type workload struct {
	lane    *lane.Lane
	server  *server
	workers int
	size    func() int // tokens of the next request
	chance  *rand.Rand

	now   time.Time
	out   answers
	next  int
	asked int // calls of Opens that said later
}

// run goes on for a time and returns its figures.
func (w *workload) run(for_ time.Duration) (f figures) {
	end := w.now.Add(for_)
	for w.now.Before(end) {
		at, ok := end, true
		if len(w.out) < w.workers {
			if w.next == 0 {
				w.next = w.size()
			}
			guess := w.lane.Estimate(4 * w.next) // of English
			at, ok = w.lane.Opens(w.now, guess)
			if ok && !at.After(w.now) {
				w.send(guess, &f)
				continue
			}
			w.asked++
		}
		if len(w.out) > 0 && (!ok || w.out[0].at.Before(at)) {
			w.receive()
			continue
		}
		w.now = at
	}
	return f
}

func (w *workload) send(guess int, f *figures) {
	tokens := w.next
	w.next = 0
	f.sent++
	a := answer{ticket: w.lane.Begin(w.now, guess), tokens: tokens}
	if a.refused = w.server.ask(w.now, tokens); a.refused != nil {
		f.refused++
		a.at = w.now.Add(time.Duration(100+w.chance.IntN(400)) * time.Millisecond)
	} else {
		f.taken++
		f.tokens += tokens
		a.at = w.now.Add(time.Duration(2000+w.chance.IntN(6000)) * time.Millisecond)
	}
	heap.Push(&w.out, a)
}

func (w *workload) receive() {
	a := heap.Pop(&w.out).(answer)
	if a.at.After(w.now) {
		w.now = a.at
	}
	if a.refused != nil {
		w.lane.Limited(w.now, a.ticket, a.refused)
	} else {
		w.lane.Answered(w.now, a.ticket, a.tokens)
	}
}
