package translatecmd

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"verso/hooks/translation/engine"
)

// This file is what becomes of questions that got no answer. It decides as the
// service does (hooks/translation/runner_segment.go), but for an engine that
// answers nobody: the service waits for it as long as it takes, and here somebody
// sits and waits for the command.

const (
	// breakOffs is how often in a row an engine may fail on a segment, while it
	// answers others, before the segment climbs the ladder; and suspectBreakOffs
	// how often on what is left of such a one.
	breakOffs, suspectBreakOffs = 4, 1
	// firstPause and longestPause bound the pause before a segment is asked for
	// again that the engine failed on; it doubles in between.
	firstPause, longestPause = 250 * time.Millisecond, 30 * time.Second
)

// silence is how long an engine has answered nobody, from the first failure on:
// how long that one took says little.
type silence struct {
	since time.Time // of the first failure
	last  error     // nil where there is none
}

// lasts reports whether it is time to give up for now.
func (s *silence) lasts(now time.Time, patience time.Duration) bool {
	return s.last != nil && now.Sub(s.since) >= patience
}

// failed counts a failure.
func (s *silence) failed(now time.Time, err error) {
	if s.last == nil {
		s.since = now
	}
	s.last = err
}

// replied takes the end of a request: the answer is still to be looked at, but the
// next may be asked.
func (r *runner) replied(t *task, usage engine.Usage, err error) {
	t.replied = true
	r.asking--
	r.purse.pay(t.model, usage)
	r.purse.release(t.held)
	lane, now := r.lane(t.model), r.now()
	var failure *engine.Error
	switch {
	case err == nil:
		lane.Answered(now, t.ticket, usage.InputTokens)
	case !errors.As(err, &failure):
		lane.Dropped(now, t.ticket)
		return
	case failure.Kind == engine.RateLimited:
		lane.Limited(now, t.ticket, failure)
	case failure.Kind == engine.QuotaExhausted:
		lane.Answered(now, t.ticket, 0)
		lane.Exhausted(failure.Until)
		if t.model == r.job.model {
			r.stop(failure)
		}
	case failure.Kind.Passing():
		lane.Failed(now, t.ticket, failure.RetryAfter)
		r.silence.failed(now, failure)
		return
	default:
		// A refused key is an answer too: the engine is there.
		lane.Answered(now, t.ticket, usage.InputTokens)
	}
	r.silence = silence{}
}

// unanswered decides what becomes of a work whose question got no answer. The error
// is nil where a probe was answered in its place.
func (r *runner) unanswered(ctx context.Context, t *task, attempt *attempt, err error) {
	work := &attempt.work
	var failure *engine.Error
	switch {
	case ctx.Err() != nil:
		// Cut off; what it has brought so far is written in the end.
		r.stop(context.Cause(ctx))
	case work.NextIsFallback() && engine.KindOf(err).Passing() && attempt.failures+1 >= breakOffs:
		// Nobody was promised the other model, so nobody waits for it for ever.
		work.Skip(engine.KindOf(err))
		attempt.failures = 0
		r.goOn(t.position)
	case err == nil:
		// The engine is there, perhaps again: the segment is asked for once more,
		// and only its own failure counts.
		r.putBack(t.position, attempt, time.Time{})
	case !errors.As(err, &failure) || !failure.Kind.Passing():
		r.stop(err)
	case failure.Kind == engine.RateLimited && failure.Measure == engine.InputTokens && r.exceeds(t, failure.Limit):
		// It will never fit into a minute; its halves may.
		work.BreakOff(&engine.Error{Kind: engine.Unsuitable})
		attempt.failures = 0
		r.goOn(t.position)
	case failure.Kind == engine.RateLimited || failure.Kind == engine.QuotaExhausted:
		if work.NextIsFallback() {
			attempt.failures++
		}
		r.putBack(t.position, attempt, time.Time{})
	default:
		r.engineFailed(t, attempt, failure)
	}
}

// engineFailed puts a work off that the engine failed on, or lets it climb where it
// alone is the cause.
func (r *runner) engineFailed(t *task, attempt *attempt, failure *engine.Error) {
	if attempt.failures == 0 {
		attempt.answers = r.lane(t.model).Answers()
	}
	attempt.failures++
	if attempt.failures >= attempt.bearable() && r.answeredOthers(t.model, attempt) {
		attempt.work.BreakOff(failure)
		attempt.failures, attempt.suspect = 0, true
		r.goOn(t.position)
		return
	}
	pause := longestPause
	if doublings := attempt.failures - 1; doublings < 7 { // 250 ms × 2⁷ is beyond the longest
		pause = min(firstPause<<doublings, longestPause)
	}
	// Jitter, so that what failed together does not come back together.
	pause = pause/2 + rand.N(pause/2)
	r.putBack(t.position, attempt, r.now().Add(max(pause, failure.RetryAfter)))
}

// bearable returns how many failures in a row say nothing about a segment.
func (a *attempt) bearable() int {
	if a.suspect {
		return suspectBreakOffs
	}
	return breakOffs
}

// exceeds reports whether a question is longer than what its lane may be asked in a
// whole minute; a limit of 0 is unknown.
func (r *runner) exceeds(t *task, limit int) bool {
	return limit > 0 && r.lane(t.model).Estimate(t.bytes) > limit
}

// answeredOthers reports whether the lane has answered something since a work's
// engine began to fail on it.
func (r *runner) answeredOthers(model string, attempt *attempt) bool {
	return r.lane(model).Answers() > attempt.answers
}
