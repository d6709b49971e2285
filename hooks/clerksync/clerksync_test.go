package clerksync_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"go.uber.org/goleak"

	"verso/hooks/clerksync"
	"verso/hooks/records"
	_ "verso/migrations"
)

// secretKey is what the stand-in for Clerk wants to see.
const secretKey = "sk_test_standin"

// migratedDir is a data directory with the schema in it. Each test works on a
// copy: applying the migrations takes most of a second.
var migratedDir string

// underRace is how many histories are made up under the race detector, which makes
// each ten times as long. Without it there are a hundred, which .ci/test runs too.
const underRace = "20"

func TestMain(m *testing.M) {
	flag.Parse()
	if raceEnabled && flag.Lookup("rapid.checks").Value.String() == flag.Lookup("rapid.checks").DefValue {
		if err := flag.Set("rapid.checks", underRace); err != nil {
			panic(err)
		}
	}
	code, err := runMigrated(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runMigrated(m *testing.M) (code int, err error) {
	empty, err := os.MkdirTemp("", "clerksync")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(empty)
	app, err := tests.NewTestApp(empty)
	if err != nil {
		return 0, err
	}
	defer app.Cleanup()
	if err := app.ResetBootstrapState(); err != nil { // closes the databases
		return 0, err
	}
	migratedDir = app.DataDir()
	code = m.Run()
	if code == 0 {
		err = goleak.Find(
			// PocketBase's watcher of the data directory and its log writer
			// live as long as the process.
			goleak.IgnoreAnyFunction("github.com/pocketbase/pocketbase/tools/routine.FireAndForget.func1"),
			goleak.IgnoreAnyFunction("github.com/fsnotify/fsnotify.(*inotify).readEvents"),
		)
	}
	return code, err
}

func newApp(t testing.TB) *tests.TestApp {
	t.Helper()
	app, err := tests.NewTestApp(migratedDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	return app
}

// fakeClerk stands in for Clerk's Backend API.
type fakeClerk struct {
	backend clerk.Backend
	fetches atomic.Int32

	mu     sync.Mutex
	answer http.HandlerFunc
}

func newFakeClerk(t testing.TB) *fakeClerk {
	t.Helper()
	fake := &fakeClerk{}
	fake.knows(`{"object":"user","id":"user_2ada","first_name":"Ada","last_name":"Lovelace","updated_at":1764000000120}`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fake.fetches.Add(1)
		if r.Header.Get("Authorization") != "Bearer "+secretKey || !strings.HasPrefix(r.URL.Path, "/v1/users/") {
			http.Error(w, "unexpected request", http.StatusTeapot)
			return
		}
		fake.mu.Lock()
		answer := fake.answer
		fake.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	fake.backend = clerk.NewBackend(&clerk.BackendConfig{
		URL:        clerk.String(server.URL + "/v1"),
		Key:        clerk.String(secretKey),
		HTTPClient: server.Client(),
	})
	return fake
}

func (f *fakeClerk) answers(handler http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = handler
}

func (f *fakeClerk) knows(user string) {
	f.answers(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, user) })
}

func (f *fakeClerk) fails(status int, body string) {
	f.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// userOf returns the record of a user of Clerk, nil for none.
func userOf(t testing.TB, app core.App, clerkUserID string) *records.User {
	t.Helper()
	found, err := app.FindAllRecords(records.CollectionUsers, dbx.HashExp{"clerk_user_id": clerkUserID})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 1 {
		t.Fatalf("%d users have the id %s", len(found), clerkUserID)
	}
	if len(found) == 0 {
		return nil
	}
	return records.NewUser(found[0])
}

func bury(t testing.TB, app core.App, clerkUserID string) {
	t.Helper()
	collection, err := app.FindCollectionByNameOrId(records.CollectionTombstones)
	if err != nil {
		t.Fatal(err)
	}
	tombstone := core.NewRecord(collection)
	tombstone.Set("clerk_user_id", clerkUserID)
	if err := app.Save(tombstone); err != nil {
		t.Fatal(err)
	}
}

// mustNew returns a Sync that writes into app and binds nothing.
func mustNew(t testing.TB, app core.App, config clerksync.Config) *clerksync.Sync {
	t.Helper()
	users, err := clerksync.New(app, config)
	if err != nil {
		t.Fatal(err)
	}
	return users
}
