package notices

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/datadir"
)

// bindLifecycle ties the worker to the life of the process. One that does not
// serve sends nothing.
func (p *plugin) bindLifecycle() {
	p.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		// Before e.Next, in which jobs begin to be worked on.
		if err := p.prepare(context.Background()); err != nil {
			return err
		}
		p.bindRoutes(e)
		if err := e.Next(); err != nil {
			return err
		}
		p.begin()
		return nil
	})
	// Jobs have been let go of by then, see translation's drain.
	p.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		p.end()
		return e.Next()
	})
	p.app.OnBackupRestore().BindFunc(p.restore)
}

// prepare makes the database ready: the trigger is there, and what an earlier
// process left half done is not done again.
func (p *plugin) prepare(ctx context.Context) error {
	if err := keepTrigger(ctx, p.app); err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	if err := p.outbox.giveUpClaimed(ctx); err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	if _, err := os.Stat(p.restoredPath()); err != nil {
		return nil
	}
	if err := p.outbox.skipAll(ctx, reasonRestored); err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	if err := os.Remove(p.restoredPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("notices: remove the mark of a restored backup: %w", err)
	}
	return nil
}

// begin starts the worker, unless there is one: an app may serve a second time.
func (p *plugin) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.work(ctx)
	}()
	p.stop = func() {
		cancel()
		<-ended
	}
}

// end stops the worker and waits for it, which takes as long as the mail being
// sent is given, and reports whether there was one. PocketBase's restart may call
// it twice at once.
func (p *plugin) end() (ran bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		return false
	}
	p.stop()
	p.stop = nil
	return true
}

// restoredPath is a mark beside the data directory, whose contents a restore
// swaps under the running process.
func (p *plugin) restoredPath() string {
	return datadir.Beside(p.app.DataDir(), ".notices-restored")
}

// restore marks that the database is a backup's. What is pending in it may have
// been sent after the backup was made, so the process that comes next skips it.
func (p *plugin) restore(e *core.BackupEvent) error {
	ran := p.end()
	err := os.WriteFile(p.restoredPath(), nil, 0o600)
	if err != nil {
		err = fmt.Errorf("mark the restored data: %w", err)
	} else if err = e.Next(); err != nil {
		_ = os.Remove(p.restoredPath()) // at worst, some mails too few are sent
	}
	if err != nil && ran {
		p.begin()
	}
	return err
}
