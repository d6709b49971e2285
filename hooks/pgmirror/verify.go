package pgmirror

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"

	"verso/hooks/records"
)

// Comparison is what a comparison of both sides found.
type Comparison struct {
	// Columns are the columns, "users.email", with the checksums of both sides.
	Columns []ColumnSums
	// Rows counts the rows of SQLite, Parked those that were left out because
	// PostgreSQL refuses them.
	Rows, Parked int
	// Different counts the rows that differ, are missing, or are too many.
	Different int
}

// ColumnSums are the checksums of a column.
type ColumnSums struct{ Column, SQLite, Postgres string }

// Equal reports whether both sides are the same.
func (c Comparison) Equal() bool {
	return c.Different == 0 && !slices.ContainsFunc(c.Columns, func(s ColumnSums) bool { return s.SQLite != s.Postgres })
}

// comparing is a comparison under way.
type comparing struct {
	result        Comparison
	parked        map[string]bool // "collection/record id"
	here, there   map[string]hash.Hash
	columnsInTurn []string
}

// Verify compares every column of every row, in the order of record ids. What
// changes meanwhile makes a difference; ask again when the lag is nothing.
func (m *Mirror) Verify(ctx context.Context) (Comparison, error) {
	if err := m.mustHaveBegun(ctx); err != nil {
		return Comparison{}, err
	}
	parked, err := m.postgres.parked(ctx, 0)
	if err != nil {
		return Comparison{}, err
	}
	if err := m.postgres.readNullable(ctx, m.postgres.db); err != nil {
		return Comparison{}, err
	}
	c := &comparing{parked: map[string]bool{}, here: map[string]hash.Hash{}, there: map[string]hash.Hash{}}
	for _, row := range parked {
		c.parked[row.Collection+"/"+row.RecordID] = true
	}
	if err := m.compareUsers(ctx, c); err != nil {
		return Comparison{}, err
	}
	if err := m.compareJobs(ctx, c); err != nil {
		return Comparison{}, err
	}
	for _, column := range c.columnsInTurn {
		c.result.Columns = append(c.result.Columns, ColumnSums{
			Column: column, SQLite: hex.EncodeToString(c.here[column].Sum(nil)), Postgres: hex.EncodeToString(c.there[column].Sum(nil)),
		})
	}
	return c.result, nil
}

// record is a row as a comparison sees it: its columns as texts, by name.
type record struct {
	id     string
	values []string
}

func (m *Mirror) compareUsers(ctx context.Context, c *comparing) error {
	columns := []string{"clerk_user_id", "email", "name", "created_at", "updated_at"}
	next := func(after string) ([]record, error) {
		users, err := m.source.usersAfter(ctx, after, batchRows)
		var found []record
		for _, u := range users {
			found = append(found, record{u.RecordID, []string{u.ClerkUserID, text(u.emailFor(m.postgres.nullableEmail.Load())), text(u.Name), text(u.CreatedAt), text(u.UpdatedAt)}})
		}
		return found, err
	}
	return m.compare(ctx, c, records.CollectionUsers, columns, next, `
		SELECT ids.record_id, row.clerk_user_id, COALESCE(row.email, ''), COALESCE(row.name, ''), `+utc("row.created_at")+`, `+utc("row.updated_at")+`
		FROM verso_mirror.ids JOIN users AS row ON row.id = ids.id`)
}

