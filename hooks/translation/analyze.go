package translation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/errgroup"

	"verso/hooks/refusal"
	"verso/hooks/requestid"
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/analysis"
)

// analyzeTimeout bounds the questions about a document that a page asks.
const analyzeTimeout = 3 * time.Minute

// analyzeStyle answers POST /api/v1/analyze-style, which takes an upload's fields
// and its file, with the style that an analysis would put into its brief.
func (p *plugin) analyzeStyle(e *core.RequestEvent) error {
	return p.analyze(e, engine.AnalyseStyle, func(found []*engine.Findings, _ []string) any {
		return found[0].Style
	})
}

// analyzeGlossary answers POST /api/v1/analyze-glossary likewise.
func (p *plugin) analyzeGlossary(e *core.RequestEvent) error {
	return p.analyze(e, engine.AnalyseGlossary, func(found []*engine.Findings, texts []string) any {
		var parts [][]engine.Entry
		for _, findings := range found {
			parts = append(parts, findings.Glossary)
		}
		entries, _ := analysis.Settle(parts, texts...)
		if entries == nil {
			entries = []engine.Entry{}
		}
		return map[string]any{"glossary": entries}
	})
}

// analyze asks about a document and answers with what was found.
func (p *plugin) analyze(e *core.RequestEvent, task engine.Task, view func(found []*engine.Findings, texts []string) any) error {
	return p.consult(e, func(body *moving, received *received, job newJob, leave func()) error {
		apiKey := received.fields["api_key"]
		err := errors.Join(p.checkKey(&job, apiKey), p.checkBudget(&job, apiKey))
		if err != nil {
			return badField(e, err)
		}
		if _, able := p.engines[job.Engine].(engine.Analyst); !able {
			return badField(e, &fieldError{"engine", "an engine that can analyse documents"})
		}
		if _, err := p.admitKey(e.Auth.Id, job.Engine, job.Model, apiKey); err != nil {
			return tooManyKeys(e, err)
		}
		if apiKey != "" {
			job.SealedKey = p.sealer.seal(job.ID, apiKey)
		}
		ctx, cancel := context.WithTimeout(e.Request.Context(), analyzeTimeout)
		defer cancel()
		texts, err := p.sample(ctx, received, &job, task)
		if err != nil {
			return documentError(e, err)
		}
		leave()
		out, err := p.analyses.enter(ctx, e.Auth.Id)
		if err != nil {
			return comeBack(e, http.StatusTooManyRequests, 10, fmt.Sprintf("You have %d documents being analysed already. Wait for one of them.", maxUserAnalyses))
		}
		defer out()
		body.hurry(analyzeTimeout)
		found, err := p.findingsOrShutdown(ctx, job, apiKey, task, texts)
		body.answer()
		if err != nil {
			return p.analyzeError(e, err)
		}
		return e.JSON(http.StatusOK, view(found, texts))
	})
}

// sample returns the texts of the questions about a document, and finds its
// language.
func (p *plugin) sample(ctx context.Context, received *received, job *newJob, task engine.Task) (texts []string, err error) {
	err = p.documents.look(ctx, received.key, received.format, readingOptions(job.Options), func(blocks []document.Block) {
		if job.SourceLanguage == "" {
			job.SourceLanguage = detect(blocks)
		}
		sample := analysis.Of(blocks, p.config.Limits[job.Engine].InputTokens/2)
		if texts = sample.Terms; task == engine.AnalyseStyle {
			texts = []string{sample.Style}
		}
	})
	return texts, err
}

// findingsOrShutdown is findings as a part of the runner's work, which a shutdown
// waits for and cuts off.
func (p *plugin) findingsOrShutdown(ctx context.Context, job newJob, apiKey string, task engine.Task, texts []string) (found []*engine.Findings, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	begun := p.runner.background(func(lifetime context.Context) {
		defer close(done)
		defer context.AfterFunc(lifetime, func() { cancel(errShutdown) })()
		found, err = p.findings(ctx, job, apiKey, task, texts)
	})
	if !begun {
		return nil, errLater{askWait}
	}
	<-done
	return found, err
}

