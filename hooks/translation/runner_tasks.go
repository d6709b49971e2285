package translation

import (
	"context"
	"database/sql"
	"errors"
	"runtime/debug"
	"time"

	"verso/hooks/translation/pipeline"
)

// order returns a job's order, read from the database once per process.
func (r *runner) order(ctx context.Context, jobID string, job *activeJob) (*order, error) {
	job.loading.Lock()
	defer job.loading.Unlock()
	if job.order == nil {
		loaded, err := r.documents.order(ctx, jobID)
		if err != nil {
			return nil, err
		}
		job.order = loaded
	}
	return job.order, nil
}

// plan parses the document and writes its segments, unless that was done
// before the process was started.
func (r *runner) plan(ctx context.Context, jobID string, active *activeJob, order *order) error {
	if err := r.ledger.begin(ctx, jobID); err != nil {
		return err
	}
	if order.job.SegmentsTotal() == 0 {
		segments, err := r.documents.segments(ctx, order)
		if err != nil {
			return err
		}
		err = r.ledger.plan(ctx, jobID, segments)
		if errors.Is(err, errStale) {
			// Planned already, by an attempt that failed right afterwards; or
			// not to be planned any more, which shows when it is looked for.
			err = r.ledger.mustBePlanned(ctx, jobID)
		}
		if err != nil {
			return err
		}
	}
	pending, err := r.ledger.pending(ctx, jobID)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.schedule.planned(jobID, pending)
	active.left = len(pending)
	active.began = time.Now()
	r.mu.Unlock()
	r.feed.changed(jobID, active.owner)
	return nil
}

// translate has one segment translated and writes what became of it.
func (r *runner) translate(ctx context.Context, t task, active *activeJob, order *order) error {
	blocks, before, err := r.ledger.blocks(ctx, t.job, t.position)
	if err != nil {
		return err
	}
	work := pipeline.Work{
		JobID:          t.job,
		Position:       t.position,
		Blocks:         blocks,
		Context:        pipeline.ContextOf(before),
		Engine:         order.job.Engine(),
		Model:          order.job.ModelName(),
		SourceLanguage: order.job.SourceLanguage(),
		TargetLanguage: order.job.TargetLanguage(),
		Style:          order.style,
		Glossary:       pipeline.TermsIn(blocks, order.glossary),
		SealedKey:      order.sealedKey,
		Attempts:       r.attemptsInVain(active, t.position),
	}
	outcome, err := r.executor.Execute(ctx, work)
	if err != nil {
		return err
	}
	// What has been translated, and perhaps paid for, is written even when the
	// process is told to stop in this moment.
	if err := r.ledger.settle(context.WithoutCancel(ctx), work, outcome); err != nil {
		return err
	}
	r.mu.Lock()
	active.settled++
	active.left--
	active.outages = 0
	delete(active.inVain, t.position)
	r.mu.Unlock()
	r.feed.changed(t.job, active.owner)
	return nil
}

func (r *runner) attemptsInVain(active *activeJob, position int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return active.inVain[position]
}

// build writes the output beside the source and ends the job.
func (r *runner) build(ctx context.Context, jobID string, order *order) error {
	file, err := r.files.temporary()
	if err != nil {
		return err
	}
	defer file.Close()
	translated, err := r.documents.build(ctx, order, file)
	if err != nil {
		return err
	}
	if translated == 0 {
		issue, err := r.ledger.firstIssue(ctx, jobID)
		if err != nil {
			return err
		}
		return r.finish(jobID, order, r.ledger.fail(ctx, jobID, "No part of the document could be translated. "+issue))
	}

	name := outputName(order.format.Name())
	err = r.files.write(ctx, order.job.BaseFilesPath()+"/"+name, name, file)
	if err == nil {
		err = r.ledger.complete(ctx, jobID, name)
	}
	if err != nil {
		after := context.WithoutCancel(ctx)
		if _, gone := r.ledger.job(after, jobID); errors.Is(gone, sql.ErrNoRows) {
			// Deleted meanwhile: nobody owns the file any more.
			err = errors.Join(err, r.files.remove(after, jobID))
		}
	}
	return r.finish(jobID, order, err)
}

// finish lets go of a job whose end was written, and tells its owner.
func (r *runner) finish(jobID string, order *order, err error) error {
	if err != nil {
		return err
	}
	r.drop(jobID)
	r.feed.now(jobID, order.job.OwnerID())
	return nil
}

// end writes that a job failed.
func (r *runner) end(t task, job *activeJob, message string) {
	r.leave(t, job, r.ledger.fail(context.WithoutCancel(job.ctx), t.job, message))
}

// park writes that a job is paused.
func (r *runner) park(t task, job *activeJob, reason string) {
	r.leave(t, job, r.ledger.pause(context.WithoutCancel(job.ctx), t.job, reason))
}

// leave lets go of a job whose end or pause was written, and tells its owner.
// One whose end could not be written, on a full disk say, comes to it again.
func (r *runner) leave(t task, job *activeJob, err error) {
	if err != nil && !errors.Is(err, errStale) {
		r.app.Logger().Error("the end of a job could not be written", "job", t.job, "error", err)
		r.later(t, job, ownPause)
		return
	}
	r.drop(t.job)
	r.feed.now(t.job, job.owner)
}

// pauseReason returns why a job cannot go on before its owner or an operator
// does something, or "".
func pauseReason(err error) string {
	switch {
	case errors.Is(err, errSealedKey):
		return "key"
	case errors.Is(err, pipeline.ErrEngineMissing):
		return "model"
	}
	return ""
}

func stack() string { return string(debug.Stack()) }
