package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// order is what a job was ordered to be: everything that stays the same from
// its first segment to its last.
type order struct {
	job       *records.Job
	format    document.Format
	style     map[string]any
	glossary  []pipeline.Term
	options   records.BriefOptions
	sealedKey string
}

// order returns a job's order, read from the database once per process.
func (r *runner) order(ctx context.Context, jobID string, job *activeJob) (*order, error) {
	job.loading.Lock()
	defer job.loading.Unlock()
	if job.order == nil {
		loaded, err := r.plugin.loadOrder(ctx, jobID)
		if err != nil {
			return nil, err
		}
		job.order = loaded
	}
	return job.order, nil
}

// plan parses the document and writes its segments, unless that was done
// before the process was started.
func (r *runner) plan(ctx context.Context, jobID string, active *activeJob, order *order) error {
	ledger := r.plugin.ledger
	if err := ledger.begin(ctx, jobID); err != nil {
		return err
	}
	if order.job.SegmentsTotal() == 0 {
		segments, err := r.plugin.segments(ctx, order)
		if err != nil {
			return err
		}
		err = ledger.plan(ctx, jobID, segments)
		if errors.Is(err, errStale) {
			// Planned already, by an attempt that failed right afterwards; or
			// not to be planned any more, which shows when it is looked for.
			err = ledger.mustBePlanned(ctx, jobID)
		}
		if err != nil {
			return err
		}
	}
	pending, err := ledger.pending(ctx, jobID)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.schedule.planned(jobID, pending)
	active.left = len(pending)
	active.began = time.Now()
	r.mu.Unlock()
	r.plugin.feed.changed(jobID, active.owner)
	return nil
}

// translate has one segment translated and writes what became of it.
func (r *runner) translate(ctx context.Context, t task, active *activeJob, order *order) error {
	blocks, before, err := r.plugin.ledger.blocks(ctx, t.job, t.position)
	if err != nil {
		return err
	}
	work := pipeline.Work{
		JobID:          t.job,
		Position:       t.position,
		Blocks:         blocks,
		Context:        pipeline.ContextOf(before),
		Engine:         order.job.Engine(),
		Model:          order.job.ModelName(),
		SourceLanguage: order.job.SourceLanguage(),
		TargetLanguage: order.job.TargetLanguage(),
		Style:          order.style,
		Glossary:       pipeline.TermsIn(blocks, order.glossary),
		SealedKey:      order.sealedKey,
		Attempts:       r.attemptsInVain(active, t.position),
	}
	outcome, err := r.executor.Execute(ctx, work)
	if err != nil {
		return err
	}
	// What has been translated, and perhaps paid for, is written even when the
	// process is told to stop in this moment.
	if err := r.plugin.ledger.settle(context.WithoutCancel(ctx), work, outcome); err != nil {
		return err
	}
	r.mu.Lock()
	active.settled++
	active.left--
	active.outages = 0
	delete(active.inVain, t.position)
	r.mu.Unlock()
	r.plugin.feed.changed(t.job, active.owner)
	return nil
}

func (r *runner) attemptsInVain(active *activeJob, position int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return active.inVain[position]
}

// build writes the output beside the source and ends the job.
func (r *runner) build(ctx context.Context, jobID string, order *order) error {
	file, err := r.plugin.files.temporary()
	if err != nil {
		return err
	}
	defer file.Close()
	translated, err := r.plugin.buildInto(ctx, order, file)
	if err != nil {
		return err
	}
	if translated == 0 {
		issue, err := r.plugin.ledger.firstIssue(ctx, jobID)
		if err != nil {
			return err
		}
		return r.finish(jobID, order, r.plugin.ledger.fail(ctx, jobID, "No part of the document could be translated. "+issue))
	}

	name := outputName(order.format.Name())
	err = r.plugin.files.write(ctx, order.job.BaseFilesPath()+"/"+name, name, file)
	if err == nil {
		err = r.plugin.ledger.complete(ctx, jobID, name)
	}
	if err != nil {
		after := context.WithoutCancel(ctx)
		if _, gone := r.plugin.ledger.job(after, jobID); errors.Is(gone, sql.ErrNoRows) {
			// Deleted meanwhile: nobody owns the file any more.
			err = errors.Join(err, r.plugin.files.remove(after, jobID))
		}
	}
	return r.finish(jobID, order, err)
}

// finish lets go of a job whose end was written, and tells its owner.
func (r *runner) finish(jobID string, order *order, err error) error {
	if err != nil {
		return err
	}
	r.drop(jobID)
	r.plugin.feed.now(jobID, order.job.OwnerID())
	return nil
}

