package translatecmd

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"verso/hooks/translation/engine"
)

// patience is how long an optional question waits for its lane.
const patience = time.Minute

// handOut puts every question that may be put now, and returns how long there is
// nothing more to do unless something happens.
func (r *runner) handOut(ctx context.Context) time.Duration {
	for r.stopped == nil && r.asking < r.concurrency && r.inFlight < 2*r.concurrency {
		now := r.now()
		if r.silence.lasts(now, r.patience) {
			if r.inFlight == 0 {
				r.stop(errAway{r.silence.last})
			}
			return longestSleep
		}
		task, later := r.next(now)
		if task == nil {
			return r.sleep(now, later)
		}
		r.begin(ctx, task)
	}
	return r.report.beat(longestSleep)
}

// sleep returns how long to wait for a time, the zero time being that of an answer.
func (r *runner) sleep(now, later time.Time) time.Duration {
	if r.silence.last != nil {
		later = sooner(later, r.silence.since.Add(r.patience))
	}
	if later.IsZero() {
		return r.report.beat(longestSleep)
	}
	if r.inFlight == 0 {
		r.report.waits(now, later)
	}
	return r.report.beat(min(max(later.Sub(now), 0), longestSleep))
}

// next takes a question that may be put now: first further ones, then those of
// fresh works, and last those that the engine failed on. Where there is none it
// returns when there may be one; the zero time depends on an answer.
func (r *runner) next(now time.Time) (t *task, later time.Time) {
	clear(r.held)
	if t, later = r.takeAgain(now, false); t != nil {
		return t, time.Time{}
	}
	for len(r.fresh) > 0 && r.stopped == nil {
		t, at := r.takeFresh(now)
		if t != nil {
			return t, time.Time{}
		}
		if len(r.fresh) > 0 && r.begun[r.fresh[0]] != nil { // its lane holds it back
			later = sooner(later, at)
			break
		}
	}
	t, at := r.takeAgain(now, true)
	return t, sooner(later, at)
}

// takeFresh takes the first question of the next work. One for which there is
// nothing to ask is settled in passing.
func (r *runner) takeFresh(now time.Time) (*task, time.Time) {
	position := r.fresh[0]
	if r.begun[position] == nil {
		r.begun[position] = &attempt{work: r.round.work(position)}
	}
	work := &r.begun[position].work
	if work.Done() {
		r.fresh = r.fresh[1:]
		r.goOn(position)
		return nil, time.Time{}
	}
	t, at := r.admit(task{position: position, bytes: work.NextBytes(), model: work.NextModel()}, now)
	if t != nil {
		r.fresh = r.fresh[1:]
	}
	return t, at
}

// takeAgain takes a further question that may be put now.
func (r *runner) takeAgain(now time.Time, failing bool) (*task, time.Time) {
	var later time.Time
	for i, question := range r.again {
		if question.failing != failing {
			continue
		}
		at := question.after
		if !at.After(now) {
			var t *task
			if t, at = r.admit(question, now); t != nil {
				r.again = slices.Delete(r.again, i, i+1)
				return t, time.Time{}
			}
		}
		later = sooner(later, at)
	}
	return nil, later
}

// admit lets a question into its lane, or returns when it may come again.
func (r *runner) admit(t task, now time.Time) (*task, time.Time) {
	if r.held[t.model] && !t.optional {
		return nil, time.Time{}
	}
	l := r.lane(t.model)
	tokens := l.Estimate(t.bytes)
	at, ok := l.Opens(now, tokens)
	switch {
	case ok && !at.After(now) && !r.held[t.model]:
		held, affordable, wait := r.purse.reserve(t.model, t.bytes)
		switch {
		case affordable:
			t.held, t.ticket = held, l.Begin(now, tokens)
			return &t, time.Time{}
		case t.optional:
			t.lost = true
			return &t, time.Time{}
		case !wait: // else what is in flight may cost less than it can
			r.stop(errBudget{})
		}
		return nil, time.Time{}
	case ok && t.optional && at.After(now.Add(patience)):
		t.lost = true
		return &t, time.Time{}
	}
	r.held[t.model] = true
	return nil, at
}

// begin puts a question.
func (r *runner) begin(ctx context.Context, t *task) {
	attempt := r.begun[t.position]
	if t.lost {
		attempt.work.Skip(engine.RateLimited)
		attempt.failures = 0
		r.goOn(t.position)
		return
	}
	work := attempt.work
	work.MaxOutputTokens = t.held.most
	// Nobody else tells a segment that the engine fails on from an engine that is
	// away.
	probe := attempt.failures >= attempt.bearable() && !r.answeredOthers(t.model, attempt)
	r.asking++
	r.inFlight++
	r.workers.Go(func() {
		done := &end{work: work, probe: probe}
		defer func() {
			if recover() != nil {
				done.err = panicked()
			}
			r.events <- event{task: t, end: done}
		}()
		replied := func(usage engine.Usage, err error) { r.events <- event{task: t, reply: &reply{usage, err}} }
		if !probe {
			done.err = r.executor.Step(ctx, &done.work, replied)
			return
		}
		var usage engine.Usage
		usage, done.err = r.executor.Probe(ctx, &done.work, replied)
		done.work.Climb.Spent = done.work.Climb.Spent.Add(done.work.NextModel(), usage)
	})
}

// panicked makes an error of a panic: where it was, which whoever mends it needs,
// and not what it said, which may quote the document.
func panicked() error {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			return failed("The document could not be processed because of an error in Verso, in %s, line %d. Please report it.", frame.Function, frame.Line)
		}
		if !more {
			return failed("The document could not be processed because of an error in Verso. Please report it.")
		}
	}
}

// sooner returns the earlier of two times of which zero means never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// errAway is an engine that has answered nobody for a while.
type errAway struct{ last error }

func (e errAway) Error() string { return fmt.Sprintf("the engine does not answer: %v", e.last) }

// errBudget is the end of what may be spent.
type errBudget struct{}

func (errBudget) Error() string { return "what may be spent is used up" }