const (
	// maxAnalyses bounds the documents that are being analysed for a page, and
	// maxUserAnalyses those of one user.
	maxAnalyses, maxUserAnalyses = 32, 4
)

// findings asks the questions side by side.
func (p *plugin) findings(ctx context.Context, job newJob, apiKey string, task engine.Task, texts []string) ([]*engine.Findings, error) {
	purses, err := p.runner.ownersPurses(ctx, job, apiKey)
	if err != nil {
		return nil, err
	}
	lane := laneID{engine: job.Engine, model: job.Model}
	if apiKey != "" {
		lane.key = p.sealer.digest(apiKey)
	}
	works := make([]pipeline.Work, len(texts))
	var group errgroup.Group
	for i, text := range texts {
		works[i] = pipeline.Work{
			JobID: job.ID, Engine: job.Engine, Model: job.Model, SealedKey: job.SealedKey,
			SourceLanguage: job.SourceLanguage, TargetLanguage: job.TargetLanguage,
			Task: task, Text: text,
		}
		group.Go(func() error { return p.runner.ask(ctx, lane, purses, &works[i]) })
	}
	err = group.Wait()
	if apiKey == "" {
		p.chargeOwner(context.WithoutCancel(ctx), job, works)
	}
	var found []*engine.Findings
	for i := range works {
		if findings := works[i].Climb.Findings; findings != nil {
			found = append(found, findings)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil // the others are not worth losing these for
	case err == nil:
		err = errNothingFound
	}
	return nil, err
}

// errNothingFound says that no answer was of use.
var errNothingFound = errors.New("the engine found nothing that could be read")

// chargeOwner counts what questions with the server's key have cost.
func (p *plugin) chargeOwner(ctx context.Context, job newJob, works []pipeline.Work) {
	priced, ok := p.engines[job.Engine].(engine.Priced)
	if !ok {
		return
	}
	var sum engine.USD
	for _, work := range works {
		for model, usage := range work.Climb.Spent {
			price, _ := priced.Price(model)
			sum += price.Of(usage)
		}
	}
	if sum == 0 {
		return
	}
	if err := p.ledger.chargeOwner(ctx, job.OwnerID, monthOf(p.runner.now()), sum); err != nil {
		requestid.Logger(ctx, p.app.Logger()).Error("what an analysis has cost could not be written", "error", err)
	}
}

// ownersPurses returns what questions that belong to no job are paid from.
func (r *runner) ownersPurses(ctx context.Context, job newJob, apiKey string) (*purses, error) {
	priced, ok := r.engines[job.Engine].(engine.Priced)
	if !ok || apiKey != "" || r.monthly == NoLimit {
		return nil, nil
	}
	month, err := r.monthPurse(ctx, job.OwnerID)
	if err != nil {
		return nil, err
	}
	return &purses{all: []*purse{month}, engine: priced}, nil
}

// analyzeError turns what went wrong with questions about a document into an
// answer.
func (p *plugin) analyzeError(e *core.RequestEvent, err error) error {
	var later errLater
	var broke errBudget
	switch {
	case errors.As(err, &broke):
		return refusal.New(http.StatusPaymentRequired, refusal.MonthUsedUp, fmt.Sprintf(
			"What you may spend on this server's key is used up until %s. Use your own API key, or wait.", broke.renews.Format("2 January 2006")), nil)
	case errors.As(err, &later):
		return comeBack(e, http.StatusServiceUnavailable, max(int(later.after.Seconds()), 1), "The engine has no room for this question at the moment. Try again.")
	case engine.KindOf(err).Refused():
		return keyRefused(err)
	case errors.Is(err, errNothingFound):
		return e.Error(http.StatusUnprocessableEntity, "The engine could not describe this document. Write the style and the glossary yourself, or leave them out.", err)
	case errors.Is(err, errShutdown):
		return comeBack(e, http.StatusServiceUnavailable, 5, "The service is being restarted. Try again.")
	case e.Request.Context().Err() != nil:
		return err
	case engine.KindOf(err).Passing(), errors.Is(err, context.DeadlineExceeded):
		return comeBack(e, http.StatusServiceUnavailable, 30, "The engine does not answer at the moment. Try again.")
	}
	return e.InternalServerError("The document could not be analysed. Try again.", err)
}
