package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verso/hooks/translation/engine"
)

// ErrEngineMissing says that a work names an engine that is not on offer.
var ErrEngineMissing = errors.New("the engine is not on offer")

var (
	// ErrNotAsked says that a question did not leave: it is to be put again, and has
	// cost nothing.
	ErrNotAsked = errors.New("the question was not put")
	// ErrCutOff says that a question was left by who put it before it was answered. It is
	// to be put again; what it has cost is in the work.
	ErrCutOff = errors.New("the question was cut off")
	// ErrPanicked says that whoever put the question came to grief over it, by an error in
	// the program that asking again does not mend.
	ErrPanicked = errors.New("the question brought down who put it")
	// ErrLost says that nobody knows what became of a question.
	ErrLost = errors.New("nobody knows what became of the question")
)

// Executor puts works' questions to the engines it is given.
type Executor struct {
	// Engines are the engines by name.
	Engines map[string]engine.Engine
	// Open returns the API key that a work carries sealed. It is called for
	// each request of a work that has one; the key lives as long as the request.
	Open func(work Work) (string, error)
	// Timeout bounds one request to an engine.
	Timeout time.Duration
	// Observe is told of each request when it has ended; nil for nobody.
	Observe func(Exchange)

	checkers checkers
}

// Exchange is one request to an engine and how it ended.
type Exchange struct {
	Engine, Model string
	// Own says that it was asked with the engine's own key.
	Own   bool
	Took  time.Duration
	Usage engine.Usage
	Err   error // the engine's own, or that of what cut it off; nil for an answer
}

// Replied is told how a request ended, as soon as that is known and before the
// answer is looked at, so that the place at the engine can go to another. The
// error is the engine's own, whatever follows from it for the work.
type Replied func(usage engine.Usage, err error)

// Step puts a work's next question to its engine, once, and takes the answer
// into its climb. A work is executed by steps until it is Done:
//
//	for !work.Done() {
//		err := executor.Step(ctx, &work, nil)
//	}
//	outcome := work.Outcome()
//
// An error means that the question is still to be put: the work was
// interrupted, it cannot be begun, or the engine has not answered, which is an
// [*engine.Error] that says why. When to ask again is not decided here, where
// waiting would hold a place.
func (x *Executor) Step(ctx context.Context, work *Work, replied Replied) error {
	if work.Done() {
		return nil
	}
	ask := work.Climb.Asks[0]
	asked := work.blocks(ask.Blocks)
	work.Climb.Tries++
	if work.Task != "" {
		return x.analyse(ctx, work, ask, replied)
	}
	response, err := x.ask(ctx, *work, ask, asked, replied)
	var failed *engine.Error
	switch {
	case err == nil:
		imitation := x.Engines[work.Engine].Info().Imitation
		good, problems := x.judge(work, imitation, asked, response.Blocks)
		if !imitation {
			problems = append(problems, obeyed(work, asked, good)...)
		}
		work.answered(response.Usage, good, trouble{problems: problems})
	case ctx.Err() != nil:
		work.Climb.Spent = work.Climb.Spent.Add(ask.Model, response.Usage)
		return context.Cause(ctx)
	case !errors.As(err, &failed):
		return err
	case ask.Rung == RungFallback && (failed.Kind.Refused() || failed.Kind == engine.QuotaExhausted):
		// Nobody was promised the other model: the block is lost to the first
		// one's reasons.
		work.answered(response.Usage, nil, trouble{kind: failed.Kind, problems: ask.Problems})
	case failed.Kind.Passing() || failed.Kind.Refused():
		work.Climb.Spent = work.Climb.Spent.Add(ask.Model, response.Usage)
		return err
	default:
		work.answered(response.Usage, nil, trouble{kind: failed.Kind, problems: problemsOf(asked, failed)})
	}
	return nil
}

// ask puts a question to a work's engine, under the executor's timeout.
func (x *Executor) ask(ctx context.Context, work Work, ask Ask, blocks []Block, replied Replied) (engine.Response, error) {
	var response engine.Response
	usage, err := x.question(ctx, work, ask.Model, replied, func(ctx context.Context, eng engine.Engine, apiKey string) (engine.Usage, int, error) {
		question := request(work, ask, blocks, apiKey)
		var err error
		response, err = eng.Translate(ctx, question)
		return response.Usage, tokensOf(question), err
	})
	response.Usage = usage
	return response, err
}

