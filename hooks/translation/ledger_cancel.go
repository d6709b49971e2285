package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
)

// cancel ends a job. One that was finished before and is translated again, all of it or
// a part, is finished as it was: what stood before stands again.
func (l *ledger) cancel(ctx context.Context, jobID string) error {
	return l.transaction(ctx, func(tx tx) error {
		var finishedBefore bool
		err := tx.db.NewQuery(`SELECT output != '' AND source != '' FROM translation_jobs WHERE id = {:job} AND completed_at = ''`).
			WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&finishedBefore)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return errStale
		case err != nil:
			return fmt.Errorf("read job: %w", err)
		case !finishedBefore:
			return tx.move(jobID, cancel(), nil)
		}
		if err := tx.standAgain(jobID); err != nil {
			return err
		}
		if err := tx.recount(jobID); err != nil {
			return err
		}
		return tx.move(jobID, callOff(), nil)
	})
}

// standAgain settles what is asked for again as it was before. Each segment takes the
// job's next revision, as when it is settled otherwise.
func (t tx) standAgain(jobID string) error {
	// Blocks without a translation are an issue; what a retry asks for keeps its reason.
	const before = `COALESCE(NULLIF(earlier, ''), NULLIF(translation, ''), '[]')`
	const lacking = `json_array_length(` + before + `) < json_array_length(source)`
	result, err := t.db.NewQuery(`
		UPDATE translation_segments
		SET translation = ` + before + `, earlier = NULL,
		    status = IIF(` + lacking + `, '` + string(records.SegmentIssue) + `', '` + string(records.SegmentDone) + `'),
		    issue = IIF(` + lacking + `, COALESCE(NULLIF(issue, ''), 'Still not translated.'), ''),
		    revision = again.revision
		FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY position) + (SELECT revision FROM translation_jobs WHERE id = {:job}) AS revision
		      FROM translation_segments WHERE job = {:job} AND status = 'pending') AS again
		WHERE translation_segments.id = again.id`).
		WithContext(t.ctx).Bind(dbx.Params{"job": jobID}).Execute()
	if err != nil {
		return fmt.Errorf("let segments stand again: %w", err)
	}
	settled, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("let segments stand again: %w", err)
	}
	err = t.run(`UPDATE translation_jobs SET revision = revision + {:settled} WHERE id = {:job}`, dbx.Params{"job": jobID, "settled": settled})
	return wrap("count segments that stand again", err)
}
