package translation

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
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
