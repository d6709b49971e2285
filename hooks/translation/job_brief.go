package translation

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/refusal"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// briefView is a brief as the routes answer with it.
type briefView struct {
	Style    map[string]any  `json:"style_data"`
	Glossary []pipeline.Term `json:"glossary"`
	// MadeBy is "analysis" where the document was read for it, and "user" where a
	// person wrote or changed it.
	MadeBy string `json:"made_by"`
	// Conflicts are the terms of which the document's parts suggested several
	// translations, with the one that stands.
	Conflicts []records.Conflict `json:"conflicts"`
}

// viewBrief answers GET /api/v1/jobs/{id}/brief.
func (p *plugin) viewBrief(e *core.RequestEvent) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	order, err := p.documents.order(e.Request.Context(), job.Id)
	if err != nil {
		return p.briefError(e, err)
	}
	return e.JSON(http.StatusOK, order.briefView())
}

func (o *order) briefView() briefView {
	view := briefView{Style: o.style, Glossary: o.terms, MadeBy: "user", Conflicts: o.analysis.Conflicts}
	if view.Style == nil {
		view.Style = map[string]any{}
	}
	if view.Glossary == nil {
		view.Glossary = []pipeline.Term{}
	}
	if view.Conflicts == nil {
		view.Conflicts = []records.Conflict{}
	}
	if (o.analysis.Style || o.analysis.Glossary) && !o.analysis.Edited {
		view.MadeBy = "analysis"
	}
	return view
}

// briefBody is a change of a brief: what is left out stays as it is.
type briefBody struct {
	Style    *map[string]any `json:"style_data"`
	Glossary *[]records.Term `json:"glossary"`
	// GlossaryData is what an upload calls it.
	GlossaryData *[]records.Term `json:"glossary_data"`
	renewalBody
}

// maxBriefBytes bounds the body of a change of a brief: the largest glossary that an
// upload may have, written as JSON.
const maxBriefBytes = 8 << 20

// briefChanged says what a change of a brief touches.
type briefChanged struct {
	Positions []int       `json:"positions"`
	CostUSD   *engine.USD `json:"cost_usd"`
	// ETASeconds is how long it is going to take, by what a segment took in the job's
	// last run; nil before one has ended.
	ETASeconds *int `json:"eta_seconds"`
}

// changed says what a change of a job's brief touches.
func (p *plugin) changed(order *order, change briefChange, found touched) briefChanged {
	said := briefChanged{Positions: found.positions, CostUSD: p.costOfAgain(order, change, found.parts)}
	if said.Positions == nil {
		said.Positions = []int{}
	}
	if order.took > 0 {
		rounds := (len(found.positions) + p.config.JobConcurrency - 1) / p.config.JobConcurrency
		said.ETASeconds = new(int(math.Ceil((time.Duration(rounds) * order.took).Seconds())))
	}
	return said
}

// changeBrief answers PATCH /api/v1/jobs/{id}/brief: it re-translates what the
// change touches, or with ?dry_run=1 only says what that is.
func (p *plugin) changeBrief(e *core.RequestEvent) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	if job.Status() == records.StatusCancelled {
		return e.Error(http.StatusConflict, "The job is CANCELLED; nothing of it is translated any more.", nil)
	}
	order, err := p.documents.order(e.Request.Context(), job.Id)
	if err != nil {
		return p.briefError(e, err)
	}
	if hasExpired(job) {
		return gone()
	}
	change, body, err := p.readBriefChange(e, order)
	if err != nil {
		return err
	}
	query := e.Request.URL.Query()
	dry, err := readBool("dry_run", query.Get("dry_run"), query.Has("dry_run"))
	if err != nil {
		return e.BadRequestError(err.Error(), nil)
	}
	if !change.differs {
		return e.JSON(http.StatusOK, p.changed(order, change, touched{}))
	}
	// The look at a whole book takes memory, so one at a time, like unfinished
	// outputs.
	leave, err := p.partial.enter(e.Request.Context(), e.Auth.Id)
	if err != nil {
		return comeBack(e, http.StatusTooManyRequests, 2, "Another change of yours is being looked at. Try again in a moment.")
	}
	defer leave()
	ctx := context.WithoutCancel(e.Request.Context())
	found, err := p.ledger.touchedBy(ctx, job.Id, change)
	if err != nil {
		return p.briefError(e, err)
	}
	answer := p.changed(order, change, found)
	if dry {
		return e.JSON(http.StatusOK, answer)
	}

	var with renewal
	if len(found.positions) > 0 || body.given() {
		if with, err = p.renewal(e, job, body.renewalBody); err != nil {
			return err
		}
	}
	if found, err = p.rebrief(ctx, job, change, with); err != nil {
		return p.briefError(e, err)
	}
	return e.JSON(http.StatusOK, p.changed(order, change, found))
}

