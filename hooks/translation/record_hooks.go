package translation

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/records"
)

// bindRecordHooks makes changes of jobs through PocketBase's own API and
// dashboard mean what they mean on Verso's routes.
func (p *plugin) bindRecordHooks() {
	p.app.OnRecordDeleteExecute(records.CollectionJobs).Bind(insideDeletion(p.eraseJob))
	p.app.OnRecordAfterDeleteSuccess(records.CollectionJobs).BindFunc(func(e *core.RecordEvent) error {
		// PocketBase deletes the files too, some time later.
		if err := p.files.remove(context.WithoutCancel(e.Context), e.Record.Id); err != nil {
			p.app.Logger().Error("files of a deleted job could not be removed", "job", e.Record.Id, "error", err)
		}
		p.feed.deleted(e.Record)
		return e.Next()
	})
	p.app.OnRecordAfterDeleteError(records.CollectionJobs).BindFunc(func(e *core.RecordErrorEvent) error {
		p.runner.resubmit() // it is still there, so its work goes on
		return e.Next()
	})

	p.bindOwnerHooks()

	for _, collection := range []string{records.CollectionJobs, records.CollectionBriefs, records.CollectionSegments} {
		p.app.OnRecordCreateRequest(collection).BindFunc(refuseEdit)
	}
	p.app.OnRecordUpdateRequest(records.CollectionBriefs, records.CollectionSegments).BindFunc(refuseEdit)
	p.app.OnRecordUpdateRequest(records.CollectionJobs).BindFunc(p.editJob)

	// PocketBase lets browsers keep files for a month. Documents are nobody
	// else's business, least of all a shared cache's.
	p.app.OnFileDownloadRequest(records.CollectionJobs).BindFunc(func(e *core.FileDownloadRequestEvent) error {
		e.Response.Header().Set("Cache-Control", "private, no-store")
		job := records.NewJob(e.Record)
		if e.FileField.Name == "output" {
			if _, err := p.refresh(e.Request.Context(), job); err != nil {
				return e.InternalServerError("The corrected file could not be written.", err)
			}
		}
		return e.Next()
	})
}

// insideDeletionPriority stands just behind PocketBase's own handler (99),
// which opens the transaction in which a record is deleted.
const insideDeletionPriority = 100

// insideDeletion returns a handler that runs in the deletion's transaction,
// before the record goes.
func insideDeletion(fn func(e *core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Func: fn, Priority: insideDeletionPriority}
}

// eraseJob stops a job's work and deletes what belongs to it before the record
// goes. PocketBase would delete it too, but row by row with all hooks, which
// takes seconds for a book and holds the only writer for as long.
func (p *plugin) eraseJob(e *core.RecordEvent) error {
	// What it has cost is written when the deletion has let go of the only writer.
	left := p.runner.drop(e.Record.Id)
	p.runner.background(func(ctx context.Context) { p.runner.writeDown(context.WithoutCancel(ctx), left) })
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
