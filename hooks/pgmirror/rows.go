package pgmirror

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
)

// user is a row of users as PostgreSQL has it.
type user struct {
	RecordID    string         `db:"id"`
	ClerkUserID string         `db:"clerk_user_id"`
	Email       sql.NullString `db:"email"`
	Name        sql.NullString `db:"name"`
	CreatedAt   sql.NullString `db:"created_at"`
	UpdatedAt   sql.NullString `db:"updated_at"`
}

// job is a row of translation_jobs as PostgreSQL has it, but for its owner, who is
// a record's id here.
type job struct {
	RecordID     string         `db:"id"`
	OwnerID      string         `db:"owner_id"`
	Filename     sql.NullString `db:"filename"`
	Status       sql.NullString `db:"status"`
	Progress     sql.NullString `db:"progress"` // as text: raw SQL writes anything, and PostgreSQL is to judge
	CreatedAt    sql.NullString `db:"created_at"`
	CompletedAt  sql.NullString `db:"completed_at"`
	ErrorMessage sql.NullString `db:"error_message"`
	Filepath     sql.NullString `db:"filepath"`
}

// emailFor returns a user's address for PostgreSQL. Who has none gets one that no mail
// can go to, where the column must not be null, as the plan's.
func (u user) emailFor(nullable bool) sql.NullString {
	if u.Email.Valid || nullable {
		return u.Email
	}
	return sql.NullString{String: u.ClerkUserID + "@users.invalid", Valid: true}
}

// What is empty in PocketBase, which has no null for texts and times, is null in
// PostgreSQL, and so is an owner who is not there.
const (
	userColumns = `
		id, clerk_user_id, NULLIF(email, '') AS email, NULLIF(name, '') AS name,
		NULLIF(created_at, '') AS created_at, NULLIF(updated_at, '') AS updated_at`
	jobColumns = `
		id, CASE WHEN EXISTS (SELECT 1 FROM users WHERE users.id = owner_id) THEN owner_id ELSE '' END AS owner_id,
		NULLIF(filename, '') AS filename, NULLIF(status, '') AS status,
		CAST(progress AS TEXT) AS progress,
		NULLIF(created_at, '') AS created_at, NULLIF(completed_at, '') AS completed_at, NULLIF(error_message, '') AS error_message,
		CASE source WHEN '' THEN NULL ELSE {:files} || '/' || id || '/' || source END AS filepath`
)

// users returns the users among record ids as they are now.
func (s *source) users(ctx context.Context, ids []string) ([]user, error) {
	return read[user](ctx, s, `SELECT `+userColumns+` FROM users WHERE id IN (SELECT value FROM json_each({:ids}))`, dbx.Params{"ids": list(ids)})
}

// jobs returns the jobs among record ids as they are now.
func (s *source) jobs(ctx context.Context, ids []string) ([]job, error) {
	files, err := s.filesOf()
	if err != nil {
		return nil, err
	}
	return read[job](ctx, s, `SELECT `+jobColumns+` FROM translation_jobs WHERE id IN (SELECT value FROM json_each({:ids}))`,
		dbx.Params{"ids": list(ids), "files": files})
}

// usersAfter returns the next users by their record ids.
func (s *source) usersAfter(ctx context.Context, id string, limit int) ([]user, error) {
	return read[user](ctx, s, `SELECT `+userColumns+` FROM users WHERE id > {:after} ORDER BY id LIMIT {:limit}`,
		dbx.Params{"after": id, "limit": limit})
}

// jobsAfter returns the next jobs by their record ids.
func (s *source) jobsAfter(ctx context.Context, id string, limit int) ([]job, error) {
	files, err := s.filesOf()
	if err != nil {
		return nil, err
	}
	return read[job](ctx, s, `SELECT `+jobColumns+` FROM translation_jobs WHERE id > {:after} ORDER BY id LIMIT {:limit}`,
		dbx.Params{"after": id, "limit": limit, "files": files})
}

// ownership says whose a job is, by record ids.
type ownership struct {
	Job   string `db:"id"`
	Owner string `db:"owner_id"`
}

// ownedBy returns whose the jobs of some users are.
func (s *source) ownedBy(ctx context.Context, users []string) ([]ownership, error) {
	if len(users) == 0 {
		return nil, nil
	}
	return read[ownership](ctx, s, `SELECT id, owner_id FROM translation_jobs WHERE owner_id IN (SELECT value FROM json_each({:users}))`,
		dbx.Params{"users": list(users)})
}

// filesOf returns the folder in storage under which jobs have their files.
func (s *source) filesOf() (string, error) {
	jobs, err := s.app.FindCachedCollectionByNameOrId(records.CollectionJobs)
	if err != nil {
		return "", fmt.Errorf("find jobs collection: %w", err)
	}
	return jobs.BaseFilesPath(), nil
}

func read[T any](ctx context.Context, s *source, query string, params dbx.Params) ([]T, error) {
	var rows []T
	if err := s.app.ConcurrentDB().NewQuery(query).WithContext(ctx).Bind(params).All(&rows); err != nil {
		if missing := s.complete(ctx); missing != nil {
			return nil, missing
		}
		return nil, fmt.Errorf("read rows to mirror: %w", err)
	}
	return rows, nil
}

// list writes ids as a JSON list, which one parameter holds however many there are.
func list(ids []string) string {
	encoded, err := json.Marshal(ids)
	if err != nil {
		return "[]" // texts always encode
	}
	return string(encoded)
}
