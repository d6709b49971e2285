package translation

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// editJob makes a superuser's edit of a job's status, in the dashboard or through
// the records API, the command that it stands for. Every other edit is refused,
// because a saved record would undo what the ledger writes.
func (p *plugin) editJob(e *core.RecordRequestEvent) error {
	was := e.Record.Original()
	wanted := records.Status(e.Record.GetString("status"))
	if string(wanted) == was.GetString("status") || editedBesides(e.Record, was) {
		return refuseEdit(e)
	}
	if e.App.IsTransactional() {
		return e.BadRequestError("A job's status is not changed in a batch. Change it by itself.", nil)
	}
	job, err := p.ledger.job(e.Request.Context(), e.Record.Id)
	if err != nil {
		return e.InternalServerError("", err)
	}
	m, do := p.commandOf(job, wanted)
	if do == nil {
		return refuseEdit(e)
	}
	if err := do(context.WithoutCancel(e.Request.Context()), job); err != nil {
		return p.commandError(e.RequestEvent, job.Id, m, err)
	}
	if job, err = p.ledger.job(e.Request.Context(), job.Id); err != nil {
		return e.InternalServerError("The job was changed but could not be read.", err)
	}
	if err := apis.EnrichRecord(e.RequestEvent, job.Record); err != nil {
		return e.InternalServerError("The job was changed but could not be read.", err)
	}
	return e.JSON(http.StatusOK, job.Record)
}

// commandOf returns the command that a wanted status stands for, or none.
func (p *plugin) commandOf(job *records.Job, wanted records.Status) (move, func(context.Context, *records.Job) error) {
	switch {
	case wanted == records.StatusPaused:
		return pause(), p.pause
	case wanted == records.StatusCancelled:
		return cancel(), p.cancel
	case wanted == records.StatusPending && retry().starts(job.Status()):
		return retry(), func(ctx context.Context, job *records.Job) error { return p.retry(ctx, job, nil, renewal{}) }
	case wanted == records.StatusPending:
		return resume(), func(ctx context.Context, job *records.Job) error { return p.resume(ctx, job, renewal{}) }
	}
	return move{}, nil
}

// editedBesides reports whether a record was edited in a field that is not the
// ledger's. The ledger's own may differ because they have moved on since the
// dashboard read them.
func editedBesides(record, was *core.Record) bool {
	moving := []string{
		"status", "progress", "error_message", "pause_reason", "resumes_at", "segments_total", "segments_done", "issues_count",
		"input_tokens", "output_tokens", "thinking_tokens", "cost_usd", "output", "revision", "output_revision",
		"started_at", "completed_at", "request_id",
	}
	return slices.ContainsFunc(record.Collection().Fields.FieldNames(), func(name string) bool {
		return !slices.Contains(moving, name) && record.GetString(name) != was.GetString(name)
	})
}

func refuseEdit(e *core.RecordRequestEvent) error {
	return e.BadRequestError(
		"Jobs and what belongs to them are made and changed through Verso's own routes. "+
			"Of a job only the status can be edited here: to PAUSED, to PENDING, which resumes or retries, or to CANCELLED.",
		errors.New("a saved record would undo what the ledger writes"))
}
