package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// schema makes what the mirror keeps in PostgreSQL of its own. Its ids stand beside
// the tables of the plan, which know nothing of PocketBase's; they are in the order
// of bytes, as SQLite's are, because both sides are read page by page.
const schema = `
CREATE SCHEMA IF NOT EXISTS verso_mirror;
CREATE TABLE IF NOT EXISTS verso_mirror.place (
	id         integer PRIMARY KEY CHECK (id = 1),
	source     text NOT NULL,
	epoch      text NOT NULL,
	step       bigint NOT NULL,
	seq        bigint NOT NULL,
	filling    text NOT NULL DEFAULT '',
	filled     text NOT NULL DEFAULT '',
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS verso_mirror.ids (
	collection text COLLATE "C" NOT NULL,
	record_id  text COLLATE "C" NOT NULL,
	id         integer NOT NULL,
	PRIMARY KEY (collection, record_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS ids_id ON verso_mirror.ids (collection, id);
CREATE TABLE IF NOT EXISTS verso_mirror.parked (
	collection text NOT NULL,
	record_id  text NOT NULL,
	reason     text NOT NULL,
	at         timestamptz NOT NULL DEFAULT now(),
	tried_at   timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (collection, record_id)
)`

// place is how far PostgreSQL has come.
type place struct {
	// source is the word of the database that is mirrored.
	source string
	epoch  string
	step   int64
	// seq is the number of the last change that was written.
	seq int64
	// filling is the collection whose rows are being written anew, "" where none
	// is; filled the last record id of it that was.
	filling, filled string
}

// anew is the epoch that asks for a new beginning.
const anew = "anew"

// errElsewhere says that PostgreSQL is not where this process left it: somebody
// else has written, set it back, or asked for a new beginning.
var errElsewhere = errors.New("PostgreSQL is at another place than it was left at")

const placeColumns = `source, epoch, step, seq, filling, filled`

func scanPlace(row *sql.Row) (at place, err error) {
	err = row.Scan(&at.source, &at.epoch, &at.step, &at.seq, &at.filling, &at.filled)
	return at, err
}

// readPlace returns how far PostgreSQL has come, locked until the transaction's
// end; sql.ErrNoRows for one that has not begun.
func readPlace(ctx context.Context, tx *sql.Tx) (place, error) {
	at, err := scanPlace(tx.QueryRowContext(ctx, `SELECT `+placeColumns+` FROM verso_mirror.place WHERE id = 1 FOR UPDATE`))
	if err != nil {
		return at, fmt.Errorf("read how far it has come: %w", err)
	}
	return at, nil
}

// move writes how far PostgreSQL has come, if it still is where it was thought to
// be.
func move(ctx context.Context, tx *sql.Tx, from, to place) error {
	at, err := readPlace(ctx, tx)
	if errors.Is(err, sql.ErrNoRows) || err == nil && at != from {
		return errElsewhere
	}
	if err != nil {
		return err
	}
	return writePlace(ctx, tx, to)
}

// mustBeAt reports errElsewhere where PostgreSQL is not where it was left: nobody
// else would notice while nothing changes.
func (p *postgres) mustBeAt(ctx context.Context, at place) error {
	ctx, cancel := context.WithTimeout(ctx, p.ioTimeout)
	defer cancel()
	now, err := scanPlace(p.db.QueryRowContext(ctx, `SELECT `+placeColumns+` FROM verso_mirror.place WHERE id = 1`))
	if errors.Is(err, sql.ErrNoRows) || err == nil && now != at {
		return errElsewhere
	}
	if err != nil {
		return fmt.Errorf("look where PostgreSQL is: %w", err)
	}
	return nil
}

func writePlace(ctx context.Context, tx *sql.Tx, at place) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO verso_mirror.place (id, source, epoch, step, seq, filling, filled, updated_at) VALUES (1, $1, $2, $3, $4, $5, $6, now())
		ON CONFLICT (id) DO UPDATE SET source = $1, epoch = $2, step = $3, seq = $4, filling = $5, filled = $6, updated_at = now()`,
		at.source, at.epoch, at.step, at.seq, at.filling, at.filled)
	if err != nil {
		return fmt.Errorf("write how far it has come: %w", err)
	}
	return nil
}

// mappedAfter returns the next record ids of ours after one, up to another that may
// be open, at most so many.
func (p *postgres) mappedAfter(ctx context.Context, collection, after, upTo string, limit int) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	return queryStrings(ctx, p.db, "look for rows of ours", `
		SELECT record_id FROM verso_mirror.ids
		WHERE collection = $1 AND record_id > $2 AND ($3 = '' OR record_id <= $3)
		ORDER BY record_id LIMIT $4`, collection, after, upTo, limit)
}

// queryStrings returns the rows of a query of one text.
func queryStrings(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, doing, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	defer rows.Close()
	var texts []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		texts = append(texts, text)
	}
	return texts, rows.Err()
}
