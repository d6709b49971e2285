package translatecmd

import (
	"slices"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// round is a set of works that go through the engine side by side: the questions
// about a document, and then its segments.
type round interface {
	// open returns the positions of what is to be done.
	open() []int
	// work returns what doing it takes. It is asked once for each, when its turn
	// has come.
	work(position int) pipeline.Work
	// settle writes what became of a work of which nothing is left to ask for. Where
	// it has to wait for another one's end, that one's position is returned, and
	// else nobody.
	settle(work *pipeline.Work, position int) (awaited int, err error)
	// leave writes what is worth keeping of a work that has not come to its end.
	leave(work *pipeline.Work, position int) error
}

// nobody is the position of no work.
const nobody = -1

var (
	_ round = (*study)(nil)
	_ round = (*translation)(nil)
)

// translation is the round of the segments.
type translation struct {
	*job
	sidecar *sidecar
	// known holds what became of a text that stands in the document several times,
	// by the id of the block where it stands first; nil is one that could not be
	// translated.
	known map[string]*string
}

func newTranslation(job *job, sidecar *sidecar) *translation {
	t := &translation{job: job, sidecar: sidecar, known: map[string]*string{}}
	for position := range job.segments {
		if s := job.settled[position]; s.done() {
			t.note(position, s.Blocks)
		}
	}
	return t
}

// work returns a segment's work, without what is known of it: what an earlier run
// has translated, and texts that stand in the document before.
func (t *translation) work(position int) pipeline.Work {
	work := t.job.work(position)
	if before := t.settled[position]; before != nil {
		work.Kept = slices.Clone(before.Blocks)
	}
	for _, block := range work.Blocks {
		if block.Repeats == "" || has(work.Kept, block.ID) {
			continue
		}
		switch text, settled := t.known[block.Repeats]; {
		case !settled:
			work.Awaited = append(work.Awaited, block.ID)
		case text != nil: // else perhaps it can be translated here
			work.Kept = append(work.Kept, engine.Block{ID: block.ID, Text: *text})
		}
	}
	return work
}

// settle writes what became of a segment, once the texts are known that it awaits.
func (t *translation) settle(work *pipeline.Work, position int) (int, error) {
	if awaited := t.complete(work); awaited != nobody {
		return awaited, nil
	}
	outcome := work.Outcome()
	s := &segment{Position: position, Blocks: outcome.Blocks, Issue: outcome.Issue}
	if outcome.Untranslated > 0 && s.Issue == "" {
		s.Issue = "Not all of it is translated."
	}
	t.settled[position] = s
	t.note(position, outcome.Blocks)
	return nobody, t.sidecar.append(record{Segment: s, Spent: outcome.Spent})
}

// complete gives a work the texts that it awaited, or returns where one of them
// stands that is not known yet.
func (t *translation) complete(work *pipeline.Work) (awaited int) {
	if len(work.Climb.Awaited) == 0 {
		return nobody
	}
	awaits, own := map[string]bool{}, map[string]bool{}
	for _, id := range work.Climb.Awaited {
		awaits[id] = true
	}
	for _, block := range work.Blocks {
		own[block.ID] = true
	}
	for _, block := range work.Blocks {
		if _, settled := t.known[block.Repeats]; awaits[block.ID] && !own[block.Repeats] && !settled {
			return block.Of
		}
	}
	for _, block := range work.Blocks {
		if awaits[block.ID] {
			work.Adopt(block, t.known[block.Repeats])
		}
	}
	return nobody
}

// note remembers what became of the texts of a segment that stand again later.
func (t *translation) note(position int, translation []engine.Block) {
	texts := make(map[string]*string, len(translation))
	for i := range translation {
		texts[translation[i].ID] = &translation[i].Text
	}
	for _, block := range t.segments[position].Blocks {
		if block.Repeated {
			t.known[block.ID] = texts[block.ID]
		}
	}
}

// leave writes the verified translations of a segment that has not come to its
// end, and what it cost.
func (t *translation) leave(work *pipeline.Work, position int) error {
	if len(work.Climb.Rungs) == 0 && len(work.Climb.Spent) == 0 {
		return nil
	}
	left := &segment{Position: position, Unfinished: true}
	for _, block := range work.Blocks { // a piece is no block
		if text, ok := work.Climb.Good[block.ID]; ok {
			left.Blocks = append(left.Blocks, engine.Block{ID: block.ID, Text: text})
		}
	}
	t.settled[position] = left
	return t.sidecar.append(record{Segment: left, Spent: work.Climb.Spent})
}

func has(blocks []engine.Block, id string) bool {
	return slices.ContainsFunc(blocks, func(block engine.Block) bool { return block.ID == id })
}
