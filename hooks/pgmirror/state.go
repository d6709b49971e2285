package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// schema makes what the mirror keeps in PostgreSQL of its own. Its ids stand beside
// the tables of the plan, which know nothing of PocketBase's.
const schema = `
CREATE SCHEMA IF NOT EXISTS verso_mirror;
CREATE TABLE IF NOT EXISTS verso_mirror.state (
	id         integer PRIMARY KEY CHECK (id = 1),
	mark       text NOT NULL,
	seq        bigint NOT NULL,
	filling    text NOT NULL DEFAULT '',
	filled     text NOT NULL DEFAULT '',
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS verso_mirror.ids (
	collection text NOT NULL,
	record_id  text NOT NULL,
	id         integer NOT NULL,
	PRIMARY KEY (collection, record_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS ids_id ON verso_mirror.ids (collection, id);
CREATE TABLE IF NOT EXISTS verso_mirror.parked (
	collection text NOT NULL,
	record_id  text NOT NULL,
	reason     text NOT NULL,
	at         timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (collection, record_id)
)`

// place is how far PostgreSQL has come.
type place struct {
	mark string
	seq  int64
	// filling is the collection whose rows are being written anew, "" where none
	// is; filled the last record id of it that was.
	filling, filled string
}

// errElsewhere says that PostgreSQL is not where this process left it: somebody
// else has written, set it back, or asked for a new beginning.
var errElsewhere = errors.New("PostgreSQL is at another place than it was left at")

// readPlace returns how far PostgreSQL has come, locked until the transaction's
// end; sql.ErrNoRows for one that has not begun.
func readPlace(ctx context.Context, tx *sql.Tx) (place, error) {
	var at place
	err := tx.QueryRowContext(ctx, `SELECT mark, seq, filling, filled FROM verso_mirror.state WHERE id = 1 FOR UPDATE`).
		Scan(&at.mark, &at.seq, &at.filling, &at.filled)
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
	var now place
	err := p.db.QueryRowContext(ctx, `SELECT mark, seq, filling, filled FROM verso_mirror.state WHERE id = 1`).
		Scan(&now.mark, &now.seq, &now.filling, &now.filled)
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
		INSERT INTO verso_mirror.state (id, mark, seq, filling, filled, updated_at) VALUES (1, $1, $2, $3, $4, now())
		ON CONFLICT (id) DO UPDATE SET mark = $1, seq = $2, filling = $3, filled = $4, updated_at = now()`,
		at.mark, at.seq, at.filling, at.filled)
	if err != nil {
		return fmt.Errorf("write how far it has come: %w", err)
	}
	return nil
}
