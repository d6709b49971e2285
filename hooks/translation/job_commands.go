package translation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/refusal"
	"verso/hooks/requestid"
)

// Commands on a job: each changes the status in the ledger first, which decides
// between two that come at once, and then tells the runner. What is in flight
// is cut off with its context, so a command takes effect at once.

// pauseJob answers POST /api/v1/jobs/{id}/pause.
func (p *plugin) pauseJob(e *core.RequestEvent) error {
	return p.command(e, pause(), p.pause)
}

// cancelJob answers POST /api/v1/jobs/{id}/cancel.
func (p *plugin) cancelJob(e *core.RequestEvent) error {
	return p.command(e, cancel(), p.cancel)
}

// command carries out a command that takes no body, and answers with the job.
func (p *plugin) command(e *core.RequestEvent, m move, do func(context.Context, *records.Job) error) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	// Not under the request's context: who asks and goes away has still asked.
	if err := do(context.WithoutCancel(e.Request.Context()), job); err != nil {
		return p.commandError(e, job.Id, m, err)
	}
	return p.answerJob(e, job.Id)
}

func (p *plugin) pause(ctx context.Context, job *records.Job) error {
	if err := p.ledger.pause(ctx, job.Id, records.PausedByUser, time.Time{}); err != nil {
		return err
	}
	p.runner.release(ctx, job.Id, job.OwnerID())
	return nil
}

func (p *plugin) cancel(ctx context.Context, job *records.Job) error {
	if err := p.ledger.cancel(ctx, job.Id); err != nil {
		return err
	}
	p.runner.release(ctx, job.Id, job.OwnerID())
	return nil
}

func (p *plugin) resume(ctx context.Context, job *records.Job, with renewal) error {
	if err := p.ledger.resume(ctx, job.Id, with); err != nil {
		return err
	}
	p.takeUp(ctx, job)
	return nil
}

func (p *plugin) retry(ctx context.Context, job *records.Job, positions []int, with renewal) error {
	if err := p.ledger.retry(ctx, job, positions, with, p.config.MaxActiveJobs); err != nil {
		return err
	}
	p.takeUp(ctx, job)
	return nil
}

// takeUp hands a job to the runner that is pending again.
func (p *plugin) takeUp(ctx context.Context, job *records.Job) {
	p.runner.submit(jobRef{ID: job.Id, OwnerID: job.OwnerID(), Request: requestid.From(ctx), Insisted: true})
	p.feed.now(job.Id, job.OwnerID())
}

// commandError turns what went wrong with a command into an answer.
func (p *plugin) commandError(e *core.RequestEvent, jobID string, m move, err error) error {
	switch {
	case errors.Is(err, errTooManyJobs):
		return p.tooManyJobs(e)
	case errors.Is(err, errNothingToRetry):
		return refusal.New(http.StatusConflict, refusal.NothingToRetry, "There is nothing to translate again: no segment that was asked for has an issue or is the model's.", nil)
	case errors.Is(err, errNoSegment):
		return e.BadRequestError("A position is not one of the job's segments; they count from 0.", nil)
	case !isStale(err):
		return e.InternalServerError("The job could not be changed. Try again.", err)
	}
	job, readErr := p.ledger.job(context.WithoutCancel(e.Request.Context()), jobID)
	if readErr != nil {
		return e.NotFoundError("There is no such job.", readErr)
	}
	if hasExpired(job) && m.starts(job.Status()) {
		return gone()
	}
	return refusal.New(http.StatusConflict, refusal.MovedOn, fmt.Sprintf("The job is %s; this needs one that is %s.", job.Status(), oneOf(m.from)), nil)
}

// oneOf lists statuses as a sentence does.
func oneOf(statuses []records.Status) (list string) {
	for i, status := range statuses {
		switch {
		case i == 0:
		case i == len(statuses)-1:
			list += " or "
		default:
			list += ", "
		}
		list += string(status)
	}
	return list
}

// answerJob answers with a job as it is now.
func (p *plugin) answerJob(e *core.RequestEvent, jobID string) error {
	job, err := p.ledger.job(context.WithoutCancel(e.Request.Context()), jobID)
	if err != nil {
		return e.InternalServerError("The job was changed but could not be read.", err)
	}
	return e.JSON(http.StatusOK, p.view(job))
}
