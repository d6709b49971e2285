package ops

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// readyTimeout bounds the questions behind /readyz.
	readyTimeout = 3 * time.Second
	// probedFor is how long what was found out by writing counts: anybody may ask, and
	// the database has one writer.
	probedFor = time.Second
	// leastRoom is how many bytes must be left on the disk: a page or two may still
	// find a place in SQLite's log when nothing else does.
	leastRoom = 256 << 10
)

// alive answers GET /healthz: the process runs and answers.
func (p *plugin) alive(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers GET /readyz: the disk and the database take writes, and the schema is
// the one this binary was built for.
func (p *plugin) ready(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(e.Request.Context(), readyTimeout)
	defer cancel()

	status, answer := http.StatusOK, map[string]any{"status": "ok", "disk": "ok", "database": "ok", "migrations": "ok"}
	unready := ""
	failed := func(part, problem string, err error) {
		status, answer["status"], answer[part] = http.StatusServiceUnavailable, "unavailable", problem
		if unready = part + " " + problem; p.turned(unready) {
			p.app.Logger().Error("not ready", "part", part, "error", err)
		}
	}
	if found := p.probe(ctx); found.err != nil {
		failed(found.part, found.problem, found.err)
	}
	if unready == "" && p.turned("") {
		p.app.Logger().Info("ready again")
	}
	for name, report := range p.config.Reports {
		answer[name] = report(ctx)
	}
	return e.JSON(status, answer)
}

// probed is what the service was found to be missing; no error is nothing.
type probed struct {
	at            time.Time
	part, problem string
	err           error
}

// probe tries whether the service can do its work, or says what was found just now. One
// at a time tries; who comes meanwhile waits for what that finds.
func (p *plugin) probe(ctx context.Context) probed {
	p.probing.Lock()
	defer p.probing.Unlock()
	if time.Since(p.probed.at) < probedFor {
		return p.probed
	}
	// It is for others too, so nobody's leaving ends it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	found := probed{}
	if found.err = p.roomy(); found.err != nil {
		found.part, found.problem = "disk", "no room"
	} else if found.err = p.writable(ctx); found.err != nil {
		found.part, found.problem = "database", "not writable"
	} else if found.err = p.migrated(ctx); found.err != nil {
		found.part, found.problem = "migrations", "pending"
	}
	found.at = time.Now()
	p.probed = found
	return found
}

// turned reports whether a probe finds something else than the last one, so that what
// lasts is logged once and not with every probe.
func (p *plugin) turned(unready string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.unready
	p.unready = unready
	return before != unready
}

// roomy takes some room on the disk and gives it back, in the folder that PocketBase
// empties at start and leaves out of backups.
func (p *plugin) roomy() error {
	dir := filepath.Join(p.app.DataDir(), core.LocalTempDirName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("look for room on the disk: %w", err)
	}
	file, err := os.CreateTemp(dir, "room-*")
	if err != nil {
		return fmt.Errorf("look for room on the disk: %w", err)
	}
	_, err = file.Write(make([]byte, leastRoom))
	if err = errors.Join(err, file.Close(), os.Remove(file.Name())); err != nil {
		return fmt.Errorf("look for room on the disk: %w", err)
	}
	return nil
}

// writable writes a row of PocketBase's parameters as it is. SQLite writes the
// page all the same. While a backup is made of it nobody else writes for a moment,
// which is no fault of the database's.
func (p *plugin) writable(ctx context.Context) error {
	if p.freezing.Load() {
		return nil
	}
	_, err := p.app.NonconcurrentDB().NewQuery("UPDATE _params SET value = value").WithContext(ctx).Execute()
	if err != nil && !p.freezing.Load() {
		return fmt.Errorf("write to the database: %w", err)
	}
	return nil
}

func (p *plugin) migrated(ctx context.Context) error {
	var applied []string
	err := p.app.ConcurrentDB().Select("file").From(core.DefaultMigrationsTable).WithContext(ctx).Column(&applied)
	if err != nil {
		return fmt.Errorf("list applied migrations: %w", err)
	}
	done := make(map[string]bool, len(applied))
	for _, file := range applied {
		done[file] = true
	}
	for _, migration := range core.AppMigrations.Items() {
		if !done[migration.File] {
			return fmt.Errorf("migration %s is pending", migration.File)
		}
	}
	return nil
}
