package translation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// unplaced takes the translations of blocks back that the document could not
// take in, because they would have become markup or broken it: they stand in the
// source language in the output, and so they are issues. A person's own stay
// what they are. It returns how many segments that changed, which is by how much
// the revision has risen.
func (l *ledger) unplaced(ctx context.Context, jobID string, ids []string) (changed int, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	lost := make(map[string]bool, len(ids))
	for _, id := range ids {
		lost[id] = true
	}
	err = l.transaction(ctx, func(tx tx) error {
		var positions []int
		err := tx.db.NewQuery(`SELECT position FROM translation_segments WHERE job = {:job} AND status != 'pending' ORDER BY position`).
			WithContext(ctx).Bind(dbx.Params{"job": jobID}).Column(&positions)
		if err != nil {
			return fmt.Errorf("list segments: %w", err)
		}
		for _, position := range positions {
			stored, err := tx.settled(jobID, position)
			if err != nil {
				return err
			}
			was := stored.status
			if stored.takeBack(lost) {
				changed++
				if err := tx.writeSettled(jobID, position, was, stored); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return changed, err
}

// takeBack drops the translations of some of a document's blocks and reports
// whether there were any.
func (s *settledSegment) takeBack(ids map[string]bool) bool {
	var lost []string
	s.translation = slices.DeleteFunc(s.translation, func(block engine.Block) bool {
		whole, _, _ := strings.Cut(block.ID, ".")
		if !ids[whole] || s.isCorrected(block.ID) {
			return false
		}
		lost = append(lost, block.ID)
		return true
	})
	if len(lost) == 0 {
		return false
	}
	s.status = records.SegmentIssue
	s.issue = strings.TrimSpace(fmt.Sprintf("%s Not translated, because the translation cannot be written in the document's markup: %s.", s.issue, strings.Join(lost[:min(len(lost), 100)], ", ")))
	return true
}
