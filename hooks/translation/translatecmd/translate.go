package translatecmd

import (
	"context"
	"io"

	"verso/hooks/translation/pipeline/tongue"
)

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
