package translation

import (
	"context"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// Executor carries out the steps of works, here or on another machine. A step needs
// an engine and nothing else: no database, no file, nothing of a job but what its
// work holds. Which step is due, and whether the limits allow it, is decided before
// it is asked for.
//
// A [*pipeline.Executor] does it in this process.
type Executor interface {
	// Step puts a work's next question and takes what came of it into the work, as
	// pipeline's Step does. An error that wraps [pipeline.ErrLost] says that nobody
	// knows what came of it.
	Step(ctx context.Context, work *pipeline.Work, replied pipeline.Replied) error
	// Probe asks a work's engine for something that every model can do.
	Probe(ctx context.Context, work *pipeline.Work, replied pipeline.Replied) (engine.Usage, error)
}

var _ Executor = (*pipeline.Executor)(nil)
