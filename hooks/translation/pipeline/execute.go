package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"verso/hooks/translation/engine"
)

// maxAnswers bounds how often a block is asked for and answered wrongly.
const maxAnswers = 3

// ErrEngineMissing says that a work names an engine that is not on offer.
var ErrEngineMissing = errors.New("the engine is not on offer")

// Executor executes works with the engines it is given.
type Executor struct {
	// Engines are the engines by name.
	Engines map[string]engine.Engine
	// Open returns the API key that a work carries sealed. It is called for
	// each work that has one; the key lives as long as the execution.
	Open func(work Work) (string, error)
	// Timeout bounds one request to an engine.
	Timeout time.Duration
}

// Execute asks for a segment until every block of it is either a verified
// translation or given up with a reason. An error means that neither is known,
// and the work stays to be done: it was interrupted, it cannot be begun, or the
// engine is out of reach, which is an [*engine.Error] of kind Unavailable. How
// long to wait for an engine is not decided here, where waiting would hold a
// place.
func (x *Executor) Execute(ctx context.Context, work Work) (Outcome, error) {
	eng, ok := x.Engines[work.Engine]
	if !ok {
		return Outcome{}, fmt.Errorf("%w: %q", ErrEngineMissing, work.Engine)
	}
	apiKey, err := x.key(work)
	if err != nil {
		return Outcome{}, err
	}

	run := execution{work: work, left: work.Blocks, good: map[string]string{}}
	for run.answers < maxAnswers && len(run.left) > 0 {
		attempt := work.Attempts + run.requests + 1
		response, err := x.ask(ctx, eng, request(work, run.left, apiKey, attempt, run.problems))
		if err == nil {
			run.answered(response)
			continue
		}
		if ctx.Err() != nil {
			return Outcome{}, context.Cause(ctx)
		}
		if engine.KindOf(err) == engine.Unavailable {
			return Outcome{}, err
		}
		run.failed(err)
	}
	return run.outcome(), nil
}

func (x *Executor) key(work Work) (string, error) {
	if work.SealedKey == "" {
		return "", nil
	}
	apiKey, err := x.Open(work)
	if err != nil {
		return "", fmt.Errorf("open the sealed key: %w", err)
	}
	return apiKey, nil
}

func (x *Executor) ask(ctx context.Context, eng engine.Engine, request engine.Request) (engine.Response, error) {
	if x.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, x.Timeout)
		defer cancel()
	}
	response, err := eng.Translate(ctx, request)
	if err != nil && errors.Is(err, context.DeadlineExceeded) {
		return response, &engine.Error{Kind: engine.Unavailable, Err: fmt.Errorf("no answer within %s", x.Timeout)}
	}
	return response, err
}

// execution is the state of one work on its way.
type execution struct {
	work     Work
	left     []Block // not translated yet
	good     map[string]string
	problems []Problem // with the blocks that are left
	requests int
	answers  int
	usage    engine.Usage
}

// failed takes a request that the engine answered with no translation.
func (e *execution) failed(err error) {
	e.requests++
	e.answers++
	detail := "the answer could not be read"
	switch engine.KindOf(err) {
	case engine.Blocked:
		detail = "the engine refused to translate this text"
		e.answers = maxAnswers // and will refuse it again
	case engine.Refused:
		detail = "the engine refused the API key or the model"
		e.answers = maxAnswers
	}
	e.problems = problemsOf(e.left, detail)
}

func (e *execution) answered(response engine.Response) {
	e.requests++
	e.answers++
	e.usage = e.usage.Add(response.Usage)
	good, problems := verify(e.left, response.Blocks)
	var left []Block
	for _, block := range e.left {
		if text, ok := good[block.ID]; ok {
			e.good[block.ID] = text
		} else {
			left = append(left, block)
		}
	}
	e.left, e.problems = left, problems
}

func (e *execution) outcome() Outcome {
	outcome := Outcome{
		Blocks:       make([]engine.Block, 0, len(e.work.Blocks)),
		Untranslated: len(e.left),
		Requests:     e.requests,
		Usage:        e.usage,
	}
	for _, block := range e.work.Blocks {
		if text, ok := e.good[block.ID]; ok {
			outcome.Blocks = append(outcome.Blocks, engine.Block{ID: block.ID, Text: text})
		}
	}
	if len(e.left) > 0 {
		outcome.Issue = issue(e.problems)
	}
	return outcome
}

// maxIssue bounds an issue's text, in bytes; the ledger's field holds 2,000.
const maxIssue = 1500

// issue puts problems into words for a reader, the blocks of one reason
// together.
func issue(problems []Problem) string {
	var reasons []string
	blocks := map[string][]string{}
	for _, problem := range problems {
		if blocks[problem.Detail] == nil {
			reasons = append(reasons, problem.Detail)
		}
		blocks[problem.Detail] = append(blocks[problem.Detail], problem.Block)
	}
	var b strings.Builder
	for _, reason := range reasons {
		if b.Len() > 0 {
			b.WriteString(" ")
		}
		ids := blocks[reason]
		if len(ids) > 10 {
			fmt.Fprintf(&b, "Not translated, because %s: %s and %d more.", reason, strings.Join(ids[:10], ", "), len(ids)-10)
		} else {
			fmt.Fprintf(&b, "Not translated, because %s: %s.", reason, strings.Join(ids, ", "))
		}
		if b.Len() > maxIssue {
			break
		}
	}
	return b.String()
}

func problemsOf(blocks []Block, detail string) []Problem {
	problems := make([]Problem, len(blocks))
	for i, block := range blocks {
		problems[i] = Problem{block.ID, detail}
	}
	return problems
}
