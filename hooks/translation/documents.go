package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/glossary"
)

// documents turns jobs' files into segments, and what was made of the segments
// into files again. Only so many are held in memory at a time; the rest wait.
type documents struct {
	ledger  *ledger
	files   *storage
	formats document.Formats
	held    *semaphore.Weighted // of maxHeld bytes

	writing keyedLock // of a job's output, together with what the ledger says of it
}

// storeWait bounds how long writing an output may take, waiting for another's end among
// it: 50 MB at a tenth of a megabyte a second.
const storeWait = 10 * time.Minute

func newDocuments(ledger *ledger, files *storage, formats document.Formats) *documents {
	return &documents{ledger: ledger, files: files, formats: formats, held: semaphore.NewWeighted(maxHeld)}
}

// order is what a job was ordered to be: everything that stays the same from
// its first segment to its last.
type order struct {
	job       *records.Job
	format    document.Format
	style     map[string]any
	terms     []pipeline.Term
	glossary  func() *glossary.Glossary // the terms, to be found; made at its first use
	options   records.BriefOptions
	analysis  records.BriefAnalysis
	revision  int           // of the brief
	took      time.Duration // a segment, in the last run; or 0
	sealedKey string

	digests   func() *recollection // for the owner's memory; made at their first use
	lane      laneID               // on which it is asked for
	fallback  string               // the model to ask for what its own cannot translate, or ""
	imitation bool                 // its engine's answers are in no language
}

// look parses a stored document, so that a broken one is refused while its owner
// is still there, and shows its blocks. What is wrong with it is a
// [*document.Error].
func (d *documents) look(ctx context.Context, key string, format document.Format, options document.Options, show func([]document.Block)) error {
	doc, release, err := d.parse(ctx, key, format, options)
	if err != nil {
		return err
	}
	defer release()
	show(doc.Blocks())
	return nil
}

// parse reads and parses a stored document when there is room for it. The caller
// calls release when he needs the document no more.
func (d *documents) parse(ctx context.Context, key string, format document.Format, options document.Options) (doc document.Document, release func(), err error) {
	file, done, err := d.files.openForReading(ctx, key)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	place := room{held: d.held}
	parsed := false
	defer func() {
		if !parsed { // also where the parser panics
			place.leave()
		}
	}()
	data, err := place.read(ctx, file, format)
	if err != nil {
		return nil, nil, err
	}
	if doc, err = format.Parse(ctx, data, options); err != nil {
		return nil, nil, err
	}
	parsed = true
	return doc, place.leave, nil
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
	style, err := brief.Style()
	if err != nil {
		return nil, fmt.Errorf("decode style: %w: %w", errDamaged, err)
	}
	stored, err := brief.Glossary()
	if err != nil {
		return nil, fmt.Errorf("decode glossary: %w: %w", errDamaged, err)
	}
	var terms []pipeline.Term
	for _, term := range stored {
		terms = append(terms, pipeline.Term(term))
	}
	loaded := newOrder(job, style, terms)
	loaded.revision, loaded.took = brief.Revision(), brief.SegmentTook()
	var ok bool
	if loaded.format, ok = d.formatOf(job); !ok && !hasExpired(job) {
		return nil, &document.Error{
			Kind:    document.Unsupported,
			Message: "The format of the document is not on offer any more.",
		}
	}
	if loaded.analysis, err = brief.Analysis(); err != nil {
		return nil, fmt.Errorf("decode analysis: %w: %w", errDamaged, err)
	}
	if loaded.options, err = brief.Options(); err != nil {
		return nil, fmt.Errorf("decode options: %w: %w", errDamaged, err)
	}
	if loaded.sealedKey, err = d.ledger.sealedKey(ctx, jobID); err != nil {
		return nil, err
	}
	return loaded, nil
}

