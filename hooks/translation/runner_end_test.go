package translation

import (
	"context"
	"errors"
	"testing"
	"time"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// TestPausedOnce has two tasks of a job find its budget used up, and somebody allow more
// between the pause of the first and that of the second: the job goes on.
func TestPausedOnce(t *testing.T) {
	eng := newGated()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	text, fields := whales(4)
	id := s.mustUpload(t, text, fields...)
	eng.await(t)
	r := s.plugin.runner
	r.mu.Lock()
	job, broke := r.active[id], task{job: id, kind: taskBuild, queue: r.schedule.jobs[id]}
	r.mu.Unlock()
	pause := func(ctx context.Context) error { return s.ledger.pause(ctx, id, records.PausedByBudget, time.Time{}) }
	r.leave(broke, job, func(ctx context.Context) error {
		err := errors.Join(pause(ctx), s.ledger.resume(ctx, id, renewal{}))
		r.leave(broke, job, pause)
		return err
	})
	if status := s.mustRead(t, id).Status(); status != records.StatusPending && status != records.StatusProcessing {
		t.Fatalf("the job was resumed, and is %s", status)
	}
	eng.open()
	s.until(t, client, id, records.StatusCompleted)
}

// TestPausedLater has the first task that pauses a job meet a full disk: the next may.
func TestPausedLater(t *testing.T) {
	eng := newGated()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	text, fields := whales(4)
	id := s.mustUpload(t, text, fields...)
	eng.await(t)
	r := s.plugin.runner
	r.mu.Lock()
	job, broke := r.active[id], task{job: id, kind: taskBuild, queue: r.schedule.jobs[id]}
	r.mu.Unlock()
	r.leave(broke, job, func(context.Context) error { return errors.New("the disk is full") })
	if status := s.mustRead(t, id).Status(); status != records.StatusProcessing {
		t.Fatalf("the job is %s, though nothing could be written", status)
	}
	r.leave(broke, job, func(ctx context.Context) error {
		return s.ledger.pause(ctx, id, records.PausedByBudget, time.Time{})
	})
	if status := s.mustRead(t, id).Status(); status != records.StatusPaused {
		t.Errorf("the job is %s, and was to be paused", status)
	}
}
