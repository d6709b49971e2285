package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/refusal"
	"verso/hooks/requestid"
	"verso/hooks/translation/document"
)

// upload takes a document in: POST /uploadfile/.
//
// The file goes straight into storage while it arrives; everything else is
// checked afterwards, and a refusal takes the file out again. Only then the
// job is written, in one short transaction.
func (p *plugin) upload(e *core.RequestEvent) error {
	body := movingBody(e, p.config.MaxUploadBytes+maxFieldBytes)
	leave, err := p.admit(e, body)
	if err != nil {
		return err
	}
	defer leave()

	jobID := core.GenerateDefaultRandomId()
	kept := false
	defer p.files.expect(jobID)()
	defer func() {
		if kept {
			return
		}
		if err := p.files.remove(context.WithoutCancel(e.Request.Context()), jobID); err != nil {
			requestid.Logger(e.Request.Context(), p.app.Logger()).Error("files of a refused upload could not be removed", "error", err)
		}
	}()

	received, err := p.receive(e, body, jobID)
	if err != nil {
		return err
	}
	job, err := p.read(e, received, jobID)
	if err != nil {
		return err
	}
	if answered, err := p.repeated(e, job); answered || err != nil {
		return err
	}
	if err := p.inspect(e, received, &job); err != nil {
		return err
	}
	if kept, err = p.keep(e, job); !kept {
		return err
	}
	return p.begin(e, body, job)
}

// admit lets an upload in, or refuses it before its body is read.
func (p *plugin) admit(e *core.RequestEvent, body *moving) (leave func(), err error) {
	ctx := e.Request.Context()
	if err := p.mustBeUser(e, body); err != nil {
		return nil, err
	}
	if e.Request.Header.Get("Idempotency-Key") == "" {
		// A repeated upload makes no new job, so it is looked at first.
		active, err := p.ledger.countUnfinished(ctx, e.Auth.Id)
		if err != nil {
			return nil, e.InternalServerError("", err)
		}
		if active >= p.config.MaxActiveJobs {
			p.dropBody(e, body)
			return nil, p.tooManyJobs(e)
		}
	}
	return p.place(e, body)
}

// mustBeUser refuses superusers.
func (p *plugin) mustBeUser(e *core.RequestEvent, body *moving) error {
	if e.Auth.IsSuperuser() {
		p.dropBody(e, body)
		return e.ForbiddenError("A superuser has no translations of his own; sign in as a user.", nil)
	}
	return nil
}

// place waits for a place among those who are sending documents.
func (p *plugin) place(e *core.RequestEvent, body *moving) (leave func(), err error) {
	switch leave, err := p.enterUpload(e.Request.Context(), e.Auth.Id); {
	case err == nil:
		return leave, nil
	case errors.Is(err, errBusy):
		p.dropBody(e, body)
		return nil, comeBack(e, http.StatusTooManyRequests, 10,
			fmt.Sprintf("You are uploading %d documents already. Wait for one to arrive.", maxUserUploads))
	case errors.Is(err, context.DeadlineExceeded):
		p.dropBody(e, body)
		return nil, comeBack(e, http.StatusServiceUnavailable, 10,
			"The server receives as many uploads as it can. Try again in a few seconds.")
	default:
		return nil, fmt.Errorf("wait for a place to upload: %w", err)
	}
}

// keep writes the job. Unless it was kept, the upload has been answered or the
// error is the answer.
func (p *plugin) keep(e *core.RequestEvent, job newJob) (kept bool, err error) {
	switch err := p.ledger.create(e.Request.Context(), job, p.config.MaxActiveJobs); {
	case err == nil:
		return true, nil
	case errors.Is(err, errTooManyJobs):
		return false, p.tooManyJobs(e)
	case errors.Is(err, errIdempotencyUsed):
		if answered, err := p.repeated(e, job); answered || err != nil {
			return false, err
		}
		// The other upload's job was deleted in this moment.
		return false, comeBack(e, http.StatusServiceUnavailable, 1, "Another upload under this Idempotency-Key has just ended. Try again.")
	default:
		return false, e.InternalServerError("The upload could not be saved. Try again.", err)
	}
}

// begin hands the job over to the runner and answers with it, as it was before:
// pending.
func (p *plugin) begin(e *core.RequestEvent, body *moving, job newJob) error {
	record, err := p.ledger.job(context.WithoutCancel(e.Request.Context()), job.ID)
	if err == nil {
		p.feed.deliver("create", record.Record)
	}
	p.runner.submit(jobRef{ID: job.ID, OwnerID: job.OwnerID, Request: requestid.From(e.Request.Context())})
	if errors.Is(err, sql.ErrNoRows) {
		return comeBack(e, http.StatusServiceUnavailable, 1, "The job was deleted as soon as it was created. Try again.")
	}
	if err != nil {
		return e.InternalServerError("The job was created but could not be read.", err)
	}
	body.answer() // checking may have taken longer than the connection allows
	return e.JSON(http.StatusOK, p.view(record))
}

// comeBack refuses for the moment, and says in how many seconds to try again.
func comeBack(e *core.RequestEvent, status, seconds int, message string) error {
	return comeBackFor(e, refusal.Busy, status, seconds, message)
}

func comeBackFor(e *core.RequestEvent, code refusal.Code, status, seconds int, message string) error {
	e.Response.Header().Set("Retry-After", strconv.Itoa(seconds))
	return refusal.New(status, code, message, nil)
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
	return comeBackFor(e, refusal.TooManyJobs, http.StatusTooManyRequests, 60, fmt.Sprintf(
		"You have %d unfinished translations, which is the limit. Wait for one to finish, or delete one.", p.config.MaxActiveJobs))
}

// repeated answers an upload whose Idempotency-Key was used before: with the
// job of that upload if it was the same one. It reports whether it answered.
func (p *plugin) repeated(e *core.RequestEvent, job newJob) (bool, error) {
	if job.IdempotencyKey == "" {
		return false, nil
	}
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
func (p *plugin) inspect(e *core.RequestEvent, received *received, job *newJob) error {
	looked, err := p.appraise(e.Request.Context(), received, job)
	if err != nil {
		return documentError(e, err)
	}
	job.SourceLanguage, job.Quote = looked.language, looked.cost
	apiKey := received.fields["api_key"]
	if err := p.mustTake(e, job.Engine, job.Model, apiKey); err != nil {
		return err
	}
	if err := p.checkBudget(job, apiKey); err != nil {
		return badField(e, err)
	}
	return nil
}

// documentError turns what is wrong with a document into an answer.
func documentError(e *core.RequestEvent, err error) error {
	var bad *document.Error
	switch {
	case !errors.As(err, &bad):
		return e.InternalServerError("The upload could not be read again. Try again.", err)
	case bad.Kind == document.Unsupported:
		return refusal.New(http.StatusUnsupportedMediaType, refusal.UnknownFormat, bad.Message, bad.Err)
	case bad.Kind == document.BadOption:
		return e.BadRequestError(bad.Message, bad.Err)
	}
	return refusal.New(http.StatusUnprocessableEntity, codeOf(bad.Reason), bad.Message, bad.Err)
}

// codeOf names what is wrong with a document that cannot be read.
func codeOf(reason document.Reason) refusal.Code {
	switch reason {
	case document.NoText:
		return refusal.NoText
	case document.CopyProtected:
		return refusal.CopyProtected
	case document.Encrypted:
		return refusal.Encrypted
	default:
		return refusal.Broken
	}
}
