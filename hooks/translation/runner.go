package translation

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// runner carries out what the schedule says: one goroutine for each task in
// flight and one that hands them out. Waiting work costs no goroutine.
type runner struct {
	app       core.App // for its log
	ledger    *ledger
	files     *storage
	documents *documents
	feed      *feed
	executor  pipeline.Executor

	concurrency, jobConcurrency int // segments in flight; of one job

	wake chan struct{} // holds one token: something may be runnable

	mu       sync.Mutex
	schedule *schedule
	active   map[string]*activeJob

	ctx      context.Context // of everything that runs; ends when it must stop now
	cancel   context.CancelCauseFunc
	dispatch context.Context // of handing out; ends when nothing new may begin
	hold     context.CancelFunc
	tasks    sync.WaitGroup
	loop     sync.WaitGroup
	ended    bool // for good
}

// activeJob is what the runner keeps of a job while it is unfinished.
type activeJob struct {
	owner  string
	ctx    context.Context // ends when the job is taken away
	cancel context.CancelCauseFunc

	loading sync.Mutex
	order   *order // loaded with the first task

	// The rest is guarded by the runner's mutex.

	began   time.Time   // when this process began with the segments
	settled int         // segments since then
	left    int         // segments that are not settled
	inVain  map[int]int // by position: requests that an engine out of reach did not answer
	outages int         // such requests in a row
}

var (
	errShutdown = errors.New("the service is shutting down")
	errTaken    = errors.New("the job was cancelled or deleted")
)

const (
	// ownPause is the pause before work is tried again that failed for a
	// reason of the server's own, such as a full disk.
	ownPause = 5 * time.Second
	// firstPause and longestPause bound the pause before a job asks again an
	// engine that is out of reach; it doubles in between.
	firstPause, longestPause = 250 * time.Millisecond, 30 * time.Second
	// mostRetryAfter bounds what an engine may ask for.
	mostRetryAfter = time.Hour
)

// start takes in every unsettled job and begins to hand out work. It may be
// called again after drain, and does nothing after end.
func (r *runner) start() error {
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return nil
	}
	r.schedule = newSchedule(r.concurrency, r.jobConcurrency, maxParsing)
	r.active = map[string]*activeJob{}
	r.ctx, r.cancel = context.WithCancelCause(context.Background())
	r.dispatch, r.hold = context.WithCancel(r.ctx)
	ctx, dispatch := r.ctx, r.dispatch
	r.loop.Go(func() { r.handOut(dispatch) })
	r.mu.Unlock()

	refs, err := r.ledger.unsettled(ctx)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		r.submit(ref)
	}
	return nil
}

// background runs something beside the tasks that ends with them.
func (r *runner) background(fn func(ctx context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx := r.ctx; ctx.Err() == nil {
		r.tasks.Go(func() { fn(ctx) })
	}
}

// submit takes a job in.
func (r *runner) submit(ref jobRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active == nil || r.active[ref.ID] != nil {
		return // not started, or taken in already
	}
	job := &activeJob{owner: ref.OwnerID, inVain: map[int]int{}}
	job.ctx, job.cancel = context.WithCancelCause(r.ctx)
	r.active[ref.ID] = job
	r.schedule.add(ref.ID, ref.OwnerID)
	r.signal()
}

// resubmit takes in every unsettled job that is not there: after a deletion
// that was undone.
func (r *runner) resubmit() {
	refs, err := r.ledger.unsettled(context.Background())
	if err != nil {
		r.app.Logger().Error("jobs could not be taken up again", "error", err)
	}
	for _, ref := range refs {
		r.submit(ref)
	}
}

// drop takes a job away: nothing of it begins any more, and what is in flight
// is cut off. It may be called for a job that is not there.
func (r *runner) drop(jobID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if job := r.active[jobID]; job != nil {
		job.cancel(errTaken)
		delete(r.active, jobID)
		r.schedule.remove(jobID)
	}
}

// signal wakes the goroutine that hands out work.
func (r *runner) signal() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake, or about to be
	}
}

func (r *runner) handOut(dispatch context.Context) {
	for {
		for {
			t, job, ok := r.next(dispatch)
			if !ok {
				break
			}
			r.tasks.Go(func() { r.carryOut(t, job) })
		}
		select {
		case <-r.wake:
		case <-dispatch.Done():
			return
		}
	}
}

func (r *runner) next(dispatch context.Context) (task, *activeJob, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if dispatch.Err() != nil {
		return task{}, nil, false
	}
	t, ok := r.schedule.next()
	return t, r.active[t.job], ok
}

