package riverworkers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	// lookEvery is how often the serving process looks for its workers, and says that
	// it is there itself.
	lookEvery = 2 * time.Second
	// presentFor is how long after its last sign of life a worker is given steps, and
	// goneAfter when it is taken for dead and its steps are asked for elsewhere.
	presentFor, goneAfter = 10 * time.Second, 20 * time.Second
	// forgetAfter is when a dead worker is not listed any more.
	forgetAfter = time.Hour
	// mostMissed is how often in a row a step may be seen that nobody works on, with
	// nothing come of it, before it is asked for again.
	mostMissed = 3
	// stopWait bounds how long what has been received may take to be handed over, and
	// stopWaitAway the same where PostgreSQL does not answer.
	stopWait, stopWaitAway = 5 * time.Second, time.Second
)

// fleet is what was seen at the last look.
type fleet struct {
	at      time.Time // of the look; the zero time before the first
	err     error     // why the last look failed; nil where it did not
	since   time.Time // since when it has
	workers []member
	// depth is how many steps wait for a worker, and age how long the first has.
	depth int
	age   time.Duration
	told  string // what the log was told last
}

// member is a worker.
type member struct {
	ID      string
	Slots   int
	Busy    int
	Started time.Time
	Silent  time.Duration // since its last sign of life
}

// present reports whether a worker is to be given steps.
func (m member) present() bool { return m.Silent < presentFor }

// places is how many steps can be carried out at a time.
func (f fleet) places() (n int) {
	if f.err != nil {
		return 0
	}
	for _, m := range f.workers {
		if m.present() {
			n += m.Slots
		}
	}
	return n
}

// status is "ok", "no workers", "away" where PostgreSQL is, or "refused" where it does
// not do what it is asked, or another Verso has it.
func (f fleet) status() string {
	switch {
	case f.err != nil && refused(f.err):
		return "refused"
	case f.err != nil, f.at.IsZero():
		return "away"
	case f.places() == 0:
		return "no workers"
	}
	return "ok"
}

// run keeps the executor going until the context ends.
func (x *Executor) run(ctx context.Context) {
	defer x.leave()
	var running *river.Client[pgx.Tx]
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		err := x.begin(ctx, &running)
		if err == nil {
			err = x.look(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			x.away(err)
		} else {
			x.sweepUp(ctx)
		}
		if isEmptied(err) {
			if err := x.make(ctx, false); err != nil && ctx.Err() == nil {
				x.away(err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// begin makes the schema, takes it, and begins to receive, unless this process does already.
func (x *Executor) begin(ctx context.Context, running **river.Client[pgx.Tx]) error {
	if *running != nil {
		return nil
	}
	if err := x.make(ctx, true); err != nil {
		return err
	}
	config := riverConfig("server-" + x.epoch)
	config.Queues = map[string]river.QueueConfig{outcomeQueue(x.epoch): {MaxWorkers: 64}}
	config.Workers = river.NewWorkers()
	river.AddWorker(config.Workers, &receiver{executor: x})
	client, err := river.NewClient(riverpgxv5.New(x.pool), config)
	if err != nil {
		return fmt.Errorf("prepare River: %w", err)
	}
	// It outlives the question, and this loop's context too: what is under way is
	// received to its end.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start River: %w", err)
	}
	x.mu.Lock()
	x.client = client
	x.mu.Unlock()
	*running = client
	return nil
}

// make makes the schema, and takes it: when this process starts, and where it finds the
// schema gone.
func (x *Executor) make(ctx context.Context, starting bool) error {
	asked, cancel := context.WithTimeout(ctx, 6*queryTimeout)
	defer cancel()
	vacant := func(ctx context.Context) error { return x.vacant(ctx, x.pool, starting) }
	if err := migrate(asked, x.pool, vacant); err != nil {
		return err
	}
	if !starting {
		x.pool.Reset() // they have questions prepared that are about the tables of before
	}
	return x.take(asked, starting)
}

// vacant returns errTaken where another process serves through the database. In a
// transaction that stays true until its end.
func (x *Executor) vacant(ctx context.Context, db asker, starting bool) error {
	var home string
	var there bool
	err := db.QueryRow(ctx, `SELECT home, seen_at > now() - $1::interval FROM verso_work.server FOR UPDATE`, presentFor).
		Scan(&home, &there)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look who serves: %w", err)
	case there && (home != x.home || !starting):
		return errTaken
	}
	return nil
}

// take takes the database for this process, unless another serves through it: who
// starts goes before an earlier run of the same home, which cannot be there any more.
// What an earlier run has sent and no worker has taken is called back: its segments are
// asked for anew.
func (x *Executor) take(ctx context.Context, starting bool) error {
	err := pgx.BeginFunc(ctx, x.pool, func(tx pgx.Tx) error {
		if err := x.vacant(ctx, tx, starting); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO verso_work.server (one, source, protocol, home, epoch, seen_at) VALUES (1, $1, $2, $3, $4, now())
			ON CONFLICT (one) DO UPDATE SET source = excluded.source, protocol = excluded.protocol, home = excluded.home,
				epoch = excluded.epoch, seen_at = excluded.seen_at`, x.source, protocol, x.home, x.epoch)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE verso_work.river_job SET state = 'cancelled', finalized_at = now()
			WHERE kind = 'verso_step' AND state IN ('available', 'scheduled', 'retryable', 'pending') AND args->>'epoch' != $1`, x.epoch)
		if err != nil {
			return err
		}
		// Tables that were made anew, or set back, would give numbers a second time, and a
		// worker complete another's step.
		_, err = tx.Exec(ctx, `
			SELECT setval(sequence, greatest(nextval(sequence), (extract(epoch FROM clock_timestamp()) * 1000)::bigint))
			FROM (SELECT pg_get_serial_sequence('verso_work.river_job', 'id')::regclass AS sequence) AS numbers`)
		return err
	})
	if err != nil {
		return fmt.Errorf("take the work's schema: %w", err)
	}
	return nil
}

// away takes note that PostgreSQL does not answer, or not as it should.
func (x *Executor) away(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := x.fleet
	x.fleet.err = err
	if before.err == nil {
		x.fleet.since = time.Now()
	}
	x.announce(before)
}

// leave ends receiving, and lets the next one begin at once.
func (x *Executor) leave() {
	x.mu.Lock()
	client, wait := x.client, stopWait
	if x.fleet.err != nil {
		wait = stopWaitAway
	}
	x.mu.Unlock()
	if client == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	// What is not handed over any more, the next run calls back; and where PostgreSQL is
	// away, it waits until this one has been silent for long enough.
	_ = client.StopAndCancel(ctx)
	// Nobody may come who would do it later. Where it fails, the next run does.
	_, _ = x.pool.Exec(ctx, `DELETE FROM verso_work.river_job WHERE kind IN ('verso_step', 'verso_outcome') AND finalized_at IS NOT NULL`)
	_, _ = x.pool.Exec(ctx, `UPDATE verso_work.server SET seen_at = '-infinity' WHERE epoch = $1`, x.epoch)
}
