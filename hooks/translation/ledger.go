package translation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// ledger is where every job's and every segment's fate is written.
//
// It writes with SQL, each step in one transaction of its own, and never saves
// a job's record: a save rewrites every column with what it read some time
// ago, runs all hooks, and notifies every subscriber inside the call.
//
// Each step names the status it starts from, so a step that comes too late (the
// job was deleted, cancelled, or settled by another attempt) changes nothing
// and is told so by [errStale].
type ledger struct {
	app core.App
}

// errStale says that the row a step was meant for is not, or no longer, in the
// state that the step starts from.
var errStale = errors.New("the job or segment has moved on")

// errDamaged says that what is stored cannot be decoded. Trying again will not
// help.
var errDamaged = errors.New("stored data is damaged")

// transaction runs fn in one write transaction.
func (l *ledger) transaction(ctx context.Context, fn func(tx tx) error) error {
	return l.app.RunInTransaction(func(app core.App) error {
		return fn(tx{ctx, app.DB()})
	})
}

// tx is a write transaction under a context.
type tx struct {
	ctx context.Context
	db  dbx.Builder
}

// change runs a statement and returns errStale where it changed no row.
func (t tx) change(statement string, params dbx.Params) error {
	result, err := t.db.NewQuery(statement).WithContext(t.ctx).Bind(params).Execute()
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errStale)
	}
	return nil
}

// run runs a statement that may well change no row.
func (t tx) run(statement string, params dbx.Params) error {
	_, err := t.db.NewQuery(statement).WithContext(t.ctx).Bind(params).Execute()
	return err
}

// job returns a job, or sql.ErrNoRows.
func (l *ledger) job(ctx context.Context, id string) (*records.Job, error) {
	record := &core.Record{}
	err := l.app.RecordQuery(records.CollectionJobs).
		AndWhere(dbx.HashExp{"id": id}).Limit(1).WithContext(ctx).One(record)
	if err != nil {
		return nil, fmt.Errorf("read job: %w", err)
	}
	return records.NewJob(record), nil
}

// brief returns a job's brief.
func (l *ledger) brief(ctx context.Context, jobID string) (*records.Brief, error) {
	record := &core.Record{}
	err := l.app.RecordQuery(records.CollectionBriefs).
		AndWhere(dbx.HashExp{"job": jobID}).Limit(1).WithContext(ctx).One(record)
	if err != nil {
		return nil, fmt.Errorf("read brief: %w", err)
	}
	return records.NewBrief(record), nil
}

// sealedKey returns a job's sealed API key, or "" for none.
func (l *ledger) sealedKey(ctx context.Context, jobID string) (string, error) {
	var sealed string
	err := l.app.ConcurrentDB().NewQuery(`SELECT sealed FROM sealed_keys WHERE job = {:job}`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&sealed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read sealed key: %w", err)
	}
	return sealed, nil
}

// firstIssue returns the first issue of a job, or "".
func (l *ledger) firstIssue(ctx context.Context, jobID string) (string, error) {
	var issue string
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT issue FROM translation_segments WHERE job = {:job} AND issue != '' ORDER BY position LIMIT 1`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&issue)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read first issue: %w", err)
	}
	return issue, nil
}

// jobRef is what the scheduler needs to know of a job.
type jobRef struct {
	ID      string `db:"id"`
	OwnerID string `db:"owner_id"`
}

// unsettled returns the jobs that are to be worked on, oldest first. The first
// condition is the one of the index of unfinished jobs.
func (l *ledger) unsettled(ctx context.Context) ([]jobRef, error) {
	var refs []jobRef
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT id, owner_id FROM translation_jobs
		WHERE completed_at = '' AND status IN ('PENDING', 'PROCESSING')
		ORDER BY created_at, id`).WithContext(ctx).All(&refs)
	if err != nil {
		return nil, fmt.Errorf("list unsettled jobs: %w", err)
	}
	return refs, nil
}

// begin turns a pending job to PROCESSING. One that is there already, because
// the process that began it died, stays as it is.
func (l *ledger) begin(ctx context.Context, jobID string) error {
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`
			UPDATE translation_jobs
			SET status = 'PROCESSING', started_at = CASE started_at WHEN '' THEN {:now} ELSE started_at END
			WHERE id = {:job} AND status IN ('PENDING', 'PROCESSING')`,
			dbx.Params{"job": jobID, "now": now()})
		return wrap("begin job", err)
	})
}

