package translation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"verso/hooks/records"
	"verso/hooks/requestid"
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// This file is how a job's work ends before it is done: because somebody else
// has moved it on, because it cannot be done, or because it has to wait.

// movedOn lets a job go that the ledger does not want to be worked on any more.
// Of one that it does, a segment has been settled by another attempt, which is
// all there was to do; a plan or a build, and whatever the ledger could not be
// asked about, is looked at again.
func (r *runner) movedOn(t task, job *activeJob) {
	wanted, err := r.wanted(job.ctx, t.job)
	switch {
	case err == nil && !wanted:
		r.release(context.WithoutCancel(job.ctx), t.job, job.owner)
	case err == nil && t.kind == taskSegment && t.position >= 0:
		r.settledElsewhere(t, job)
	case err == nil && t.kind == taskSegment:
		// A question about the document whose brief is another by now.
		job.forgetOrder()
		r.mu.Lock()
		r.schedule.replan(t)
		r.mu.Unlock()
	case err == nil && t.kind == taskBuild:
		// Something of it is not settled although it seemed so: it is planned
		// anew, which shows what.
		r.mu.Lock()
		r.schedule.replan(t)
		r.mu.Unlock()
		fallthrough
	default:
		r.later(t)
	}
}

// settledElsewhere takes note of a segment that another attempt has settled. One
// that is pending all the same is asked for again.
func (r *runner) settledElsewhere(t task, job *activeJob) {
	pending := true
	err := r.ledger.settledAt(context.WithoutCancel(job.ctx), t.job, []int{t.position}, func(_ int, source []pipeline.Block, translation []engine.Block) {
		pending = false
		r.mu.Lock()
		defer r.mu.Unlock()
		job.left--
		job.echo.note(source, translation, true)
		r.wakeWaiting(job, t.position)
	})
	if err != nil || pending {
		job.forgetOrder()
		t.answered = false
		r.later(t)
	}
}

// recheck lets go of every job that the ledger does not want to be worked on.
func (r *runner) recheck() {
	r.mu.Lock()
	owners := make(map[string]string, len(r.active))
	for id, job := range r.active {
		owners[id] = job.owner
	}
	ctx := r.ctx
	r.mu.Unlock()
	if len(owners) == 0 {
		return
	}
	refs, err := r.ledger.unsettled(ctx)
	if err != nil {
		r.app.Logger().Error("jobs could not be looked at again", "error", err)
		return
	}
	for _, ref := range refs {
		delete(owners, ref.ID)
	}
	for id, owner := range owners {
		r.release(ctx, id, owner)
	}
}

// wanted reports whether the ledger wants a job to be worked on.
func (r *runner) wanted(ctx context.Context, jobID string) (bool, error) {
	job, err := r.ledger.job(ctx, jobID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return job.Status() == records.StatusPending || job.Status() == records.StatusProcessing, nil
}

// failed decides what becomes of a task that could not be done.
func (r *runner) failed(t task, job *activeJob, err error) {
	var bad *document.Error
	switch reason := pauseReason(err); {
	case errors.As(err, &bad):
		r.end(t, job, bad.Message)
	case errors.Is(err, filesystem.ErrNotFound), errors.Is(err, errDamaged):
		r.log(job).Error("job cannot be read", "job", t.job, "position", t.position, "error", err)
		r.end(t, job, "What the service has stored of this document cannot be read any more. Upload it again.")
	case reason != "":
		r.log(job).Warn("job paused", "job", t.job, "reason", reason, "error", err)
		r.park(t, job, reason)
	default:
		r.log(job).Error("translation task failed; it will be tried again",
			"job", t.job, "position", t.position, "error", err)
		r.later(t)
	}
}

// later puts a task back after a pause, in which the whole job rests.
func (r *runner) later(t task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.schedule.rest(t, r.now().Add(ownPause))
}

// end writes that a job failed.
func (r *runner) end(t task, job *activeJob, message string) {
	r.leave(t, job, func(ctx context.Context) error { return r.ledger.fail(ctx, t.job, message) })
}

// park writes that a job is paused.
func (r *runner) park(t task, job *activeJob, reason records.PauseReason) {
	r.leave(t, job, func(ctx context.Context) error { return r.ledger.pause(ctx, t.job, reason, time.Time{}) })
}

// leave writes a job's end or pause, lets go of it, and tells its owner. It may be
// written even when the process is told to stop. Where it cannot be, on a full disk say,
// the job comes to it again. Of several tasks that want the same only the first has its
// way: the others' reasons may be over when their turn comes, because somebody has
// resumed the job with more in between.
func (r *runner) leave(t task, job *activeJob, write func(context.Context) error) {
	here, first := r.leaves(t.job, job)
	if !first {
		if here {
			r.later(t)
		}
		return
	}
	ctx := context.WithoutCancel(job.ctx)
	switch err := write(ctx); {
	case err == nil:
		r.release(ctx, t.job, job.owner)
	case isStale(err):
		r.stays(job)
		r.movedOn(t, job)
	default:
		r.stays(job)
		r.log(job).Error("the end of a job could not be written", "job", t.job, "error", err)
		r.later(t)
	}
}

// leaves reports whether a job is here still, and whether who asks is the first that
// ends or pauses it, which he then has to do or to call stays.
func (r *runner) leaves(jobID string, job *activeJob) (here, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	here = r.active[jobID] == job
	first = here && !job.leaving
	job.leaving = job.leaving || first
	return here, first
}

// stays takes note that a job was not ended or paused after all.
func (r *runner) stays(job *activeJob) {
	r.mu.Lock()
	defer r.mu.Unlock()
	job.leaving = false
}

// release takes a job away whose status was changed, writes what was spent on
// what it leaves unfinished, and tells its owner.
func (r *runner) release(ctx context.Context, jobID, owner string) {
	r.writeDown(ctx, r.drop(jobID))
	// Somebody may have resumed it in between, and found it here still.
	if wanted, err := r.wanted(ctx, jobID); wanted || err != nil {
		r.submit(jobRef{ID: jobID, OwnerID: owner, Request: requestid.From(ctx), Insisted: true})
	}
	r.feed.now(jobID, owner)
}

// pauseReason returns why a job cannot go on before its owner or an operator
// does something, or "".
func pauseReason(err error) records.PauseReason {
	switch kind := engine.KindOf(err); {
	case errors.Is(err, errSealedKey), kind == engine.KeyRefused:
		return records.PausedByKey
	case errors.Is(err, pipeline.ErrEngineMissing), kind == engine.ModelRefused:
		return records.PausedByModel
	}
	return ""
}
