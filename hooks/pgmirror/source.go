package pgmirror

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// mirrored lists the collections that are mirrored, in the order in which their
// rows depend on each other.
func mirrored() []string { return []string{records.CollectionUsers, records.CollectionJobs} }

// source is SQLite's side: which rows have changed, and how they are now.
type source struct {
	app core.App
}

// tables are SQLite's own tables of the mirror. They are no collections: nothing
// but triggers and this package writes them. AUTOINCREMENT, because a number must
// never come twice, also not after the row with the highest was pruned.
const tables = `
CREATE TABLE IF NOT EXISTS verso_mirror_outbox (
	seq        INTEGER PRIMARY KEY AUTOINCREMENT,
	collection TEXT NOT NULL,
	record_id  TEXT NOT NULL,
	at         TEXT NOT NULL,
	UNIQUE (collection, record_id)
);
CREATE INDEX IF NOT EXISTS verso_mirror_outbox_at ON verso_mirror_outbox (at);
CREATE TABLE IF NOT EXISTS verso_mirror_source (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	source  TEXT NOT NULL,
	horizon INTEGER NOT NULL DEFAULT 0,
	applied INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS verso_mirror_epochs (
	epoch TEXT PRIMARY KEY,
	step  INTEGER NOT NULL,
	at    TEXT NOT NULL
);
INSERT OR IGNORE INTO verso_mirror_source (id, source) VALUES (1, lower(hex(randomblob(16))))`

// timeFormat is how the triggers and PocketBase write times.
const timeFormat = "2006-01-02 15:04:05.000Z"

// prepare makes the mirror's tables and triggers. Where a trigger was missing,
// changes may have gone unnoted, and everything is mirrored anew.
func (s *source) prepare(ctx context.Context) error {
	return s.app.RunInTransaction(func(app core.App) error {
		// A write first of all: what begins as a reader cannot become the writer once
		// somebody else has written.
		if err := execute(ctx, app, `DELETE FROM _params WHERE 0 = 1`); err != nil {
			return fmt.Errorf("wait for the database: %w", err)
		}
		for statement := range strings.SplitSeq(tables, ";\n") {
			if err := execute(ctx, app, statement); err != nil {
				return fmt.Errorf("make the mirror's tables: %w", err)
			}
		}
		return keepTriggers(ctx, app)
	})
}

// forget drops what prepare has made, but for the database's own word. Without a
// PostgreSQL nobody would prune it, and each write would pay for it.
func (s *source) forget(ctx context.Context) error {
	prepared, err := hasTable(ctx, s.app, "verso_mirror_outbox")
	if err != nil || !prepared {
		return err
	}
	return s.app.RunInTransaction(func(app core.App) error {
		for _, collection := range mirrored() {
			standing, err := standingTriggers(ctx, app, collection)
			if err != nil {
				return err
			}
			for name := range standing {
				if err := execute(ctx, app, "DROP TRIGGER "+name); err != nil {
					return fmt.Errorf("drop the trigger %s: %w", name, err)
				}
			}
		}
		for _, table := range []string{"outbox", "epochs"} {
			if err := execute(ctx, app, "DROP TABLE IF EXISTS verso_mirror_"+table); err != nil {
				return fmt.Errorf("drop the mirror's tables: %w", err)
			}
		}
		// The outbox begins anew, from its first number.
		if err := execute(ctx, app, `UPDATE verso_mirror_source SET horizon = 0, applied = 0`); err != nil {
			return fmt.Errorf("set the mirror back to its beginning: %w", err)
		}
		return nil
	})
}

func execute(ctx context.Context, app core.App, statement string) error {
	_, err := app.DB().NewQuery(statement).WithContext(ctx).Execute()
	return err
}

