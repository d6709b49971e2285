package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"verso/hooks/records"
)

// refresh writes a finished job's output anew where its segments were corrected
// after it was written, and returns the job as the output has it. Who asks for the
// same one meanwhile waits for it.
func (p *plugin) refresh(ctx context.Context, job *records.Job) (*records.Job, error) {
	for job.Status() == records.StatusCompleted && job.OutputRevision() < job.Revision() {
		// By the revision, because one that is under way may have begun before the
		// latest correction. Not under the request's context: others may wait for
		// the same output.
		key := fmt.Sprintf("%s-%d", job.Id, job.Revision())
		result := p.rebuilding.DoChan(key, func() (any, error) { return nil, p.rebuildBeside(job.Id) })
		select {
		case r := <-result:
			if r.Err != nil {
				return nil, r.Err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		var err error
		if job, err = p.ledger.job(ctx, job.Id); err != nil {
			return nil, err
		}
	}
	return job, nil
}

// rebuildBeside is rebuild as a part of the runner's work, which a shutdown waits for.
func (p *plugin) rebuildBeside(jobID string) error {
	failed := errors.New("the output was not put together to its end") // by a panic, which has been logged
	done := make(chan struct{})
	begun := p.runner.background(func(ctx context.Context) {
		defer close(done)
		failed = p.rebuild(ctx, jobID)
	})
	if !begun {
		return errShutdown
	}
	<-done
	return failed
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
	output := stored{
		key: job.OutputKey(), name: job.OutputFile(), file: file,
		// Another may have been written while this one was built.
		wanted: func() error {
			now, err := p.ledger.job(ctx, jobID)
			if err == nil && (now.Status() != records.StatusCompleted || now.OutputRevision() >= job.Revision()) {
				err = errStale
			}
			return err
		},
		note: func() error { return p.ledger.rebuilt(ctx, jobID, job.Revision()) },
	}
	err = p.documents.keep(ctx, output)
	if _, gone := p.ledger.job(ctx, jobID); errors.Is(gone, sql.ErrNoRows) {
		return errors.Join(gone, p.files.remove(ctx, jobID)) // nobody owns the file any more
	}
	if isStale(err) {
		return nil // taken up again meanwhile, or written by another
	}
	return err
}
