package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/datadir"
)

const (
	// lockWait is how long a process waits for the last one to leave the data
	// directory, as it does when a service is restarted.
	lockWait = 30 * time.Second
	// lockRetry is how often it looks.
	lockRetry = 100 * time.Millisecond
	// fileClock is how far the clock that stamps files may be behind: Linux
	// stamps them with the last tick, up to 10 ms ago.
	fileClock = 20 * time.Millisecond
	// closeWait bounds how long open streams may take to be let go.
	closeWait = 2 * time.Second
	// drainPriority puts the drain after PocketBase's own shutdown of the
	// server (-9999) and before everything that closes what it writes to.
	drainPriority = -9000
)

// bindLifecycle ties the runner to the life of the process: it starts with the
// server and lets work in flight finish before the database is closed.
func (p *plugin) bindLifecycle() {
	lock := flock.New(datadir.Beside(p.app.DataDir(), ".lock"))

	// Before anything is opened: bootstrapping migrates the database and empties
	// the folder of temporary files under a process that may still be serving.
	p.app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if p.config.Beside {
			return e.Next()
		}
		if err := p.acquire(lock); err != nil {
			return err
		}
		return e.Next()
	})

	p.app.Cron().MustAdd("versoMemory", "23 4 * * *", func() {
		p.runner.forgetIdleLanes()
		p.runner.housekeep(func(ctx context.Context) {
			if err := p.ledger.forgetOldest(ctx); err != nil && ctx.Err() == nil {
				p.app.Logger().Error("the oldest translations could not be forgotten", "error", err)
			}
		})
	})

	p.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		// Here too, for an app that was bootstrapped before it was registered.
		if err := p.acquire(lock); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		began := time.Now()
		if err := p.runner.start(); err != nil {
			return fmt.Errorf("take in unfinished jobs: %w", err)
		}
		p.sweep(began.Add(-fileClock))
		p.runner.housekeep(p.expire)
		return nil
	})

	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id:       "versoDrain",
		Priority: drainPriority,
		Func: func(e *core.TerminateEvent) error {
			if e.IsRestart {
				// The data directory has been replaced already, and this can run
				// twice at once: there is nothing left to drain.
				return e.Next()
			}
			p.runner.stop(p.config.ShutdownTimeout)
			ctx, cancel := context.WithTimeout(context.Background(), closeWait)
			defer cancel()
			p.feed.close(ctx)
			return e.Next()
		},
	})

	// A restored backup replaces the database under the running process, and
	// the process with it. What is in flight is written before.
	p.app.OnBackupRestore().BindFunc(func(e *core.BackupEvent) error {
		p.runner.drain(p.config.ShutdownTimeout)
		if err := e.Next(); err != nil {
			if restartErr := p.runner.start(); restartErr != nil {
				p.app.Logger().Error("work could not be taken up again after a failed restore", "error", restartErr)
			}
			return err
		}
		return nil
	})
}

// acquire makes this process the only one that serves the data directory. The
// lock stands beside the directory, because a restore swaps its contents, and
// falls with the process, however that ends.
func (p *plugin) acquire(lock *flock.Flock) error {
	if lock.Locked() {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(lock.Path()), 0o755); err != nil {
		return fmt.Errorf("make the folder of the data directory: %w", err)
	}
	if ok, err := lock.TryLock(); ok || err != nil {
		return wrap("lock the data directory", err)
	}
	fmt.Fprintf(os.Stderr, "Waiting up to %s for another process to leave this data directory.\n", lockWait)
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	ok, err := lock.TryLockContext(ctx, lockRetry)
	if ok {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("another process serves this data directory and did not leave within %s; stop it, or use another --dir (lock: %s)", lockWait, lock.Path())
	}
	return fmt.Errorf("lock the data directory (%s): %w", lock.Path(), err)
}

// sweep deletes in the background what a crash before this process began left
// in the file storage.
func (p *plugin) sweep(before time.Time) {
	p.runner.housekeep(func(ctx context.Context) {
		removed, err := p.files.sweep(ctx, before, p.filesOf)
		if err != nil && ctx.Err() == nil {
			p.app.Logger().Error("files that a crash left could not be swept", "error", err)
		}
		if removed > 0 {
			p.app.Logger().Info("files that a crash left were deleted", "files", removed)
		}
	})
}

// filesOf returns what a job's files are called in storage. The output's name
// is among them before it exists: it may be written at any moment.
func (p *plugin) filesOf(ctx context.Context, jobID string) ([]string, error) {
	job, err := p.ledger.job(ctx, jobID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	source := job.SourceFile()
	return []string{source, outputName(strings.TrimPrefix(source, sourcePrefix))}, nil
}
