package riverworkers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

const (
	// pulse is how often a worker gives a sign of life.
	pulse = 3 * time.Second
	// handBack bounds how long a worker tries to hand back what it has: an answer that
	// was paid for is worth waiting for PostgreSQL.
	handBack = 5 * time.Minute
)

// WorkerConfig configures a worker.
type WorkerConfig struct {
	// PostgresURL is the database. Required.
	PostgresURL string
	// SealingKey is the one of the serving process. Required.
	SealingKey []byte
	// Open opens the API key that a work carries. Required.
	Open func(pipeline.Work) (string, error)
	// Engines are the engines by name. Required.
	Engines map[string]engine.Engine
	// EngineTimeout bounds one request to an engine. Required.
	EngineTimeout time.Duration
	// Slots is how many steps are carried out at a time. Required.
	Slots int
	// ShutdownTimeout is how long steps in flight may finish when the context ends.
	ShutdownTimeout time.Duration
	// Observe is told of each request; nil for nobody.
	Observe func(pipeline.Exchange)
	// Log takes what happens. Required.
	Log *slog.Logger
}

// ErrOtherVersion says that the service speaks of steps in another way.
var ErrOtherVersion = errors.New("the service is another version of Verso; run the same version as worker")

// ErrOtherVerso says that a worker's sealing key is not the serving process's.
var ErrOtherVerso = errors.New("VERSO_SECRET_KEY is not the one of the service whose segments are on this PostgreSQL")

// ErrOtherEngines says that a worker was sent what it cannot do.
var ErrOtherEngines = errors.New("the service sends what this worker has no engine or no key for; give it the service's VERSO_ENGINES and GEMINI_API_KEY")

