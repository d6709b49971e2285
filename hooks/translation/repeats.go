package translation

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// A text that stands in a document several times is translated once: where it
// stands first. Later segments are translated without it, and come to their end
// when the first is known.

// repeats is what the runner knows of a job's texts that stand several times. It
// is guarded by the runner's mutex.
type repeats struct {
	// known holds what became of a text by the id of the block where it stands
	// first.
	known map[string]fate
	// begun holds the positions that this run of the job has worked on. What
	// becomes of their texts it tells itself, when it has written them.
	begun map[int]bool
	// waiting holds the segments that lack nothing else, by position.
	waiting map[int]waiter
}

// fate is what became of a text.
type fate struct {
	text       string
	translated bool
	// anew says that it was settled in this run of the job, not found settled.
	anew bool
}

// waiter is a segment that lacks nothing but a text of an earlier one.
type waiter struct {
	task task
	of   int // the earlier one's position
}

// begin remembers that this run works on a segment.
func (e *repeats) begin(position int) {
	if e.begun == nil {
		e.begun = map[int]bool{}
	}
	e.begun[position] = true
}

// found remembers the texts of a segment that was read as settled. Between the
// moment in which this run has written a segment and the one in which it notes so,
// another may read it, and must not take it for one that was settled before.
func (e *repeats) found(position int, blocks []pipeline.Block, translation []engine.Block) {
	if !e.begun[position] {
		e.note(blocks, translation, false)
	}
}

// note remembers what became of the texts of a segment that stand again later.
func (e *repeats) note(blocks []pipeline.Block, translation []engine.Block, anew bool) {
	texts := make(map[string]string, len(translation))
	for _, block := range translation {
		texts[block.ID] = block.Text
	}
	for _, block := range blocks {
		if !block.Repeated {
			continue
		}
		if e.known == nil {
			e.known = map[string]fate{}
		}
		text, ok := texts[block.ID]
		e.known[block.ID] = fate{text, ok, anew}
	}
}

// await splits the repeating blocks of a segment that has not been asked for:
// those whose first is translated already, and the ids of those that have to wait
// for it.
func (r *runner) await(ctx context.Context, jobID string, active *activeJob, position int, stored storedSegment) (known []engine.Block, awaited []string, err error) {
	var open []pipeline.Block
	for _, block := range stored.blocks {
		if block.Repeats != "" && !has(stored.kept, block.ID) {
			open = append(open, block)
		}
	}
	if len(open) == 0 {
		return nil, nil, nil
	}
	if err := r.lookUpFirsts(ctx, jobID, active, position, open); err != nil {
		return nil, nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, block := range open {
		first, settled := active.echo.known[block.Repeats]
		switch {
		case settled && !first.anew && has(stored.earlier, block.ID):
			// It was asked for once more, and the first was not.
		case settled && !first.translated:
			// Perhaps it can be translated here.
		case settled:
			known = append(known, engine.Block{ID: block.ID, Text: first.text})
		default:
			awaited = append(awaited, block.ID)
		}
	}
	return known, awaited, nil
}

// lookUpFirsts reads what became of texts in segments that were settled before
// this process looked.
func (r *runner) lookUpFirsts(ctx context.Context, jobID string, active *activeJob, position int, open []pipeline.Block) error {
	var positions []int
	r.mu.Lock()
	for _, block := range open {
		if _, settled := active.echo.known[block.Repeats]; !settled && block.Of != position && !slices.Contains(positions, block.Of) {
			positions = append(positions, block.Of)
		}
	}
	r.mu.Unlock()
	if len(positions) == 0 {
		return nil
	}
	return r.ledger.settledAt(ctx, jobID, positions, func(settled int, blocks []pipeline.Block, translation []engine.Block) {
		r.mu.Lock()
		defer r.mu.Unlock()
		active.echo.found(settled, blocks, translation)
	})
}

// settledAt calls fn for the settled segments among positions.
func (l *ledger) settledAt(ctx context.Context, jobID string, positions []int, fn func(position int, blocks []pipeline.Block, translation []engine.Block)) error {
	wanted, err := encode(positions, "[]")
	if err != nil {
		return err
	}
	var rows []struct {
		Position    int    `db:"position"`
		Source      string `db:"source"`
		Translation string `db:"translation"`
	}
	err = l.app.ConcurrentDB().NewQuery(`
		SELECT position, source, COALESCE(translation, '') AS translation FROM translation_segments
		WHERE job = {:job} AND status != {:pending} AND position IN (SELECT value FROM json_each({:positions}))`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID, "pending": records.SegmentPending, "positions": wanted}).All(&rows)
	if err != nil {
		return fmt.Errorf("read segments that are repeated: %w", err)
	}
	for _, row := range rows {
		var source []pipeline.Block
		var translation []engine.Block
		if err := decodeBlocks(row.Source, &source); err != nil {
			return err
		}
		if err := decodeBlocks(row.Translation, &translation); err != nil {
			return err
		}
		fn(row.Position, source, translation)
	}
	return nil
}

