package translation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// This file puts questions that belong to no job: what a page asks about a
// document before anybody has ordered a translation. They keep to the same limits
// and are paid from the same purses; but nobody waits long for them.

// askWait bounds how long such a question waits for its lane or between tries.
const askWait = 20 * time.Second

// errLater says that a question cannot be put in good time.
type errLater struct{ after time.Duration }

func (e errLater) Error() string { return fmt.Sprintf("to be asked again in %s", e.after) }

// ask puts a work's questions until nothing is left to ask for.
func (r *runner) ask(ctx context.Context, lane laneID, purses *purses, work *pipeline.Work) error {
	deadline := r.now().Add(askWait)
	for !work.Done() {
		t, err := r.enter(ctx, lane, purses, work, deadline)
		if err != nil {
			return err
		}
		if t.held.bounds() {
			work.MaxOutputTokens = t.held.affords(lane.model, work.NextBytes())
		}
		err = r.put(ctx, t, purses, work)
		var failed *engine.Error
		switch {
		case err == nil:
		case errors.Is(err, pipeline.ErrNotAsked), errors.Is(err, pipeline.ErrCutOff), errors.Is(err, pipeline.ErrLost):
			if err := r.sleep(ctx, firstPause, deadline); err != nil {
				return err
			}
		case errors.As(err, &failed) && failed.Kind.Passing():
			if err := r.sleep(ctx, max(failed.RetryAfter, firstPause), deadline); err != nil {
				return err
			}
		default:
			return err
		}
	}
	return nil
}

// put puts a work's next question, and gives back what was set aside for it and its
// place in the lane, whatever becomes of it.
func (r *runner) put(ctx context.Context, t task, purses *purses, work *pipeline.Work) error {
	replied := false
	defer func() {
		if replied {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		t.held.release()
		r.lanes.of(t.lane).Dropped(r.now(), t.ticket)
		r.signal()
	}()
	return r.executor.Step(ctx, work, func(usage engine.Usage, err error) {
		replied = true
		r.mu.Lock()
		defer r.mu.Unlock()
		purses.pay(t.lane.model, usage)
		t.held.release()
		r.tell(t, usage, err)
		r.signal()
	})
}

// enter waits for a place in a question's lane and for the money that it can cost.
func (r *runner) enter(ctx context.Context, lane laneID, purses *purses, work *pipeline.Work, deadline time.Time) (task, error) {
	t := task{kind: taskSegment, lane: lane, bytes: work.NextBytes()}
	for {
		r.mu.Lock()
		l := r.lanes.of(lane)
		now := r.now()
		tokens := l.Estimate(t.bytes)
		at, ok := l.Opens(now, tokens)
		if ok && !at.After(now) {
			held, affordable, wait, empty := purses.reserve(now, lane.model, t.bytes)
			switch {
			case affordable:
				t.held, t.ticket = held, l.Begin(now, tokens)
				r.mu.Unlock()
				return t, nil
			case !wait:
				renews := empty.renews
				r.mu.Unlock()
				return t, errBudget{renews}
			}
			ok = false // what is in flight may cost less than it can
		}
		r.mu.Unlock()
		pause := firstPause
		if ok {
			pause = at.Sub(now)
		}
		if err := r.sleep(ctx, pause, deadline); err != nil {
			return t, err
		}
	}
}

// sleep waits, unless that would take longer than anybody waits.
func (r *runner) sleep(ctx context.Context, pause time.Duration, deadline time.Time) error {
	if r.now().Add(pause).After(deadline) {
		return errLater{pause}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
