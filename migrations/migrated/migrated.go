// Package migrated gives tests a database with Verso's schema. The migrations run
// once a process; every further database is a copy, because under the race detector
// they take seconds.
//
//	app := migrated.App(t)
package migrated

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/tests"

	_ "verso/migrations"
)

// App returns an app on a fresh database with all migrations. It goes with the test.
func App(t testing.TB) *tests.TestApp {
	t.Helper()
	files, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	app, err := tests.NewTestApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	return app
}

// template returns the files of a migrated data directory, which never change.
var template = sync.OnceValues(func() (map[string][]byte, error) {
	empty, err := os.MkdirTemp("", "verso-migrated-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(empty)
	app, err := tests.NewTestApp(empty)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	defer app.Cleanup()
	// Closes the databases, so that all is in their files.
	if err := app.ResetBootstrapState(); err != nil {
		return nil, fmt.Errorf("close the migrated database: %w", err)
	}
	files := map[string][]byte{}
	entries, err := os.ReadDir(app.DataDir())
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(app.DataDir(), entry.Name()))
		if err != nil {
			return nil, err
		}
		files[entry.Name()] = content
	}
	return files, nil
})
