package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"verso/hooks/records"
)

// refresh writes a finished job's output anew where its segments were corrected
// after it was written. Who asks for the same one meanwhile waits for it.
func (p *plugin) refresh(ctx context.Context, job *records.Job) error {
	if job.Status() != records.StatusCompleted || job.OutputRevision() >= job.Revision() {
		return nil
	}
	// Not under the request's context: others may wait for the same output.
	result := p.rebuilding.DoChan(job.Id, func() (any, error) {
		return nil, p.rebuild(context.WithoutCancel(ctx), job.Id)
	})
	select {
	case r := <-result:
		return r.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *plugin) rebuild(ctx context.Context, jobID string) error {
	job, err := p.ledger.job(ctx, jobID)
	if err != nil {
		return err
	}
	if job.Status() != records.StatusCompleted || job.OutputRevision() >= job.Revision() {
		return nil
	}
	file, err := p.buildNow(ctx, job, false)
	if err != nil {
		return err
	}
	defer file.Close() // unlinked, so nothing can be lost
	if err := p.files.write(ctx, job.OutputKey(), job.OutputFile(), file); err != nil {
		return fmt.Errorf("write the corrected output: %w", err)
	}
	err = p.ledger.rebuilt(ctx, jobID, job.Revision())
	if !isStale(err) {
		return err
	}
	if _, gone := p.ledger.job(ctx, jobID); errors.Is(gone, sql.ErrNoRows) {
		return p.files.remove(ctx, jobID) // nobody owns the file any more
	}
	return nil // taken up again meanwhile, which will build it once more
}