// rebrief writes a brief and lets the job go on under it. What is in flight under
// the old one is cut off before, so that none of it is written afterwards.
func (p *plugin) rebrief(ctx context.Context, job *records.Job, change briefChange, with renewal) (touched, error) {
	p.runner.writeDown(ctx, p.runner.drop(job.Id))
	found, err := p.ledger.changeBrief(ctx, job, change, with, p.config.MaxActiveJobs)
	// Also where it failed: the job was let go of.
	p.runner.release(ctx, job.Id, job.OwnerID())
	return found, err
}

// readBriefChange reads what a brief is to become.
func (p *plugin) readBriefChange(e *core.RequestEvent, order *order) (change briefChange, body briefBody, err error) {
	if err := readJSONUpTo(e, &body, maxBriefBytes); err != nil {
		return change, body, err
	}
	if body.Glossary == nil {
		body.Glossary = body.GlossaryData
	}
	style, terms := order.style, order.terms
	if body.Style != nil {
		style = *body.Style
		if encoded, err := encode(style, "{}"); err != nil || len(encoded) > maxStyleBytes {
			return change, body, badField(e, wrongStyle("style_data"))
		}
	}
	if body.Glossary != nil {
		if err := tidyTerms("glossary", *body.Glossary); err != nil {
			return change, body, badField(e, err)
		}
		terms = nil
		for _, term := range *body.Glossary {
			terms = append(terms, pipeline.Term(term))
		}
	}
	change = order.changeOf(style, terms)
	change.styleGiven, change.termsGiven = body.Style != nil, body.Glossary != nil
	return change, body, nil
}

// costOfAgain returns what asking for blocks again is expected to cost; nil where
// nobody knows.
func (p *plugin) costOfAgain(order *order, change briefChange, parts []pipeline.Part) *engine.USD {
	eng, ok := p.engines[order.job.Engine()]
	if !ok {
		return nil
	}
	if eng.Info().Free || len(parts) == 0 {
		return new(engine.USD(0))
	}
	priced, ok := eng.(engine.Priced)
	if !ok {
		return nil
	}
	price, known := priced.Price(order.job.ModelName())
	if !known {
		return nil
	}
	return new(price.Of(order.estimateAgain(change, parts, priced.Thinks(order.job.ModelName()))))
}

// briefError turns what went wrong with a brief into an answer.
func (p *plugin) briefError(e *core.RequestEvent, err error) error {
	switch {
	case errors.Is(err, errTooManyJobs):
		return p.tooManyJobs(e)
	case errors.Is(err, errMovedOn):
		return comeBack(e, http.StatusServiceUnavailable, 1, "The job has moved on in this moment. Try again.")
	case isStale(err):
		return refusal.New(http.StatusConflict, refusal.MovedOn, "The job was deleted or cancelled; nothing of it is translated any more.", nil)
	}
	return e.InternalServerError("The brief could not be read or written. Try again.", err)
}