// hasTable reports whether SQLite has a table.
func hasTable(ctx context.Context, app core.App, name string) (there bool, err error) {
	err = app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = {:name})`).
		WithContext(ctx).Bind(dbx.Params{"name": name}).Row(&there)
	if err != nil {
		return false, fmt.Errorf("look for the table %s: %w", name, err)
	}
	return there, nil
}

// change is a row that was changed, or deleted, at some time.
type change struct {
	Seq        int64  `db:"seq"`
	Collection string `db:"collection"`
	RecordID   string `db:"record_id"`
}

// changesAfter returns what has changed after a number, at most so many rows.
func (s *source) changesAfter(ctx context.Context, seq int64, limit int) ([]change, error) {
	var changes []change
	err := s.app.ConcurrentDB().NewQuery(`
		SELECT seq, collection, record_id FROM verso_mirror_outbox WHERE seq > {:seq} ORDER BY seq LIMIT {:limit}`).
		WithContext(ctx).Bind(dbx.Params{"seq": seq, "limit": limit}).All(&changes)
	if err != nil {
		return nil, fmt.Errorf("read what has changed: %w", err)
	}
	return changes, nil
}

// last returns the number of the last change there ever was.
func (s *source) last(ctx context.Context) (seq int64, err error) {
	err = s.app.ConcurrentDB().NewQuery(`SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'verso_mirror_outbox'`).
		WithContext(ctx).Row(&seq)
	if err != nil {
		return 0, fmt.Errorf("read the number of the last change: %w", err)
	}
	return seq, nil
}

// lag returns how many rows have changed after a number, and when the first of them
// was changed last.
func (s *source) lag(ctx context.Context, seq int64) (rows int, since time.Time, err error) {
	var first sql.NullString
	err = s.app.ConcurrentDB().NewQuery(`SELECT COUNT(*), MIN(at) FROM verso_mirror_outbox WHERE seq > {:seq}`).
		WithContext(ctx).Bind(dbx.Params{"seq": seq}).Row(&rows, &first)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count what has changed: %w", err)
	}
	if first.Valid {
		since, _ = time.Parse(timeFormat, first.String) // the trigger writes it so
	}
	return rows, since, nil
}

// unfilled returns how many rows are yet to be written of a new beginning.
func (s *source) unfilled(ctx context.Context, filling, filled string) (rows int, err error) {
	if filling == "" {
		return 0, nil
	}
	query := `SELECT COUNT(*) FROM ` + filling + ` WHERE id > {:filled}`
	if filling == records.CollectionUsers {
		query += ` UNION ALL SELECT COUNT(*) FROM ` + records.CollectionJobs
	}
	err = s.app.ConcurrentDB().NewQuery(`SELECT SUM(n) FROM (` + strings.ReplaceAll(query, "COUNT(*)", "COUNT(*) AS n") + `)`).
		WithContext(ctx).Bind(dbx.Params{"filled": filled}).Row(&rows)
	if err != nil {
		return 0, fmt.Errorf("count what is to be filled: %w", err)
	}
	return rows, nil
}

// pruneRows is how many rows are forgotten at once, so that nobody waits long to
// write.
const pruneRows = 1000

// prune forgets what PostgreSQL has had for longer than it may be set back by, and
// reports whether there is more. The place where PostgreSQL stands is remembered however
// old it is, and the epoch that comes next.
func (s *source) prune(ctx context.Context, at place, next string, before time.Time) (more bool, err error) {
	params := dbx.Params{"applied": at.seq, "limit": before.UTC().Format(timeFormat), "rows": pruneRows, "epoch": at.epoch, "next": next}
	err = s.app.RunInTransaction(func(app core.App) error {
		run := func(statement string) (int64, error) {
			result, err := app.DB().NewQuery(statement).WithContext(ctx).Bind(params).Execute()
			if err != nil {
				return 0, fmt.Errorf("forget what was mirrored: %w", err)
			}
			return result.RowsAffected()
		}
		const old = `SELECT seq FROM verso_mirror_outbox WHERE at < {:limit} AND seq <= {:applied} ORDER BY at, seq LIMIT {:rows}`
		if _, err := run(`UPDATE verso_mirror_source SET horizon = MAX(horizon, COALESCE((SELECT MAX(seq) FROM (` + old + `)), 0))`); err != nil {
			return err
		}
		pruned, err := run(`DELETE FROM verso_mirror_outbox WHERE seq IN (` + old + `)`)
		if err != nil {
			return err
		}
		more = pruned == pruneRows
		_, err = run(`DELETE FROM verso_mirror_epochs WHERE at < {:limit} AND epoch NOT IN ({:epoch}, {:next})`)
		return err
	})
	return more, err
}
