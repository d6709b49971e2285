package translation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/refusal"
)

// This file is what VERSO_KEEP_DAYS means: what a finished job was made of goes after
// some days, and its row stays, so that its owner sees what there was and what it
// has cost.

// mostExpired bounds how many jobs are looked for at a time.
const mostExpired = 100

// bindRetention looks every hour for what has been kept long enough, as the start does.
func (p *plugin) bindRetention() {
	if p.config.KeepFor <= 0 || p.config.Beside {
		return
	}
	p.app.Cron().MustAdd("versoRetention", "41 * * * *", func() { p.runner.housekeep(p.expire) })
}

// expire lets go of the documents of jobs that were finished long enough ago.
func (p *plugin) expire(ctx context.Context) {
	if p.config.KeepFor <= 0 {
		return
	}
	p.expiring.Lock() // at a start, and on the hour
	defer p.expiring.Unlock()
	before := p.runner.now().Add(-p.config.KeepFor)
	failed := p.removeLeft(ctx)
	for more := true; more && ctx.Err() == nil; {
		jobs, err := p.ledger.expired(ctx, before)
		for _, job := range jobs {
			err = errors.Join(err, p.expireJob(ctx, job, before))
		}
		failed = errors.Join(failed, err)
		more = err == nil && len(jobs) == mostExpired
	}
	if failed != nil && ctx.Err() == nil {
		p.app.Logger().Error("documents that were kept long enough could not be deleted; it will be tried again in an hour", "error", failed)
	}
}

// expireJob lets go of one job's documents. The row goes first: only there it shows
// whether somebody has taken the job up again.
func (p *plugin) expireJob(ctx context.Context, job jobRef, before time.Time) error {
	if err := p.ledger.letGo(ctx, job.ID, before); err != nil {
		if isStale(err) {
			return nil // taken up again, or deleted
		}
		return err
	}
	p.feed.now(job.ID, job.OwnerID)
	if err := p.files.remove(ctx, job.ID); err != nil {
		p.left = append(p.left, job.ID)
		return fmt.Errorf("remove the files of a job: %w", err)
	}
	return nil
}

// removeLeft removes the files that could not be removed before, as where storage was
// away, and keeps in mind those that cannot be now. What a crash leaves, the sweep at the
// next start takes. The mutex is held.
func (p *plugin) removeLeft(ctx context.Context) (failed error) {
	p.left = slices.DeleteFunc(p.left, func(jobID string) bool {
		err := p.files.remove(ctx, jobID)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("remove the files of a job: %w", err))
		}
		return err == nil
	})
	return failed
}

// expiredJobs is answered by an index that holds none but jobs with documents.
const expiredJobs = `
	SELECT id, owner_id, request_id FROM translation_jobs
	WHERE completed_at != '' AND completed_at < {:before} AND source != ''
	ORDER BY completed_at LIMIT {:limit}`

// expired returns jobs that were finished before a time and still have documents.
func (l *ledger) expired(ctx context.Context, before time.Time) ([]jobRef, error) {
	var refs []jobRef
	err := l.app.ConcurrentDB().NewQuery(expiredJobs).
		WithContext(ctx).Bind(dbx.Params{"before": stamp(before), "limit": mostExpired}).All(&refs)
	return refs, wrap("list jobs whose documents expire", err)
}

// letGo forgets what a job was made of that was finished before a time.
func (l *ledger) letGo(ctx context.Context, jobID string, before time.Time) error {
	return l.transaction(ctx, func(tx tx) error {
		job := dbx.Params{"job": jobID}
		err := tx.change(`UPDATE translation_jobs SET source = '', output = '' WHERE id = {:job} AND completed_at != '' AND completed_at < {:before}`,
			dbx.Params{"job": jobID, "before": stamp(before)})
		if err != nil {
			return wrap("let go of a job's documents", err)
		}
		for _, table := range []string{records.CollectionSegments, records.CollectionIdempotencyKeys} {
			if err := tx.run(`DELETE FROM `+table+` WHERE job = {:job}`, job); err != nil {
				return fmt.Errorf("delete %s of a job: %w", table, err)
			}
		}
		return nil
	})
}

// hasExpired reports whether what a job was made of is gone.
func hasExpired(job *records.Job) bool { return job.SourceFile() == "" }

// gone refuses what needs the documents of a job that has none any more.
func gone() error {
	return refusal.New(http.StatusGone, refusal.Expired, "The documents of this translation were deleted some time after it ended. Upload the document again.", nil)
}