// Work carries out steps until the context ends and those in flight are handed back.
// It waits for PostgreSQL, and for a service that has made its tables. The error is
// [ErrOtherVerso], [ErrOtherVersion] or [ErrOtherEngines], or one of the configuration.
func Work(ctx context.Context, config WorkerConfig) error {
	pool, err := open(config.PostgresURL, workerConnections)
	if err != nil {
		return err
	}
	defer closeSoon(pool)
	host, _ := os.Hostname() // for who looks at the list; without one it is the number alone
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	w := &worker{leave: leave, config: config, pool: pool, source: sourceOf(config.SealingKey), id: host + "-" + rand.Text()[:8], started: time.Now(), begun: map[int64]bool{}}
	if err := w.join(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	client, err := w.start(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	w.client.Store(client)
	config.Log.Info("ready", "worker", w.id, "slots", config.Slots)
	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	var pulsing sync.WaitGroup
	pulsing.Go(func() { w.beat(beating, ctx.Done()) })
	<-ctx.Done()
	config.Log.Info("finishing what is in flight", "steps", w.busy.Load(), "within", config.ShutdownTimeout)
	w.drain(client)
	stop()
	pulsing.Wait()
	w.sayGoodbye()
	if err := context.Cause(ctx); isForeign(err) {
		return err
	}
	return nil
}

type worker struct {
	river.WorkerDefaults[step]

	config  WorkerConfig
	pool    *pgxpool.Pool
	source  string
	id      string
	started time.Time
	leave   context.CancelCauseFunc // ends it, for a reason that is none of who runs it

	busy   atomic.Int64
	clock  atomic.Pointer[clock]
	client atomic.Pointer[river.Client[pgx.Tx]] // nil until it takes steps

	mu    sync.Mutex
	begun map[int64]bool // what came here and is not handed back, by River's id
}

// join waits until the service's tables are there and its word is ours.
func (w *worker) join(ctx context.Context) error {
	said := ""
	for {
		err := w.present(ctx, w.config.Slots)
		if err == nil || isForeign(err) {
			return err
		}
		if said != err.Error() {
			said = err.Error()
			w.config.Log.Warn("waiting for PostgreSQL and the service's tables in it", "error", err)
		}
		if err := waitFor(ctx, pulse, nil); err != nil {
			return err
		}
	}
}

// isForeign reports whether an error says that this worker is none of the service's.
func isForeign(err error) bool {
	return errors.Is(err, ErrOtherVerso) || errors.Is(err, ErrOtherVersion) || errors.Is(err, ErrOtherEngines)
}

// present gives a sign of life.
func (w *worker) present(ctx context.Context, slots int) error {
	asked, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	var source string
	var spoken int
	if err := w.pool.QueryRow(asked, `SELECT source, protocol FROM verso_work.server`).Scan(&source, &spoken); err != nil {
		return fmt.Errorf("look for the service: %w", err)
	}
	switch {
	case source != w.source:
		return ErrOtherVerso
	case spoken != protocol:
		return ErrOtherVersion
	}
	var read clock
	if err := read.read(asked, w.pool); err != nil {
		return err
	}
	w.clock.Store(&read)
	_, err := w.pool.Exec(asked, `
		INSERT INTO verso_work.worker (id, slots, busy, started_at, seen_at) VALUES ($1, $2, $3, $4, now())
		ON CONFLICT (id) DO UPDATE SET slots = excluded.slots, busy = excluded.busy, seen_at = excluded.seen_at`,
		w.id, slots, w.busy.Load(), read.at(w.started))
	if err != nil {
		return fmt.Errorf("give a sign of life: %w", err)
	}
	return nil
}

// beat gives signs of life until the context ends, from draining on without a place to
// give. It leaves where the service has become another.
func (w *worker) beat(ctx context.Context, draining <-chan struct{}) {
	ticker := time.NewTicker(pulse)
	defer ticker.Stop()
	away, slots := false, w.config.Slots
	for {
		select {
		case <-ctx.Done():
			return
		case <-draining:
			draining, slots = nil, 0
		case <-ticker.C:
		}
		err := w.present(ctx, slots)
		switch {
		case isForeign(err):
			w.leave(err)
		case err == nil && away:
			away = false
			w.config.Log.Info("PostgreSQL is back")
		case err != nil && !away && ctx.Err() == nil:
			away = true
			w.config.Log.Warn("no sign of life can be given", "error", err)
		}
		if err != nil {
			continue
		}
		if err := w.returnStranded(ctx); err != nil && ctx.Err() == nil {
			w.config.Log.Warn("it is not known whether all steps have come", "error", err)
		}
	}
}

// start begins to take steps.
func (w *worker) start(ctx context.Context) (*river.Client[pgx.Tx], error) {
	config := riverConfig(w.id)
	config.Queues = map[string]river.QueueConfig{stepQueue: {MaxWorkers: w.config.Slots}}
	config.Workers = river.NewWorkers()
	river.AddWorker(config.Workers, w)
	config.SoftStopTimeout = w.config.ShutdownTimeout
	client, err := river.NewClient(riverpgxv5.New(w.pool), config)
	if err != nil {
		return nil, fmt.Errorf("prepare River: %w", err)
	}
	for pause := firstRetry; ; pause = min(2*pause, longestRetry) {
		// It takes steps until it is stopped, not until the context ends: those in
		// flight are finished.
		err := client.Start(context.WithoutCancel(ctx))
		if err == nil {
			return client, nil
		}
		w.config.Log.Warn("River does not start; it is tried again", "error", err)
		if err := waitFor(ctx, pause, nil); err != nil {
			return nil, err
		}
	}
}

// drain takes no more steps, lets those in flight finish, cuts off what takes too
// long, and returns when all of them are handed back.
func (w *worker) drain(client *river.Client[pgx.Tx]) {
	ctx, cancel := context.WithTimeout(context.Background(), w.config.ShutdownTimeout+2*queryTimeout)
	defer cancel()
	if err := client.Stop(ctx); err != nil {
		w.config.Log.Warn("not all that was in flight is handed back; the service asks for it again", "error", err)
	}
}

// sayGoodbye takes the worker off the list.
func (w *worker) sayGoodbye() {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	// Where it fails, the service sees that no sign of life comes.
	_, _ = w.pool.Exec(ctx, `DELETE FROM verso_work.worker WHERE id = $1`, w.id)
}

// Work carries out a step and hands back what came of it.
func (w *worker) Work(ctx context.Context, job *river.Job[step]) error {
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.begin(job.ID)
	defer w.end(job.ID)
	packed, err := pack(w.carryOut(ctx, &job.Args))
	if err == nil {
		err = w.handBack(ctx, job, outcomeQueue(job.Args.Epoch), outcome{Attempt: job.Args.Attempt, Packed: packed})
	}
	if err != nil {
		w.config.Log.Warn("what came of a step could not be handed back; the service asks for it again", "error", err)
		return err
	}
	return nil
}

// carryOut carries a step out.
func (w *worker) carryOut(ctx context.Context, s *step) (came result) {
	came.Worker = w.id
	var q question
	if err := unpack(s.Packed, &q); err != nil {
		w.config.Log.Error("a step cannot be read; is the service of another version?", "error", err)
		came.Failed = &failure{What: failedUnreadable}
		return came
	}
	if ctx.Err() != nil || w.clock.Load().past(s.Before) {
		return came
	}
	if !w.can(q.Work) {
		// It is put again, and somebody else has to take it.
		w.leave(ErrOtherEngines)
		return came
	}
	came.Left = true
	model := q.Work.NextModel()
	defer func() {
		if cause := recover(); cause != nil {
			w.config.Log.Error("panic while a step was carried out", "panic", cause, "stack", string(debug.Stack()))
			if came.Replied {
				q.Work.Climb.Spent = q.Work.Climb.Spent.Add(model, came.Usage)
			}
			came.Climb, came.Failed = q.Work.Climb, &failure{What: failedPanic}
		}
	}()
	began := time.Now()
	replied := func(usage engine.Usage, err error) {
		came.Replied, came.Usage, came.Reply, came.Took = true, usage, failureOf(err), time.Since(began)
	}
	executor := &pipeline.Executor{
		Engines: w.config.Engines, Timeout: w.config.EngineTimeout, Observe: w.config.Observe,
		Open: func(work pipeline.Work) (string, error) {
			key, err := w.config.Open(work)
			if err != nil {
				return "", errKey
			}
			return key, nil
		},
	}
	came.Own = q.Work.SealedKey == ""
	var err error
	if q.Probe {
		came.Usage, err = executor.Probe(ctx, &q.Work, replied)
	} else {
		err = executor.Step(ctx, &q.Work, replied)
	}
	came.Climb, came.Failed = q.Work.Climb, failureOf(err)
	if err != nil && ctx.Err() != nil {
		came.Failed = &failure{What: failedCutOff}
	}
	return came
}

// can reports whether this worker has what a work takes: its engine, and a key for it
// where the work brings none.
func (w *worker) can(work pipeline.Work) bool {
	e, ok := w.config.Engines[work.Engine]
	return ok && (work.SealedKey != "" || !e.Info().NeedsKey)
}

// handBack sends what came of a step and completes it, in one transaction, for as long
// as PostgreSQL may be away. What was completed without an answer is sent once more,
// which makes no second outcome, or one that nobody waits for.
func (w *worker) handBack(ctx context.Context, job *river.Job[step], queue string, came outcome) error {
	// The answer is there, whoever wants to stop now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handBack)
	defer cancel()
	client, err := river.ClientFromContextSafely[pgx.Tx](ctx)
	if err != nil {
		return fmt.Errorf("find River: %w", err)
	}
	for pause := firstRetry; ; pause = min(2*pause, longestRetry) {
		err := w.complete(ctx, client, job, queue, came)
		if err == nil {
			return nil
		}
		if waited := waitFor(ctx, pause, nil); waited != nil {
			return fmt.Errorf("hand back what came of a step: %w", err)
		}
	}
}

// complete is one try of handing back. All of it is bounded, getting a connection too.
func (w *worker) complete(ctx context.Context, client *river.Client[pgx.Tx], job *river.Job[step], queue string, came outcome) error {
	asked, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	return pgx.BeginFunc(asked, w.pool, func(tx pgx.Tx) error {
		_, err := client.InsertTx(asked, tx, came, outcomeOpts(queue))
		if err != nil {
			return err
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](asked, tx, job)
		if errors.Is(err, river.ErrNotFound) {
			return nil // the step is forgotten, its answer may be waited for all the same
		}
		return err
	})
}

// outcomeOpts is how what came of a step is sent. Sent twice it is there once.
func outcomeOpts(queue string) *river.InsertOpts {
	return &river.InsertOpts{Queue: queue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}
