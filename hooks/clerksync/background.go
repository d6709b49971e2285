package clerksync

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/routine"

	"verso/hooks/datadir"
)

const (
	// reconcileInterval is how often all users are compared with Clerk's, because
	// Clerk does not guarantee that every event is delivered.
	reconcileInterval = 24 * time.Hour
	// reconcileRetry is when a comparison that failed is gone on with.
	reconcileRetry = 15 * time.Minute
	// settling is how long after the start the first comparison begins: when a
	// service is deployed again and again, none of them asks for all users.
	settling = time.Hour
)

// begin starts what runs while the app serves.
func (s *Sync) begin() {
	if s.stop != nil {
		return // the app serves a second time
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.background.Go(func() { s.watch(ctx) })
	s.background.Go(func() { s.keepHouse(ctx) })
}

// end ends it and waits.
func (s *Sync) end() {
	if s.stop != nil {
		s.stop()
	}
	s.background.Wait()
}

// keepHouse forgets what is old and compares all users with Clerk's once a day,
// and at once after a backup was restored.
func (s *Sync) keepHouse(ctx context.Context) {
	wait := settling
	if s.isRestored() {
		wait = 0
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		next := reconcileRetry
		err := routine.SafeWrap(func() error {
			next = s.daily(ctx)
			return nil
		})()
		if err != nil {
			s.app.Logger().Error("the daily comparison broke off", "error", err)
		}
		timer.Reset(next)
	}
}

// daily does once what is to be done daily, and returns when to do it again.
func (s *Sync) daily(ctx context.Context) time.Duration {
	logger := s.app.Logger()
	if err := s.prune(ctx); err != nil && ctx.Err() == nil {
		logger.Error("old webhook deliveries could not be forgotten", "error", err)
	}
	if s.backend == nil {
		return reconcileInterval
	}
	changed := 0
	err := s.Reconcile(ctx, ReconcileOptions{Report: func(Change) { changed++ }})
	switch {
	case err == nil:
		logger.Info("users were compared with Clerk's", "changed", changed)
		if err := os.Remove(s.restoredPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			logger.Warn("the mark of a restored backup could not be removed; users are compared with Clerk's again at the next start", "error", err)
		}
		return reconcileInterval
	case ctx.Err() == nil:
		logger.Error("users could not be compared with Clerk's; it will be gone on with", "error", err, "changed", changed)
	}
	return reconcileRetry
}

// restoredPath is a mark beside the data directory, whose contents a restore
// swaps under the running process.
func (s *Sync) restoredPath() string {
	return datadir.Beside(s.app.DataDir(), ".restored")
}

func (s *Sync) isRestored() bool { return !s.restoredAt().IsZero() }

// restoredAt returns when the data was restored from a backup, the zero time where the
// users have been compared since.
func (s *Sync) restoredAt() time.Time {
	info, err := os.Stat(s.restoredPath())
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// noteRestore marks that the users are those of a backup. The process that comes
// after the restore finds the mark.
func (s *Sync) noteRestore(e *core.BackupEvent) error {
	if err := os.WriteFile(s.restoredPath(), nil, 0o600); err != nil {
		return fmt.Errorf("mark the restored data: %w", err)
	}
	err := e.Next()
	if err != nil {
		_ = os.Remove(s.restoredPath()) // at worst, users are compared once more
	}
	return err
}
