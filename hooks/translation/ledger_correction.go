package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// errUnsettled says that a segment is being translated and cannot be corrected
// yet.
var errUnsettled = errors.New("the segment is not settled")

// settledSegment is a segment that was translated, or given up.
type settledSegment struct {
	status      records.SegmentStatus
	revision    int
	source      []pipeline.Block
	translation []engine.Block
	corrected   []string // ids of the blocks that a person has written
	issue       string
}

func (s *settledSegment) isCorrected(id string) bool { return slices.Contains(s.corrected, id) }

// settled returns a settled segment, errNoSegment or errUnsettled.
func (t tx) settled(jobID string, position int) (*settledSegment, error) {
	var row struct {
		Status      string         `db:"status"`
		Source      string         `db:"source"`
		Translation sql.NullString `db:"translation"`
		Corrected   sql.NullString `db:"corrected"`
		Issue       string         `db:"issue"`
	}
	err := t.db.NewQuery(`
		SELECT status, source, translation, corrected, issue FROM translation_segments
		WHERE job = {:job} AND position = {:position}`).
		WithContext(t.ctx).Bind(dbx.Params{"job": jobID, "position": position}).One(&row)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, errNoSegment
	case err != nil:
		return nil, fmt.Errorf("read segment: %w", err)
	case row.Status == string(records.SegmentPending):
		return nil, errUnsettled
	}
	found := &settledSegment{status: records.SegmentStatus(row.Status), issue: row.Issue}
	err = errors.Join(decodeBlocks(row.Source, &found.source), decodeBlocks(row.Translation.String, &found.translation),
		decodeBlocks(row.Corrected.String, &found.corrected))
	return found, wrap("decode segment", err)
}

// correct writes a person's translation of blocks of a settled segment. Which
// blocks the segment has, and what their translation must keep, is for allowed
// to say; its error is returned as it is.
func (l *ledger) correct(ctx context.Context, jobID string, position int, texts map[string]string, allowed func([]pipeline.Block) error) (*settledSegment, error) {
	var corrected *settledSegment
	err := l.transaction(ctx, func(tx tx) error {
		stored, err := tx.settled(jobID, position)
		if err != nil {
			return err
		}
		if err := allowed(stored.source); err != nil {
			return err
		}
		was := stored.status
		stored.write(texts)
		if bytes := stored.translationBytes(); bytes > maxCorrected {
			return &fieldError{"blocks", fmt.Sprintf("texts with which the segment has no more than %d MB in all", maxCorrected>>20)}
		}
		corrected = stored
		return tx.writeSettled(jobID, position, was, stored)
	})
	return corrected, err
}

// write puts a person's texts in their places. The segment is done when every
// block of it has a translation.
func (s *settledSegment) write(texts map[string]string) {
	given := map[string]string{}
	for _, block := range s.translation {
		given[block.ID] = block.Text
	}
	for id, text := range texts {
		given[id] = text
		if !s.isCorrected(id) {
			s.corrected = append(s.corrected, id)
		}
	}
	s.translation = s.translation[:0]
	var missing []string
	for _, block := range s.source {
		if text, ok := given[block.ID]; ok {
			s.translation = append(s.translation, engine.Block{ID: block.ID, Text: text})
		} else {
			missing = append(missing, block.ID)
		}
	}
	s.status, s.issue = records.SegmentDone, ""
	if len(missing) > 0 {
		s.status = records.SegmentIssue
		s.issue = fmt.Sprintf("Still not translated: %s.", strings.Join(missing[:min(len(missing), 100)], ", "))
	}
}

// translationBytes is how long a segment's translation is.
func (s *settledSegment) translationBytes() (bytes int) {
	for _, block := range s.translation {
		bytes += len(block.Text)
	}
	return bytes
}

// writeSettled writes a settled segment that has changed, with its revision and
// the job's counters.
func (t tx) writeSettled(jobID string, position int, was records.SegmentStatus, s *settledSegment) error {
	translation, err := encode(s.translation, "[]")
	if err != nil {
		return err
	}
	corrected, err := encode(s.corrected, "[]")
	if err != nil {
		return err
	}
	issues := 0
	switch {
	case was == s.status:
	case s.status == records.SegmentDone:
		issues = -1
	default:
		issues = 1
	}
	err = t.change(`UPDATE translation_jobs SET revision = revision + 1, issues_count = issues_count + {:issues} WHERE id = {:job}`,
		dbx.Params{"job": jobID, "issues": issues})
	if err != nil {
		return wrap("count changed segment", err)
	}
	err = t.change(`
		UPDATE translation_segments
		SET status = {:status}, translation = {:translation}, corrected = {:corrected}, issue = {:issue},
		    revision = (SELECT revision FROM translation_jobs WHERE id = {:job})
		WHERE job = {:job} AND position = {:position}`,
		dbx.Params{
			"job": jobID, "position": position, "status": string(s.status),
			"translation": translation, "corrected": corrected, "issue": s.issue,
		})
	if err != nil {
		return wrap("change segment", err)
	}
	err = t.db.NewQuery(`SELECT revision FROM translation_jobs WHERE id = {:job}`).
		WithContext(t.ctx).Bind(dbx.Params{"job": jobID}).Row(&s.revision)
	return wrap("read revision", err)
}
