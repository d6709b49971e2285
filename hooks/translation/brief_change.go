package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/glossary"
)

// A change of a brief touches the passages that were translated under the old one
// and would come out otherwise now: all of them where the style changed, else those
// that hold a term which is new or has changed. A term that was taken out touches
// nothing, and neither does one that a translation follows already. What a person
// has written is never touched.

// briefChange is what becomes of a brief.
type briefChange struct {
	style map[string]any
	terms []pipeline.Term
	// restyled says that the style is another, differs that anything is.
	restyled, differs bool
	// styleGiven and termsGiven say which of the two a person has given.
	styleGiven, termsGiven bool
	// changed finds the terms that are new or have changed, which were the ones of
	// that term before, by the new ones' terms.
	changed *glossary.Glossary
	before  map[string]pipeline.Term
	// hasChanged says that there are such terms.
	hasChanged bool
}

// changeOf compares a brief with what it is to become.
func (o *order) changeOf(style map[string]any, terms []pipeline.Term) briefChange {
	change := briefChange{style: style, terms: terms, before: map[string]pipeline.Term{}}
	change.restyled = !reflect.DeepEqual(normalised(o.style), normalised(style))
	change.differs = change.restyled || !slices.EqualFunc(o.terms, terms, func(a, b pipeline.Term) bool { return a.Term == b.Term && sameTerm(a, b) })
	old := map[string]pipeline.Term{}
	for _, term := range o.terms {
		old[term.Term] = term
	}
	var changed []pipeline.Term
	for _, term := range terms {
		was, known := old[term.Term]
		if known && sameTerm(was, term) {
			continue
		}
		changed = append(changed, term)
		if known {
			change.before[term.Term] = was
		}
	}
	change.hasChanged = len(changed) > 0
	change.changed = glossary.New(glossary.Pair{Source: o.job.SourceLanguage(), Target: o.job.TargetLanguage()}, changed)
	return change
}

// sameTerm reports whether two entries say the same of a term.
func sameTerm(a, b pipeline.Term) bool {
	return a.Translation == b.Translation && a.Kind == b.Kind && a.Gender == b.Gender && slices.Equal(a.Aliases, b.Aliases)
}

func normalised(style map[string]any) map[string]any {
	kept := maps.Clone(style)
	maps.DeleteFunc(kept, func(_ string, value any) bool { return value == nil || value == "" })
	if kept == nil {
		kept = map[string]any{}
	}
	return kept
}

// touches reports whether a block's translation would come out otherwise.
func (c briefChange) touches(source, translation string) bool {
	if c.restyled {
		return true
	}
	if !c.hasChanged {
		return false
	}
	here := c.changed.In(source)
	if len(here) == 0 {
		return false
	}
	if len(c.changed.Broken(source, translation)) > 0 {
		return true
	}
	for _, term := range here {
		was, known := c.before[term.Term]
		switch {
		case !known:
		case was.Translation == term.Translation:
			return true // its kind or gender is another, and with it the words around it
		case strings.Contains(translation, was.Translation) && !strings.Contains(translation, term.Translation):
			return true
		}
	}
	return false
}

// touched is what a change of a brief touches.
type touched struct {
	revision  int // of the job's segments, when they were looked at
	kept      int // bytes of translations that unfinished segments had then, or anything
	positions []int
	parts     []pipeline.Part  // of segments, that are to be asked for again
	before    []pipeline.Block // of the segment that was looked at last
	asked     map[string]bool  // the ids of those blocks
	// reopened holds by position the translations that stand in what is touched.
	reopened map[int][]engine.Block
	// pending holds by position what stays of translations that unfinished segments
	// have already.
	pending map[int][]engine.Block
}

// touchedBy finds what a change of a job's brief touches. It reads every segment,
// fifty at a time, which is seconds for the largest documents.
func (l *ledger) touchedBy(ctx context.Context, jobID string, change briefChange) (touched, error) {
	found := touched{positions: []int{}, asked: map[string]bool{}, reopened: map[int][]engine.Block{}, pending: map[int][]engine.Block{}}
	var err error
	if found.revision, err = l.revision(ctx, jobID); err != nil {
		return found, err
	}
	if !change.hasChanged && !change.restyled {
		found.kept = anything
		return found, nil
	}
	const page = 50
	for after := -1; ; {
		var rows []storedTranslation
		err := l.app.ConcurrentDB().NewQuery(`
			SELECT position, status, source, translation, corrected FROM translation_segments
			WHERE job = {:job} AND position > {:after} ORDER BY position LIMIT {:page}`).
			WithContext(ctx).Bind(dbx.Params{"job": jobID, "after": after, "page": page}).All(&rows)
		if err != nil {
			return found, fmt.Errorf("read segments: %w", err)
		}
		for _, row := range rows {
			if err := found.take(row, change); err != nil {
				return found, err
			}
			after = row.Position
		}
		if len(rows) < page {
			return found, nil
		}
	}
}

// anything is said of what does not matter.
const anything = -1

// storedTranslation is a segment as a change of the brief looks at it.
type storedTranslation struct {
	Position    int            `db:"position"`
	Status      string         `db:"status"`
	Source      string         `db:"source"`
	Translation sql.NullString `db:"translation"`
	Corrected   sql.NullString `db:"corrected"`
}

