package riverworkers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pocketbase/pocketbase/core"
	"github.com/riverqueue/river"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

const (
	// recallWait is how long is waited for what a step that was called back has cost.
	recallWait = 2 * time.Second
	// firstRetry and longestRetry bound the pause before PostgreSQL is asked again.
	firstRetry, longestRetry = 100 * time.Millisecond, 2 * time.Second
	// workerWait is how long a step waits for a worker where there is none.
	workerWait = time.Second
)

// Executor carries steps out on workers. It is safe for use by several goroutines.
type Executor struct {
	app    core.App
	config Config
	pool   *pgxpool.Pool
	source string
	home   string
	epoch  string // of this process
	counts counts

	mu      sync.Mutex
	client  *river.Client[pgx.Tx] // nil until PostgreSQL has been there
	clock   clock
	awaited map[string]*flight // by attempt
	fleet   fleet
	steady  time.Time     // since when looks have succeeded one after another
	joined  chan struct{} // closed and replaced whenever a worker may have come

	untilSweep int // how many looks; counted by run alone
}

// flight is a step on its way.
type flight struct {
	job     int64 // River's id; 0 before it is known
	outcome chan result
	// missed counts how often in a row nobody was seen to be working on it.
	missed int
}

// Step puts a work's next question on a worker, and waits for what comes of it unless the
// context ends. Where it cannot be sent within [Travel], because PostgreSQL or all workers
// are away, the error is [pipeline.ErrNotAsked].
func (x *Executor) Step(ctx context.Context, work *pipeline.Work, replied pipeline.Replied) error {
	if work.Done() {
		return nil
	}
	model := work.NextModel()
	came, err := x.carryOut(ctx, question{Work: *work})
	if err != nil {
		return x.lost(ctx, work, model, replied, err)
	}
	// Before the answer is taken, as who hears of it asks the work whose answer it is.
	x.tell(work, model, came, replied)
	work.Climb = came.Climb
	if ctx.Err() != nil && came.Failed != nil {
		return context.Cause(ctx)
	}
	return came.Failed.error()
}

// Probe asks a work's engine, on a worker, for what every model can do.
func (x *Executor) Probe(ctx context.Context, work *pipeline.Work, replied pipeline.Replied) (engine.Usage, error) {
	model := work.NextModel()
	came, err := x.carryOut(ctx, question{Work: *work, Probe: true})
	if err != nil {
		if errors.Is(err, pipeline.ErrLost) && replied != nil {
			replied(engine.Usage{}, err)
		}
		return engine.Usage{}, err
	}
	x.tell(work, model, came, replied)
	return came.Usage, came.Failed.error()
}

// tell tells how a request ended.
func (x *Executor) tell(work *pipeline.Work, model string, came result, replied pipeline.Replied) {
	if !came.Replied {
		return
	}
	err := came.Reply.error()
	if x.config.Observe != nil {
		x.config.Observe(pipeline.Exchange{Engine: work.Engine, Model: model, Own: came.Own, Took: came.Took, Usage: came.Usage, Err: err})
	}
	if replied != nil {
		replied(came.Usage, err)
	}
}

// lost takes note of a step of which nobody knows what came of it. What it sent is
// counted: a model may have read it.
func (x *Executor) lost(ctx context.Context, work *pipeline.Work, model string, replied pipeline.Replied, err error) error {
	if !errors.Is(err, pipeline.ErrLost) {
		return err
	}
	usage := engine.Usage{InputTokens: work.NextTokens()}
	work.Climb.Tries++
	work.Climb.Spent = work.Climb.Spent.Add(model, usage)
	if replied != nil {
		replied(usage, err)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// carryOut has a step carried out. The error is [pipeline.ErrNotAsked] where it has
// not left for the engine, one that wraps [pipeline.ErrLost] where nobody knows, and
// errUnreadable.
func (x *Executor) carryOut(ctx context.Context, q question) (result, error) {
	before := time.Now().Add(Travel)
	packed, err := pack(q)
	if err != nil {
		return result{}, err
	}
	s := step{Attempt: rand.Text(), Epoch: x.epoch, Packed: packed}
	f := &flight{outcome: make(chan result, 1)}
	x.mu.Lock()
	x.awaited[s.Attempt] = f
	x.mu.Unlock()
	defer func() {
		x.mu.Lock()
		delete(x.awaited, s.Attempt)
		x.mu.Unlock()
	}()
	if err := x.send(ctx, &s, f, before); err != nil {
		return result{}, err
	}
	select {
	case came := <-f.outcome:
		return x.received(came)
	case <-ctx.Done():
	}
	// Its owner wants it no more. What it has cost so far is worth a moment.
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), recallWait)
	defer cancel()
	if x.recall(patience, s.Attempt, f) {
		return result{}, pipeline.ErrNotAsked
	}
	select {
	case came := <-f.outcome:
		return x.received(came)
	case <-patience.Done():
		x.counts.outcomes.WithLabelValues(outcomeLost).Inc()
		return result{}, fmt.Errorf("%w: no word came in time when it was called back", pipeline.ErrLost)
	}
}

