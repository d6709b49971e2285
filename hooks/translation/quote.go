package translation

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/requestid"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// quoteView is what a translation is expected to take.
type quoteView struct {
	Format         string     `json:"format"`
	SourceLanguage *string    `json:"source_language"`
	TargetLanguage string     `json:"target_language"`
	Characters     int        `json:"characters"`
	Segments       int        `json:"segments"`
	InputTokens    int        `json:"input_tokens"`
	OutputTokens   int        `json:"output_tokens"`
	ThinkingTokens int        `json:"thinking_tokens"`
	CostUSD        *costRange `json:"cost_usd"`
	// ETASeconds is how long it is going to take, by how fast the model answered
	// lately; left out where nothing was asked of it since the start.
	ETASeconds *int `json:"eta_seconds,omitempty"`
	// PricesOf is the date of the prices, nil where there are none.
	PricesOf *string `json:"prices_of"`
	// Key is "ok", "refused" or "unchecked".
	Key string `json:"key"`
}

// costRange is between what amounts a translation is expected to cost, in US
// dollars.
type costRange struct {
	Low  engine.USD `json:"low"`
	High engine.USD `json:"high"`
}

// maxQuotes bounds the documents that are parsed for a question about them, and
// maxUserQuotes those of one user: fewer than there is room for at once, so that
// nobody's documents keep out everybody else's.
const maxQuotes, maxUserQuotes = 64, 3

// quote answers POST /api/v1/quote: an upload's fields and its file, of which
// nothing stays.
func (p *plugin) quote(e *core.RequestEvent) error {
	return p.consult(e, func(body *moving, received *received, job newJob, _ func()) error {
		out, err := p.quotes.enter(e.Request.Context(), e.Auth.Id)
		if err != nil {
			return comeBack(e, http.StatusTooManyRequests, 5, fmt.Sprintf("You have %d documents being looked at already. Wait for one of them.", maxUserQuotes))
		}
		looked, err := p.appraise(e.Request.Context(), received, &job)
		out()
		if err != nil {
			return documentError(e, err)
		}
		view := p.quoteView(received, job, looked)
		view.Key = p.keyStatus(e.Request.Context(), job, received.fields["api_key"])
		body.answer()
		return e.JSON(http.StatusOK, view)
	})
}

// consult takes an upload's fields and its file for a question about it, and lets
// nothing of it stay. The answer may let go of the place among the uploads before
// its end.
func (p *plugin) consult(e *core.RequestEvent, answer func(body *moving, received *received, job newJob, leave func()) error) error {
	body := movingBody(e, p.config.MaxUploadBytes+maxFieldBytes)
	if err := p.mustBeUser(e, body); err != nil {
		return err
	}
	leave, err := p.place(e, body)
	if err != nil {
		return err
	}
	leave = sync.OnceFunc(leave)
	defer leave()

	id := core.GenerateDefaultRandomId() // of no job
	defer p.files.expect(id)()
	defer func() {
		if err := p.files.remove(context.WithoutCancel(e.Request.Context()), id); err != nil {
			requestid.Logger(e.Request.Context(), p.app.Logger()).Error("the file of a question could not be removed", "error", err)
		}
	}()
	received, err := p.receive(e, body, id)
	if err != nil {
		return err
	}
	job, err := p.readFields(received.fields)
	if err != nil {
		return badField(e, err)
	}
	job.ID, job.OwnerID = id, e.Auth.Id
	return answer(body, received, job, leave)
}

func (p *plugin) quoteView(received *received, job newJob, looked appraisal) quoteView {
	usage := looked.estimate.Usage
	view := quoteView{
		Format:         received.format.Name(),
		SourceLanguage: textOrNull(looked.language),
		TargetLanguage: job.TargetLanguage,
		Characters:     looked.estimate.Characters,
		Segments:       looked.estimate.Segments,
		InputTokens:    usage.InputTokens,
		OutputTokens:   usage.OutputTokens,
		ThinkingTokens: usage.ThinkingTokens,
		ETASeconds:     p.expectedSeconds(job, looked),
	}
	if looked.cost != nil {
		low, high := pipeline.Range(*looked.cost)
		view.CostUSD = &costRange{low, high}
	}
	if priced, ok := p.engines[job.Engine].(engine.Priced); ok {
		view.PricesOf = new(priced.PricesOf())
	}
	return view
}

// keyStatus says whether an engine takes the key that a job would be asked for
// with.
func (p *plugin) keyStatus(ctx context.Context, job newJob, apiKey string) string {
	info := p.engines[job.Engine].Info()
	switch err := checkAPIKey(apiKey, info); {
	case err != nil && apiKey == "":
		return "unchecked" // there is none yet
	case err != nil:
		return "refused"
	}
	if p.checkKey(&job, apiKey) != nil || p.checkBudget(&job, apiKey) != nil {
		return "refused" // the server does not lend its own for this, so the engine is not asked with it
	}
	err := p.checkEngine(ctx, job.OwnerID, job.Engine, job.Model, apiKey)
	switch {
	case err == nil:
		return "ok"
	case engine.KindOf(err).Refused():
		return "refused"
	}
	return "unchecked"
}
