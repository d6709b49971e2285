package translation

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/requestid"
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
	metrics   *metrics
	executor  Executor
	engines   map[string]engine.Engine

	sealer *sealer

	concurrency, jobConcurrency int // segments in flight; of one job
	// places is what concurrency is bounded by besides; guarded by mu.
	places int
	// monthly is what an owner may spend in a month on the server's keys.
	monthly engine.USD

	wake chan struct{} // holds one token: something may be runnable
	now  func() time.Time

	mu       sync.Mutex
	schedule *schedule
	lanes    *lanes
	months   map[string]*purse // by owner; outlives the schedule
	budgets  map[string]*purse // by job, until it has come to its end
	active   map[string]*activeJob
	speeds   map[modelID]speed // what was translated since the start
	alarm    time.Time         // when the next job goes on that waits for its quota

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

	loading  sync.Mutex
	order    atomic.Pointer[order] // loaded with the first task
	outdated bool                  // guarded by loading: it is to be loaded anew

	// insisted says that somebody wants it to be tried although the quota of the
	// day was used up when it was tried last.
	insisted bool

	// The rest is guarded by the runner's mutex.

	tempo tempo
	study *study        // of the document, before its first segment; else nil
	echo  repeats       // of blocks that stand in the document more than once
	left  int           // segments that are not settled
	aside map[int]aside // works between two requests, by position
	lane  laneID        // of the first questions, once planned
	// served is when a task of it was taken last, or it was taken in.
	served time.Time

	closed  time.Time // until when the lane's quota of the day is used up
	leaving bool      // a task is ending or pausing it
}

// aside is a work between two requests.
type aside struct {
	climb    pipeline.Climb
	failures int  // in a row, of the engine
	answers  int  // of the lane, when the first of them began
	suspect  bool // the engine broke off on it before, while it answered others
}

var (
	errShutdown = errors.New("the service is shutting down")
	errTaken    = errors.New("the job was paused, cancelled or deleted")
)

const (
	// ownPause is the pause before work is tried again that failed for a
	// reason of the server's own, such as a full disk.
	ownPause = 5 * time.Second
	// longestSleep bounds how long the loop sleeps while something waits for a
	// time of day, because the clock may be set, or the machine asleep, meanwhile.
	longestSleep = time.Minute
)

// start takes in every unsettled job and begins to hand out work. It may be
// called again after drain, and does nothing after end.
func (r *runner) start() error {
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return nil
	}
	r.schedule = newSchedule(min(r.concurrency, r.places), r.jobConcurrency, mostDocuments, r.lanes)
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
	r.resumeWaiting()
	return nil
}

// background runs something beside the tasks that ends with them, and reports
// whether it does: not before the start and not once nothing new may begin.
func (r *runner) background(fn func(ctx context.Context)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.beside(r.ctx, fn)
}

// housekeep is background for what can be left undone: it is told to end as soon as
// nothing new may begin, so that no shutdown waits for it.
func (r *runner) housekeep(fn func(ctx context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.beside(r.dispatch, fn)
}

// beside runs something beside the tasks. The mutex is held.
func (r *runner) beside(ctx context.Context, fn func(ctx context.Context)) bool {
	if r.dispatch == nil || r.dispatch.Err() != nil {
		return false
	}
	r.tasks.Go(func() {
		defer func() {
			if cause := recover(); cause != nil {
				r.app.Logger().Error("panic beside the translation tasks", "panic", cause, "stack", stack())
			}
		}()
		fn(ctx)
	})
	return true
}

// forgetIdleLanes drops the lanes that hold nothing worth remembering, as of models that
// were named and are none.
func (r *runner) forgetIdleLanes() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lanes.forgetIdle(r.now())
}

