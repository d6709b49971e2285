// Package pgmirror keeps a copy of the users and jobs in PostgreSQL, in the tables
// of the plan that Verso began with, for programs that were written for them.
//
//	mirror := pgmirror.MustRegister(app, pgmirror.Config{URL: "postgres://…"})
//	…
//	report := mirror.Report()
//
// Triggers note in SQLite which rows have changed, in the transaction of the change
// and whoever makes it. One goroutine reads what was noted, and writes the rows as
// they are now into PostgreSQL, in batches, together with how far it has come. So
// nothing waits for PostgreSQL, changes may be applied twice or in another order,
// and a PostgreSQL that is away, was set back, or has lost what was committed is
// caught up with when it is there.
//
// How far it has come is said by an epoch and a step: SQLite notes the step before
// PostgreSQL gets what was read, with the step. A PostgreSQL at a step that this
// SQLite knows is at a point of its history, and is led on from there as long as what
// changed since is still noted. Any other is filled anew, row by row, while changes
// go on; but for one that another Verso writes to, which is left alone.
package pgmirror

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Config configures the plugin.
type Config struct {
	// URL is the PostgreSQL database, postgres:// or postgresql://. Required.
	URL string
	// Retention is how long changes stay noted, so that a PostgreSQL which is set back
	// to a state not older can be led on. Default: 72 hours.
	Retention time.Duration
	// IOTimeout bounds each read and write on a connection, and each statement.
	// Default: 10 seconds.
	IOTimeout time.Duration
}

const (
	// batchRows is how many rows are written in one transaction at most.
	batchRows = 1000
	// lookInterval is how often SQLite is asked for something new: a look at the end
	// of an index.
	lookInterval = 100 * time.Millisecond
	// behindAfter is how long changes may come faster than they can be written before
	// the mirror is said to be behind.
	behindAfter = 10 * time.Second
	// idleInterval is how often PostgreSQL is asked where it is while nothing changes.
	idleInterval = 2 * time.Second
	// shortestPause and longestPause bound the pause before PostgreSQL is tried
	// again.
	shortestPause, longestPause = 250 * time.Millisecond, 30 * time.Second
	// unfitPause is how often tables that cannot be used are looked at again:
	// somebody may mend them.
	unfitPause = 10 * time.Second
	// pruneInterval is how often is forgotten what nobody needs any more.
	pruneInterval = time.Minute
)

// MustRegister registers the plugin and panics where Register returns an error,
// which only a wrong Config causes.
func MustRegister(app core.App, config Config) *Mirror {
	mirror, err := Register(app, config)
	if err != nil {
		panic(err)
	}
	return mirror
}

// Register binds the mirror to the app.
func Register(app core.App, config Config) (*Mirror, error) {
	m, err := New(app, config)
	if err != nil {
		return nil, err
	}
	m.bind()
	return m, nil
}

// New returns a mirror that binds nothing to the app.
func New(app core.App, config Config) (*Mirror, error) {
	if config.Retention <= 0 {
		config.Retention = 72 * time.Hour
	}
	if config.IOTimeout <= 0 {
		config.IOTimeout = 10 * time.Second
	}
	postgres, err := openPostgres(config.URL, config.IOTimeout)
	if err != nil {
		return nil, fmt.Errorf("pgmirror: %w", err)
	}
	return &Mirror{
		app: app, config: config, source: &source{app: app}, postgres: postgres,
		now: time.Now, progress: &progress{caughtUp: time.Now()}, rows: batchRows,
	}, nil
}

// Mirror copies rows into PostgreSQL.
type Mirror struct {
	app      core.App
	config   Config
	source   *source
	postgres *postgres
	progress *progress
	now      func() time.Time
	rows     int // how many are written at once

	mu      sync.Mutex
	cancel  context.CancelFunc // nil while it does not run
	stopped sync.WaitGroup
}

// bind starts and stops the mirror with the app, and keeps the triggers.
func (m *Mirror) bind() {
	m.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := m.source.prepare(context.Background()); err != nil {
			return fmt.Errorf("pgmirror: %w", err)
		}
		if m.postgres.unverified {
			m.app.Logger().Warn("the certificate of PostgreSQL's server is not verified; say sslmode=verify-full in POSTGRES_URL")
		}
		m.start()
		return e.Next()
	})
	m.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		m.stop()
		return errors.Join(m.Close(), e.Next())
	})
	m.app.OnBackupRestore().BindFunc(func(e *core.BackupEvent) error {
		m.stop() // the files are about to be swapped
		err := e.Next()
		if err != nil {
			m.start()
		}
		return err
	})
	m.app.OnCollectionUpdateExecute(mirrored()...).BindFunc(keepTriggersThrough)
}

// Off lets go in SQLite of what an earlier start with a PostgreSQL has made. The
// next one with a PostgreSQL fills it anew.
func Off(app core.App) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := (&source{app: app}).forget(context.Background()); err != nil {
			return fmt.Errorf("pgmirror: %w", err)
		}
		return e.Next()
	})
}

// start runs the mirror unless it runs.
func (m *Mirror) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	if applied, err := m.source.applied(ctx); err == nil {
		m.progress.assume(applied)
	}
	m.stopped.Go(func() { m.run(ctx) })
}

// stop ends it and waits, which takes no longer than PostgreSQL is given for a
// read or a write.
func (m *Mirror) stop() {
	m.mu.Lock()
	if m.cancel != nil {
		m.cancel()
		m.cancel = nil
	}
	m.mu.Unlock()
	m.stopped.Wait()
	m.postgres.rest()
}

// Close lets go of PostgreSQL. Nothing may be asked of the mirror afterwards.
func (m *Mirror) Close() error {
	if err := m.postgres.db.Close(); err != nil {
		return fmt.Errorf("close PostgreSQL: %w", err)
	}
	return nil
}

// run mirrors until the context ends.
func (m *Mirror) run(ctx context.Context) {
	pause := time.Duration(0)
	for ctx.Err() == nil {
		before := m.progress.advances()
		err := m.session(ctx)
		if ctx.Err() != nil {
			return
		}
		if m.progress.advances() > before {
			pause = 0 // something was written
		}
		var unfit *UnfitError
		var missing *MissingFieldsError
		switch {
		case errors.As(err, &unfit), errors.As(err, &missing):
			m.report(stateStopped, err)
			pause = unfitPause
		case errors.Is(err, errElsewhere):
			pause = shortestPause // it was set back, or told to begin anew
		default:
			m.report(stateAway, err)
			pause = min(max(2*pause, shortestPause), longestPause)
		}
		if !sleep(ctx, jittered(pause)) {
			return
		}
	}
}

// size is how many rows are written at once now. Only the mirror's own goroutine
// asks.
func (m *Mirror) size() int { return m.rows }

// shrink halves the batches: what does not go through as a whole may in parts.
func (m *Mirror) shrink() { m.rows = max(m.rows/2, 1) }

// grow makes the batches larger again, by little, so that what is too large is not
// tried every other time.
func (m *Mirror) grow() { m.rows = min(m.rows+max(m.rows/8, 1), batchRows) }
