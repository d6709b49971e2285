package pgmirror

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
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
CREATE TABLE IF NOT EXISTS verso_mirror_state (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	horizon INTEGER NOT NULL,
	applied INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS verso_mirror_marks (
	mark TEXT PRIMARY KEY,
	seq  INTEGER NOT NULL,
	at   TEXT NOT NULL
);
INSERT OR IGNORE INTO verso_mirror_state (id, horizon) VALUES (1, 0)`

// prepare makes the mirror's tables and triggers. Where a trigger was missing,
// changes may have gone unnoted, and everything is mirrored anew.
func (s *source) prepare(ctx context.Context) error {
	return s.app.RunInTransaction(func(app core.App) error {
		// A write first of all: what begins as a reader cannot become the writer once
		// somebody else has written.
		if _, err := app.DB().NewQuery(`DELETE FROM _params WHERE 0 = 1`).WithContext(ctx).Execute(); err != nil {
			return fmt.Errorf("wait for the database: %w", err)
		}
		for statement := range strings.SplitSeq(tables, ";\n") {
			if _, err := app.DB().NewQuery(statement).WithContext(ctx).Execute(); err != nil {
				return fmt.Errorf("make the mirror's tables: %w", err)
			}
		}
		return keepTriggers(ctx, app)
	})
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

// triggerEvents are the changes that are noted. A changed id is a row that is gone
// and another that has come.
func triggerEvents() map[string]string {
	return map[string]string{"insert": "AFTER INSERT", "update": "AFTER UPDATE", "delete": "AFTER DELETE"}
}

// triggerSQL is the trigger that notes a kind of change of a collection's rows.
//
// It deletes and inserts instead of replacing, because the statement that fires a
// trigger can override what the trigger says about conflicts.
func triggerSQL(collection, event string) string {
	var body strings.Builder
	note := func(row string) {
		fmt.Fprintf(&body, `
	DELETE FROM verso_mirror_outbox WHERE collection = '%[1]s' AND record_id = %[2]s.id;
	INSERT INTO verso_mirror_outbox (collection, record_id, at) VALUES ('%[1]s', %[2]s.id, strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now'));`, collection, row)
	}
	switch event {
	case "delete":
		note("OLD")
	case "insert":
		note("NEW")
	default:
		fmt.Fprintf(&body, `
	DELETE FROM verso_mirror_outbox WHERE collection = '%[1]s' AND record_id = OLD.id AND OLD.id != NEW.id;
	INSERT INTO verso_mirror_outbox (collection, record_id, at) SELECT '%[1]s', OLD.id, strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now') WHERE OLD.id != NEW.id;`, collection)
		note("NEW")
	}
	return fmt.Sprintf("CREATE TRIGGER %s %s ON %s BEGIN%s\nEND", triggerName(collection, event), triggerEvents()[event], collection, body.String())
}

func triggerName(collection, event string) string {
	return "verso_mirror_" + collection + "_" + event
}

// keepTriggers makes sure that all triggers are there and today's. Where one is
// not, PostgreSQL's place in the history is forgotten, so that it is filled anew.
func keepTriggers(ctx context.Context, app core.App) error {
	missing := false
	for _, collection := range mirrored() {
		for event := range triggerEvents() {
			kept, err := keepTrigger(ctx, app, triggerName(collection, event), triggerSQL(collection, event))
			if err != nil {
				return err
			}
			missing = missing || !kept
		}
	}
	if !missing {
		return nil
	}
	if _, err := app.DB().NewQuery(`DELETE FROM verso_mirror_marks`).WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("forget the mirror's marks: %w", err)
	}
	return nil
}