// submit takes a job in.
func (r *runner) submit(ref jobRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active == nil || r.active[ref.ID] != nil {
		return // not started, or taken in already
	}
	job := &activeJob{owner: ref.OwnerID, insisted: ref.Insisted, aside: map[int]aside{}, served: r.now()}
	job.ctx, job.cancel = context.WithCancelCause(requestid.With(r.ctx, ref.Request))
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
// is cut off. It may be called for a job that is not there. It returns what is
// left of it that is worth writing.
func (r *runner) drop(jobID string) leftover {
	r.mu.Lock()
	defer r.mu.Unlock()
	job := r.active[jobID]
	if job == nil {
		return leftover{}
	}
	job.cancel(errTaken)
	delete(r.active, jobID)
	r.schedule.remove(jobID)
	r.lanes.forgetIdle(r.now())
	return job.leftover()
}

// log returns the logger for what concerns a job, whose lines hold the request that
// set it in motion.
func (r *runner) log(job *activeJob) *slog.Logger {
	return requestid.Logger(job.ctx, r.app.Logger())
}

// limit bounds how many segments are in flight. What is in flight beyond it, stays.
func (r *runner) limit(places int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.places = max(places, 0)
	if r.schedule != nil {
		r.schedule.limit = min(r.concurrency, r.places)
	}
	r.signal()
}

// signal wakes the goroutine that hands out work.
func (r *runner) signal() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake, or about to be
	}
}

func (r *runner) handOut(dispatch context.Context) {
	timer := time.NewTimer(longestSleep)
	defer timer.Stop()
	for {
		timer.Reset(r.handOutAll(dispatch))
		select {
		case <-r.wake:
		case <-timer.C:
		case <-dispatch.Done():
			return
		}
	}
}

// handOutAll hands out what can be done now and returns how long there is
// nothing more to do unless something happens.
func (r *runner) handOutAll(dispatch context.Context) time.Duration {
	for {
		t, job, later := r.next(dispatch)
		if t.kind == 0 {
			if later.IsZero() {
				return longestSleep
			}
			return min(max(later.Sub(r.now()), 0), longestSleep)
		}
		r.tasks.Go(func() { r.carryOut(t, job) })
	}
}

func (r *runner) next(dispatch context.Context) (task, *activeJob, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if dispatch.Err() != nil {
		return task{}, nil, time.Time{}
	}
	now := r.now()
	if !r.alarm.IsZero() && !r.alarm.After(now) {
		r.alarm = time.Time{}
		r.tasks.Go(r.resumeWaiting)
	}
	t, ok, later := r.schedule.next(now)
	if !ok {
		return task{}, nil, sooner(later, r.alarm)
	}
	job := r.active[t.job]
	job.served = now
	return t, job, time.Time{}
}

// drain lets what is in flight finish for at most the given time, then cuts it
// off, and returns when nothing runs any more.
func (r *runner) drain(timeout time.Duration) {
	r.mu.Lock()
	cancel := r.cancel
	if cancel != nil {
		r.hold() // before anybody else can begin something in the background
	}
	r.mu.Unlock()
	if cancel == nil {
		return // never started
	}
	r.loop.Wait()
	cut := time.AfterFunc(timeout, func() { cancel(errShutdown) })
	r.tasks.Wait()
	cut.Stop()
	cancel(errShutdown)
	r.writeOff()
}

// writeOff writes what is left of segments that have not come to their end,
// because this process will not bring them to it.
func (r *runner) writeOff() {
	var left []leftover
	r.mu.Lock()
	for _, job := range r.active {
		left = append(left, job.leftover())
	}
	r.mu.Unlock()
	// Without the lock, which a deletion wants that holds the only writer.
	for _, l := range left {
		r.writeDown(context.Background(), l)
	}
}

// stop drains for good: nothing starts the runner again.
func (r *runner) stop(timeout time.Duration) {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.drain(timeout)
}

// etaSeconds estimates how long a job still takes from how long its segments
// took since it was taken up; false while there is nothing to judge by.
func (r *runner) etaSeconds(jobID string) (int, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	job := r.active[jobID]
	if job == nil {
		return 0, false
	}
	left, ok := job.tempo.estimate(r.now(), job.left, r.jobConcurrency)
	return int((left + time.Second - 1) / time.Second), ok
}
