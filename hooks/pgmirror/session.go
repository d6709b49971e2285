package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/pocketbase/tools/routine"

	"verso/hooks/records"
)

// session mirrors until something goes wrong or the context ends.
func (m *Mirror) session(ctx context.Context) error {
	return routine.SafeWrap(func() error { return m.mirror(ctx) })()
}

func (m *Mirror) mirror(ctx context.Context) error {
	if err := m.postgres.prepare(ctx); err != nil {
		return err
	}
	at, err := m.begin(ctx)
	if err != nil {
		return err
	}
	for at.filling != "" {
		if at, err = m.fill(ctx, at); err != nil {
			return err
		}
	}
	return m.stream(ctx, at)
}

// begin finds out where PostgreSQL is, and where it cannot be led on from there lets
// it be filled anew.
func (m *Mirror) begin(ctx context.Context) (at place, err error) {
	err = m.postgres.transaction(ctx, func(tx *sql.Tx) error {
		at, err = readPlace(ctx, tx)
		return err
	})
	why := ""
	switch {
	case errors.Is(err, sql.ErrNoRows):
		why = "it is empty"
	case err != nil:
		return at, err
	case at.mark == anew:
		why = "somebody asked for it"
	default:
		known, noted, err := m.source.knows(ctx, at.mark, at.seq)
		if err != nil {
			return at, err
		}
		switch {
		case !known:
			why = "it is at no point of this database's history: one of the two was set back, or PostgreSQL has what SQLite lost"
		case !noted:
			why = "it was set back by more than is still noted"
		default:
			m.app.Logger().Info("the mirror in PostgreSQL is led on from where it is", "seq", at.seq)
			return at, nil
		}
	}
	m.app.Logger().Warn("the mirror in PostgreSQL is filled anew", "because", why)
	return m.beginAnew(ctx)
}

// anew is the mark that asks for a new beginning.
const anew = "anew"

// beginAnew lets PostgreSQL be filled anew: all rows by their ids, and then what has
// changed since now.
func (m *Mirror) beginAnew(ctx context.Context) (place, error) {
	at := place{filling: records.CollectionUsers}
	var err error
	if at.seq, err = m.source.last(ctx); err != nil {
		return at, err
	}
	if at.mark, err = m.source.mark(ctx, at.seq, 0); err != nil {
		return at, err
	}
	return at, m.postgres.transaction(ctx, func(tx *sql.Tx) error { return writePlace(ctx, tx, at) })
}

// fill writes the next rows of a new beginning.
func (m *Mirror) fill(ctx context.Context, at place) (place, error) {
	m.report(stateFilling, nil)
	var found rows
	var err error
	next, read, last := at, 0, ""
	if at.filling == records.CollectionUsers {
		found.users, err = m.source.usersAfter(ctx, at.filled, batchRows)
		if read = len(found.users); read > 0 {
			last = found.users[read-1].RecordID
		}
	} else {
		found.jobs, err = m.source.jobsAfter(ctx, at.filled, batchRows)
		if read = len(found.jobs); read > 0 {
			last = found.jobs[read-1].RecordID
		}
	}
	if err != nil {
		return at, err
	}
	next.filled = last
	switch {
	case read == batchRows:
	case at.filling == records.CollectionUsers:
		next.filling, next.filled = records.CollectionJobs, ""
	default:
		next.filling, next.filled = "", ""
	}
	err = m.postgres.transaction(ctx, func(tx *sql.Tx) error {
		if err := move(ctx, tx, at, next); err != nil {
			return err
		}
		upTo := ""
		if read == batchRows {
			upTo = last
		}
		if err := forgetGone(ctx, tx, at, upTo, &found); err != nil {
			return err
		}
		return m.write(ctx, tx, found)
	})
	return next, err
}

// forgetGone finds the rows of ours between two record ids, of which the second may
// be open, that are not among those that are there.
func forgetGone(ctx context.Context, tx *sql.Tx, at place, upTo string, found *rows) error {
	there := map[string]bool{}
	for _, u := range found.users {
		there[u.RecordID] = true
	}
	for _, j := range found.jobs {
		there[j.RecordID] = true
	}
	mapped, err := tx.QueryContext(ctx, `
		SELECT record_id FROM verso_mirror.ids
		WHERE collection = $1 AND record_id COLLATE "C" > $2 AND ($3 = '' OR record_id COLLATE "C" <= $3)`, at.filling, at.filled, upTo)
	if err != nil {
		return fmt.Errorf("look for rows that are gone: %w", err)
	}
	defer mapped.Close()
	for mapped.Next() {
		var id string
		if err := mapped.Scan(&id); err != nil {
			return fmt.Errorf("look for rows that are gone: %w", err)
		}
		switch {
		case there[id]:
		case at.filling == records.CollectionUsers:
			found.goneUsers = append(found.goneUsers, id)
		default:
			found.goneJobs = append(found.goneJobs, id)
		}
	}
	return mapped.Err()
}

// stream writes what changes, as it does.
func (m *Mirror) stream(ctx context.Context, at place) error {
	m.progress.reach(at.seq)
	tidied, looked := m.now(), m.now()
	for ctx.Err() == nil {
		changes, err := m.source.changesAfter(ctx, at.seq, batchRows)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			m.report(stateStreaming, nil)
			if m.now().Sub(tidied) > min(pruneInterval, m.config.Retention) {
				tidied = m.now()
				if at, err = m.tidy(ctx, at); err != nil {
					return err
				}
			}
			if m.now().Sub(looked) > idleInterval {
				looked = m.now()
				if err := m.postgres.mustBeAt(ctx, at); err != nil {
					return err
				}
			}
			if !sleep(ctx, lookInterval) {
				return nil
			}
			continue
		}
		if at, err = m.batch(ctx, at, changes, changes[len(changes)-1].Seq); err != nil {
			return err
		}
		m.progress.reach(at.seq)
	}
	return nil
}

// batch writes rows that have changed, and moves on to a number.
func (m *Mirror) batch(ctx context.Context, at place, changes []change, seq int64) (place, error) {
	found, err := m.source.current(ctx, changes)
	if err != nil {
		return at, err
	}
	next := place{seq: seq}
	if next.mark, err = m.source.mark(ctx, seq, at.seq); err != nil {
		return at, err
	}
	err = m.postgres.transaction(ctx, func(tx *sql.Tx) error {
		if err := move(ctx, tx, at, next); err != nil {
			return err
		}
		return m.write(ctx, tx, found)
	})
	if err != nil {
		return at, err
	}
	return next, nil
}

// tidy tries parked rows again and forgets what nobody needs any more.
func (m *Mirror) tidy(ctx context.Context, at place) (place, error) {
	if err := m.source.prune(ctx, at.seq, m.now().Add(-m.config.Retention)); err != nil {
		return at, err
	}
	parked, err := m.postgres.parked(ctx)
	if err != nil || len(parked) == 0 {
		return at, err
	}
	var changes []change
	for _, row := range parked {
		changes = append(changes, change{Collection: row.Collection, RecordID: row.RecordID})
	}
	return m.batch(ctx, at, changes, at.seq)
}

// jittered returns a pause that is up to a half longer, so that what failed together
// does not come back together.
func jittered(pause time.Duration) time.Duration {
	if pause <= 0 {
		return 0
	}
	return pause + rand.N(pause/2+1)
}

// sleep waits and reports whether the context still lasts.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
