package translation

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// deleteJob answers DELETE /api/v1/jobs/{id}. What a deletion means is bound
// to the record, so that one through PocketBase does the same.
func (p *plugin) deleteJob(e *core.RequestEvent) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	// Not under the request's context: who asks for a deletion and goes away
	// has still asked for it.
	if err := p.app.Delete(job.Record); err != nil {
		return e.InternalServerError("The job could not be deleted. Try again.", err)
	}
	return e.NoContent(http.StatusNoContent)
}

// bindRecordHooks makes changes of jobs through PocketBase's own API and
// dashboard mean what they mean on Verso's routes.
func (p *plugin) bindRecordHooks() {
	p.app.OnRecordDelete(records.CollectionJobs).BindFunc(p.eraseJob)
	p.app.OnRecordAfterDeleteError(records.CollectionJobs).BindFunc(func(e *core.RecordErrorEvent) error {
		// It is still there, so its work goes on.
		p.runner.resubmit(e.Record.Id)
		return e.Next()
	})
	p.app.OnRecordAfterDeleteSuccess(records.CollectionJobs).BindFunc(func(e *core.RecordEvent) error {
		p.feed.deliver("delete", e.Record)
		return e.Next()
	})
	p.app.OnRecordAfterDeleteSuccess(records.CollectionUsers).BindFunc(func(e *core.RecordEvent) error {
		p.feed.cut(e.Record.Id)
		return e.Next()
	})

	refuse := func(e *core.RecordRequestEvent) error {
		return e.BadRequestError("Jobs and what belongs to them are made and changed through Verso's own routes.",
			errors.New("a saved record would undo what the ledger writes"))
	}
	for _, collection := range []string{records.CollectionJobs, records.CollectionBriefs, records.CollectionSegments} {
		p.app.OnRecordCreateRequest(collection).BindFunc(refuse)
		p.app.OnRecordUpdateRequest(collection).BindFunc(refuse)
	}

	// PocketBase lets browsers keep files for a month. Documents are nobody
	// else's business, least of all a shared cache's.
	p.app.OnFileDownloadRequest(records.CollectionJobs).BindFunc(func(e *core.FileDownloadRequestEvent) error {
		e.Response.Header().Set("Cache-Control", "private, no-store")
		return e.Next()
	})
}

// eraseJob stops a job's work and deletes its segments before the record goes.
// PocketBase would delete them too, but one by one with all hooks, which takes
// seconds for a book and holds the only writer for as long.
func (p *plugin) eraseJob(e *core.RecordEvent) error {
	p.runner.drop(e.Record.Id)
	for _, table := range []string{
		records.CollectionSegments, records.CollectionBriefs, records.CollectionSealedKeys, records.CollectionIdempotencyKeys,
	} {
		_, err := e.App.DB().Delete(table, dbx.HashExp{"job": e.Record.Id}).WithContext(e.Context).Execute()
		if err != nil {
			return fmt.Errorf("delete %s of job: %w", table, err)
		}
	}
	return e.Next()
}
