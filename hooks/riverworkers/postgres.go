package riverworkers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

const (
	// schema holds all that this package has in PostgreSQL.
	schema = "verso_work"
	// queryTimeout bounds a question to PostgreSQL.
	queryTimeout = 5 * time.Second
	// keep is how long River keeps what has come to its end, the segment in it too.
	keep = time.Minute
	// fetchCooldown is the least time between two looks for work of a process. A step
	// takes a request to a model, so this is short beside it; with 5 ms the same segments
	// took longer, for all the looking (tests/bench, River).
	fetchCooldown = 25 * time.Millisecond
)

// Each question is short, so a few connections do for many steps. PostgreSQL allows a
// hundred by default, and there may be many workers. River takes one more to listen on.
const serverConnections, workerConnections = 8, 4

// open returns a pool that connects when it is used. The error holds no password.
func open(url string, connections int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("riverworkers: POSTGRES_URL is not an address that PostgreSQL's driver understands")
	}
	config.ConnConfig.ConnectTimeout = queryTimeout
	config.ConnConfig.AfterNetConnect = patient
	config.AfterConnect = forgettable
	config.MaxConns = connections
	config.HealthCheckPeriod = 10 * time.Second
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("riverworkers: prepare connections: %w", err)
	}
	return pool, nil
}

// closeWait bounds how long is waited for connections to be closed.
const closeWait = 2 * time.Second

// closeSoon closes a pool. pgx takes a quarter of a minute to part from a server that does
// not answer, which is not worth it to a process that ends: the kernel closes the rest.
func closeSoon(pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		pool.Close()
	}()
	timer := time.NewTimer(closeWait)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
	}
}

// forgettable has PostgreSQL let go of what a connection holds that nobody uses any more.
// The network may have forgotten it in the middle of a transaction, whose locks would keep
// the same from being done on another. It is no parameter of the connection, which
// PgBouncer refuses.
func forgettable(ctx context.Context, conn *pgx.Conn) error {
	wait := strconv.FormatInt(answerWait.Milliseconds(), 10)
	_, err := conn.Exec(ctx, `SET statement_timeout = `+wait+`; SET idle_in_transaction_session_timeout = `+wait)
	return err
}

// riverConfig is what both sides tell River.
func riverConfig(id string) *river.Config {
	return &river.Config{
		ID:                          id,
		Schema:                      schema,
		CompletedJobRetentionPeriod: keep,
		CancelledJobRetentionPeriod: keep,
		DiscardedJobRetentionPeriod: keep,
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           500 * time.Millisecond,
		JobTimeout:                  -1, // each has its own
		// River speaks of every question that PostgreSQL does not answer. That it is
		// away is said once, by us.
		Logger:              slog.New(slog.DiscardHandler),
		SkipUnknownJobCheck: true,
	}
}

// migrate makes the schema, or brings it up to what this binary needs, unless vacant says
// that somebody is at work in it. Of several processes that do so one goes first.
func migrate(ctx context.Context, pool *pgxpool.Pool, vacant func(context.Context) error) error {
	return pgx.BeginFunc(ctx, pool, func(first pgx.Tx) error {
		// Held by a transaction and not by a connection, which a pooler between here and
		// PostgreSQL may give to somebody else.
		// It does nothing else, which may take longer than a transaction is allowed to.
		if _, err := first.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return fmt.Errorf("prepare to make the schema: %w", err)
		}
		if _, err := first.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('verso_work migrate'))`); err != nil {
			return fmt.Errorf("wait for another process that makes the schema: %w", err)
		}
		if err := makeTables(ctx, pool); err != nil {
			return err
		}
		// Who is there may run an older River.
		if err := vacant(ctx); err != nil {
			return err
		}
		return makeRiversTables(ctx, pool)
	})
}

// makeTables makes the tables of who takes part, where they are not there. It must not
// run in two processes at once.
func makeTables(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, `
		CREATE SCHEMA IF NOT EXISTS verso_work;
		CREATE TABLE IF NOT EXISTS verso_work.server (
			one integer PRIMARY KEY CHECK (one = 1), source text NOT NULL, protocol integer NOT NULL, home text NOT NULL,
			epoch text NOT NULL, seen_at timestamptz NOT NULL);
		CREATE TABLE IF NOT EXISTS verso_work.worker (
			id text PRIMARY KEY, slots integer NOT NULL, busy integer NOT NULL, started_at timestamptz NOT NULL, seen_at timestamptz NOT NULL)`)
	if err != nil {
		return fmt.Errorf("make the tables of who takes part: %w", err)
	}
	return nil
}

// makeRiversTables makes River's tables, or brings them up to its version here. It must
// not run in two processes at once.
func makeRiversTables(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: schema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("prepare River's migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River's tables: %w", err)
	}
	return nil
}

// errTaken says that another process serves through this database.
var errTaken = errors.New("another Verso has its workers on this PostgreSQL; give each a database of its own")

// refused reports whether PostgreSQL is there and does not do what it was asked, which
// waiting for it does not mend. Classes of codes: appendix A of PostgreSQL's manual.
func refused(err error) bool {
	if errors.Is(err, errTaken) {
		return true
	}
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return false
	}
	switch answer.SQLState()[:2] {
	// Connections, transactions that were cut off or stood in one another's way, too much
	// at a time, and the server going down.
	case "08", "25", "40", "53", "55", "57":
		return false
	}
	return true
}

// isEmptied reports whether an error says that the tables are not there any more, as
// where somebody has emptied the database or put another one in its place.
func isEmptied(err error) bool {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return false
	}
	return answer.SQLState() == "42P01" || answer.SQLState() == "3F000" // undefined table; invalid schema name
}

// asker is what can be asked a question: a pool, or a transaction.
type asker interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// clock tells PostgreSQL's time from this machine's, and how far off that may be.
type clock struct{ ahead, within time.Duration }

// read asks for PostgreSQL's time. The answer was made somewhere within the question,
// so it is off by half of that at most.
func (c *clock) read(ctx context.Context, db asker) error {
	var there time.Time
	began := time.Now()
	if err := db.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&there); err != nil {
		return fmt.Errorf("ask PostgreSQL for the time: %w", err)
	}
	c.within = time.Since(began) / 2
	c.ahead = there.Sub(began.Add(c.within))
	return nil
}

// at is PostgreSQL's time for one of here.
func (c clock) at(here time.Time) time.Time { return here.Add(c.ahead) }

// sure is a time of PostgreSQL's that is not after one of here, however far off.
func (c clock) sure(here time.Time) time.Time { return c.at(here).Add(-c.within) }

// past reports whether a time of PostgreSQL's may be over.
func (c clock) past(there time.Time) bool { return c.at(time.Now()).Add(c.within).After(there) }
