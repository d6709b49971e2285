package pgmirror

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lib/pq"

	"verso/hooks/records"
)

// rows are what a batch writes: rows as they are now, and the ids of those that are
// gone.
type rows struct {
	users     []user
	jobs      []job
	owned     []ownership // of users whose row is another than before
	goneUsers []string
	goneJobs  []string
}

// current reads the rows that have changed, as they are now.
func (s *source) current(ctx context.Context, changes []change) (rows, error) {
	var found rows
	changed := map[string][]string{}
	for _, c := range changes {
		if writable(c.RecordID) {
			changed[c.Collection] = append(changed[c.Collection], c.RecordID)
		}
	}
	var err error
	if found.users, err = s.users(ctx, changed[records.CollectionUsers]); err != nil {
		return found, err
	}
	if found.jobs, err = s.jobs(ctx, changed[records.CollectionJobs]); err != nil {
		return found, err
	}
	found.goneUsers = gone(changed[records.CollectionUsers], idOfUser, found.users)
	found.goneJobs = gone(changed[records.CollectionJobs], idOfJob, found.jobs)
	return found, nil
}

// writable reports whether PostgreSQL can hold an id at all. PocketBase makes no
// other, raw SQL may; such a row could not even be parked.
func writable(id string) bool { return utf8.ValidString(id) && !strings.Contains(id, "\x00") }

func idOfUser(u user) string  { return u.RecordID }
func idOfJob(j job) string    { return j.RecordID }
func itself(id string) string { return id }

// gone returns the ids of which there is no row.
func gone[T any](ids []string, idOf func(T) string, there []T) []string {
	known := make(map[string]bool, len(there))
	for _, row := range there {
		known[idOf(row)] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] })
}

// write writes rows in the order in which they depend on each other.
func (m *Mirror) write(ctx context.Context, tx *sql.Tx, found rows) error {
	b := &batch{ctx: ctx, tx: tx, nullableEmail: m.postgres.nullableEmail.Load()}
	if err := guard(b, step[user]{records.CollectionUsers, idOfUser, b.upsertUsers, true}, found.users); err != nil {
		return err
	}
	if err := guard(b, step[job]{records.CollectionJobs, idOfJob, b.upsertJobs, true}, found.jobs); err != nil {
		return err
	}
	if err := guard(b, step[ownership]{records.CollectionJobs, func(o ownership) string { return o.Job }, b.giveOwners, false}, found.owned); err != nil {
		return err
	}
	if err := guard(b, step[string]{records.CollectionJobs, itself, b.deleteJobs, true}, found.goneJobs); err != nil {
		return err
	}
	if err := guard(b, step[string]{records.CollectionUsers, itself, b.letJobsGo, false}, found.goneUsers); err != nil {
		return err
	}
	return guard(b, step[string]{records.CollectionUsers, itself, b.deleteUsers, true}, found.goneUsers)
}

func idsOf[T any](rows []T, id func(T) string) []string {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = id(row)
	}
	return ids
}

// batch writes rows within a transaction.
type batch struct {
	ctx context.Context
	tx  *sql.Tx
	// nullableEmail says that a user's address may be null.
	nullableEmail bool
}

func (b *batch) exec(doing, statement string, args ...any) error {
	_, err := b.affect(doing, statement, args...)
	return err
}

// affect runs a statement and returns how many rows it touched.
func (b *batch) affect(doing, statement string, args ...any) (int64, error) {
	result, err := b.tx.ExecContext(b.ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	affected, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	return affected, nil
}

// step is how rows of a collection are written.
type step[T any] struct {
	collection string
	id         func(T) string
	write      func([]T) error
	// whole says that a row is as it should be afterwards, and parked no more.
	whole bool
}

// guard writes rows, no more than a batch at once; where PostgreSQL refuses one of
// them, or another program holds it, it finds that one by halves, parks it with the
// reason, and writes the others.
func guard[T any](b *batch, s step[T], all []T) error {
	for portion := range slices.Chunk(all, batchRows) {
		if err := guardPortion(b, s, portion); err != nil {
			return err
		}
	}
	return nil
}

func guardPortion[T any](b *batch, s step[T], all []T) error {
	if err := b.exec("set a savepoint", `SAVEPOINT rows`); err != nil {
		return err
	}
	refusal := s.write(all)
	if refusal == nil {
		if s.whole {
			err := b.exec("forget what was parked", `DELETE FROM verso_mirror.parked WHERE collection = $1 AND record_id = ANY($2)`, s.collection, pq.Array(idsOf(all, s.id)))
			if err != nil {
				return err
			}
		}
		return b.exec("release the savepoint", `RELEASE SAVEPOINT rows`)
	}
	if !refusedRow(refusal) && !heldRow(refusal) {
		return refusal
	}
	if err := b.exec("go back to the savepoint", `ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows`); err != nil {
		return err
	}
	if heldRow(refusal) && b.isTableHeld(s.collection) {
		return refusal // no row is at fault: all of them wait
	}
	if len(all) == 1 {
		return b.exec("park a row", `
			INSERT INTO verso_mirror.parked (collection, record_id, reason) VALUES ($1, $2, $3)
			ON CONFLICT (collection, record_id) DO UPDATE SET reason = $3, tried_at = clock_timestamp()`, s.collection, s.id(all[0]), reasonOf(refusal))
	}
	if err := guardPortion(b, s, all[:len(all)/2]); err != nil {
		return err
	}
	return guardPortion(b, s, all[len(all)/2:])
}

// isTableHeld reports whether another program has locked a table as a whole.
func (b *batch) isTableHeld(table string) bool {
	if b.exec("set a savepoint", `SAVEPOINT held`) != nil {
		return true
	}
	err := b.exec("look for a lock", `LOCK TABLE `+pq.QuoteIdentifier(table)+` IN ROW EXCLUSIVE MODE NOWAIT`)
	if b.exec("go back to the savepoint", `ROLLBACK TO SAVEPOINT held; RELEASE SAVEPOINT held`) != nil {
		return true
	}
	return err != nil
}
