package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
	"verso/hooks/requestid"
)

// renewal is what a job is given for its next run; empty fields stay as they
// are.
type renewal struct {
	model     string
	sealedKey string
	maxCost   *float64
}

// pause stops a job for a reason, until a time or, with the zero time, until it
// is resumed.
func (l *ledger) pause(ctx context.Context, jobID string, reason records.PauseReason, until time.Time) error {
	resumes := ""
	if !until.IsZero() {
		resumes = stamp(until)
	}
	return l.move(ctx, jobID, pause(), dbx.Params{"reason": string(reason), "resumes": resumes})
}

// resume lets a paused job go on.
func (l *ledger) resume(ctx context.Context, jobID string, with renewal) error {
	return l.transaction(ctx, func(tx tx) error {
		if err := tx.move(jobID, resume(), nil); err != nil {
			return err
		}
		return tx.renew(jobID, with)
	})
}

// resumeDue resumes the jobs that wait for a quota, or for the next month's money,
// that is there again. It returns them, and when the next of the others is due.
func (l *ledger) resumeDue(ctx context.Context, now time.Time) (due []jobRef, next time.Time, err error) {
	var waiting []struct {
		jobRef
		ResumesAt types.DateTime `db:"resumes_at"`
	}
	err = l.app.ConcurrentDB().NewQuery(`
		SELECT id, owner_id, request_id, resumes_at FROM translation_jobs
		WHERE completed_at = '' AND status = 'PAUSED' AND pause_reason IN ('quota', 'budget') AND resumes_at != ''
		ORDER BY created_at, id`).WithContext(ctx).All(&waiting)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("list jobs that wait for a quota: %w", err)
	}
	for _, job := range waiting {
		if at := job.ResumesAt.Time(); at.After(now) {
			next = sooner(next, at)
			continue
		}
		switch err := l.move(requestid.With(ctx, job.Request), job.ID, resume(), nil); {
		case err == nil:
			due = append(due, job.jobRef)
		case !isStale(err):
			return due, next, err
		}
	}
	return due, next, nil
}

// renew writes what a job is given for its next run, and which request wants it.
func (t tx) renew(jobID string, with renewal) error {
	if request := requestid.From(t.ctx); request != "" {
		err := t.run(`UPDATE translation_jobs SET request_id = {:request} WHERE id = {:job}`, dbx.Params{"job": jobID, "request": request})
		if err != nil {
			return fmt.Errorf("note request: %w", err)
		}
	}
	if with.model != "" {
		err := t.run(`UPDATE translation_jobs SET model_name = {:model} WHERE id = {:job}`, dbx.Params{"job": jobID, "model": with.model})
		if err != nil {
			return fmt.Errorf("change model: %w", err)
		}
	}
	if with.maxCost != nil {
		err := t.run(`UPDATE translation_briefs SET options = json_set(options, '$.max_cost_usd', {:cost}) WHERE job = {:job}`,
			dbx.Params{"job": jobID, "cost": *with.maxCost})
		if err != nil {
			return fmt.Errorf("change budget: %w", err)
		}
	}
	if with.sealedKey == "" {
		return nil
	}
	err := t.run(`DELETE FROM sealed_keys WHERE job = {:job}`, dbx.Params{"job": jobID})
	if err != nil {
		return fmt.Errorf("replace sealed key: %w", err)
	}
	return t.insertSealedKey(jobID, with.sealedKey)
}

func (t tx) insertSealedKey(jobID, sealed string) error {
	err := t.run(`INSERT INTO sealed_keys (id, job, sealed, created_at) VALUES ({:id}, {:job}, {:sealed}, {:now})`,
		dbx.Params{"id": core.GenerateDefaultRandomId(), "job": jobID, "sealed": sealed, "now": now()})
	return wrap("insert sealed key", err)
}

// revision returns the number of changes of a job's segments so far.
func (l *ledger) revision(ctx context.Context, jobID string) (revision int, err error) {
	err = l.app.ConcurrentDB().NewQuery(`SELECT revision FROM translation_jobs WHERE id = {:job}`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errStale
	}
	return revision, wrap("read revision", err)
}

// complete ends a job whose output has been written to storage, as its segments
// stood at a revision. How long a segment took, where one was translated, is what a
// later change of the brief is announced by.
func (l *ledger) complete(ctx context.Context, jobID, output string, revision int, segment time.Duration) error {
	return l.transaction(ctx, func(tx tx) error {
		if err := tx.move(jobID, complete(), dbx.Params{"output": output, "revision": revision}); err != nil {
			return err
		}
		if segment <= 0 {
			return nil
		}
		err := tx.run(`UPDATE translation_briefs SET segment_ms = {:ms} WHERE job = {:job}`,
			dbx.Params{"job": jobID, "ms": max(segment.Milliseconds(), 1)})
		return wrap("note how long a segment took", err)
	})
}

// rebuilt notes that a finished job's output was written anew.
func (l *ledger) rebuilt(ctx context.Context, jobID string, revision int) error {
	return l.transaction(ctx, func(tx tx) error {
		return tx.change(`UPDATE translation_jobs SET output_revision = {:revision} WHERE id = {:job} AND status = 'COMPLETED'`,
			dbx.Params{"job": jobID, "revision": revision})
	})
}

// fail ends a job that cannot be translated, with a sentence for its owner.
func (l *ledger) fail(ctx context.Context, jobID, message string) error {
	return l.move(ctx, jobID, fail(), dbx.Params{"message": message})
}
