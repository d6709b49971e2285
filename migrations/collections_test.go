package migrations_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"

	_ "verso/migrations"
)

var update = flag.Bool("update", false, "rewrite collections.json from the migrations")

const collectionsFile = "../collections.json"

// TestCollectionsMatchMigrations holds collections.json against what the
// migrations make. Run it with -update after a migration was added.
func TestCollectionsMatchMigrations(t *testing.T) {
	got := export(t, mustMigrate(t))
	if *update {
		if err := os.WriteFile(collectionsFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(collectionsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("collections.json differs from the migrations; run go test ./migrations -update and look at the difference\nfirst difference at byte %d", firstDifference(got, want))
	}
}

// TestCollectionsImport imports collections.json as an admin would, and
// expects the same schema.
func TestCollectionsImport(t *testing.T) {
	raw, err := os.ReadFile(collectionsFile)
	if err != nil {
		t.Fatal(err)
	}
	app := mustMigrate(t)
	before := export(t, app)
	// deleteMissing leaves system collections alone and nothing else.
	if err := app.ImportCollectionsByMarshaledJSON(raw, true); err != nil {
		t.Fatal(err)
	}
	if after := export(t, app); !bytes.Equal(before, after) {
		t.Errorf("importing collections.json changed the schema at byte %d", firstDifference(before, after))
	}
}

// TestRulesKeepGuestsOut holds every rule against the empty id of a guest,
// which an orphaned job's owner is equal to.
func TestRulesKeepGuestsOut(t *testing.T) {
	for _, collection := range mustCollections(t, mustMigrate(t)) {
		for _, rule := range []*string{
			collection.ListRule, collection.ViewRule, collection.CreateRule, collection.UpdateRule, collection.DeleteRule,
		} {
			if rule != nil && !strings.HasPrefix(*rule, `@request.auth.id != "" && `) {
				t.Errorf("%s: rule %q lets guests in", collection.Name, *rule)
			}
		}
	}
}

func mustMigrate(t *testing.T) *tests.TestApp {
	t.Helper()
	app, err := tests.NewTestApp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	return app
}

// mustCollections returns the collections that are Verso's own.
func mustCollections(t *testing.T, app core.App) []*core.Collection {
	t.Helper()
	all, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(c *core.Collection) bool { return c.System })
}

// export returns the collections in PocketBase's import format, without
// timestamps and sorted by name, so that equal schemas are equal bytes.
func export(t *testing.T, app core.App) []byte {
	t.Helper()
	collections := mustCollections(t, app)
	slices.SortFunc(collections, func(a, b *core.Collection) int { return strings.Compare(a.Name, b.Name) })
	raw, err := json.Marshal(collections)
	if err != nil {
		t.Fatal(err)
	}
	var plain []map[string]any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	for _, collection := range plain {
		delete(collection, "created")
		delete(collection, "updated")
	}
	encoded, err := json.MarshalIndent(plain, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(encoded, '\n')
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
