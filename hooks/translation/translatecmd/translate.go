package translatecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/tongue"
)

// checkWait bounds the question to an engine whether it takes key and model. One
// that does not answer is no reason not to begin.
const checkWait = 10 * time.Second

// translate is one run of the command.
type translate struct {
	config   Config
	options  *options
	in       io.Reader
	out, err io.Writer

	order  *order
	source *source
	path   string // of the output
}

// guarded runs the command; a panic ends it like any failure.
func (t *translate) guarded(ctx context.Context) (err error) {
	defer func() {
		if recover() != nil {
			err = panicked()
		}
	}()
	return t.run(ctx)
}

func (t *translate) run(ctx context.Context) error {
	if err := t.read(ctx); err != nil {
		return err
	}
	if t.options.quote {
		return t.quote(ctx)
	}
	t.path = t.source.outputPath(t.options.out, t.order.target)
	sidecar, job, err := t.resume()
	if err != nil {
		return err
	}
	defer func() {
		if sidecar != nil {
			sidecar.close()
		}
	}()
	if err := mayWrite(t.path, t.source, job.outputs, t.options.force); err != nil {
		return err
	}
	if err := t.agree(ctx, job); err != nil {
		return err
	}
	if sidecar == nil || t.options.restart {
		if sidecar, job, err = t.begin(sidecar, job); err != nil {
			return err
		}
	}
	return t.carryOut(ctx, sidecar, job)
}

// read reads the command line and the file.
func (t *translate) read(ctx context.Context) (err error) {
	if t.order, err = readOrder(t.config, t.options); err != nil {
		return err
	}
	if t.source, err = readSource(ctx, t.config, t.options); err != nil {
		return err
	}
	if t.order.source == "" {
		t.order.source = t.source.language()
	}
	if tongue.Same(t.order.source, t.order.target) && !t.options.yes {
		return wrongUse("%s seems to be in %s already; name its language with --from, or add --yes to translate it all the same",
			t.options.file, tongue.Name(t.order.target))
	}
	return nil
}

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

// resume returns what an earlier run has left, or a job of which nothing is done
// and no sidecar.
func (t *translate) resume() (*sidecar, *job, error) {
	sidecar, records, err := openSidecar(t.path+sidecarEnding, sidecarMode{damaged: t.options.restart})
	if errors.Is(err, fs.ErrNotExist) {
		job, err := t.fresh()
		return nil, job, err
	}
	if err != nil {
		return nil, nil, err
	}
	var job *job
	if t.options.restart {
		// It is thrown away when the price is agreed to, all but what tells that an
		// output is this command's own.
		if job, err = t.fresh(); err == nil {
			job.outputs = outputsIn(records)
		}
	} else {
		job, err = t.take(sidecar, records)
	}
	if err != nil {
		sidecar.close()
		return nil, nil, err
	}
	return sidecar, job, nil
}

// fresh returns a job of which nothing is done.
func (t *translate) fresh() (*job, error) {
	return newJob(t.order, t.source, t.order.plannedSize(), nil)
}

// take makes a job of a sidecar's records. One that holds nothing yet gets its
// header.
func (t *translate) take(sidecar *sidecar, records []record) (*job, error) {
	if len(records) == 0 {
		job, err := t.fresh()
		if err != nil {
			return nil, err
		}
		return job, t.writeHeader(sidecar, job)
	}
	before := *records[0].Header
	if what := t.order.header(t.source).differs(before); what != "" {
		return nil, wrongUse("%s belongs to %s. Give another file with -o, or add --restart to throw away what it holds.", sidecar.path, what)
	}
	job, err := newJob(t.order, t.source, before.PlannedSize, records[1:])
	if err == nil && job.plan() != before.Plan {
		err = errStrange
	}
	if err != nil {
		return nil, unusable(sidecar.path, err)
	}
	return job, nil
}

// begin makes the sidecar, or empties the one that there is. Where there was none,
// another process may have been quicker.
func (t *translate) begin(there *sidecar, job *job) (*sidecar, *job, error) {
	if there != nil {
		return there, job, t.writeHeader(there, job)
	}
	sidecar, records, err := openSidecar(t.path+sidecarEnding, sidecarMode{create: true})
	if err != nil {
		return nil, nil, err
	}
	job, err = t.take(sidecar, records)
	return sidecar, job, err
}

