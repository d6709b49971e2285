package translation

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// This file is what becomes of a segment whose question got no answer: whether it
// waits, climbs the ladder, or pauses its job.

const (
	// breakOffs is how often in a row an engine may fail on a segment, while it
	// answers others, before the segment climbs the ladder; and suspectBreakOffs
	// how often on what is left of such a one.
	breakOffs, suspectBreakOffs = 4, 1
	// firstPause and longestPause bound the pause before a segment is asked for
	// again that the engine failed on; it doubles in between.
	firstPause, longestPause = 250 * time.Millisecond, 30 * time.Second
)

// unanswered decides what becomes of a segment whose question got no answer.
// The error is nil where a probe was answered in its place.
func (r *runner) unanswered(ctx context.Context, t *segmentTask, work *pipeline.Work, before aside, err error) error {
	var failed *engine.Error
	switch {
	case ctx.Err() != nil:
		r.putAside(*t.task, t.active, work, before, time.Time{})
		return err
	case errors.Is(err, pipeline.ErrNotAsked), errors.Is(err, pipeline.ErrCutOff):
		r.putAside(*t.task, t.active, work, before, time.Time{})
		return nil
	case errors.Is(err, pipeline.ErrLost):
		// Where that happens again and again to one segment, the segment is at fault.
		return r.engineFailed(ctx, t, work, before, &engine.Error{Kind: engine.ServerFailed, Err: err})
	case work.NextIsFallback() && engine.KindOf(err).Passing() && before.failures+1 >= breakOffs:
		// Nobody was promised the other model, so nobody waits for it for ever.
		work.Skip(engine.KindOf(err))
		return r.climbOrSettle(ctx, t, work, before)
	case err == nil:
		// The engine is there, perhaps again: the segment is asked for once more,
		// and only its own failure counts.
		r.putAside(*t.task, t.active, work, before, time.Time{})
		return nil
	case !errors.As(err, &failed) || !failed.Kind.Passing():
		// A key that cannot be opened or is refused pauses the job.
		before.climb = work.Climb
		r.keep(ctx, t.job, t.active, t.position, before, nil)
		return err
	case failed.Kind == engine.RateLimited && failed.Measure == engine.InputTokens && r.exceeds(*t.task, failed.Limit):
		// It will never fit into a minute; its halves may.
		work.BreakOff(&engine.Error{Kind: engine.Unsuitable})
		return r.climbOrSettle(ctx, t, work, before)
	case failed.Kind == engine.RateLimited || failed.Kind == engine.QuotaExhausted:
		if work.NextIsFallback() {
			before.failures++
		}
		r.putAside(*t.task, t.active, work, before, time.Time{})
		return nil
	}
	return r.engineFailed(ctx, t, work, before, failed)
}

// engineFailed puts a segment off that the engine failed on, or lets it climb
// where it alone is the cause.
func (r *runner) engineFailed(ctx context.Context, t *segmentTask, work *pipeline.Work, before aside, failed *engine.Error) error {
	if before.failures == 0 {
		before.answers = r.answersOf(t.lane)
	}
	before.failures++
	if before.failures >= before.bearable() && r.answeredOthers(t.lane, before) {
		work.BreakOff(failed)
		before.suspect = true
		return r.climbOrSettle(ctx, t, work, before)
	}
	if before.failures == 1 {
		r.log(t.active).Warn("the engine did not answer; the segment is asked for again", "job", t.job, "position", t.position, "error", failed)
	}
	pause := longestPause
	if doublings := before.failures - 1; doublings < 7 { // 250 ms × 2⁷ is beyond the longest
		pause = min(firstPause<<doublings, longestPause)
	}
	// Jitter, so that what failed together does not come back together.
	pause = pause/2 + rand.N(pause/2)
	r.putAside(*t.task, t.active, work, before, r.now().Add(max(pause, failed.RetryAfter)))
	return nil
}

// climbOrSettle goes on with a segment that has broken off.
func (r *runner) climbOrSettle(ctx context.Context, t *segmentTask, work *pipeline.Work, before aside) error {
	if work.Done() {
		return r.settle(ctx, t, *work, 0)
	}
	r.putAside(*t.task, t.active, work, aside{suspect: before.suspect}, time.Time{})
	return nil
}

// bearable returns how many failures in a row say nothing about a segment.
func (a aside) bearable() int {
	if a.suspect {
		return suspectBreakOffs
	}
	return breakOffs
}