func (x *Executor) received(came result) (result, error) {
	switch {
	case came.Worker == "":
		x.counts.outcomes.WithLabelValues(outcomeLost).Inc()
		return came, fmt.Errorf("%w: its worker is gone", pipeline.ErrLost)
	case !came.Left && came.Failed != nil:
		x.counts.outcomes.WithLabelValues(outcomeUnasked).Inc()
		return came, came.Failed.error()
	case !came.Left:
		x.counts.outcomes.WithLabelValues(outcomeUnasked).Inc()
		return came, pipeline.ErrNotAsked
	}
	x.counts.outcomes.WithLabelValues(outcomeTaken).Inc()
	return came, nil
}

// send gives a step to River, when PostgreSQL and a worker are there. A worker must
// begin with it before a time of here. No error means that it may be with River, and
// is to be waited for.
func (x *Executor) send(ctx context.Context, s *step, f *flight, before time.Time) error {
	pause := firstRetry
	doubtful := false // it was sent, and PostgreSQL did not say whether it has it
	for {
		client, clock, places, joined := x.ready()
		wait := pause
		switch late := time.Now().After(before); {
		case late && !doubtful:
			return pipeline.ErrNotAsked
		case late:
			// What arrives from now on no worker begins with.
			switch id, err := x.find(ctx, s.Attempt); {
			case err == nil && id == 0:
				return pipeline.ErrNotAsked
			case err == nil:
				x.sent(f, id)
				return nil
			}
		case client == nil || places == 0:
			wait = workerWait
		default:
			s.Before = clock.sure(before)
			id, err := x.insert(ctx, client, *s)
			if err == nil {
				x.sent(f, id)
				return nil
			}
			doubtful = doubtful || !pgconn.SafeToRetry(err)
			x.away(err)
			joined = nil // it is closed by who takes note that PostgreSQL is away
		}
		if err := waitFor(ctx, wait, joined); err != nil {
			if doubtful {
				return nil
			}
			return err
		}
		pause = min(2*pause, longestRetry)
	}
}

// insert gives a step to River and returns River's id. It may be called again with one
// that may be there.
func (x *Executor) insert(ctx context.Context, client *river.Client[pgx.Tx], s step) (int64, error) {
	// Not under the context, which may end in this moment: what was sent has to be
	// known to be called back.
	asked, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	// Unique by its attempt, so that an answer that got lost makes no second one.
	sent, err := client.Insert(asked, s, &river.InsertOpts{
		Queue: stepQueue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true},
	})
	if err != nil {
		return 0, err
	}
	return sent.Job.ID, nil
}

// sent takes note of River's id of a step.
func (x *Executor) sent(f *flight, id int64) {
	x.mu.Lock()
	f.job = id
	x.mu.Unlock()
}

// find returns River's id of a step, 0 where it is not there.
func (x *Executor) find(ctx context.Context, attempt string) (id int64, err error) {
	asked, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	err = x.pool.QueryRow(asked, `
		SELECT id FROM verso_work.river_job
		WHERE kind = 'verso_step' AND args @> jsonb_build_object('attempt', $1::text)`, attempt).Scan(&id)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("look for a step: %w", err)
	}
	return id, nil
}

// ready returns what it takes to send.
func (x *Executor) ready() (client *river.Client[pgx.Tx], clock clock, places int, joined <-chan struct{}) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.client, x.clock, x.fleet.places(), x.joined
}

// waitFor waits for something, for some time. The error says that nothing was asked,
// because the context has ended.
func waitFor(ctx context.Context, pause time.Duration, something <-chan struct{}) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-something:
	case <-timer.C:
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", pipeline.ErrNotAsked, context.Cause(ctx))
	}
	return nil
}

// recall cancels a step, wherever it is, and reports whether no worker has taken it.
// Where PostgreSQL is away its worker goes on, and what comes of it is dropped.
func (x *Executor) recall(ctx context.Context, attempt string, f *flight) (unasked bool) {
	x.mu.Lock()
	id := f.job
	x.mu.Unlock()
	if id == 0 {
		var err error
		if id, err = x.find(ctx, attempt); err != nil || id == 0 {
			return false
		}
	}
	return x.cancel(ctx, id)
}

// cancel cancels a step by River's id, and reports whether no worker has taken it.
func (x *Executor) cancel(ctx context.Context, id int64) (unasked bool) {
	x.mu.Lock()
	client := x.client
	x.mu.Unlock()
	if client == nil {
		return false
	}
	recalled, err := client.JobCancel(ctx, id)
	return err == nil && len(recalled.AttemptedBy) == 0
}

// receiver takes what came of steps.
type receiver struct {
	river.WorkerDefaults[outcome]
	executor *Executor
}

// Work hands an outcome to who waits for it. One for which nobody waits is dropped:
// its step was taken for lost, or this process is another than the one that sent it.
func (r *receiver) Work(_ context.Context, job *river.Job[outcome]) error {
	var came result
	if err := unpack(job.Args.Packed, &came); err != nil {
		return err
	}
	if !r.executor.deliver(job.Args.Attempt, came) {
		r.executor.counts.outcomes.WithLabelValues(outcomeLate).Inc()
	}
	return nil
}

// deliver hands an outcome over, and reports whether somebody waits for it.
func (x *Executor) deliver(attempt string, came result) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.awaited[attempt]
	if f == nil {
		return false
	}
	select {
	case f.outcome <- came:
		return true
	default:
		return false // it has one
	}
}
