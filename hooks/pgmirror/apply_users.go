package pgmirror

import (
	"context"
	"database/sql"

	"github.com/lib/pq"

	"verso/hooks/records"
)

// userInput is a batch of users as one relation.
const userInput = `input AS (
	SELECT record_id, clerk_user_id, email, name, created_at::timestamptz, updated_at::timestamptz
	FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
		AS t(record_id, clerk_user_id, email, name, created_at, updated_at))`

// mappedUsers joins a batch of users with the rows that PostgreSQL has for them.
const mappedUsers = `input JOIN verso_mirror.ids ON ids.collection = '` + records.CollectionUsers + `' AND ids.record_id = input.record_id`

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
	if err := b.moveClerkIDs(args); err != nil {
		return err
	}
	if err := b.forgetEarlierRecords(args); err != nil {
		return err
	}
	for _, step := range []struct{ doing, statement string }{
		{"change users", `
			UPDATE users SET email = input.email, name = input.name, created_at = input.created_at, updated_at = input.updated_at
			FROM input
			WHERE users.clerk_user_id = input.clerk_user_id
			  AND (users.email, users.name, users.created_at, users.updated_at)
				IS DISTINCT FROM (input.email, input.name, input.created_at, input.updated_at)`},
		{"write new users", `
			INSERT INTO users (clerk_user_id, email, name, created_at, updated_at)
			SELECT clerk_user_id, email, name, created_at, updated_at FROM input
			WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.clerk_user_id = input.clerk_user_id)`},
		{"note whose rows they are", `
			INSERT INTO verso_mirror.ids (collection, record_id, id)
			SELECT '` + records.CollectionUsers + `', input.record_id, users.id FROM input JOIN users USING (clerk_user_id)
			ON CONFLICT (collection, record_id) DO UPDATE SET id = excluded.id WHERE ids.id <> excluded.id`},
	} {
		if err := b.exec(step.doing, `WITH `+userInput+step.statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// moveClerkIDs follows users whose ids at Clerk have changed, which only raw SQL
// does. Two may have exchanged theirs, so they pass by way of words of their own.
// Where the new id has a row already, that one is taken over and the old one goes.
func (b *batch) moveClerkIDs(args []any) error {
	changed, err := b.affect("free ids at Clerk", `WITH `+userInput+`
		UPDATE users SET clerk_user_id = 'moving_' || ids.record_id
		FROM `+mappedUsers+`
		WHERE users.id = ids.id AND users.clerk_user_id <> input.clerk_user_id`, args...)
	if err != nil || changed == 0 {
		return err
	}
	for _, step := range []struct{ doing, statement string }{
		{"move ids at Clerk", `
			UPDATE users SET clerk_user_id = input.clerk_user_id
			FROM ` + mappedUsers + `
			WHERE users.id = ids.id AND users.clerk_user_id <> input.clerk_user_id
			  AND NOT EXISTS (SELECT 1 FROM users AS other WHERE other.clerk_user_id = input.clerk_user_id)`},
		{"move jobs", `
			UPDATE translation_jobs SET owner_id = other.id
			FROM ` + mappedUsers + ` JOIN users AS old ON old.id = ids.id JOIN users AS other ON other.clerk_user_id = input.clerk_user_id
			JOIN verso_mirror.ids AS ours ON ours.collection = '` + records.CollectionJobs + `'
			WHERE old.id <> other.id AND translation_jobs.owner_id = old.id AND ours.id = translation_jobs.id`},
		{"let go of old rows", `
			DELETE FROM users USING ` + mappedUsers + `
			WHERE users.id = ids.id AND users.clerk_user_id <> input.clerk_user_id`},
	} {
		if err := b.exec(step.doing, `WITH `+userInput+step.statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// earlierRecords are the mappings of the same people under other records.
const earlierRecords = `
	FROM input JOIN users ON users.clerk_user_id = input.clerk_user_id
	JOIN verso_mirror.ids AS earlier ON earlier.collection = '` + records.CollectionUsers + `' AND earlier.id = users.id AND earlier.record_id <> input.record_id`

// forgetEarlierRecords forgets that rows were those of earlier records: the same
// person may have come back under another.
func (b *batch) forgetEarlierRecords(args []any) error {
	found, err := queryStrings(b.ctx, b.tx, "look for earlier records", `WITH `+userInput+` SELECT earlier.record_id `+earlierRecords, args...)
	if err != nil || len(found) == 0 {
		return err
	}
	if err := b.letJobsGo(found); err != nil {
		return err
	}
	return b.exec("forget earlier records", `
		DELETE FROM verso_mirror.ids WHERE collection = '`+records.CollectionUsers+`' AND record_id = ANY($1)`, pq.Array(found))
}

// freshUsers returns the record ids of users whose row in PostgreSQL is another than
// before, or none: their jobs have to be told.
func (p *postgres) freshUsers(ctx context.Context, users []user) ([]string, error) {
	if len(users) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.ioTimeout)
	defer cancel()
	clerkIDs := idsOf(users, func(u user) string { return u.ClerkUserID })
	for i, id := range clerkIDs {
		if !writable(id) {
			clerkIDs[i] = "" // it will be refused
		}
	}
	return queryStrings(ctx, p.db, "look for new users", `
		SELECT input.record_id FROM unnest($1::text[], $2::text[]) AS input(record_id, clerk_user_id)
		WHERE NOT EXISTS (
			SELECT 1 FROM verso_mirror.ids JOIN users ON users.id = ids.id
			WHERE ids.collection = '`+records.CollectionUsers+`' AND ids.record_id = input.record_id AND users.clerk_user_id = input.clerk_user_id)`,
		pq.Array(idsOf(users, idOfUser)), pq.Array(clerkIDs))
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
