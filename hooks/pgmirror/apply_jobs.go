package pgmirror

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"
	"github.com/pocketbase/dbx"

	"verso/hooks/records"
)

// upsertJobs writes jobs under the ids that they have been given, and gives the
// others new ones from the table's own sequence.
func (b *batch) upsertJobs(jobs []job) error {
	var recordIDs, owners []string
	var filenames, statuses, created, completed, messages, paths []sql.NullString
	var progress []int64
	for _, j := range jobs {
		recordIDs, owners = append(recordIDs, j.RecordID), append(owners, j.OwnerID)
		filenames, statuses, progress = append(filenames, j.Filename), append(statuses, j.Status), append(progress, int64(j.Progress))
		created, completed = append(created, j.CreatedAt), append(completed, j.CompletedAt)
		messages, paths = append(messages, j.ErrorMessage), append(paths, j.Filepath)
	}
	// An id that another program has used without asking the sequence is passed by.
	err := b.exec("give jobs ids", `
		INSERT INTO verso_mirror.ids (collection, record_id, id)
		SELECT '`+records.CollectionJobs+`', fresh.record_id,
			nextval(pg_get_serial_sequence('translation_jobs', 'id'))::integer
		FROM unnest($1::text[]) AS fresh(record_id)
		WHERE NOT EXISTS (SELECT 1 FROM verso_mirror.ids WHERE collection = '`+records.CollectionJobs+`' AND ids.record_id = fresh.record_id)`,
		pq.Array(recordIDs))
	if err != nil {
		return err
	}
	return b.exec("write jobs", `
		INSERT INTO translation_jobs AS mirrored (id, filename, status, progress, created_at, completed_at, error_message, filepath, owner_id)
		SELECT ids.id, input.filename, input.status, input.progress, input.created_at::timestamptz, input.completed_at::timestamptz,
			input.error_message, input.filepath, owner.id
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[])
			AS input(record_id, owner_id, filename, status, progress, created_at, completed_at, error_message, filepath)
		JOIN verso_mirror.ids ON ids.collection = '`+records.CollectionJobs+`' AND ids.record_id = input.record_id
		LEFT JOIN verso_mirror.ids AS owner ON owner.collection = '`+records.CollectionUsers+`' AND owner.record_id = input.owner_id
		ON CONFLICT (id) DO UPDATE SET
			filename = excluded.filename, status = excluded.status, progress = excluded.progress, created_at = excluded.created_at,
			completed_at = excluded.completed_at, error_message = excluded.error_message, filepath = excluded.filepath, owner_id = excluded.owner_id
			WHERE (mirrored.filename, mirrored.status, mirrored.progress, mirrored.created_at, mirrored.completed_at, mirrored.error_message, mirrored.filepath, mirrored.owner_id)
				IS DISTINCT FROM (excluded.filename, excluded.status, excluded.progress, excluded.created_at, excluded.completed_at, excluded.error_message, excluded.filepath, excluded.owner_id)`,
		pq.Array(recordIDs), pq.Array(owners), pq.Array(filenames), pq.Array(statuses), pq.Array(progress),
		pq.Array(created), pq.Array(completed), pq.Array(messages), pq.Array(paths))
}

// deleteJobs deletes the rows of jobs that are gone.
func (b *batch) deleteJobs(ids []string) error {
	err := b.exec("delete jobs", `
		DELETE FROM translation_jobs WHERE id IN
			(SELECT id FROM verso_mirror.ids WHERE collection = '`+records.CollectionJobs+`' AND record_id = ANY($1))`, pq.Array(ids))
	if err != nil {
		return err
	}
	return b.exec("forget jobs", `DELETE FROM verso_mirror.ids WHERE collection = '`+records.CollectionJobs+`' AND record_id = ANY($1)`, pq.Array(ids))
}

// jobsOf returns the jobs of owners.
func (s *source) jobsOf(ctx context.Context, owners []string) ([]job, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	files, err := s.filesOf()
	if err != nil {
		return nil, err
	}
	jobs, err := read[job](ctx, s, `SELECT `+jobColumns+` FROM translation_jobs WHERE owner_id IN (SELECT value FROM json_each({:owners}))`,
		dbx.Params{"owners": list(owners), "files": files})
	if err != nil {
		return nil, fmt.Errorf("read the jobs of new users: %w", err)
	}
	return jobs, nil
}
