package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
)

// bodyLimitID is PocketBase's body limit, which the upload replaces by its own:
// PocketBase's wraps the body in a way that keeps a second copy of it.
const bodyLimitID = apis.DefaultBodyLimitMiddlewareId

// checkWait bounds the question to an engine whether it takes a key and model.
// An engine that does not answer is no reason to refuse an upload.
const checkWait = 10 * time.Second

// upload takes a document in: POST /uploadfile/.
//
// The file goes straight into storage while it arrives; everything else is
// checked afterwards, and a refusal takes the file out again. Only then the
// job is written, in one short transaction.
func (p *plugin) upload(e *core.RequestEvent) error {
	body := movingBody(e, p.config.MaxUploadBytes+maxFieldBytes)
	if e.Auth.IsSuperuser() {
		p.dropBody(e, body)
		return e.ForbiddenError("A superuser has no translations of his own; sign in as a user.", nil)
	}
	ctx := e.Request.Context()
	if e.Request.Header.Get("Idempotency-Key") == "" {
		// A repeated upload makes no new job, so it is looked at first.
		active, err := p.ledger.countUnfinished(ctx, e.Auth.Id)
		if err != nil {
			return e.InternalServerError("", err)
		}
		if active >= p.config.MaxActiveJobs {
			p.dropBody(e, body)
			return p.tooManyJobs(e)
		}
	}
	leave, err := p.enterUpload(ctx, e.Auth.Id)
	if errors.Is(err, errBusy) {
		p.dropBody(e, body)
		e.Response.Header().Set("Retry-After", "10")
		return e.TooManyRequestsError(fmt.Sprintf("You are uploading %d documents already. Wait for one to arrive.", maxUserUploads), nil)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		p.dropBody(e, body)
		e.Response.Header().Set("Retry-After", "10")
		return e.Error(http.StatusServiceUnavailable, "The server receives as many uploads as it can. Try again in a few seconds.", nil)
	}
	if err != nil {
		return fmt.Errorf("wait for a place to upload: %w", err)
	}
	defer leave()

	jobID := core.GenerateDefaultRandomId()
	kept := false
	defer func() {
		if kept {
			return
		}
		if err := p.files.remove(context.WithoutCancel(ctx), jobID); err != nil {
			p.app.Logger().Error("files of a refused upload could not be removed", "error", err)
		}
	}()

	received, err := p.receive(e, body, jobID)
	if err != nil {
		return err
	}
	job, err := p.read(e, received)
	if err != nil {
		return err
	}
	job.ID, job.OwnerID = jobID, e.Auth.Id
	if apiKey := received.fields["api_key"]; apiKey != "" {
		job.SealedKey = p.sealer.seal(jobID, apiKey)
	}

	if job.IdempotencyKey != "" {
		if answered, err := p.repeated(e, job); answered || err != nil {
			return err
		}
	}
	if err := p.inspect(e, received, job); err != nil {
		return err
	}

	switch err := p.ledger.create(ctx, job, p.config.MaxActiveJobs); {
	case errors.Is(err, errTooManyJobs):
		return p.tooManyJobs(e)
	case errors.Is(err, errIdempotencyUsed):
		if answered, err := p.repeated(e, job); answered || err != nil {
			return err
		}
		// The other upload's job was deleted in this moment.
		e.Response.Header().Set("Retry-After", "1")
		return e.Error(http.StatusServiceUnavailable, "Another upload under this Idempotency-Key has just ended. Try again.", nil)
	case err != nil:
		return e.InternalServerError("The upload could not be saved. Try again.", err)
	}
	kept = true

	// Read before it is handed over: the answer is a pending job.
	record, err := p.ledger.job(context.WithoutCancel(ctx), jobID)
	if err == nil {
		p.feed.deliver("create", record.Record)
	}
	p.runner.submit(jobRef{ID: jobID, OwnerID: e.Auth.Id})
	if errors.Is(err, sql.ErrNoRows) {
		e.Response.Header().Set("Retry-After", "1")
		return e.Error(http.StatusServiceUnavailable, "The job was deleted as soon as it was created. Try again.", nil)
	}
	if err != nil {
		return e.InternalServerError("The job was created but could not be read.", err)
	}
	body.answer() // checking may have taken longer than the connection allows
	return e.JSON(http.StatusOK, p.view(record))
}

