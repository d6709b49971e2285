package riverworkers

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// protocol is the number of the form in which steps and outcomes are written. It
// changes with what pipeline's works and climbs hold.
const protocol = 2

// stepQueue is the queue of what is to be carried out.
const stepQueue = "steps"

// outcomeQueue is the queue of what came of the steps of a run of the serving process,
// so that none takes what another waits for.
func outcomeQueue(epoch string) string { return "outcomes-" + epoch }

// step is one question to an engine, on its way to a worker.
type step struct {
	// Attempt is the number that its outcome comes back under, used once.
	Attempt string `json:"attempt" river:"unique"`
	// Epoch is the run of the serving process that sent it. It is in small letters.
	Epoch string `json:"epoch"`
	// Before is until when a worker may begin with it, by PostgreSQL's clock.
	Before time.Time `json:"before"`
	// Packed is the question.
	Packed []byte `json:"packed"`
}

// Kind names it for River.
func (step) Kind() string { return "verso_step" }

// question is what a step asks.
type question struct {
	Work pipeline.Work `json:"work"`
	// Probe asks the work's engine for what every model can do, in place of the
	// work's own question.
	Probe bool `json:"probe,omitempty"`
}

// outcome is what came of a step, on its way back.
type outcome struct {
	Attempt string `json:"attempt" river:"unique"`
	// Packed is the result.
	Packed []byte `json:"packed"`
}

// Kind names it for River.
func (outcome) Kind() string { return "verso_outcome" }

// result is what came of a step.
type result struct {
	// Left says that it left for the engine. Where it did not nothing else is told but
	// Failed, if it never can.
	Left bool `json:"left"`
	// Climb is the work's, afterwards.
	Climb pipeline.Climb `json:"climb"`
	// Replied says that the request ended, with Usage and Reply.
	Replied bool         `json:"replied"`
	Usage   engine.Usage `json:"usage"`
	Reply   *failure     `json:"reply,omitempty"`
	// Own says that it was asked with the worker's own key.
	Own  bool          `json:"own,omitempty"`
	Took time.Duration `json:"took"`
	// Failed is what the step returned.
	Failed *failure `json:"failed,omitempty"`
	// Worker carried it out.
	Worker string `json:"worker"`
}

// pack makes a value small, and of bytes that PostgreSQL's JSON can hold: a model may
// answer with characters that it cannot.
func pack(value any) ([]byte, error) {
	var packed bytes.Buffer
	squeeze, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("prepare packing: %w", err)
	}
	if err := json.NewEncoder(squeeze).Encode(value); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	if err := squeeze.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return packed.Bytes(), nil
}

// unpack is the way back.
func unpack(packed []byte, into any) error {
	loose, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	if err := json.NewDecoder(loose).Decode(into); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}

// failure is an error on its way.
type failure struct {
	// What tells the errors apart that mean something; "" for an engine's.
	What string `json:"what,omitempty"`
	// Of an engine's, as it is there:
	Kind       engine.ErrorKind `json:"kind,omitempty"`
	Detail     string           `json:"detail,omitempty"`
	RetryAfter time.Duration    `json:"retry_after,omitempty"`
	Until      time.Time        `json:"until,omitzero"`
	Measure    engine.Measure   `json:"measure,omitempty"`
	Limit      int              `json:"limit,omitempty"`
	// Text is for the log. It holds neither key nor document.
	Text string `json:"text,omitempty"`
}

// What an error says beside an engine's.
const (
	failedKey        = "key"        // the sealed key could not be opened
	failedEngine     = "engine"     // the engine is not on offer there
	failedCutOff     = "cut-off"    // the worker had to end before the answer was there
	failedUnreadable = "unreadable" // the worker does not understand the question
	failedPanic      = "panic"      // carrying it out came to grief
	failedOtherwise  = "other"
)

// failureOf packs an error, nil for none.
func failureOf(err error) *failure {
	var failed *engine.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		packed := &failure{
			Kind: failed.Kind, Detail: failed.Detail, RetryAfter: failed.RetryAfter,
			Until: failed.Until, Measure: failed.Measure, Limit: failed.Limit,
		}
		if failed.Err != nil {
			packed.Text = failed.Err.Error()
		}
		return packed
	case errors.Is(err, errKey):
		return &failure{What: failedKey}
	case errors.Is(err, pipeline.ErrEngineMissing):
		return &failure{What: failedEngine}
	}
	return &failure{What: failedOtherwise, Text: err.Error()}
}

// error unpacks it.
func (f *failure) error() error {
	if f == nil {
		return nil
	}
	switch f.What {
	case failedKey:
		return &engine.Error{Kind: engine.KeyRefused, Err: errKey}
	case failedEngine:
		return pipeline.ErrEngineMissing
	case failedCutOff:
		return fmt.Errorf("%w: its worker ended", pipeline.ErrCutOff)
	case failedUnreadable:
		return errUnreadable
	case failedPanic:
		return pipeline.ErrPanicked
	case failedOtherwise:
		return errors.New(f.Text)
	}
	unpacked := &engine.Error{
		Kind: f.Kind, Detail: f.Detail, RetryAfter: f.RetryAfter, Until: f.Until, Measure: f.Measure, Limit: f.Limit,
	}
	if f.Text != "" {
		unpacked.Err = errors.New(f.Text)
	}
	return unpacked
}

// errKey says that a sealed key could not be opened.
var errKey = errors.New("the sealed key could not be opened")

// errUnreadable says that a question is written as its worker cannot read it.
var errUnreadable = errors.New("a worker cannot read what it was sent; run the same version everywhere")