// complete gives a work the texts that it awaited. Where one of them is not known
// yet, the work is put aside until it is, and false is returned.
func (r *runner) complete(ctx context.Context, t *task, active *activeJob, work *pipeline.Work) bool {
	if len(work.Climb.Awaited) == 0 {
		return true
	}
	awaited := map[string]bool{}
	for _, id := range work.Climb.Awaited {
		awaited[id] = true
	}
	own := map[string]bool{}
	var open []pipeline.Block
	for _, block := range work.Blocks {
		own[block.ID] = true
		if awaited[block.ID] {
			open = append(open, block)
		}
	}
	fates, of, all := r.fatesOf(active, open, own)
	if !all {
		r.keep(ctx, t.job, active, t.position, aside{climb: work.Climb}, func() {
			if active.echo.waiting == nil {
				active.echo.waiting = map[int]waiter{}
			}
			active.echo.waiting[t.position] = waiter{*t, of}
			if _, settled := active.echo.known[fates.missing]; settled {
				r.wakeWaiting(active, of) // in this moment
			}
		})
		return false
	}
	for _, block := range open {
		var elsewhere *string
		if first := fates.known[block.Repeats]; first.translated {
			elsewhere = &first.text
		}
		work.Adopt(block, elsewhere)
	}
	return true
}

// fates are what became of the texts that a work awaits.
type fates struct {
	known   map[string]fate
	missing string // the first block whose fate is not known
}

// fatesOf returns what became of the texts of blocks, but for those that stand in
// the same work; of is the position of the first one that is not known.
func (r *runner) fatesOf(active *activeJob, open []pipeline.Block, own map[string]bool) (found fates, of int, all bool) {
	found.known = map[string]fate{}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, block := range open {
		if own[block.Repeats] {
			continue
		}
		first, settled := active.echo.known[block.Repeats]
		if !settled {
			found.missing = block.Repeats
			return found, block.Of, false
		}
		found.known[block.Repeats] = first
	}
	return found, 0, true
}

// noteCorrection has what a person has written of a text that stands again later
// stand there too, where that is not translated yet.
func (r *runner) noteCorrection(jobID string, corrected *settledSegment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if job := r.active[jobID]; job != nil {
		job.echo.note(corrected.source, corrected.translation, true)
	}
}

// wakeWaiting lets the segments go on that waited for a text of one that is
// settled now. The runner's mutex is held.
func (r *runner) wakeWaiting(active *activeJob, settled int) {
	for position, w := range active.echo.waiting {
		if w.of == settled {
			delete(active.echo.waiting, position)
			r.schedule.putBack(w.task, again{lane: w.task.lane, answered: true})
		}
	}
}

func has(blocks []engine.Block, id string) bool {
	return slices.ContainsFunc(blocks, func(block engine.Block) bool { return block.ID == id })
}