func (m *Mirror) compareJobs(ctx context.Context, c *comparing) error {
	columns := []string{"filename", "status", "progress", "created_at", "completed_at", "error_message", "filepath", "owner_id"}
	next := func(after string) ([]record, error) {
		jobs, err := m.source.jobsAfter(ctx, after, batchRows)
		var found []record
		for _, j := range jobs {
			owner := j.OwnerID
			if c.parked[records.CollectionUsers+"/"+owner] {
				owner = "" // he has no row
			}
			found = append(found, record{j.RecordID, []string{
				text(j.Filename), text(j.Status), text(j.Progress), text(j.CreatedAt), text(j.CompletedAt), text(j.ErrorMessage), text(j.Filepath), owner,
			}})
		}
		return found, err
	}
	return m.compare(ctx, c, records.CollectionJobs, columns, next, `
		SELECT ids.record_id, COALESCE(row.filename, ''), COALESCE(row.status, ''), COALESCE(row.progress::text, ''), `+utc("row.created_at")+`, `+utc("row.completed_at")+`,
			COALESCE(row.error_message, ''), COALESCE(row.filepath, ''), COALESCE(owner.record_id, '')
		FROM verso_mirror.ids JOIN translation_jobs AS row ON row.id = ids.id
		LEFT JOIN verso_mirror.ids AS owner ON owner.collection = 'users' AND owner.id = row.owner_id`)
}

// utc writes a time as PocketBase does, and what is finer than its milliseconds in
// full. A column without a zone is read in the session's, which is UTC.
func utc(column string) string {
	at := column + `::timestamptz AT TIME ZONE 'UTC'`
	return `COALESCE(to_char(` + at + `, CASE WHEN date_trunc('milliseconds', ` + column + `) = ` + column + ` THEN 'YYYY-MM-DD HH24:MI:SS.MS"Z"' ELSE 'YYYY-MM-DD HH24:MI:SS.US"Z"' END), '')`
}

func text(value sql.NullString) string { return value.String }

// compare compares a collection page by page.
func (m *Mirror) compare(ctx context.Context, c *comparing, collection string, columns []string, next func(string) ([]record, error), query string) error {
	for _, column := range columns {
		name := collection + "." + column
		c.columnsInTurn = append(c.columnsInTurn, name)
		c.here[name], c.there[name] = sha256.New(), sha256.New()
	}
	for after := ""; ; {
		here, err := next(after)
		if err != nil {
			return err
		}
		upTo := ""
		if len(here) == batchRows {
			upTo = here[len(here)-1].id
		}
		there, err := m.postgres.page(ctx, query, collection, after, upTo, len(columns))
		if err != nil {
			return err
		}
		c.page(collection, columns, here, there)
		if upTo == "" {
			return nil
		}
		after = upTo
	}
}

// page reads rows of PostgreSQL between two record ids, the second of which may be
// open.
func (p *postgres) page(ctx context.Context, query, collection, after, upTo string, columns int) (there []record, err error) {
	err = p.transaction(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, query+`
			WHERE ids.collection = $1 AND ids.record_id > $2 AND ($3 = '' OR ids.record_id <= $3)
			ORDER BY ids.record_id`, collection, after, upTo)
		if err != nil {
			return fmt.Errorf("read rows of PostgreSQL: %w", err)
		}
		defer found.Close()
		for found.Next() {
			row := record{values: make([]string, columns)}
			into := []any{&row.id}
			for i := range row.values {
				into = append(into, &row.values[i])
			}
			if err := found.Scan(into...); err != nil {
				return fmt.Errorf("read rows of PostgreSQL: %w", err)
			}
			there = append(there, row)
		}
		return found.Err()
	})
	return there, err
}

// page takes the rows of both sides between the same ids.
func (c *comparing) page(collection string, columns []string, here, there []record) {
	left := func(row record) bool { return c.parked[collection+"/"+row.id] }
	c.result.Rows += len(here)
	whole := len(here)
	here, there = slices.DeleteFunc(here, left), slices.DeleteFunc(there, left)
	c.result.Parked += whole - len(here)
	byID := map[string]record{}
	for _, row := range there {
		byID[row.id] = row
	}
	for _, row := range here {
		other, ok := byID[row.id]
		if !ok || !slices.Equal(row.values, other.values) {
			c.result.Different++
		}
		delete(byID, row.id)
	}
	c.result.Different += len(byID)
	add := func(sums map[string]hash.Hash, rows []record) {
		for _, row := range rows {
			for i, column := range columns {
				fmt.Fprintf(sums[collection+"."+column], "%s\x00%s\x00", row.id, row.values[i])
			}
		}
	}
	add(c.here, here)
	add(c.there, there)
}
