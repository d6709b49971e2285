package pgmirror

import (
	"database/sql"

	"github.com/lib/pq"

	"verso/hooks/records"
)

// jobInput is a batch of jobs as one relation, with the ids that PostgreSQL has for
// them.
const jobInput = `
	SELECT ids.id, input.filename, input.status, input.progress::integer, input.created_at::timestamptz, input.completed_at::timestamptz,
		input.error_message, input.filepath, owner.id AS owner_id
	FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
		AS input(record_id, owner_id, filename, status, progress, created_at, completed_at, error_message, filepath)
	JOIN verso_mirror.ids ON ids.collection = '` + records.CollectionJobs + `' AND ids.record_id = input.record_id
	LEFT JOIN verso_mirror.ids AS owner ON owner.collection = '` + records.CollectionUsers + `' AND owner.record_id = input.owner_id`

// upsertJobs writes jobs under the ids that they have been given, and gives the
// others new ones from the table's own sequence. An id that stands in the table
// without being ours is another program's row, and is never written to.
func (b *batch) upsertJobs(jobs []job) error {
	if err := b.giveIDs(idsOf(jobs, idOfJob)); err != nil {
		return err
	}
	args := jobArrays(jobs)
	err := b.exec("change jobs", `
		UPDATE translation_jobs AS mirrored SET
			filename = input.filename, status = input.status, progress = input.progress, created_at = input.created_at,
			completed_at = input.completed_at, error_message = input.error_message, filepath = input.filepath, owner_id = input.owner_id
		FROM (`+jobInput+`) AS input
		WHERE mirrored.id = input.id
			AND (mirrored.filename, mirrored.status, mirrored.progress, mirrored.created_at, mirrored.completed_at, mirrored.error_message, mirrored.filepath, mirrored.owner_id)
				IS DISTINCT FROM (input.filename, input.status, input.progress, input.created_at, input.completed_at, input.error_message, input.filepath, input.owner_id)`, args...)
	if err != nil {
		return err
	}
	return b.exec("write new jobs", `
		INSERT INTO translation_jobs (id, filename, status, progress, created_at, completed_at, error_message, filepath, owner_id)
		SELECT * FROM (`+jobInput+`) AS input
		WHERE NOT EXISTS (SELECT 1 FROM translation_jobs AS mirrored WHERE mirrored.id = input.id)`, args...)
}

// giveIDs gives an id of the sequence to each job that has none. One that another
// program has used without asking the sequence is passed by.
func (b *batch) giveIDs(jobs []string) error {
	for {
		without, err := queryStrings(b.ctx, b.tx, "look for new jobs", `
			SELECT job FROM unnest($1::text[]) AS job
			WHERE NOT EXISTS (SELECT 1 FROM verso_mirror.ids WHERE collection = '`+records.CollectionJobs+`' AND record_id = job)`, pq.Array(jobs))
		if err != nil || len(without) == 0 {
			return err
		}
		err = b.exec("give jobs ids", `
			WITH drawn AS MATERIALIZED (
				SELECT job, nextval(pg_get_serial_sequence('translation_jobs', 'id'))::integer AS id FROM unnest($1::text[]) AS job)
			INSERT INTO verso_mirror.ids (collection, record_id, id)
			SELECT '`+records.CollectionJobs+`', job, id FROM drawn
			WHERE NOT EXISTS (SELECT 1 FROM translation_jobs WHERE translation_jobs.id = drawn.id)`, pq.Array(without))
		if err != nil {
			return err
		}
	}
}

func jobArrays(jobs []job) []any {
	var ids, owners []string
	var filenames, statuses, progress, created, completed, messages, paths []sql.NullString
	for _, j := range jobs {
		ids, owners = append(ids, j.RecordID), append(owners, j.OwnerID)
		filenames, statuses, progress = append(filenames, j.Filename), append(statuses, j.Status), append(progress, j.Progress)
		created, completed = append(created, j.CreatedAt), append(completed, j.CompletedAt)
		messages, paths = append(messages, j.ErrorMessage), append(paths, j.Filepath)
	}
	return []any{
		pq.Array(ids), pq.Array(owners), pq.Array(filenames), pq.Array(statuses), pq.Array(progress),
		pq.Array(created), pq.Array(completed), pq.Array(messages), pq.Array(paths),
	}
}

// giveOwners writes who owns jobs, of which some may not be there yet: they come
// with their owner.
func (b *batch) giveOwners(owned []ownership) error {
	return b.exec("give jobs their owners", `
		UPDATE translation_jobs AS mirrored SET owner_id = owner.id
		FROM unnest($1::text[], $2::text[]) AS owned(job, owner)
		JOIN verso_mirror.ids AS ours ON ours.collection = '`+records.CollectionJobs+`' AND ours.record_id = owned.job
		JOIN verso_mirror.ids AS owner ON owner.collection = '`+records.CollectionUsers+`' AND owner.record_id = owned.owner
		WHERE mirrored.id = ours.id AND mirrored.owner_id IS DISTINCT FROM owner.id`,
		pq.Array(idsOf(owned, func(o ownership) string { return o.Job })), pq.Array(idsOf(owned, func(o ownership) string { return o.Owner })))
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
