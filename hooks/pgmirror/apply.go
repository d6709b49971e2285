package pgmirror

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"verso/hooks/records"
)

// rows are what a batch writes: rows as they are now, and the ids of those that are
// gone.
type rows struct {
	users     []user
	jobs      []job
	goneUsers []string
	goneJobs  []string
}

// current reads the rows that have changed, as they are now.
func (s *source) current(ctx context.Context, changes []change) (rows, error) {
	var found rows
	changed := map[string][]string{}
	for _, c := range changes {
		changed[c.Collection] = append(changed[c.Collection], c.RecordID)
	}
	var err error
	if found.users, err = s.users(ctx, changed[records.CollectionUsers]); err != nil {
		return found, err
	}
	if found.jobs, err = s.jobs(ctx, changed[records.CollectionJobs]); err != nil {
		return found, err
	}
	found.goneUsers = gone(changed[records.CollectionUsers], found.users, func(u user) string { return u.RecordID })
	found.goneJobs = gone(changed[records.CollectionJobs], found.jobs, func(j job) string { return j.RecordID })
	return found, nil
}

// gone returns the ids of which there is no row.
func gone[T any](ids []string, there []T, id func(T) string) []string {
	known := make(map[string]bool, len(there))
	for _, row := range there {
		known[id(row)] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] })
}

// write writes rows in the order in which they depend on each other.
func (m *Mirror) write(ctx context.Context, tx *sql.Tx, found rows) error {
	b := &batch{ctx: ctx, tx: tx, nullableEmail: m.postgres.nullableEmail.Load()}
	fresh, err := b.unmapped(records.CollectionUsers, idsOf(found.users, func(u user) string { return u.RecordID }))
	if err != nil {
		return err
	}
	if err := guard(b, records.CollectionUsers, found.users, func(u user) string { return u.RecordID }, b.upsertUsers); err != nil {
		return err
	}
	// Jobs that came before their owner have none yet.
	late, err := m.source.jobsOf(ctx, fresh)
	if err != nil {
		return err
	}
	for _, row := range late {
		if !slices.ContainsFunc(found.jobs, func(known job) bool { return known.RecordID == row.RecordID }) {
			found.jobs = append(found.jobs, row)
		}
	}
	if err := guard(b, records.CollectionJobs, found.jobs, func(j job) string { return j.RecordID }, b.upsertJobs); err != nil {
		return err
	}
	itself := func(id string) string { return id }
	if err := guard(b, records.CollectionJobs, found.goneJobs, itself, b.deleteJobs); err != nil {
		return err
	}
	if err := b.letJobsGo(found.goneUsers); err != nil {
		return err
	}
	return guard(b, records.CollectionUsers, found.goneUsers, itself, b.deleteUsers)
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
	if _, err := b.tx.ExecContext(b.ctx, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// guard writes rows; where PostgreSQL refuses what one of them holds, it finds that
// one by halves, parks it with the reason, and writes the others.
func guard[T any](b *batch, collection string, all []T, id func(T) string, write func([]T) error) error {
	if len(all) == 0 {
		return nil
	}
	if err := b.exec("set a savepoint", `SAVEPOINT rows`); err != nil {
		return err
	}
	err := write(all)
	if err == nil {
		ids := idsOf(all, id)
		if err := b.exec("forget what was parked", `DELETE FROM verso_mirror.parked WHERE collection = $1 AND record_id = ANY($2)`, collection, pq.Array(ids)); err != nil {
			return err
		}
		return b.exec("release the savepoint", `RELEASE SAVEPOINT rows`)
	}
	if !refusedRow(err) {
		return err
	}
	if err := b.exec("go back to the savepoint", `ROLLBACK TO SAVEPOINT rows`); err != nil {
		return err
	}
	if len(all) == 1 {
		return b.exec("park a row", `
			INSERT INTO verso_mirror.parked (collection, record_id, reason) VALUES ($1, $2, $3)
			ON CONFLICT (collection, record_id) DO UPDATE SET reason = $3`, collection, id(all[0]), reasonOf(err))
	}
	if err := guard(b, collection, all[:len(all)/2], id, write); err != nil {
		return err
	}
	return guard(b, collection, all[len(all)/2:], id, write)
}

// unmapped returns the ids that PostgreSQL has no row for.
func (b *batch) unmapped(collection string, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := b.tx.QueryContext(b.ctx, `
		SELECT wanted.id FROM unnest($2::text[]) AS wanted(id)
		WHERE NOT EXISTS (SELECT 1 FROM verso_mirror.ids WHERE collection = $1 AND record_id = wanted.id)`, collection, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("look for rows: %w", err)
	}
	defer found.Close()
	var unmapped []string
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, fmt.Errorf("read rows: %w", err)
		}
		unmapped = append(unmapped, id)
	}
	return unmapped, found.Err()
}