// newOrder returns an order under a brief.
func newOrder(job *records.Job, style map[string]any, terms []pipeline.Term) *order {
	made := &order{
		job: job, style: style, terms: terms,
		glossary: sync.OnceValue(func() *glossary.Glossary {
			return glossary.New(glossary.Pair{Source: job.SourceLanguage(), Target: job.TargetLanguage()}, terms)
		}),
	}
	made.digests = sync.OnceValue(func() *recollection { return newRecollection(made) })
	return made
}

// termsIn returns the terms that occur in blocks, so that a request holds those
// rules only which it can break.
func (o *order) termsIn(blocks []pipeline.Block) []pipeline.Term {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = block.Text
	}
	return o.glossary().In(texts...)
}

// present returns the persons who are named in a text just before a segment and
// not in the segment itself.
func (o *order) present(before string, here []pipeline.Term) (persons []pipeline.Term) {
	for _, term := range o.glossary().In(before) {
		elsewhere := !slices.ContainsFunc(here, func(other pipeline.Term) bool { return other.Term == term.Term })
		if term.Kind == "person" && elsewhere {
			persons = append(persons, term)
		}
	}
	return persons
}

// readingOptions returns what an upload said about how its document is to be read.
// A job's document is read with the same each time, or its blocks would be others.
func readingOptions(options records.BriefOptions) document.Options {
	return document.Options{Encoding: options.Encoding, TranslatePre: options.TranslatePre}
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
	doc, release, err := d.parseSource(ctx, order)
	if err != nil {
		return nil, err
	}
	defer release()
	return pipeline.Plan(doc.Blocks(), segmentSize(order.job.SegmentSize(), longest)), nil
}

// segmentSize returns the size of segments of which no more may be asked for at
// once than so many characters, unless that is 0.
func segmentSize(size, longest int) int {
	if longest > 0 {
		return min(size, max(longest, minSegmentSize))
	}
	return size
}

// parseSource is parse for a job's document.
func (d *documents) parseSource(ctx context.Context, order *order) (doc document.Document, release func(), err error) {
	return d.parse(ctx, order.job.SourceKey(), order.format, readingOptions(order.options))
}

// keep writes an output into storage and tells the ledger, with no other output of
// the job written in between: what the ledger says of a file is true of the one
// that is there.
func (d *documents) keep(ctx context.Context, output stored) error {
	// A storage that does not answer must not hold a place for ever.
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	release, err := d.writing.lock(ctx, output.key)
	if err != nil {
		return fmt.Errorf("wait to write output: %w", err)
	}
	defer release()
	if output.wanted != nil {
		if err := output.wanted(); err != nil {
			return err
		}
	}
	if err := d.files.write(ctx, output.key, output.name, output.file); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return output.note()
}

// stored is an output on its way into storage.
type stored struct {
	key, name string
	file      io.ReadSeeker
	// wanted reports an error where it is not wanted any more; nil asks nothing.
	wanted func() error
	// note tells the ledger of it.
	note func() error
}

// built is what became of building an output.
type built struct {
	translated int      // blocks that came with a translation
	left       []string // blocks whose translation the format could not take in
}

// build writes a job's output, as far as it is translated, into a file and
// rewinds it. In a bilingual one the source stands below each translation.
func (d *documents) build(ctx context.Context, order *order, file *os.File, bilingual bool) (built, error) {
	doc, release, err := d.parseSource(ctx, order)
	if err != nil {
		return built{}, err
	}
	defer release()
	assembly := pipeline.NewAssembly(order.job.TargetLanguage())
	err = d.ledger.eachSegment(ctx, order.job.Id, func(source []pipeline.Block, translation []engine.Block) error {
		assembly.Add(source, translation)
		return nil
	})
	if err != nil {
		return built{}, err
	}
	left, err := doc.Build(ctx, file, document.Output{
		Translation: assembly.Text,
		Target:      order.job.TargetLanguage(),
		Source:      order.job.SourceLanguage(),
		Bilingual:   bilingual,
	})
	if err != nil {
		return built{}, fmt.Errorf("build document: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return built{}, fmt.Errorf("rewind built document: %w", err)
	}
	return built{translated: assembly.Translated(), left: left}, nil
}
