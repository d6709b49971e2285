package translation

import (
	"context"
	"time"

	"verso/hooks/records"
)

// This file is what a quota of the day means: the jobs of its lane pause, and go
// on by themselves when it is there again.

// quotaGone lets every job of a lane pause until its quota of the day is there
// again. What is in flight may still be answered, so each goes when nothing of
// it is in flight any more.
func (r *runner) quotaGone(id laneID, until time.Time) {
	r.mu.Lock()
	idle := map[string]*activeJob{}
	for jobID, job := range r.active {
		if job.lane != id {
			continue
		}
		job.closed = until
		if queue := r.schedule.jobs[jobID]; queue != nil && queue.inFlight == 0 && queue.asks() {
			idle[jobID] = job
		}
	}
	r.mu.Unlock()
	for jobID, job := range idle {
		r.pauseUntil(jobID, job, until)
	}
}

// closing returns until when a job is to be paused whose last task in flight has
// just ended; the zero time if it is not.
func (r *runner) closing(t task, job *activeJob) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active[t.job] != job || t.queue.inFlight > 0 || !t.queue.asks() {
		return time.Time{} // with nothing left to ask for it needs no quota
	}
	return job.closed
}

// pauseUntil pauses a job until its quota is there again.
func (r *runner) pauseUntil(jobID string, job *activeJob, until time.Time) {
	if _, first := r.leaves(jobID, job); !first {
		return // taken away meanwhile, and perhaps taken up with another key
	}
	ctx := context.WithoutCancel(job.ctx) // it is written even when the process is told to stop
	err := r.ledger.pause(ctx, jobID, records.PausedByQuota, until)
	if err != nil && !isStale(err) {
		r.stays(job)
		// It finds its lane closed and waits, or asks once and comes here again.
		r.log(job).Error("a job could not be paused", "job", jobID, "error", err)
		return
	}
	r.release(ctx, jobID, job.owner)
	r.wakeAt(until)
}

// resumeWaiting resumes the jobs whose quota is there again, and remembers when
// to look after the others.
func (r *runner) resumeWaiting() {
	due, next, err := r.ledger.resumeDue(r.ctx, r.now())
	for _, ref := range due {
		r.submit(ref)
		r.feed.now(ref.ID, ref.OwnerID)
	}
	if err != nil && r.ctx.Err() == nil {
		r.app.Logger().Error("jobs that wait for their quota could not be resumed; it will be tried again", "error", err)
		next = sooner(next, r.now().Add(ownPause))
	}
	r.wakeAt(next)
}

// wakeAt lets the loop look after jobs that wait for their quota, at a time; the
// zero time is never.
func (r *runner) wakeAt(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alarm = sooner(r.alarm, at)
	r.signal()
}