// carryOut does one task and hands its slot back. A panic (in a format's
// parser, say) ends the job and not the service.
func (r *runner) carryOut(t task, job *activeJob) {
	defer func() {
		if cause := recover(); cause != nil {
			r.app.Logger().Error("panic in a translation task", "job", t.job, "position", t.position, "panic", cause, "stack", stack())
			r.end(t, job, "The document could not be processed because of an error in the service. It has been recorded.")
		}
		r.mu.Lock()
		r.schedule.done(t)
		r.mu.Unlock()
		r.signal()
	}()

	err := r.do(job.ctx, t, job)
	switch {
	case err == nil:
	case errors.Is(err, errStale):
		r.movedOn(t, job)
	case job.ctx.Err() != nil:
		// Cut off by a deletion or the shutdown: the ledger still has it as
		// pending, which is all there is to remember.
	default:
		r.failed(t, job, err)
	}
}

func (r *runner) do(ctx context.Context, t task, job *activeJob) error {
	order, err := r.order(ctx, t.job, job)
	if err != nil {
		return err
	}
	switch t.kind {
	case taskPlan:
		return r.plan(ctx, t.job, job, order)
	case taskSegment:
		return r.translate(ctx, t, job, order)
	default:
		return r.build(ctx, t.job, order)
	}
}

// movedOn lets a job go that the ledger does not want to be worked on any more.
// Of one that it does, a segment has been settled by another attempt, which is
// all there was to do; a plan or a build, and whatever the ledger could not be
// asked about, is looked at again.
func (r *runner) movedOn(t task, job *activeJob) {
	current, err := r.ledger.job(job.ctx, t.job)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		r.drop(t.job)
	case err == nil && current.Status() != records.StatusPending && current.Status() != records.StatusProcessing:
		r.drop(t.job)
	case err != nil || t.kind != taskSegment:
		r.later(t, job, ownPause)
	}
}

// failed decides what becomes of a task that could not be done.
func (r *runner) failed(t task, job *activeJob, err error) {
	var bad *document.Error
	var refused *engine.Error
	switch {
	case errors.As(err, &bad):
		r.end(t, job, bad.Message)
	case errors.Is(err, filesystem.ErrNotFound), errors.Is(err, errDamaged):
		r.app.Logger().Error("job cannot be read", "job", t.job, "position", t.position, "error", err)
		r.end(t, job, "What the service has stored of this document cannot be read any more. Upload it again.")
	case pauseReason(err) != "":
		r.app.Logger().Warn("job paused", "job", t.job, "reason", pauseReason(err), "error", err)
		r.park(t, job, pauseReason(err))
	case errors.As(err, &refused) && refused.Kind == engine.Unavailable:
		r.outOfReach(t, job, refused)
	default:
		r.app.Logger().Error("translation task failed; it will be tried again",
			"job", t.job, "position", t.position, "error", err)
		r.later(t, job, ownPause)
	}
}

// outOfReach lets a job rest until its engine may be there again, for as long
// as it takes. The slot is free meanwhile for jobs of other engines.
func (r *runner) outOfReach(t task, job *activeJob, cause *engine.Error) {
	r.mu.Lock()
	job.inVain[t.position]++
	job.outages++
	pause := longestPause
	if doublings := job.outages - 1; doublings < 7 { // 250 ms × 2⁷ is beyond the longest
		pause = min(firstPause<<doublings, longestPause)
	}
	first := job.outages == 1
	r.mu.Unlock()
	pause = max(pause, min(cause.RetryAfter, mostRetryAfter))
	if first {
		r.app.Logger().Warn("engine out of reach; the job waits for it", "job", t.job, "error", cause)
	}
	r.later(t, job, pause)
}

// later puts a task back after a pause, in which the whole job rests.
func (r *runner) later(t task, job *activeJob, pause time.Duration) {
	r.mu.Lock()
	r.schedule.suspend(t)
	dispatch := r.dispatch
	r.mu.Unlock()
	r.tasks.Go(func() {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-job.ctx.Done():
			return
		case <-dispatch.Done():
			return
		}
		r.mu.Lock()
		r.schedule.resume(t)
		r.mu.Unlock()
		r.signal()
	})
}

// drain lets what is in flight finish for at most the given time, then cuts it
// off, and returns when nothing runs any more.
func (r *runner) drain(timeout time.Duration) {
	r.mu.Lock()
	cancel, hold := r.cancel, r.hold
	r.mu.Unlock()
	if cancel == nil {
		return // never started
	}
	hold()
	r.loop.Wait()
	cut := time.AfterFunc(timeout, func() { cancel(errShutdown) })
	r.tasks.Wait()
	cut.Stop()
	cancel(errShutdown)
}

// stop drains for good: nothing starts the runner again.
func (r *runner) stop(timeout time.Duration) {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.drain(timeout)
}

// etaSeconds estimates how long a job still takes from how long its segments
// took in this process; false while there is nothing to judge by.
func (r *runner) etaSeconds(jobID string) (int, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	job := r.active[jobID]
	if job == nil || job.settled == 0 {
		return 0, false
	}
	each := time.Since(job.began) / time.Duration(job.settled)
	return int((each*time.Duration(job.left) + time.Second - 1) / time.Second), true
}
