package translation

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

var (
	errNothingToRetry = errors.New("nothing of the job is to be asked for again")
	errNoSegment      = errors.New("the job has no such segment")
)

// retry takes a finished job up again: what has issues, or the segments at the
// given positions. Of a segment with an issue only those blocks are asked for
// that are not translated; a person's corrections are never asked for.
func (l *ledger) retry(ctx context.Context, job *records.Job, positions []int, with renewal, maxActive int) error {
	if hasExpired(job) {
		return errStale
	}
	return l.transaction(ctx, func(tx tx) error {
		active, err := countUnfinished(tx.ctx, tx.db, job.OwnerID())
		if err != nil {
			return err
		}
		if active >= maxActive && job.OwnerID() != "" {
			return errTooManyJobs
		}
		reopened, err := tx.reopen(job.Id, positions)
		if err != nil {
			return err
		}
		if reopened == 0 && (positions != nil || job.Status() != records.StatusFailed) {
			return errNothingToRetry
		}
		if err := tx.move(job.Id, retry(), nil); err != nil {
			return err
		}
		if err := tx.recount(job.Id); err != nil {
			return err
		}
		return tx.renew(job.Id, with)
	})
}

// recount counts anew what of a job is settled, because segments were reopened.
func (t tx) recount(jobID string) error {
	err := t.run(`
		UPDATE translation_jobs
		SET segments_done = n.done, issues_count = n.issues,
		    progress = CASE segments_total WHEN 0 THEN 0 ELSE MIN(99, 100 * n.done / segments_total) END
		FROM (SELECT COUNT(*) FILTER (WHERE status != 'pending') AS done, COUNT(*) FILTER (WHERE status = 'issue') AS issues
		      FROM translation_segments WHERE job = {:job}) AS n
		WHERE id = {:job}`, dbx.Params{"job": jobID})
	return wrap("count what is settled", err)
}

// reopen makes segments pending again and returns how many. An issue keeps its reason,
// for the case that the job is cancelled.
func (t tx) reopen(jobID string, positions []int) (reopened int, err error) {
	if positions == nil {
		result, err := t.db.NewQuery(`UPDATE translation_segments SET status = 'pending' WHERE job = {:job} AND status = 'issue'`).
			WithContext(t.ctx).Bind(dbx.Params{"job": jobID}).Execute()
		if err != nil {
			return 0, fmt.Errorf("reopen segments: %w", err)
		}
		n, err := result.RowsAffected()
		return int(n), err
	}
	for _, position := range positions {
		again, err := t.reopenOne(jobID, position)
		if err != nil {
			return 0, err
		}
		if again {
			reopened++
		}
	}
	return reopened, nil
}

// reopenOne makes a settled segment pending again, unless all of it is a
// person's.
func (t tx) reopenOne(jobID string, position int) (bool, error) {
	stored, err := t.settled(jobID, position)
	if errors.Is(err, errUnsettled) {
		return true, nil // it is asked for as it is
	}
	if err != nil {
		return false, err
	}
	if stored.status == records.SegmentIssue {
		err := t.run(`UPDATE translation_segments SET status = 'pending' WHERE job = {:job} AND position = {:position}`,
			dbx.Params{"job": jobID, "position": position})
		return true, wrap("reopen segment", err)
	}
	var kept []engine.Block
	for _, block := range stored.translation {
		if stored.isCorrected(block.ID) {
			kept = append(kept, block)
		}
	}
	if len(kept) == len(stored.source) {
		return false, nil
	}
	encoded, err := encode(kept, "[]")
	if err != nil {
		return false, err
	}
	err = t.run(`
		UPDATE translation_segments SET status = 'pending', issue = '', earlier = translation, translation = {:kept}
		WHERE job = {:job} AND position = {:position}`, dbx.Params{"job": jobID, "position": position, "kept": encoded})
	return true, wrap("reopen segment", err)
}