// take looks at one segment.
func (f *touched) take(row storedTranslation, change briefChange) error {
	var source []pipeline.Block
	var translation []engine.Block
	var corrected []string
	err := errors.Join(decodeBlocks(row.Source, &source), decodeBlocks(row.Translation.String, &translation),
		decodeBlocks(row.Corrected.String, &corrected))
	if err != nil {
		return fmt.Errorf("decode segment %d: %w", row.Position, err)
	}
	if row.Status == string(records.SegmentPending) {
		f.kept += len(row.Translation.String)
	}
	sources := make(map[string]pipeline.Block, len(source))
	for _, block := range source {
		sources[block.ID] = block
	}
	standing := []engine.Block{}
	var blocks []pipeline.Block
	for _, block := range translation {
		if !slices.Contains(corrected, block.ID) && change.touches(sources[block.ID].Text, block.Text) {
			again := sources[block.ID]
			if !f.asked[again.Repeats] {
				again.Repeats = "" // where it stands first it stays as it is
			}
			f.asked[again.ID] = true
			blocks = append(blocks, again)
		} else {
			standing = append(standing, block)
		}
	}
	switch {
	case len(blocks) == 0:
	case row.Status == string(records.SegmentPending):
		f.pending[row.Position] = standing
	default:
		f.positions = append(f.positions, row.Position)
		f.parts = append(f.parts, pipeline.Part{
			Segment: pipeline.Segment{Position: row.Position, Blocks: blocks},
			Context: pipeline.ContextOf(f.before),
		})
		f.reopened[row.Position] = standing
	}
	f.before = source
	return nil
}

// errMovedOn says that segments have changed since somebody looked.
var errMovedOn = errors.New("segments have changed meanwhile")

// changeBrief writes a job's new brief and reopens what it touches. Who calls it
// has let go of the job, so that hardly anything changes between the look at its
// segments and the transaction; where something does, it looks again.
func (l *ledger) changeBrief(ctx context.Context, job *records.Job, change briefChange, with renewal, maxActive int) (found touched, err error) {
	for range mostLooks {
		if found, err = l.touchedBy(ctx, job.Id, change); err != nil {
			return found, err
		}
		err = l.transaction(ctx, func(tx tx) error { return tx.changeBrief(job, change, found, with, maxActive) })
		if !errors.Is(err, errMovedOn) {
			break
		}
	}
	return found, err
}

// mostLooks bounds how often a change of a brief looks at the segments.
const mostLooks = 5

func (t tx) changeBrief(job *records.Job, change briefChange, found touched, with renewal, maxActive int) error {
	// What was verified of an unfinished segment is written without a revision.
	err := t.change(`
		UPDATE translation_jobs SET id = id WHERE id = {:job} AND revision = {:revision} AND ({:kept} < 0 OR {:kept} =
			(SELECT COALESCE(SUM(LENGTH(CAST(translation AS BLOB))), 0) FROM translation_segments WHERE job = {:job} AND status = 'pending'))`,
		dbx.Params{"job": job.Id, "revision": found.revision, "kept": found.kept})
	if isStale(err) {
		return errMovedOn
	}
	if err != nil {
		return wrap("find job", err)
	}
	if err := t.writeBrief(job.Id, change); err != nil {
		return err
	}
	if err := t.renew(job.Id, with); err != nil {
		return err
	}
	for position, standing := range found.pending {
		if err := t.leaveStanding(job.Id, position, standing, ""); err != nil {
			return err
		}
	}
	for position, standing := range found.reopened {
		err := t.leaveStanding(job.Id, position, standing, `, status = 'pending', earlier = translation`)
		if err != nil {
			return err
		}
	}
	if len(found.positions) == 0 {
		return nil
	}
	if err := t.reopenJob(job, maxActive); err != nil {
		return err
	}
	return t.recount(job.Id)
}

// reopenJob takes a finished job up again. One that is cancelled is errStale.
func (t tx) reopenJob(job *records.Job, maxActive int) error {
	var status records.Status
	err := t.db.NewQuery(`SELECT status FROM translation_jobs WHERE id = {:job}`).
		WithContext(t.ctx).Bind(dbx.Params{"job": job.Id}).Row(&status)
	switch {
	case err != nil:
		return fmt.Errorf("read status: %w", err)
	case status == records.StatusCancelled:
		return errStale
	case status != records.StatusCompleted && status != records.StatusFailed:
		return nil
	}
	active, err := countUnfinished(t.ctx, t.db, job.OwnerID())
	if err != nil {
		return err
	}
	if active >= maxActive && job.OwnerID() != "" {
		return errTooManyJobs
	}
	return t.move(job.Id, retry(), nil)
}

// leaveStanding replaces a segment's translations by those that stand.
func (t tx) leaveStanding(jobID string, position int, standing []engine.Block, besides string) error {
	encoded, err := encode(standing, "[]")
	if err != nil {
		return err
	}
	err = t.run(`UPDATE translation_segments SET translation = {:standing}`+besides+` WHERE job = {:job} AND position = {:position}`,
		dbx.Params{"job": jobID, "position": position, "standing": encoded})
	return wrap("reopen segment", err)
}

// estimateAgain returns what asking for parts of segments again is going to take.
func (o *order) estimateAgain(change briefChange, parts []pipeline.Part, thinks float64) engine.Usage {
	again := pipeline.Order{
		SourceLanguage: o.job.SourceLanguage(), TargetLanguage: o.job.TargetLanguage(),
		SegmentSize: o.job.SegmentSize(), Style: change.style, Glossary: change.terms, Thinks: thinks,
	}
	return again.EstimateParts(parts).Usage
}
