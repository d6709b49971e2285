package ops

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// readyTimeout bounds the questions behind /readyz.
const readyTimeout = 3 * time.Second

// alive answers GET /healthz: the process runs and answers.
func (p *plugin) alive(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers GET /readyz: the database takes writes and its schema is the
// one this binary was built for.
func (p *plugin) ready(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(e.Request.Context(), readyTimeout)
	defer cancel()

	status, answer := http.StatusOK, map[string]any{"status": "ok", "database": "ok", "migrations": "ok"}
	failed := func(part, problem string, err error) {
		status, answer["status"], answer[part] = http.StatusServiceUnavailable, "unavailable", problem
		p.app.Logger().Error("not ready", "part", part, "error", err)
	}
	if err := p.writable(ctx); err != nil {
		failed("database", "not writable", err)
	} else if err := p.migrated(ctx); err != nil {
		failed("migrations", "pending", err)
	}
	for name, report := range p.config.Reports {
		answer[name] = report(ctx)
	}
	return e.JSON(status, answer)
}

// writable writes a row of PocketBase's parameters as it is. SQLite writes the
// page all the same, so a full disk shows.
func (p *plugin) writable(ctx context.Context) error {
	_, err := p.app.NonconcurrentDB().NewQuery("UPDATE _params SET value = value").WithContext(ctx).Execute()
	if err != nil {
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
