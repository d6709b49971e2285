package translation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

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

// pending returns the segments that are not settled, with about as many bytes
// as a question for them has.
func (l *ledger) pending(ctx context.Context, jobID string) ([]fresh, error) {
	var rows []struct {
		Position int `db:"position"`
		Bytes    int `db:"bytes"`
	}
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT position, LENGTH(CAST(source AS BLOB)) AS bytes FROM translation_segments
		WHERE job = {:job} AND status = 'pending' ORDER BY position`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("list pending segments: %w", err)
	}
	segments := make([]fresh, len(rows))
	for i, row := range rows {
		segments[i] = fresh{position: row.Position, bytes: row.Bytes}
	}
	return segments, nil
}

// storedSegment is what the ledger holds of a segment for the one who has it
// translated.
type storedSegment struct {
	blocks  []pipeline.Block
	before  []pipeline.Block // of the segment before, for context
	kept    []engine.Block   // translations that stand
	earlier []engine.Block   // translations that stand again if there is no better one
	// recalled are the ids of the blocks whose translation came from the memory.
	recalled map[string]bool
}

// segment returns a pending segment.
func (l *ledger) segment(ctx context.Context, jobID string, position int) (storedSegment, error) {
	var rows []struct {
		Position    int            `db:"position"`
		Status      string         `db:"status"`
		Source      string         `db:"source"`
		Translation sql.NullString `db:"translation"`
		Earlier     sql.NullString `db:"earlier"`
	}
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT position, status, source,
		       CASE position WHEN {:position} THEN translation END AS translation,
		       CASE position WHEN {:position} THEN earlier END AS earlier
		FROM translation_segments
		WHERE job = {:job} AND position IN ({:position}, {:position} - 1)`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID, "position": position}).All(&rows)
	if err != nil {
		return storedSegment{}, fmt.Errorf("read segment: %w", err)
	}
	var found storedSegment
	for _, row := range rows {
		if row.Position != position {
			err = errors.Join(err, decodeBlocks(row.Source, &found.before))
			continue
		}
		if row.Status != string(records.SegmentPending) {
			return storedSegment{}, fmt.Errorf("read segment %d: %w", position, errStale)
		}
		err = errors.Join(err, decodeBlocks(row.Source, &found.blocks),
			decodeBlocks(row.Translation.String, &found.kept), decodeBlocks(row.Earlier.String, &found.earlier))
	}
	if err != nil {
		return storedSegment{}, fmt.Errorf("decode segment %d: %w", position, err)
	}
	if found.blocks == nil {
		return storedSegment{}, fmt.Errorf("read segment %d: %w", position, errStale)
	}
	return found, nil
}

// decodeBlocks decodes a list of blocks; none for the empty string.
func decodeBlocks[T any](stored string, blocks *[]T) error {
	if stored == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(stored), blocks); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return nil
}

// settlement is what became of a segment.
type settlement struct {
	work    pipeline.Work
	outcome pipeline.Outcome
	brief   int // the brief's revision under which it was translated
	cost    bill
	learnt  *lesson // for the owner's memory; nil for nothing
}

// underBrief holds as long as the brief has not changed since.
const underBrief = `(SELECT revision FROM translation_briefs WHERE job = {:job}) = {:brief}`

// settle writes what became of a segment: its translation, its token counts,
// its revision and the job's counters, in one transaction. A segment that is
// settled already, a job that is finished, or a brief that has changed is
// errStale. A job that was paused a moment ago takes it: it was translated, and
// perhaps paid for.
func (l *ledger) settle(ctx context.Context, s settlement) error {
	work, outcome, cost := s.work, s.outcome, s.cost
	translation, err := json.Marshal(outcome.Blocks)
	if err != nil {
		return fmt.Errorf("encode translation: %w", err)
	}
	rungs, err := json.Marshal(outcome.Rungs)
	if err != nil {
		return fmt.Errorf("encode rungs: %w", err)
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
			    progress = MAX(progress, MIN(99, 100 * (segments_done + 1) / segments_total)),`+chargeColumns+`
			WHERE id = {:job} AND completed_at = ''`,
			cost.params(dbx.Params{"job": work.JobID, "issues": issues}))
		if err != nil {
			return wrap("count settled segment", err)
		}
		if err := tx.chargeMonth(cost); err != nil {
			return err
		}
		err = tx.change(`
			UPDATE translation_segments
			SET status = {:status}, translation = {:translation}, earlier = NULL, issue = {:issue}, model_name = {:model},
			    attempts = attempts + {:requests}, rungs = {:rungs},
			    revision = (SELECT revision FROM translation_jobs WHERE id = {:job}),
			    input_tokens = input_tokens + {:input}, output_tokens = output_tokens + {:output},
			    thinking_tokens = thinking_tokens + {:thinking}
			WHERE job = {:job} AND position = {:position} AND status = 'pending' AND `+underBrief,
			dbx.Params{
				"job": work.JobID, "position": work.Position, "brief": s.brief, "status": status,
				"translation": string(translation), "issue": outcome.Issue, "model": work.Model, "requests": outcome.Requests, "rungs": string(rungs),
				"input": cost.usage.InputTokens, "output": cost.usage.OutputTokens, "thinking": cost.usage.ThinkingTokens,
			})
		if err != nil {
			return wrap("settle segment", err)
		}
		return tx.learn(s.learnt)
	})
}

// keepVerified writes translations of an unfinished segment's blocks, so that they
// are not asked for again.
func (l *ledger) keepVerified(ctx context.Context, jobID string, position int, kept verified) error {
	translation, err := encode(kept.blocks, "[]")
	if err != nil {
		return err
	}
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`
			UPDATE translation_segments SET translation = {:translation}
			WHERE job = {:job} AND position = {:position} AND status = 'pending' AND `+underBrief,
			dbx.Params{"job": jobID, "position": position, "brief": kept.brief, "translation": translation})
		return wrap("keep verified translations", err)
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
			SELECT position, source, COALESCE(earlier, translation) AS translation FROM translation_segments
			WHERE job = {:job} AND position > {:after} ORDER BY position LIMIT {:page}`).
			WithContext(ctx).Bind(dbx.Params{"job": jobID, "after": after, "page": page}).All(&rows)
		if err != nil {
			return fmt.Errorf("read segments: %w", err)
		}
		for _, row := range rows {
			var source []pipeline.Block
			var translation []engine.Block
			if err := errors.Join(decodeBlocks(row.Source, &source), decodeBlocks(row.Translation.String, &translation)); err != nil {
				return fmt.Errorf("decode segment %d: %w", row.Position, err)
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
