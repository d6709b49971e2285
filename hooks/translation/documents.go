package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// maxParsing bounds the documents that are held in memory as a whole, for
// checking, planning and building. Each may take several times its size.
const maxParsing = 2

// documents turns jobs' files into segments, and what was made of the segments
// into files again. Only so many are held in memory at a time; the rest wait.
type documents struct {
	ledger  *ledger
	files   *storage
	formats document.Formats
	parsing *semaphore.Weighted

	writing sync.Mutex // of outputs, together with what the ledger says of them
}

func newDocuments(ledger *ledger, files *storage, formats document.Formats) *documents {
	return &documents{ledger: ledger, files: files, formats: formats, parsing: semaphore.NewWeighted(maxParsing)}
}

// order is what a job was ordered to be: everything that stays the same from
// its first segment to its last.
type order struct {
	job       *records.Job
	format    document.Format
	style     map[string]any
	glossary  []pipeline.Term
	options   records.BriefOptions
	sealedKey string

	lane     laneID // on which it is asked for
	fallback string // the model to ask for what its own cannot translate, or ""
}

// check parses a stored document, so that a broken one is refused while its
// owner is still there. What is wrong with it is a [*document.Error].
func (d *documents) check(ctx context.Context, key string, format document.Format, options document.Options) error {
	if err := d.parsing.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for a place to read the document: %w", err)
	}
	defer d.parsing.Release(1)
	data, err := d.files.read(ctx, key)
	if err != nil {
		return err
	}
	_, err = format.Parse(ctx, data, options)
	return err
}

// order reads what a job was ordered to be.
func (d *documents) order(ctx context.Context, jobID string) (*order, error) {
	job, err := d.ledger.job(ctx, jobID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errStale // deleted
	}
	if err != nil {
		return nil, err
	}
	brief, err := d.ledger.brief(ctx, jobID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("the job has no brief: %w", errDamaged)
	}
	if err != nil {
		return nil, err
	}
	loaded := &order{job: job}
	var ok bool
	if loaded.format, ok = d.formatOf(job); !ok {
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
	if loaded.sealedKey, err = d.ledger.sealedKey(ctx, jobID); err != nil {
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
func (d *documents) formatOf(job *records.Job) (document.Format, bool) {
	return d.formats.ByName(strings.TrimPrefix(job.SourceFile(), sourcePrefix))
}

// segments returns the segments of a job's document, none longer than so many
// characters unless that is 0.
func (d *documents) segments(ctx context.Context, order *order, longest int) ([]pipeline.Segment, error) {
	if err := d.parsing.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer d.parsing.Release(1)
	doc, err := d.parse(ctx, order)
	if err != nil {
		return nil, err
	}
	size := order.job.SegmentSize()
	if longest > 0 {
		size = min(size, max(longest, minSegmentSize))
	}
	return pipeline.Plan(doc.Blocks(), size), nil
}

// parse reads and parses a job's document. The caller holds a place of
// parsing as long as the document lives.
func (d *documents) parse(ctx context.Context, order *order) (document.Document, error) {
	data, err := d.files.read(ctx, order.job.SourceKey())
	if err != nil {
		return nil, err
	}
	return order.format.Parse(ctx, data, document.Options{Encoding: order.options.Encoding})
}

// keep writes an output into storage and lets note tell the ledger, with no other
// output written in between: what the ledger says of a file is true of the one
// that is there.
func (d *documents) keep(ctx context.Context, key, name string, file io.ReadSeeker, note func() error) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := d.files.write(ctx, key, name, file); err != nil {
		return err
	}
	return note()
}

// built is what became of building an output.
type built struct {
	translated int      // blocks that came with a translation
	left       []string // blocks whose translation the format could not take in
}

// build writes a job's output, as far as it is translated, into a file and
// rewinds it.
func (d *documents) build(ctx context.Context, order *order, file *os.File) (built, error) {
	if err := d.parsing.Acquire(ctx, 1); err != nil {
		return built{}, err
	}
	defer d.parsing.Release(1)
	doc, err := d.parse(ctx, order)
	if err != nil {
		return built{}, err
	}
	assembly := pipeline.NewAssembly(order.job.TargetLanguage())
	err = d.ledger.eachSegment(ctx, order.job.Id, func(source []pipeline.Block, translation []engine.Block) error {
		assembly.Add(source, translation)
		return nil
	})
	if err != nil {
		return built{}, err
	}
	left, err := doc.Build(ctx, file, assembly.Text)
	if err != nil {
		return built{}, fmt.Errorf("build document: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return built{}, fmt.Errorf("rewind built document: %w", err)
	}
	return built{translated: assembly.Translated(), left: left}, nil
}
