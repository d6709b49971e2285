package translation

import (
	"context"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// departures remembers, from within the deletion of a user until it is committed
// or rolled back, whose files are to go with him: files are in no transaction.
type departures struct {
	mu   sync.Mutex
	jobs map[string][]string // by user
}

func (d *departures) note(userID string, jobs []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.jobs == nil {
		d.jobs = map[string][]string{}
	}
	d.jobs[userID] = jobs
}

func (d *departures) take(userID string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	jobs := d.jobs[userID]
	delete(d.jobs, userID)
	return jobs
}

// bindOwnerHooks says what a user's deletion means for his jobs, whoever deletes
// him: Clerk, by a webhook, or a superuser in the dashboard.
func (p *plugin) bindOwnerHooks() {
	p.app.OnRecordDeleteExecute(records.CollectionUsers).Bind(insideDeletion(p.leaveJobs))
	p.app.OnRecordAfterDeleteSuccess(records.CollectionUsers).BindFunc(func(e *core.RecordEvent) error {
		for _, job := range p.departures.take(e.Record.Id) {
			// What a crash leaves of them, the sweep at the next start takes.
			if err := p.files.remove(context.WithoutCancel(e.Context), job); err != nil {
				p.app.Logger().Error("files of a deleted user's job could not be removed", "job", job, "error", err)
			}
		}
		return e.Next()
	})
	p.app.OnRecordAfterDeleteError(records.CollectionUsers).BindFunc(func(e *core.RecordErrorEvent) error {
		p.departures.take(e.Record.Id)
		p.runner.resubmit()
		return e.Next()
	})
}

// leaveJobs ends a deleted user's unfinished jobs and lets all of them go: the
// bare rows stay, with no owner, and what he brought and what was made of it is
// erased unless it is to be kept. PocketBase would empty the owner too, but by
// saving each record, which undoes what the ledger writes.
func (p *plugin) leaveJobs(e *core.RecordEvent) error {
	owner := dbx.Params{"owner": e.Record.Id, "now": now()}
	var jobs []struct {
		ID       string `db:"id"`
		Finished bool   `db:"finished"`
	}
	err := e.App.DB().NewQuery(`SELECT id, completed_at != '' AS finished FROM translation_jobs WHERE owner_id = {:owner}`).
		WithContext(e.Context).Bind(owner).All(&jobs)
	if err != nil {
		return fmt.Errorf("list jobs of a deleted user: %w", err)
	}
	for _, statement := range p.leavingStatements() {
		if _, err := e.App.DB().NewQuery(statement).WithContext(e.Context).Bind(owner).Execute(); err != nil {
			return fmt.Errorf("let go of a deleted user's jobs: %w", err)
		}
	}
	var all []string
	for _, job := range jobs {
		all = append(all, job.ID)
		if !job.Finished {
			p.runner.drop(job.ID)
		}
	}
	if !p.config.KeepDocumentsOfDeletedUsers {
		p.departures.note(e.Record.Id, all)
	}
	return e.Next()
}

// leavingStatements are the steps by which a deleted user's jobs are let go.
func (p *plugin) leavingStatements() []string {
	const his = `(SELECT id FROM translation_jobs WHERE owner_id = {:owner})`
	statements := []string{
		`DELETE FROM sealed_keys WHERE job IN ` + his,
		// What is kept for a person alone goes with him in any case. PocketBase would
		// delete it too, but a record at a time.
		`DELETE FROM translation_memory WHERE owner = {:owner}`,
		`DELETE FROM user_spending WHERE owner = {:owner}`,
		cancel().sql(`owner_id = {:owner} AND completed_at = ''`),
	}
	if p.config.KeepDocumentsOfDeletedUsers {
		return append(statements, `UPDATE translation_jobs SET owner_id = '' WHERE owner_id = {:owner}`)
	}
	return append(statements,
		`DELETE FROM translation_segments WHERE job IN `+his,
		`DELETE FROM translation_briefs WHERE job IN `+his,
		`DELETE FROM idempotency_keys WHERE job IN `+his,
		// A file's name may say as much as what is in it.
		`UPDATE translation_jobs SET owner_id = '', filename = '', source = '', output = '', error_message = '' WHERE owner_id = {:owner}`,
	)
}
