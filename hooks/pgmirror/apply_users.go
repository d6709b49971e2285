package pgmirror

import (
	"database/sql"

	"github.com/lib/pq"

	"verso/hooks/records"
)

// userInput is a batch of users as one relation.
const userInput = `input AS (
	SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
		AS t(record_id, clerk_user_id, email, name, created_at, updated_at))`

// upsertUsers writes users by their ids at Clerk, so that a row which another
// program made of the same person is taken over.
func (b *batch) upsertUsers(users []user) error {
	args := userArrays(users, b.nullableEmail)
	// An address may be on its way from one user to another. Where one of ours holds
	// what another is to get, it lets go of it: its own row follows, in this batch
	// or in a later one.
	err := b.exec("free addresses", `WITH `+userInput+`
		UPDATE users AS held SET email = held.clerk_user_id || '@moving.invalid'
		FROM input, verso_mirror.ids
		WHERE held.email = input.email AND held.clerk_user_id <> input.clerk_user_id
		  AND ids.collection = '`+records.CollectionUsers+`' AND ids.id = held.id`, args...)
	if err != nil {
		return err
	}
	// The same person may have come back under another record.
	err = b.exec("let go of earlier records' jobs", `WITH `+userInput+`
		UPDATE translation_jobs SET owner_id = NULL
		FROM verso_mirror.ids AS owner, users, input, verso_mirror.ids AS ours
		WHERE owner.collection = '`+records.CollectionUsers+`' AND owner.id = users.id
		  AND users.clerk_user_id = input.clerk_user_id AND owner.record_id <> input.record_id
		  AND translation_jobs.owner_id = owner.id
		  AND ours.collection = '`+records.CollectionJobs+`' AND ours.id = translation_jobs.id`, args...)
	if err != nil {
		return err
	}
	err = b.exec("forget earlier records", `WITH `+userInput+`
		DELETE FROM verso_mirror.ids USING users, input
		WHERE ids.collection = '`+records.CollectionUsers+`' AND ids.id = users.id
		  AND users.clerk_user_id = input.clerk_user_id AND ids.record_id <> input.record_id`, args...)
	if err != nil {
		return err
	}
	return b.exec("write users", `WITH `+userInput+`,
		written AS (
			INSERT INTO users (clerk_user_id, email, name, created_at, updated_at)
			SELECT clerk_user_id, email, name, created_at::timestamptz, updated_at::timestamptz FROM input
			ON CONFLICT (clerk_user_id) DO UPDATE
				SET email = excluded.email, name = excluded.name, created_at = excluded.created_at, updated_at = excluded.updated_at
				WHERE (users.email, users.name, users.created_at, users.updated_at)
					IS DISTINCT FROM (excluded.email, excluded.name, excluded.created_at, excluded.updated_at)
			RETURNING id, clerk_user_id),
		known AS (
			SELECT id, clerk_user_id FROM written
			UNION SELECT users.id, users.clerk_user_id FROM users JOIN input USING (clerk_user_id))
		INSERT INTO verso_mirror.ids (collection, record_id, id)
		SELECT '`+records.CollectionUsers+`', input.record_id, known.id FROM input JOIN known USING (clerk_user_id)
		ON CONFLICT (collection, record_id) DO UPDATE SET id = excluded.id WHERE ids.id <> excluded.id`, args...)
}

func userArrays(users []user, nullable bool) []any {
	var ids, clerkIDs []string
	var emails, names, created, updated []sql.NullString
	for _, u := range users {
		ids, clerkIDs, emails = append(ids, u.RecordID), append(clerkIDs, u.ClerkUserID), append(emails, u.emailFor(nullable))
		names, created, updated = append(names, u.Name), append(created, u.CreatedAt), append(updated, u.UpdatedAt)
	}
	return []any{pq.Array(ids), pq.Array(clerkIDs), pq.Array(emails), pq.Array(names), pq.Array(created), pq.Array(updated)}
}

// theirRows are the rows of users by their record ids, $1.
const theirRows = `(SELECT id FROM verso_mirror.ids WHERE collection = '` + records.CollectionUsers + `' AND record_id = ANY($1))`

// letJobsGo takes users who are gone from their jobs, also where their own rows have
// to stay.
func (b *batch) letJobsGo(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return b.exec("let jobs go", `UPDATE translation_jobs SET owner_id = NULL WHERE owner_id IN `+theirRows+`
		AND id IN (SELECT id FROM verso_mirror.ids WHERE collection = '`+records.CollectionJobs+`')`, pq.Array(ids))
}

// deleteUsers deletes the rows of users who are gone. A row that another program's
// jobs refer to is refused, and stays.
func (b *batch) deleteUsers(ids []string) error {
	for _, step := range []struct{ doing, statement string }{
		{"delete users", `DELETE FROM users WHERE id IN ` + theirRows},
		{"forget users", `DELETE FROM verso_mirror.ids WHERE collection = '` + records.CollectionUsers + `' AND record_id = ANY($1)`},
	} {
		if err := b.exec(step.doing, step.statement, pq.Array(ids)); err != nil {
			return err
		}
	}
	return nil
}