// placeWait is how long an upload waits for a place before its client is told
// to come back.
const placeWait = 30 * time.Second

func (p *plugin) enterUpload(ctx context.Context, userID string) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, placeWait)
	defer cancel()
	return p.uploads.enter(ctx, userID)
}

// tooManyJobs refuses an upload of a user at the limit of unfinished jobs.
func (p *plugin) tooManyJobs(e *core.RequestEvent) error {
	// Nobody knows when a job ends; a minute is a polite guess.
	e.Response.Header().Set("Retry-After", "60")
	return e.TooManyRequestsError(fmt.Sprintf(
		"You have %d unfinished translations, which is the limit. Wait for one to finish, or delete one.", p.config.MaxActiveJobs), nil)
}

// repeated answers an upload whose Idempotency-Key was used before: with the
// job of that upload if it was the same one. It reports whether it answered.
func (p *plugin) repeated(e *core.RequestEvent, job newJob) (bool, error) {
	ctx := e.Request.Context()
	earlier, err := p.ledger.findClaimed(ctx, job.OwnerID, job.IdempotencyKey)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, e.InternalServerError("", err)
	}
	if earlier.Fingerprint != job.Fingerprint {
		return false, e.Error(http.StatusConflict,
			"This Idempotency-Key was used for another upload in the last 24 hours. Use a new one.", nil)
	}
	found, err := p.ledger.job(ctx, earlier.JobID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil // deleted in this moment, and the key with it
	}
	if err != nil {
		return false, e.InternalServerError("", err)
	}
	return true, e.JSON(http.StatusOK, p.view(found))
}

// inspect looks at the document and asks the engine whether it will do.
func (p *plugin) inspect(e *core.RequestEvent, received *received, job newJob) error {
	if err := p.check(e, received, job); err != nil {
		return err
	}
	err := p.checkEngine(e.Request.Context(), job.Engine, job.Model, received.fields["api_key"])
	if engine.KindOf(err) == engine.Refused {
		return e.BadRequestError("Invalid API Key or unsupported model.", err)
	}
	if err != nil {
		p.app.Logger().Warn("engine could not be asked about a key and model", "engine", job.Engine, "error", err)
	}
	return nil
}

func (p *plugin) checkEngine(ctx context.Context, name, model, apiKey string) error {
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	return p.engines[name].Check(ctx, model, apiKey)
}

// check parses the document once, so that a broken one is refused while its
// owner is still there.
func (p *plugin) check(e *core.RequestEvent, received *received, job newJob) error {
	ctx := e.Request.Context()
	if err := p.parsing.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for a place to read the document: %w", err)
	}
	defer p.parsing.Release(1)

	data, err := p.files.read(ctx, received.key)
	if err != nil {
		return e.InternalServerError("The upload could not be read again. Try again.", err)
	}
	_, err = received.format.Parse(ctx, data, document.Options{Encoding: job.Options.Encoding})
	return documentError(e, err)
}

// documentError turns what is wrong with a document into an answer.
func documentError(e *core.RequestEvent, err error) error {
	var bad *document.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &bad):
		return e.InternalServerError("The document could not be read.", err)
	case bad.Kind == document.Unsupported:
		return e.Error(http.StatusUnsupportedMediaType, bad.Message, bad.Err)
	case bad.Kind == document.BadOption:
		return e.BadRequestError(bad.Message, bad.Err)
	}
	return e.Error(http.StatusUnprocessableEntity, bad.Message, bad.Err)
}
