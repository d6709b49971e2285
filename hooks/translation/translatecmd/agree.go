package translatecmd

import (
	"context"
	"path/filepath"
	"time"

	"verso/hooks/translation/engine"
)

// checkWait bounds the question to an engine whether it takes key and model. One
// that does not answer is no reason not to begin.
const checkWait = 10 * time.Second

// quote prints what the translation is going to take.
func (t *translate) quote(ctx context.Context) error {
	job, err := t.fresh()
	if err != nil {
		return err
	}
	quote := job.quote(t.source.format.Name(), false)
	quote.Key = "unchecked"
	if !t.order.engine.Info().NeedsKey {
		switch err := t.check(ctx); {
		case err == nil:
			quote.Key = "ok"
		case engine.KindOf(err).Refused():
			quote.Key = "refused"
		}
	}
	return printJSON(t.out, quote)
}

// check asks the engine whether it takes the key and the model.
func (t *translate) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	return t.order.engine.Check(ctx, t.order.model, "")
}

// agree says what the translation is going to take, and asks whether that is right
// where it may cost something.
func (t *translate) agree(ctx context.Context, job *job) error {
	if len(job.open()) == 0 || t.options.brief && job.brief != nil {
		return nil
	}
	quote := job.quote(t.source.format.Name(), t.options.brief)
	quote.print(t.err, job, filepath.Base(t.source.path))
	if err := t.mustTake(ctx); err != nil {
		return err
	}
	if t.options.yes || !quote.costs() {
		return nil
	}
	if !t.config.IsTerminal(t.in) || !t.config.IsTerminal(t.err) {
		return wrongUse("Nobody is there to be asked whether that is right; add --yes, and --max-cost to be sure.")
	}
	if !quote.ask(t.in, t.err) {
		return failed("Nothing was translated, and nothing spent.")
	}
	return nil
}

// mustTake refuses to begin with a key or a model that the engine does not take.
func (t *translate) mustTake(ctx context.Context) error {
	if t.order.engine.Info().NeedsKey {
		return t.refused(&engine.Error{Kind: engine.KeyRefused, Detail: "there is none"})
	}
	if err := t.check(ctx); engine.KindOf(err).Refused() {
		return t.refused(err)
	}
	return nil
}