// plan writes a job's segments. It is all or nothing, so a job either has all
// of its segments or none.
func (l *ledger) plan(ctx context.Context, jobID string, segments []pipeline.Segment) error {
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`
			UPDATE translation_jobs SET segments_total = {:total}
			WHERE id = {:job} AND status = 'PROCESSING' AND segments_total = 0`,
			dbx.Params{"job": jobID, "total": len(segments)})
		if err != nil {
			return wrap("plan job", err)
		}
		insert := tx.db.NewQuery(`
			INSERT INTO translation_segments (id, job, position, revision, status, attempts, source, translation, issue, model_name)
			VALUES ({:id}, {:job}, {:position}, 0, 'pending', 0, {:source}, NULL, '', '')`).
			WithContext(tx.ctx).Prepare()
		defer insert.Close()
		for _, segment := range segments {
			source, err := json.Marshal(segment.Blocks)
			if err != nil {
				return fmt.Errorf("encode blocks: %w", err)
			}
			_, err = insert.Bind(dbx.Params{
				"id":       core.GenerateDefaultRandomId(),
				"job":      jobID,
				"position": segment.Position,
				"source":   string(source),
			}).Execute()
			if err != nil {
				return fmt.Errorf("insert segment: %w", err)
			}
		}
		return nil
	})
}

// mustBePlanned returns errStale unless the job is being processed and has its
// segments.
func (l *ledger) mustBePlanned(ctx context.Context, jobID string) error {
	job, err := l.job(ctx, jobID)
	if errors.Is(err, sql.ErrNoRows) {
		return errStale
	}
	if err != nil {
		return err
	}
	if job.Status() != records.StatusProcessing || job.SegmentsTotal() == 0 {
		return errStale
	}
	return nil
}

