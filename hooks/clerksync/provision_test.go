package clerksync_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/clerksync"
	"verso/hooks/records"
)

func TestProvision(t *testing.T) {
	t.Parallel()

	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		app, fake := newApp(t), newFakeClerk(t)
		record, err := mustNew(t, app, clerksync.Config{Backend: fake.backend}).Provision(t.Context(), "user_2ada")
		if err != nil {
			t.Fatal(err)
		}
		user := records.NewUser(record)
		if user.ClerkUserID() != "user_2ada" || user.Name() != "Ada Lovelace" || user.IsNew() {
			t.Errorf("got %v", user.FieldsData())
		}
		if user.ValidatePassword("") || user.ValidatePassword("!") {
			t.Error("the user has a password")
		}
	})

	t.Run("ExistingUserIsNotFetched", func(t *testing.T) {
		t.Parallel()
		app, fake := newApp(t), newFakeClerk(t)
		users := mustNew(t, app, clerksync.Config{Backend: fake.backend})
		first, err := users.Provision(t.Context(), "user_2ada")
		if err != nil {
			t.Fatal(err)
		}
		second, err := users.Provision(t.Context(), "user_2ada")
		if err != nil {
			t.Fatal(err)
		}
		if first == second || first.Id != second.Id {
			t.Error("want two records of one user")
		}
		if n := fake.fetches.Load(); n != 1 {
			t.Errorf("%d fetches, want 1", n)
		}
	})

	t.Run("WithoutBackend", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		users := mustNew(t, app, clerksync.Config{})
		record, err := users.Provision(t.Context(), "user_2ada")
		if err != nil {
			t.Fatal(err)
		}
		if user := records.NewUser(record); user.ClerkUserID() != "user_2ada" || user.Email() != "" || user.Verified() {
			t.Errorf("got %v", user.FieldsData())
		}
		// What Clerk says later fills in the rest.
		if err := users.Upsert(t.Context(), clerksync.Profile{ClerkUserID: "user_2ada", Email: "ada@example.org", UpdatedAt: 1}); err != nil {
			t.Fatal(err)
		}
		if user := userOf(t, app, "user_2ada"); user.Email() != "ada@example.org" {
			t.Errorf("email %q", user.Email())
		}
	})

	t.Run("CallerGone", func(t *testing.T) {
		t.Parallel()
		app, fake := newApp(t), newFakeClerk(t)
		asked, goOn := make(chan struct{}), make(chan struct{})
		fake.answers(func(w http.ResponseWriter, _ *http.Request) {
			close(asked)
			<-goOn
			_, _ = w.Write([]byte(`{"id":"user_2ada","updated_at":1}`))
		})
		users := mustNew(t, app, clerksync.Config{Backend: fake.backend})

		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() {
			_, err := users.Provision(ctx, "user_2ada")
			gone <- err
		}()
		<-asked
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		// The work that he began goes on for the others.
		close(goOn)
		if _, err := users.Provision(t.Context(), "user_2ada"); err != nil {
			t.Error(err)
		}
		if n := fake.fetches.Load(); n != 1 {
			t.Errorf("%d fetches, want 1", n)
		}
	})

	t.Run("PanicInHook", func(t *testing.T) {
		t.Parallel()
		app, fake := newApp(t), newFakeClerk(t)
		app.OnRecordCreate(records.CollectionUsers).BindFunc(func(*core.RecordEvent) error { panic("boom") })
		_, err := mustNew(t, app, clerksync.Config{Backend: fake.backend}).Provision(t.Context(), "user_2ada")
		if err == nil || errors.Is(err, records.ErrUserUnknown) {
			t.Errorf("got %v", err)
		}
	})
}

func TestProvisionRefused(t *testing.T) {
	t.Parallel()

	const notFound = `{"errors":[{"code":"resource_not_found","message":"not found"}],"status":200}`
	for _, test := range []struct {
		name    string
		id      string
		prepare func(t *testing.T, app core.App, fake *fakeClerk)
		unknown bool
		fetches int32
	}{
		{"NotFound", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) { f.fails(404, notFound) }, true, 1},
		{"Banned", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) { f.knows(`{"id":"user_2ada","banned":true}`) }, true, 1},
		{"Tombstone", "user_2ada", func(t *testing.T, app core.App, _ *fakeClerk) { bury(t, app, "user_2ada") }, true, 0},
		{"BuriedMeanwhile", "user_2ada", func(t *testing.T, app core.App, f *fakeClerk) {
			f.answers(func(w http.ResponseWriter, _ *http.Request) {
				bury(t, app, "user_2ada")
				_, _ = w.Write([]byte(`{"id":"user_2ada","updated_at":1}`))
			})
		}, true, 1},
		{"PathInID", "user_2/../../jwks", nil, true, 0},
		{"NoID", "", nil, true, 0},
		{"PrefixOnly", "user_", nil, true, 0},
		{"Outage", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) {
			f.fails(500, `{"errors":[{"code":"internal"}],"status":404}`)
		}, false, 1},
		{"ProxyPage404", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) { f.fails(404, `<html>no such site</html>`) }, false, 1},
		{"RateLimited", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) {
			f.fails(429, `{"errors":[{"code":"too_many_requests"}]}`)
		}, false, 1},
		{"KeyRefused", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) {
			f.fails(401, `{"errors":[{"code":"secret_key_invalid"}]}`)
		}, false, 1},
		{"SomebodyElse", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) { f.knows(`{"id":"user_2bob"}`) }, false, 1},
		{"Garbage", "user_2ada", func(_ *testing.T, _ core.App, f *fakeClerk) { f.knows(`]`) }, false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			app, fake := newApp(t), newFakeClerk(t)
			if test.prepare != nil {
				test.prepare(t, app, fake)
			}
			_, err := mustNew(t, app, clerksync.Config{Backend: fake.backend}).Provision(t.Context(), test.id)
			if err == nil || errors.Is(err, records.ErrUserUnknown) != test.unknown {
				t.Errorf("got error %v, want unknown: %t", err, test.unknown)
			}
			if n := fake.fetches.Load(); n != test.fetches {
				t.Errorf("%d fetches, want %d", n, test.fetches)
			}
			if n, err := app.CountRecords(records.CollectionUsers); n != 0 || err != nil {
				t.Errorf("%d users, error %v", n, err)
			}
		})
	}
}

func TestProvisionConcurrently(t *testing.T) {
	t.Parallel()
	app, fake := newApp(t), newFakeClerk(t)
	users := mustNew(t, app, clerksync.Config{Backend: fake.backend})

	const requests = 50
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		seen  = map[*core.Record]string{}
	)
	for range requests {
		group.Go(func() {
			record, err := users.Provision(t.Context(), "user_2ada")
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			seen[record] = record.Id
		})
	}
	group.Wait()

	if n := fake.fetches.Load(); n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
	if len(seen) != requests {
		t.Errorf("%d records, want one for each of %d requests", len(seen), requests)
	}
	want := userOf(t, app, "user_2ada")
	for _, id := range seen {
		if id != want.Id {
			t.Errorf("record %s, want %s", id, want.Id)
		}
	}
}
