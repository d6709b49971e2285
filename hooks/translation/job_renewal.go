package translation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/refusal"
	"verso/hooks/translation/engine"
)

// renewalBody is what resume and retry take.
type renewalBody struct {
	ModelName  string   `json:"model_name"`
	APIKey     string   `json:"api_key"`
	MaxCostUSD *float64 `json:"max_cost_usd"`
	Positions  []int    `json:"positions"` // of retry
}

// given reports whether a job is given anything for its next run.
func (b renewalBody) given() bool { return b.ModelName != "" || b.APIKey != "" || b.MaxCostUSD != nil }

const (
	// maxCommandBytes bounds the body of a command.
	maxCommandBytes = 1 << 20
	// maxPositions bounds the segments that one retry names.
	maxPositions = 10_000
)

// resumeJob answers POST /api/v1/jobs/{id}/resume.
func (p *plugin) resumeJob(e *core.RequestEvent) error {
	job, body, err := p.readRenewal(e, resume())
	if err != nil {
		return err
	}
	with, err := p.renewal(e, job, body)
	if err != nil {
		return err
	}
	if err := p.resume(context.WithoutCancel(e.Request.Context()), job, with); err != nil {
		return p.commandError(e, job.Id, resume(), err)
	}
	return p.answerJob(e, job.Id)
}

// retryJob answers POST /api/v1/jobs/{id}/retry.
func (p *plugin) retryJob(e *core.RequestEvent) error {
	job, body, err := p.readRenewal(e, retry())
	if err != nil {
		return err
	}
	if len(body.Positions) > maxPositions || (body.Positions != nil && len(body.Positions) == 0) {
		return e.BadRequestError((&fieldError{"positions", fmt.Sprintf("a list of 1 to %d segment numbers; leave it out for what has issues", maxPositions)}).Error(), nil)
	}
	slices.Sort(body.Positions)
	with, err := p.renewal(e, job, body)
	if err != nil {
		return err
	}
	positions := slices.Compact(body.Positions)
	if err := p.retry(context.WithoutCancel(e.Request.Context()), job, positions, with); err != nil {
		return p.commandError(e, job.Id, retry(), err)
	}
	return p.answerJob(e, job.Id)
}

// readRenewal returns the job that is to go on and what it is given for that. A
// job that cannot go on is told so before anybody asks an engine.
func (p *plugin) readRenewal(e *core.RequestEvent, m move) (*records.Job, renewalBody, error) {
	var body renewalBody
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return nil, body, err
	}
	if !m.starts(job.Status()) {
		return nil, body, p.commandError(e, job.Id, m, errStale)
	}
	return job, body, readJSON(e, &body)
}

// readJSON reads a small JSON body; none at all leaves the value as it is.
func readJSON(e *core.RequestEvent, into any) error { return readJSONUpTo(e, into, maxCommandBytes) }

// readJSONUpTo reads a JSON body of at most so many bytes.
func readJSONUpTo(e *core.RequestEvent, into any, most int64) error {
	body, err := io.ReadAll(io.LimitReader(e.Request.Body, most+1))
	if err != nil {
		return e.BadRequestError("The request's body could not be read.", err)
	}
	if int64(len(body)) > most {
		return e.Error(http.StatusRequestEntityTooLarge, fmt.Sprintf("The request's body is larger than %d KB.", most>>10), nil)
	}
	if len(body) == 0 {
		return nil
	}
	// The parser would put U+FFFD in the place of what is no text.
	if err := json.Unmarshal(body, into); err != nil || !utf8.Valid(body) {
		// Not the parser's own words, which quote the body.
		return e.BadRequestError("The request's body is not the JSON object that this takes.", nil)
	}
	return nil
}

// renewal checks what a job is given for its next run. The answer to what
// cannot be used is the error, and the job stays as it is.
func (p *plugin) renewal(e *core.RequestEvent, job *records.Job, body renewalBody) (with renewal, err error) {
	eng, ok := p.engines[job.Engine()]
	if !ok {
		return with, e.Error(http.StatusConflict, fmt.Sprintf("The engine %q is not on offer any more. Upload the document again.", job.Engine()), nil)
	}
	info := eng.Info()
	if body.MaxCostUSD != nil {
		if cost := *body.MaxCostUSD; cost < 0 || math.IsInf(cost, 0) {
			return with, badField(e, &fieldError{"max_cost_usd", "an amount in US dollars, such as 2.50"})
		}
		with.maxCost = body.MaxCostUSD
	}
	model := job.ModelName()
	if body.ModelName != "" {
		if with.model, err = p.readModel(body.ModelName, info); err != nil {
			return with, badField(e, err)
		}
		model = with.model
	}
	apiKey, err := p.renewedKey(e, job, body.APIKey, info)
	if err != nil {
		return with, err
	}
	if body.APIKey != "" {
		with.sealedKey = p.sealer.seal(job.Id, body.APIKey)
	}

	asked := body.APIKey != "" || body.ModelName != "" ||
		job.PauseReason() == records.PausedByKey || job.PauseReason() == records.PausedByModel
	if asked {
		if err := p.mustTake(e, job.Engine(), model, apiKey); err != nil {
			return with, err
		}
	}
	return with, p.mustStayPayable(e, job, model, apiKey, with)
}

// mustStayPayable refuses what an upload would be refused for: a job without a key,
// or a limit of money that cannot be held.
func (p *plugin) mustStayPayable(e *core.RequestEvent, job *records.Job, model, apiKey string, with renewal) error {
	brief, err := p.ledger.brief(e.Request.Context(), job.Id)
	if err != nil {
		return e.InternalServerError("", err)
	}
	options, err := brief.Options()
	if err != nil {
		return e.InternalServerError("", err)
	}
	if with.maxCost != nil {
		options.MaxCostUSD = with.maxCost
	}
	going := &newJob{Engine: job.Engine(), Model: model, Options: options}
	for _, check := range []func(*newJob, string) error{p.checkKey, p.checkBudget} {
		if err := check(going, apiKey); err != nil {
			return badField(e, err)
		}
	}
	return nil
}

// renewedKey returns the API key that a job goes on with: the one it is given,
// or its own; "" for the engine's.
func (p *plugin) renewedKey(e *core.RequestEvent, job *records.Job, given string, info engine.Info) (string, error) {
	if given != "" {
		if err := checkAPIKey(given, info); err != nil {
			return "", badField(e, err)
		}
		return given, nil
	}
	sealed, err := p.ledger.sealedKey(e.Request.Context(), job.Id)
	if err != nil {
		return "", e.InternalServerError("", err)
	}
	if sealed == "" {
		if err := checkAPIKey("", info); err != nil {
			return "", badField(e, err)
		}
		return "", nil
	}
	opened, err := p.sealer.open(job.Id, sealed)
	if errors.Is(err, errSealedKey) {
		wrong := &fieldError{"api_key", "your API key again, because the one that the job had cannot be opened any more"}
		return "", refusal.Field(http.StatusBadRequest, wrong.field, wrong.Error(), err)
	}
	return opened, err
}