// keepTrigger reports whether a trigger was there as it should be, and makes it
// where it was not.
func keepTrigger(ctx context.Context, app core.App, name, statement string) (bool, error) {
	var standing string
	err := app.DB().NewQuery(`SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = {:name}`).
		WithContext(ctx).Bind(dbx.Params{"name": name}).Row(&standing)
	if err == nil && standing == statement {
		return true, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("look for the trigger %s: %w", name, err)
	}
	for _, run := range []string{"DROP TRIGGER IF EXISTS " + name, statement} {
		if _, err := app.DB().NewQuery(run).WithContext(ctx).Execute(); err != nil {
			return false, fmt.Errorf("make the trigger %s: %w", name, err)
		}
	}
	return false, nil
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

// lag returns how many rows have changed after a number, and when the first did.
func (s *source) lag(ctx context.Context, seq int64) (rows int, since time.Time, err error) {
	var first sql.NullString
	err = s.app.ConcurrentDB().NewQuery(`SELECT COUNT(*), MIN(at) FROM verso_mirror_outbox WHERE seq > {:seq}`).
		WithContext(ctx).Bind(dbx.Params{"seq": seq}).Row(&rows, &first)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count what has changed: %w", err)
	}
	if first.Valid {
		since, _ = time.Parse("2006-01-02 15:04:05.000Z", first.String) // the trigger writes it so
	}
	return rows, since, nil
}

// mark notes a random word for a point of the history, before PostgreSQL is
// brought there, and how far it is for certain.
func (s *source) mark(ctx context.Context, seq, applied int64) (string, error) {
	mark := rand.Text()
	err := s.app.RunInTransaction(func(app core.App) error {
		for _, statement := range []string{
			`INSERT INTO verso_mirror_marks (mark, seq, at) VALUES ({:mark}, {:seq}, strftime('%Y-%m-%d %H:%M:%fZ', 'now'))`,
			`UPDATE verso_mirror_state SET applied = {:applied}`,
		} {
			_, err := app.DB().NewQuery(statement).WithContext(ctx).
				Bind(dbx.Params{"mark": mark, "seq": seq, "applied": applied}).Execute()
			if err != nil {
				return fmt.Errorf("note a mark: %w", err)
			}
		}
		return nil
	})
	return mark, err
}

// applied returns how far PostgreSQL was, as far as is known without it.
func (s *source) applied(ctx context.Context) (seq int64, err error) {
	err = s.app.ConcurrentDB().NewQuery(`SELECT applied FROM verso_mirror_state`).WithContext(ctx).Row(&seq)
	if err != nil {
		return 0, fmt.Errorf("read how far PostgreSQL was: %w", err)
	}
	return seq, nil
}

// knows reports whether a mark is one of this history, at this point of it, and
// whether all that changed since is still noted.
func (s *source) knows(ctx context.Context, mark string, seq int64) (known, noted bool, err error) {
	var found int
	err = s.app.ConcurrentDB().NewQuery(`
		SELECT (SELECT COUNT(*) FROM verso_mirror_marks WHERE mark = {:mark} AND seq = {:seq}),
		       (SELECT horizon <= {:seq} FROM verso_mirror_state)`).
		WithContext(ctx).Bind(dbx.Params{"mark": mark, "seq": seq}).Row(&found, &noted)
	if err != nil {
		return false, false, fmt.Errorf("look for a mark: %w", err)
	}
	return found > 0, noted, nil
}

// prune forgets what PostgreSQL has had for longer than it may be set back by.
func (s *source) prune(ctx context.Context, applied int64, before time.Time) error {
	limit := before.UTC().Format("2006-01-02 15:04:05.000Z")
	return s.app.RunInTransaction(func(app core.App) error {
		for _, statement := range []string{
			`UPDATE verso_mirror_state SET horizon = MAX(horizon, COALESCE(
				(SELECT MAX(seq) FROM verso_mirror_outbox WHERE seq <= {:applied} AND at < {:limit}), 0))`,
			`DELETE FROM verso_mirror_outbox WHERE seq <= {:applied} AND at < {:limit}`,
			`DELETE FROM verso_mirror_marks WHERE at < {:limit} AND seq < {:applied}`,
		} {
			_, err := app.DB().NewQuery(statement).WithContext(ctx).Bind(dbx.Params{"applied": applied, "limit": limit}).Execute()
			if err != nil {
				return fmt.Errorf("forget what was mirrored: %w", err)
			}
		}
		return nil
	})
}
