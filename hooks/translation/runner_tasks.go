package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"verso/hooks/translation/pipeline"
)

// brokenDown is what a person reads of a job that a panic has ended.
const brokenDown = "The document could not be processed because of an error in the service. It has been recorded."

// carryOut does one task and hands its slot back. A panic (in a format's
// parser, say) ends the job and not the service.
func (r *runner) carryOut(t task, job *activeJob) {
	defer func() {
		if cause := recover(); cause != nil {
			r.log(job).Error("panic in a translation task", "job", t.job, "position", t.position, "panic", cause, "stack", stack())
			r.end(t, job, brokenDown)
		}
		r.mu.Lock()
		r.schedule.done(t, r.now())
		r.mu.Unlock()
		if until := r.closing(t, job); !until.IsZero() {
			r.pauseUntil(t.job, job, until)
		}
		r.signal()
	}()

	err := r.do(job.ctx, &t, job)
	switch {
	case err == nil:
	case errors.Is(err, errStale):
		r.movedOn(t, job)
	case errors.Is(err, errReview):
		r.release(context.WithoutCancel(job.ctx), t.job, job.owner)
	case job.ctx.Err() != nil:
		// Cut off by a deletion or the shutdown: the ledger still has it as
		// pending, which is all there is to remember.
	case errors.Is(err, pipeline.ErrPanicked):
		r.log(job).Error("panic in a translation task on a worker, whose log has it", "job", t.job, "position", t.position)
		r.end(t, job, brokenDown)
	case r.broke(t, job, err):
	default:
		r.failed(t, job, err)
	}
}

func (r *runner) do(ctx context.Context, t *task, job *activeJob) error {
	if t.kind == taskPlan {
		// First of all, so that whatever is wrong with the job can end it.
		if err := r.ledger.begin(ctx, t.job); err != nil {
			return err
		}
	}
	order, err := r.order(ctx, t.job, job)
	if err != nil {
		return err
	}
	switch t.kind {
	case taskPlan:
		return r.plan(ctx, *t, job, order)
	case taskSegment:
		return r.translate(ctx, t, job, order)
	default:
		return r.build(ctx, t.job, job, order)
	}
}

// order returns a job's order, read from the database once per process.
func (r *runner) order(ctx context.Context, jobID string, job *activeJob) (*order, error) {
	job.loading.Lock()
	defer job.loading.Unlock()
	if job.order.Load() == nil || job.outdated {
		loaded, err := r.documents.order(ctx, jobID)
		if err != nil {
			return nil, err
		}
		if err := r.choose(loaded); err != nil {
			return nil, err
		}
		job.order.Store(loaded)
		job.outdated = false
	}
	return job.order.Load(), nil
}

// forgetOrder has a job's order read anew, because its brief has changed.
func (j *activeJob) forgetOrder() {
	j.loading.Lock()
	defer j.loading.Unlock()
	j.outdated = true
}

// choose finds the lane on which a job is asked for, and the model to fall back
// on.
func (r *runner) choose(order *order) error {
	name, model := order.job.Engine(), order.job.ModelName()
	eng, ok := r.engines[name]
	if !ok {
		return fmt.Errorf("%w: %q", pipeline.ErrEngineMissing, name)
	}
	order.lane = laneID{engine: name, model: model}
	info := eng.Info()
	order.fallback, order.imitation = info.Fallbacks[model], info.Imitation
	if order.sealedKey == "" {
		return nil
	}
	apiKey, err := r.sealer.open(order.job.Id, order.sealedKey)
	if err != nil {
		return err
	}
	order.lane.key = r.sealer.digest(apiKey)
	return nil
}

// plan parses the document and writes its segments, unless that was done
// before the process was started.
func (r *runner) plan(ctx context.Context, t task, active *activeJob, order *order) error {
	jobID := t.job
	if order.job.SegmentsTotal() == 0 {
		// Half a minute's tokens at most, at a token a character, as for Chinese:
		// the other half is the instructions'.
		segments, err := r.documents.segments(ctx, order, r.lanes.limits[order.lane.engine].InputTokens/2)
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
	purses, err := r.purses(ctx, order)
	if err != nil {
		return err
	}
	segments, err := r.ledger.pending(ctx, jobID)
	if err != nil {
		return err
	}
	if r.wantsAnalysis(order, len(segments)) {
		found, err := r.survey(ctx, order)
		if err != nil {
			return err
		}
		switch {
		case found.left > 0:
			return r.study(t, active, order, purses, found)
		case len(found.questions) > 0:
			// All of them were answered before the job was broken off. It is planned
			// once more, with the brief that comes of them.
			active.forgetOrder()
			return r.freeze(ctx, order, found, nil)
		}
	}
	if err := r.review(ctx, jobID, order); err != nil {
		return err
	}
	overhead := pipeline.Overhead(order.job.TargetLanguage(), order.style, order.terms)
	r.mu.Lock()
	active.left = len(segments)
	active.lane = order.lane
	t.queue.plan(order.lane, purses, overhead, segments)
	r.closeIfExhausted(active)
	r.mu.Unlock()
	r.feed.changed(jobID, active.owner)
	return nil
}

// closeIfExhausted lets a job wait whose lane's quota of the day is used up, unless
// somebody insists that it is tried. The runner's mutex is held.
func (r *runner) closeIfExhausted(active *activeJob) {
	lane := r.lanes.of(active.lane)
	if active.insisted {
		lane.Exhausted(time.Time{})
	} else if until := lane.Until(); until.After(r.now()) && active.left > 0 {
		active.closed = until
	}
}

// build writes the output beside the source and ends the job.
func (r *runner) build(ctx context.Context, jobID string, active *activeJob, order *order) error {
	file, err := r.files.temporary()
	if err != nil {
		return err
	}
	defer file.Close()
	revision, err := r.ledger.revision(ctx, jobID)
	if err != nil {
		return err
	}
	if left, err := r.ledger.pending(ctx, jobID); err != nil || len(left) > 0 {
		return errors.Join(err, errStale) // it only seemed that all is settled
	}
	result, err := r.documents.build(ctx, order, file, false)
	if err != nil {
		return err
	}
	changed, err := r.ledger.unplaced(ctx, jobID, result.left)
	if err != nil {
		return err
	}
	revision += changed // the output is as they stand now
	if result.translated <= len(result.left) {
		issue, err := r.ledger.firstIssue(ctx, jobID)
		if err != nil {
			return err
		}
		err = r.ledger.fail(ctx, jobID, "No part of the document could be translated. "+issue)
		return r.finish(ctx, jobID, active, err)
	}

	name := outputName(order.format.Name())
	r.mu.Lock()
	segment := active.tempo.mean()
	r.mu.Unlock()
	err = r.documents.keep(ctx, stored{
		key: order.job.BaseFilesPath() + "/" + name, name: name, file: file,
		note: func() error { return r.ledger.complete(ctx, jobID, name, revision, segment) },
	})
	if err != nil {
		after := context.WithoutCancel(ctx)
		job, gone := r.ledger.job(after, jobID)
		if errors.Is(gone, sql.ErrNoRows) || gone == nil && job.SourceFile() == "" {
			// Deleted meanwhile, or erased with its owner: nobody owns the file.
			err = errors.Join(err, r.files.remove(after, jobID))
		}
	}
	return r.finish(ctx, jobID, active, err)
}

// finish lets go of a job whose end was written, and tells its owner.
func (r *runner) finish(ctx context.Context, jobID string, active *activeJob, err error) error {
	if err == nil {
		r.release(context.WithoutCancel(ctx), jobID, active.owner)
	}
	return err
}

func stack() string { return string(debug.Stack()) }
