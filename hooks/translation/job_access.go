package translation

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// requestedJob returns the job that the path names if the asker may see it:
// his own, or any for a superuser. Another's job is answered as one that does
// not exist.
func (p *plugin) requestedJob(e *core.RequestEvent, asker *core.Record) (*records.Job, error) {
	const notFound = "There is no such job."
	if asker == nil {
		return nil, e.NotFoundError(notFound, nil)
	}
	job, err := p.ledger.job(e.Request.Context(), e.Request.PathValue("id"))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, e.NotFoundError(notFound, nil)
	}
	if err != nil {
		return nil, e.InternalServerError("", err)
	}
	if !asker.IsSuperuser() && job.OwnerID() != asker.Id {
		return nil, e.NotFoundError(notFound, nil)
	}
	return job, nil
}