// tokensOf returns about how many tokens a question has.
func tokensOf(question engine.Request) (tokens int) {
	tokens = Tokens(question.Instructions)
	for _, block := range question.Payload.Blocks {
		tokens += blockOverhead + Tokens(block.Text)
	}
	return tokens
}

// question puts a question of whatever kind to a work's engine, and returns what it
// cost. One that was cut off is counted with the tokens it sent, about: the model
// has read it.
func (x *Executor) question(ctx context.Context, work Work, model string, replied Replied, put func(context.Context, engine.Engine, string) (usage engine.Usage, sent int, err error)) (engine.Usage, error) {
	eng, ok := x.Engines[work.Engine]
	if !ok {
		return engine.Usage{}, fmt.Errorf("%w: %q", ErrEngineMissing, work.Engine)
	}
	apiKey := ""
	if work.SealedKey != "" {
		var err error
		if apiKey, err = x.Open(work); err != nil {
			return engine.Usage{}, fmt.Errorf("open the sealed key: %w", err)
		}
	}
	caller := ctx
	if x.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, x.Timeout)
		defer cancel()
	}
	began := time.Now()
	usage, sent, err := put(ctx, eng, apiKey)
	if err != nil && ctx.Err() != nil && usage == (engine.Usage{}) && !eng.Info().Free {
		usage.InputTokens = sent
	}
	if err != nil && engine.KindOf(err) == 0 && errors.Is(err, context.DeadlineExceeded) && caller.Err() == nil {
		err = &engine.Error{Kind: engine.Unreachable, Err: fmt.Errorf("no answer within %s", x.Timeout)}
	}
	if x.Observe != nil {
		x.Observe(Exchange{Engine: work.Engine, Model: model, Own: apiKey == "", Took: time.Since(began), Usage: usage, Err: err})
	}
	if replied != nil {
		replied(usage, err)
	}
	return usage, err
}

// Skip leaves the next question out, because an engine's limit or failure keeps
// it from being answered in good time, and gives its blocks up for the reasons
// that led to it.
func (w *Work) Skip(because engine.ErrorKind) {
	switch {
	case w.Done():
		return
	case w.Task != "":
		w.analysed(engine.Usage{}, because)
		return
	}
	w.answered(engine.Usage{}, nil, trouble{kind: because, problems: w.Climb.Asks[0].Problems})
}

// BreakOff counts the next question as answered wrongly, because the engine
// breaks off on it again and again while it answers others.
func (w *Work) BreakOff(err *engine.Error) {
	switch {
	case w.Done():
		return
	case w.Task != "":
		w.analysed(engine.Usage{}, err.Kind)
		return
	}
	asked := w.blocks(w.Climb.Asks[0].Blocks)
	w.answered(engine.Usage{}, nil, trouble{kind: err.Kind, problems: problemsOf(asked, err)})
}

// answered takes what the first ask brought and puts what follows from it.
func (w *Work) answered(usage engine.Usage, good map[string]string, t trouble) {
	c := &w.Climb
	ask := c.Asks[0]
	c.Asks = c.Asks[1:]
	c.Spent = c.Spent.Add(ask.Model, usage)
	c.Characters += characters(w.blocks(ask.Blocks))
	rung := Rung{Rung: ask.Rung, Model: ask.Model, Blocks: len(ask.Blocks), Translated: len(good)}
	switch {
	case t.kind != 0:
		rung.Trouble = t.kind.String()
	case len(t.problems) > 0:
		rung.Trouble = t.problems[0].Check
	}
	c.Rungs = append(c.Rungs, rung)
	c.Barren++
	if len(good) > 0 {
		c.Barren = 0
	}
	for id, text := range good {
		c.Good[id] = text
	}
	w.join()
	w.climb(ask, t)
}

// probe is asked where nothing else tells an engine that is away from a text
// that it fails on.
const probe = "Good morning."

// Probe asks a work's engine for a translation that every model has, and returns
// what that cost. No error means that the engine answers.
func (x *Executor) Probe(ctx context.Context, work *Work, replied Replied) (engine.Usage, error) {
	block := Block{ID: "b1", Text: probe}
	ask := Ask{Blocks: []string{block.ID}, Rung: RungAlone, Model: work.NextModel()}
	response, err := x.ask(ctx, *work, ask, []Block{block}, replied)
	if kind := engine.KindOf(err); kind != 0 && !kind.Passing() && !kind.Refused() {
		err = nil // it is there
	}
	return response.Usage, err
}
