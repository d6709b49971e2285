package translatecmd

import (
	"context"
	"errors"
	"sync"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
	"verso/hooks/translation/pipeline"
)

// runner puts the questions of a round to the engine side by side. All of it
// belongs to the goroutine that calls run; the requests in flight are goroutines
// that report to it.
type runner struct {
	job         *job
	executor    *pipeline.Executor
	concurrency int
	patience    time.Duration
	grace       time.Duration
	purse       *purse
	lanes       map[string]*lane.Lane // by model
	report      *progress
	now         func() time.Time

	round    round
	begun    map[int]*attempt // works between their first question and their end
	fresh    []int            // positions that have not been looked at
	again    []task           // works with a further question
	waiting  map[int][]int    // works that lack only what another brings, by its position
	held     map[string]bool  // models whose lane holds something back in this turn
	asking   int              // requests in flight
	inFlight int              // works that are being asked for, or looked at
	silence  silence

	events  chan event
	workers sync.WaitGroup
	// stopped is why nothing new is asked.
	stopped error
}

// attempt is a work under way.
type attempt struct {
	work     pipeline.Work
	failures int  // in a row, of the engine
	answers  int  // of the lane, when the first of them began
	suspect  bool // the engine broke off on it before, while it answered others
}

// task is a question on its way.
type task struct {
	position int
	bytes    int
	model    string
	after    time.Time
	failing  bool // the engine failed on it the last time: others go before it
	optional bool // lost if it would have to wait long

	// Once it is taken:

	ticket  lane.Ticket
	held    hold
	lost    bool // not to be put: it would have to wait too long
	replied bool
}

// event is what a goroutine has to report.
type event struct {
	task  *task
	reply *reply // the request has ended
	end   *end   // its answer has been looked at
}

type reply struct {
	usage engine.Usage
	err   error
}

type end struct {
	work  pipeline.Work
	probe bool // it was asked in the question's place
	err   error
}

var errInterrupted = errors.New("interrupted")

// longestSleep bounds how long the loop sleeps while something waits for a time of
// day, because the clock may be set meanwhile.
const longestSleep = time.Minute

func newRunner(job *job, config Config, concurrency int, report *progress) *runner {
	return &runner{
		job: job, concurrency: concurrency, patience: config.Patience, grace: config.Grace,
		executor: &pipeline.Executor{Engines: map[string]engine.Engine{job.name: job.engine}, Timeout: config.EngineTimeout},
		purse:    job.purse(), lanes: map[string]*lane.Lane{}, report: report, now: time.Now,
		held: map[string]bool{}, events: make(chan event),
	}
}

// run carries a round out. It returns when all of it is settled, or when what is in
// flight has come to its end after something has stopped it. Whatever it returns,
// what was answered is written.
func (r *runner) run(ctx context.Context, round round, interrupted <-chan struct{}) error {
	r.round, r.begun, r.again, r.waiting = round, map[int]*attempt{}, nil, map[int][]int{}
	r.fresh = round.open()
	ctx, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		// Before anything new is asked, whatever else has happened.
		select {
		case <-interrupted:
			interrupted = nil
			if release := r.interrupt(cut); release != nil {
				defer release()
			}
		default:
		}
		if ctx.Err() != nil {
			r.stop(context.Cause(ctx))
		}
		sleep := r.handOut(ctx)
		if r.inFlight == 0 && (r.stopped != nil || len(r.fresh)+len(r.again) == 0) {
			break
		}
		timer.Reset(sleep)
		select {
		case e := <-r.events:
			r.take(ctx, e)
		case <-timer.C:
			r.report.refresh()
		case <-interrupted:
		case <-ctx.Done():
			if r.inFlight > 0 { // and ends with it
				r.take(ctx, <-r.events)
			}
		}
	}
	r.workers.Wait()
	return r.writeOff()
}

// interrupt lets what is in flight be answered for a while, then cuts it off. The
// returned function, if any, takes that back.
func (r *runner) interrupt(cut context.CancelCauseFunc) func() bool {
	r.stop(errInterrupted)
	if r.inFlight == 0 {
		return nil
	}
	r.report.say("Interrupted: waiting up to %s for the answers that are under way. Interrupt again to end at once.", r.grace)
	return time.AfterFunc(r.grace, func() { cut(errInterrupted) }).Stop
}

// stop lets nothing new be asked. The first reason counts.
func (r *runner) stop(why error) {
	if r.stopped == nil {
		r.stopped = why
	}
}

// writeOff writes what is left of works that have not come to their end, because
// this run will not bring them to it.
func (r *runner) writeOff() error {
	for position, attempt := range r.begun {
		if err := r.round.leave(&attempt.work, position); err != nil {
			r.stop(err)
		}
		r.spent(attempt)
	}
	if r.stopped == nil && len(r.begun) > 0 {
		return errors.New("passages wait for one another")
	}
	return r.stopped
}

// lane returns a model's lane, which is made at its first use.
func (r *runner) lane(model string) *lane.Lane {
	found := r.lanes[model]
	if found == nil {
		found = lane.New(r.job.limits)
		r.lanes[model] = found
	}
	return found
}

// take takes in what a goroutine reports.
func (r *runner) take(ctx context.Context, e event) {
	if e.reply != nil {
		r.replied(e.task, e.reply.usage, e.reply.err)
		return
	}
	r.inFlight--
	if !e.task.replied { // no request was made, or it was cut off
		r.asking--
		r.purse.release(e.task.held)
		r.lane(e.task.model).Dropped(r.now(), e.task.ticket)
	}
	attempt := r.begun[e.task.position]
	attempt.work = e.end.work
	switch err := e.end.err; {
	case err == nil && !e.end.probe:
		attempt.failures = 0
		r.goOn(e.task.position)
	default:
		r.unanswered(ctx, e.task, attempt, err)
	}
}

// goOn puts a work's next question into the queue, or settles it.
func (r *runner) goOn(position int) {
	attempt := r.begun[position]
	if !attempt.work.Done() {
		r.putBack(position, attempt, time.Time{})
		return
	}
	awaited, err := r.round.settle(&attempt.work, position)
	switch {
	case err != nil:
		delete(r.begun, position) // what cannot be written now cannot be written in writeOff
		r.stop(err)
	case awaited != nobody:
		r.waiting[awaited] = append(r.waiting[awaited], position)
	default:
		delete(r.begun, position)
		r.spent(attempt)
		r.report.settled(r.job)
		waiting := r.waiting[position]
		delete(r.waiting, position)
		for _, other := range waiting {
			r.goOn(other)
		}
	}
}

// spent counts what a work has cost.
func (r *runner) spent(attempt *attempt) {
	for model, usage := range attempt.work.Climb.Spent {
		r.job.spent = r.job.spent.Add(model, usage)
	}
}

// putBack puts a work's further question into the queue.
func (r *runner) putBack(position int, attempt *attempt, after time.Time) {
	r.again = append(r.again, task{
		position: position, bytes: attempt.work.NextBytes(), model: attempt.work.NextModel(),
		after: after, failing: attempt.failures > 0, optional: attempt.work.NextIsFallback(),
	})
}