// writeHeader begins a sidecar.
func (t *translate) writeHeader(sidecar *sidecar, job *job) error {
	header := t.order.header(t.source)
	header.Plan = job.plan()
	if err := sidecar.begin(header); err != nil {
		return err
	}
	for _, digest := range job.outputs {
		if err := sidecar.append(record{Output: digest}); err != nil {
			return err
		}
	}
	return nil
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

// carryOut finds the brief, translates, and writes the output.
func (t *translate) carryOut(ctx context.Context, sidecar *sidecar, job *job) error {
	watch := watchSignals(ctx, t.config.Signals)
	defer watch.stop()
	report := newProgress(t.err, t.config.IsTerminal(t.err))
	runner := newRunner(job, t.config, t.options.concurrency, report)
	err := t.study(watch, runner, sidecar, job)
	if err == nil && t.options.brief {
		return job.brief.print(t.out)
	}
	if err == nil {
		report.begin("Translating", len(job.segments), len(job.segments)-len(job.open()))
		err = runner.run(watch.ctx, newTranslation(job, sidecar), watch.interrupted)
		report.end()
	}
	if err != nil {
		return t.ended(job, err)
	}
	return t.finish(watch, sidecar, job)
}

// study finds the brief, unless there is one.
func (t *translate) study(watch *watch, runner *runner, sidecar *sidecar, job *job) error {
	if job.brief != nil {
		return nil
	}
	study := &study{job: job, sidecar: sidecar}
	if job.wantsAnalysis(t.options.brief) {
		study.asked = job.questions()
		runner.report.begin("Reading", len(study.asked), len(study.asked)-len(study.open()))
		err := runner.run(watch.ctx, study, watch.interrupted)
		runner.report.end()
		if err != nil {
			return err
		}
	}
	brief, unanswered := study.result()
	if err := sidecar.append(record{Brief: brief}); err != nil {
		return err
	}
	job.freeze(brief)
	if unanswered > 0 {
		runner.report.say("%d of %d questions about the document brought no answer; it is translated with what the others found.", unanswered, len(study.asked))
	}
	return nil
}

// ended says why a run has ended before all was translated.
func (t *translate) ended(job *job, err error) error {
	var exit *Exit
	var failure *engine.Error
	var away errAway
	state := fmt.Sprintf("%d of %d segments are translated", len(job.segments)-len(job.open()), len(job.segments))
	if words := spentWords(job); words != "" && len(job.spent) > 0 {
		state += ", for " + words + " so far"
	}
	switch {
	case errors.As(err, &exit):
		return exit
	case errors.Is(err, errInterrupted):
		return exitf(ExitInterrupted, "Interrupted: %s. %s", state, goOn)
	case errors.As(err, new(errBudget)):
		return exitf(ExitBudget, "What --max-cost allows is not enough for another question: %s. Run the same command with a higher --max-cost to go on.", state)
	case errors.As(err, &away):
		return exitf(ExitLater, "The engine has not answered anybody for a while (%s): %s. Run the same command again later to go on.", engine.KindOf(away.last), state)
	case errors.As(err, &failure) && failure.Kind == engine.QuotaExhausted:
		return exitf(ExitLater, "The quota of the day is used up until %s: %s. Run the same command again then to go on.", clockTime(failure.Until, time.Now()), state)
	case errors.As(err, &failure) && failure.Kind.Refused():
		return t.refused(failure)
	}
	return failed("The translation has ended: %v. %s", err, goOn)
}

// refused says what to do about a key or a model that the engine does not take.
func (t *translate) refused(err error) error {
	var failure *engine.Error
	detail := ""
	if errors.As(err, &failure) && failure.Detail != "" {
		detail = ", because " + failure.Detail
	}
	switch {
	case t.order.engine.Info().NeedsKey:
		return exitf(ExitRefused, "GEMINI_API_KEY: is missing; set it, in the environment or in a .env file, to a key from https://aistudio.google.com/apikey.")
	case engine.KindOf(err) == engine.ModelRefused:
		return exitf(ExitRefused, "The model %s does not exist, or is not open to your key%s; choose another with --model, and add --restart where something is translated already.", t.order.model, detail)
	}
	return exitf(ExitRefused, "The API key is refused%s; set GEMINI_API_KEY to another one. What is translated is kept, and the same command goes on.", detail)
}