// pending returns the positions of the segments that are not settled.
func (l *ledger) pending(ctx context.Context, jobID string) ([]int, error) {
	var positions []int
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT position FROM translation_segments
		WHERE job = {:job} AND status = 'pending' ORDER BY position`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Column(&positions)
	if err != nil {
		return nil, fmt.Errorf("list pending segments: %w", err)
	}
	return positions, nil
}

// blocks returns the source blocks of a segment, and of the one before it.
func (l *ledger) blocks(ctx context.Context, jobID string, position int) (blocks, before []pipeline.Block, err error) {
	var rows []struct {
		Position int    `db:"position"`
		Source   string `db:"source"`
	}
	err = l.app.ConcurrentDB().NewQuery(`
		SELECT position, source FROM translation_segments
		WHERE job = {:job} AND position IN ({:position}, {:position} - 1)`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID, "position": position}).All(&rows)
	if err != nil {
		return nil, nil, fmt.Errorf("read segment: %w", err)
	}
	for _, row := range rows {
		into := &before
		if row.Position == position {
			into = &blocks
		}
		if err := json.Unmarshal([]byte(row.Source), into); err != nil {
			return nil, nil, fmt.Errorf("decode segment %d: %w: %w", row.Position, errDamaged, err)
		}
	}
	if blocks == nil {
		return nil, nil, fmt.Errorf("read segment %d: %w", position, errStale)
	}
	return blocks, before, nil
}

// settle writes what became of a segment: its translation, its token counts,
// its revision and the job's counters, in one transaction. A segment that is
// settled already, or a job that is not being processed any more, is errStale.
func (l *ledger) settle(ctx context.Context, work pipeline.Work, outcome pipeline.Outcome) error {
	translation, err := json.Marshal(outcome.Blocks)
	if err != nil {
		return fmt.Errorf("encode translation: %w", err)
	}
	status, issues := records.SegmentDone, 0
	if outcome.Untranslated > 0 {
		status, issues = records.SegmentIssue, 1
	}
	return l.transaction(ctx, func(tx tx) error {
		// Progress never shows 100 before the file is there.
		err := tx.change(`
			UPDATE translation_jobs
			SET revision = revision + 1,
			    segments_done = segments_done + 1,
			    issues_count = issues_count + {:issues},
			    progress = MAX(progress, MIN(99, 100 * (segments_done + 1) / segments_total)),
			    input_tokens = input_tokens + {:input},
			    output_tokens = output_tokens + {:output},
			    thinking_tokens = thinking_tokens + {:thinking}
			WHERE id = {:job} AND status = 'PROCESSING'`,
			dbx.Params{
				"job": work.JobID, "issues": issues,
				"input": outcome.Usage.InputTokens, "output": outcome.Usage.OutputTokens, "thinking": outcome.Usage.ThinkingTokens,
			})
		if err != nil {
			return wrap("count settled segment", err)
		}
		err = tx.change(`
			UPDATE translation_segments
			SET status = {:status}, translation = {:translation}, issue = {:issue}, model_name = {:model},
			    attempts = attempts + {:requests},
			    revision = (SELECT revision FROM translation_jobs WHERE id = {:job}),
			    input_tokens = {:input}, output_tokens = {:output}, thinking_tokens = {:thinking}
			WHERE job = {:job} AND position = {:position} AND status = 'pending'`,
			dbx.Params{
				"job": work.JobID, "position": work.Position, "status": status,
				"translation": string(translation), "issue": outcome.Issue, "model": work.Model, "requests": outcome.Requests,
				"input": outcome.Usage.InputTokens, "output": outcome.Usage.OutputTokens, "thinking": outcome.Usage.ThinkingTokens,
			})
		return wrap("settle segment", err)
	})
}

// eachSegment calls fn for every segment of a job in the order of positions,
// settled or not, reading a few at a time.
func (l *ledger) eachSegment(ctx context.Context, jobID string, fn func([]pipeline.Block, []engine.Block) error) error {
	const page = 50
	for after := -1; ; {
		var rows []struct {
			Position    int            `db:"position"`
			Source      string         `db:"source"`
			Translation sql.NullString `db:"translation"`
		}
		err := l.app.ConcurrentDB().NewQuery(`
			SELECT position, source, translation FROM translation_segments
			WHERE job = {:job} AND position > {:after} ORDER BY position LIMIT {:page}`).
			WithContext(ctx).Bind(dbx.Params{"job": jobID, "after": after, "page": page}).All(&rows)
		if err != nil {
			return fmt.Errorf("read segments: %w", err)
		}
		for _, row := range rows {
			var source []pipeline.Block
			if err := json.Unmarshal([]byte(row.Source), &source); err != nil {
				return fmt.Errorf("decode source of segment %d: %w: %w", row.Position, errDamaged, err)
			}
			var translation []engine.Block
			if row.Translation.Valid {
				if err := json.Unmarshal([]byte(row.Translation.String), &translation); err != nil {
					return fmt.Errorf("decode translation of segment %d: %w: %w", row.Position, errDamaged, err)
				}
			}
			if err := fn(source, translation); err != nil {
				return err
			}
			after = row.Position
		}
		if len(rows) < page {
			return nil
		}
	}
}

// complete ends a job whose output has been written to storage.
func (l *ledger) complete(ctx context.Context, jobID, output string) error {
	return l.end(ctx, jobID, `status = 'COMPLETED', progress = 100, output = {:detail}`, output)
}

// fail ends a job that cannot be translated, with a sentence for its owner.
func (l *ledger) fail(ctx context.Context, jobID, message string) error {
	return l.end(ctx, jobID, `status = 'FAILED', error_message = {:detail}`, message)
}

// end writes a job's end and deletes its sealed key in one transaction.
func (l *ledger) end(ctx context.Context, jobID, assignments, detail string) error {
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`
			UPDATE translation_jobs SET `+assignments+`, completed_at = {:now}
			WHERE id = {:job} AND status = 'PROCESSING'`,
			dbx.Params{"job": jobID, "detail": detail, "now": now()})
		if err != nil {
			return wrap("end job", err)
		}
		return wrap("delete sealed key", tx.run(`DELETE FROM sealed_keys WHERE job = {:job}`, dbx.Params{"job": jobID}))
	})
}

// pause stops a job for a reason that only its owner can mend.
func (l *ledger) pause(ctx context.Context, jobID, reason string) error {
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`
			UPDATE translation_jobs SET status = 'PAUSED', pause_reason = {:reason}
			WHERE id = {:job} AND status IN ('PENDING', 'PROCESSING')`,
			dbx.Params{"job": jobID, "reason": reason})
		return wrap("pause job", err)
	})
}

// now is the current time as PocketBase writes it.
func now() string { return types.NowDateTime().String() }

// wrap adds what was being done to an error, if there is one.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