// end writes that a job failed.
func (r *runner) end(t task, job *activeJob, message string) {
	r.leave(t, job, r.plugin.ledger.fail(context.WithoutCancel(job.ctx), t.job, message))
}

// park writes that a job is paused.
func (r *runner) park(t task, job *activeJob, reason string) {
	r.leave(t, job, r.plugin.ledger.pause(context.WithoutCancel(job.ctx), t.job, reason))
}

// leave lets go of a job whose end or pause was written, and tells its owner.
// One whose end could not be written, on a full disk say, comes to it again.
func (r *runner) leave(t task, job *activeJob, err error) {
	if err != nil && !errors.Is(err, errStale) {
		r.plugin.app.Logger().Error("the end of a job could not be written", "job", t.job, "error", err)
		r.later(t, job, ownPause)
		return
	}
	r.drop(t.job)
	r.plugin.feed.now(t.job, job.owner)
}

// pauseReason returns why a job cannot go on before its owner or an operator
// does something, or "".
func pauseReason(err error) string {
	switch {
	case errors.Is(err, errSealedKey):
		return "key"
	case errors.Is(err, pipeline.ErrEngineMissing):
		return "model"
	}
	return ""
}

// loadOrder reads a job's order.
func (p *plugin) loadOrder(ctx context.Context, jobID string) (*order, error) {
	job, err := p.ledger.job(ctx, jobID)
	if err != nil {
		return nil, err
	}
	brief, err := p.ledger.brief(ctx, jobID)
	if err != nil {
		return nil, err
	}
	loaded := &order{job: job}
	var ok bool
	if loaded.format, ok = p.formatOf(job); !ok {
		return nil, &document.Error{
			Kind:    document.Unsupported,
			Message: "The format of the document is not on offer any more.",
		}
	}
	if loaded.style, err = brief.Style(); err != nil {
		return nil, fmt.Errorf("decode style: %w: %w", errDamaged, err)
	}
	terms, err := brief.Glossary()
	if err != nil {
		return nil, fmt.Errorf("decode glossary: %w: %w", errDamaged, err)
	}
	for _, term := range terms {
		loaded.glossary = append(loaded.glossary, pipeline.Term(term))
	}
	if loaded.options, err = brief.Options(); err != nil {
		return nil, fmt.Errorf("decode options: %w: %w", errDamaged, err)
	}
	if loaded.sealedKey, err = p.ledger.sealedKey(ctx, jobID); err != nil {
		return nil, err
	}
	return loaded, nil
}

// sourcePrefix stands before the format's name in the storage name of every
// uploaded document.
const sourcePrefix = "source."

// outputName returns the storage name of a translated document.
func outputName(format string) string { return "output." + format }

// formatOf returns the format of a job's document, which its storage name says.
func (p *plugin) formatOf(job *records.Job) (document.Format, bool) {
	return p.config.Formats.ByName(strings.TrimPrefix(job.SourceFile(), sourcePrefix))
}

// segments returns the segments of a job's document.
func (p *plugin) segments(ctx context.Context, order *order) ([]pipeline.Segment, error) {
	if err := p.parsing.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer p.parsing.Release(1)
	doc, err := p.parse(ctx, order)
	if err != nil {
		return nil, err
	}
	return pipeline.Plan(doc.Blocks(), order.job.SegmentSize()), nil
}

// parse reads and parses a job's document. The caller holds a place of
// p.parsing as long as the document lives.
func (p *plugin) parse(ctx context.Context, order *order) (document.Document, error) {
	data, err := p.files.read(ctx, order.job.SourceKey())
	if err != nil {
		return nil, err
	}
	return order.format.Parse(ctx, data, document.Options{Encoding: order.options.Encoding})
}

// buildInto writes a job's output, as far as it is translated, into a file and
// rewinds it. It returns how many blocks came with a translation.
func (p *plugin) buildInto(ctx context.Context, order *order, file *os.File) (translated int, err error) {
	if err := p.parsing.Acquire(ctx, 1); err != nil {
		return 0, err
	}
	defer p.parsing.Release(1)
	doc, err := p.parse(ctx, order)
	if err != nil {
		return 0, err
	}
	assembly := pipeline.NewAssembly(order.job.TargetLanguage())
	err = p.ledger.eachSegment(ctx, order.job.Id, func(source []pipeline.Block, translation []engine.Block) error {
		assembly.Add(source, translation)
		return nil
	})
	if err != nil {
		return 0, err
	}
	if err := doc.Build(ctx, file, assembly.Text); err != nil {
		return 0, fmt.Errorf("build document: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, fmt.Errorf("rewind built document: %w", err)
	}
	return assembly.Translated(), nil
}

func stack() string { return string(debug.Stack()) }
