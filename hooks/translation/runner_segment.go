package translation

import (
	"context"
	"errors"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// translate puts a segment's next question to its engine and writes what became
// of the segment, once that is known.
func (r *runner) translate(ctx context.Context, t *task, active *activeJob, order *order) error {
	if t.broke != nil {
		return errBudget{t.broke.renews}
	}
	begun := r.now()
	work, stored, before, err := r.work(ctx, *t, active, order)
	if err != nil {
		return err
	}
	segment := &segmentTask{task: t, active: active, order: order, stored: stored}
	if t.held.bounds() && !t.replied {
		if work.MaxOutputTokens = t.held.affords(work.NextModel(), work.NextBytes()); work.MaxOutputTokens <= 0 {
			// It is longer than was thought: more is to be set aside for it.
			r.putAside(*t, active, &work, before, time.Time{})
			return nil
		}
	}
	model := work.NextModel() // now: the work goes on to its next question
	replied := func(usage engine.Usage, err error) {
		r.replied(t, model, usage, err)
		if failed := new(engine.Error); errors.As(err, &failed) && failed.Kind == engine.QuotaExhausted {
			r.quotaGone(t.lane, failed.Until)
		}
	}
	switch {
	case t.lost:
		work.Skip(engine.RateLimited)
		return r.climbOrSettle(ctx, segment, &work, before)
	case work.Done():
		return r.settle(ctx, segment, work, 0) // nothing is to be asked, or it could not be written the last time
	case before.failures >= before.bearable() && !r.answeredOthers(t.lane, before):
		// Nobody else tells a segment that the engine fails on from an engine
		// that is away.
		usage, err := r.executor.Probe(ctx, &work, replied)
		work.Climb.Spent = work.Climb.Spent.Add(model, usage)
		return r.unanswered(ctx, segment, &work, before, err)
	}
	if err := r.executor.Step(ctx, &work, replied); err != nil {
		return r.unanswered(ctx, segment, &work, before, err)
	}
	if !work.Done() {
		r.putAside(*t, active, &work, aside{suspect: before.suspect}, time.Time{})
		return nil
	}
	return r.settle(ctx, segment, work, r.now().Sub(begun))
}

// segmentTask is one task with a segment, or a question about the document.
type segmentTask struct {
	*task
	active *activeJob
	order  *order
	stored storedSegment // nothing, of a question
}

// work puts together what translating a segment takes, and how far it has come.
func (r *runner) work(ctx context.Context, t task, active *activeJob, order *order) (pipeline.Work, storedSegment, aside, error) {
	if t.position < 0 {
		work, before, err := r.questionOf(t, active, order)
		return work, storedSegment{}, before, err
	}
	stored, err := r.ledger.segment(ctx, t.job, t.position)
	if err != nil {
		return pipeline.Work{}, stored, aside{}, err
	}
	before := r.takeAside(active, t.position)
	work := pipeline.Work{
		JobID:          t.job,
		Position:       t.position,
		Blocks:         stored.blocks,
		Context:        pipeline.ContextOf(stored.before),
		Engine:         order.job.Engine(),
		Model:          order.job.ModelName(),
		Fallback:       order.fallback,
		SourceLanguage: order.job.SourceLanguage(),
		TargetLanguage: order.job.TargetLanguage(),
		Brief:          order.revision,
		Style:          order.style,
		Glossary:       order.termsIn(stored.blocks),
		SealedKey:      order.sealedKey,
		Earlier:        stored.earlier,
		Climb:          before.climb,
	}
	work.Present = order.present(work.Context, work.Glossary)
	if !before.climb.Begun {
		if err := r.know(ctx, &work, active, order, &stored); err != nil {
			r.keep(ctx, t.job, active, t.position, before, nil)
			return work, stored, before, err
		}
	}
	return work, stored, before, nil
}

// know finds the translations that a work need not ask for: those that stand
// already, those of texts that stand in the document before, and those that its
// owner's memory holds.
func (r *runner) know(ctx context.Context, work *pipeline.Work, active *activeJob, order *order, stored *storedSegment) error {
	repeated, awaited, err := r.await(ctx, work.JobID, active, work.Position, *stored)
	if err != nil {
		return err
	}
	work.Awaited = awaited
	stored.kept = append(stored.kept, repeated...)
	var unknown []pipeline.Block
	for _, block := range stored.blocks {
		// What is asked for once more is wanted anew.
		if remembers(block) && !has(stored.kept, block.ID) && !has(stored.earlier, block.ID) {
			unknown = append(unknown, block)
		}
	}
	recalled, err := r.ledger.recall(ctx, order.memory(), unknown)
	if err != nil {
		return err
	}
	stored.recalled = map[string]bool{}
	for _, block := range recalled {
		stored.recalled[block.ID] = true
	}
	stored.kept = append(stored.kept, recalled...)
	work.Kept = stored.kept
	return nil
}

// takeAside begins with a segment, or takes how far its work has come. Until it is
// put back, the task has it.
func (r *runner) takeAside(active *activeJob, position int) aside {
	r.mu.Lock()
	defer r.mu.Unlock()
	active.echo.begin(position)
	before := active.aside[position]
	delete(active.aside, position)
	return before
}

// settle writes what became of a segment.
func (r *runner) settle(ctx context.Context, t *segmentTask, work pipeline.Work, took time.Duration) error {
	if t.position < 0 {
		return r.found(ctx, t.task, t.active, t.order, work)
	}
	if !r.complete(ctx, t.task, t.active, &work) {
		return nil
	}
	// What has been translated, and perhaps paid for, is written even when the
	// process is told to stop in this moment.
	ctx = context.WithoutCancel(ctx)
	outcome := work.Outcome()
	err := r.ledger.settle(ctx, settlement{
		work: work, outcome: outcome, brief: work.Climb.Brief,
		cost: r.bill(t.order, outcome.Spent), learnt: t.order.memory().lesson(t.stored, outcome),
	})
	switch {
	case isStale(err):
		r.spend(ctx, t.order, work.Climb.Spent)
		return r.underAnotherBrief(ctx, t, work, err)
	case err != nil:
		// Tried again with what there is: nothing is asked for twice.
		r.keep(ctx, t.job, t.active, work.Position, aside{climb: work.Climb}, nil)
		t.answered = true
		return err
	}
	r.metrics.settled(outcome)
	r.mu.Lock()
	t.active.tempo.settle(r.now(), took)
	r.noteSpeed(t.lane.engine, work, took)
	t.active.left--
	t.active.echo.note(work.Blocks, outcome.Blocks, true)
	r.wakeWaiting(t.active, work.Position)
	r.mu.Unlock()
	r.feed.changed(t.job, t.active.owner)
	return nil
}

// underAnotherBrief lets a segment be asked for once more that was translated under
// a brief which has changed meanwhile. Where that is not why its translation was not
// taken, the error is returned.
func (r *runner) underAnotherBrief(ctx context.Context, t *segmentTask, work pipeline.Work, err error) error {
	brief, readErr := r.ledger.brief(ctx, t.job)
	if readErr != nil || brief.Revision() == work.Climb.Brief {
		return err
	}
	t.active.forgetOrder()
	work.Climb = pipeline.Climb{}
	r.putAside(*t.task, t.active, &work, aside{}, time.Time{})
	return nil
}

// replied tells a request's lane how it ended, and gives its place at the engine
// to the next: the answer is still to be looked at and written, which is work
// of this machine alone.
func (r *runner) replied(t *task, model string, usage engine.Usage, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.held.from.pay(model, usage)
	r.schedule.replied(t)
	r.tell(*t, usage, err)
	r.signal()
}

// tell tells a request's lane how it ended. The runner's mutex is held.
func (r *runner) tell(t task, usage engine.Usage, err error) {
	lane, now := r.lanes.of(t.lane), r.now()
	var failed *engine.Error
	switch {
	case err == nil:
		lane.Answered(now, t.ticket, usage.InputTokens)
	case !errors.As(err, &failed):
		lane.Dropped(now, t.ticket)
	case failed.Kind == engine.RateLimited:
		lane.Limited(now, t.ticket, failed)
	case failed.Kind == engine.QuotaExhausted:
		lane.Answered(now, t.ticket, 0)
		lane.Exhausted(failed.Until)
	case failed.Kind.Passing():
		lane.Failed(now, t.ticket, failed.RetryAfter)
	default:
		// A refused key is an answer too: the engine is there.
		lane.Answered(now, t.ticket, usage.InputTokens)
	}
}

// putAside keeps a work until its next question may be put.
func (r *runner) putAside(t task, active *activeJob, work *pipeline.Work, a aside, after time.Time) {
	next := again{
		bytes: work.NextBytes(), lane: t.lane, after: after,
		failing: a.failures > 0, optional: work.NextIsFallback(), answered: work.Done(),
	}
	next.lane.model = work.NextModel()
	a.climb = work.Climb
	r.keep(active.ctx, t.job, active, t.position, a, func() { r.schedule.putBack(t, next) })
}

// keep keeps how far a work has come and does something with the schedule
// besides. Of a job that was taken away meanwhile only what it cost is kept.
func (r *runner) keep(ctx context.Context, jobID string, active *activeJob, position int, a aside, besides func()) {
	r.mu.Lock()
	here := r.active[jobID] == active
	if here {
		active.aside[position] = a
		if besides != nil {
			besides()
		}
	}
	r.mu.Unlock()
	if !here {
		left := leftover{order: active.order.Load(), verified: map[int]verified{}}
		left.add(position, a)
		r.writeDown(context.WithoutCancel(ctx), left)
	}
}

// exceeds reports whether a question is longer than what its lane may be asked
// in a whole minute; a limit of 0 is unknown.
func (r *runner) exceeds(t task, limit int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return limit > 0 && r.lanes.of(t.lane).Estimate(t.bytes) > limit
}

func (r *runner) answersOf(id laneID) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lanes.of(id).Answers()
}

// answeredOthers reports whether the lane has answered something since a work's
// engine began to fail on it.
func (r *runner) answeredOthers(id laneID, a aside) bool { return r.answersOf(id) > a.answers }
