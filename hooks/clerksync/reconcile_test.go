package clerksync_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/clerksync"
	"verso/hooks/records"
)

// directory stands in for Clerk's list of users.
type directory struct {
	backend clerk.Backend

	mu    sync.Mutex
	users []map[string]any // oldest first
	asked []string
	// meets is called for each question, and may answer it.
	meets func(w http.ResponseWriter, question int) bool
}

func newDirectory(t testing.TB, ids ...string) *directory {
	t.Helper()
	d := &directory{}
	for _, id := range ids {
		d.add(id, id[5:]+"@example.org", 10)
	}
	server := httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(server.Close)
	d.backend = clerk.NewBackend(&clerk.BackendConfig{
		URL: clerk.String(server.URL + "/v1"), Key: clerk.String(secretKey), HTTPClient: server.Client(),
	})
	return d
}

func (d *directory) add(id, email string, updatedAt int64) {
	d.users = append(d.users, map[string]any{
		"object": "user", "id": id, "first_name": "Name " + id[5:], "updated_at": updatedAt, "primary_email_address_id": "idn_1",
		"email_addresses": []any{map[string]any{"id": "idn_1", "email_address": email, "verification": map[string]any{"status": "verified"}}},
	})
}

func (d *directory) serve(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, r.URL.Path+"?"+r.URL.RawQuery)
	if d.meets != nil && d.meets(w, len(d.asked)) {
		return
	}
	if id, ok := strings.CutPrefix(r.URL.Path, "/v1/users/"); ok {
		at := slices.IndexFunc(d.users, func(u map[string]any) bool { return u["id"] == id })
		if at < 0 {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"errors":[{"code":"resource_not_found"}]}`)
			return
		}
		_ = json.NewEncoder(w).Encode(d.users[at])
		return
	}
	query := r.URL.Query()
	limit, _ := strconv.Atoi(query.Get("limit"))
	offset, _ := strconv.Atoi(query.Get("offset"))
	listed := slices.Clone(d.users)
	if ids := query["user_id"]; len(ids) > 0 {
		listed = slices.DeleteFunc(listed, func(u map[string]any) bool { return !slices.Contains(ids, u["id"].(string)) })
	}
	listed = listed[min(offset, len(listed)):]
	_ = json.NewEncoder(w).Encode(listed[:min(limit, len(listed))])
}

// reconcile compares and returns what was reported.
func reconcile(t testing.TB, users *clerksync.Sync, dryRun bool) (changes []string, err error) {
	t.Helper()
	err = users.Reconcile(t.Context(), clerksync.ReconcileOptions{DryRun: dryRun, Report: func(c clerksync.Change) {
		changes = append(changes, c.Kind+" "+c.ClerkUserID)
	}})
	return changes, err
}

func living(t testing.TB, app core.App) (ids []string) {
	t.Helper()
	if err := app.DB().Select("clerk_user_id").From(records.CollectionUsers).OrderBy("clerk_user_id").Column(&ids); err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	clerkUsers := newDirectory(t, "user_a", "user_b", "user_c", "user_d")
	users := mustNew(t, app, clerksync.Config{Backend: clerkUsers.backend})
	mustUpsert(t, users, profile("user_a", "old@example.org", 5), profile("user_b", "b@example.org", 20), profile("user_x", "x@example.org", 1))
	bury(t, app, "user_d")

	want := []string{"updated user_a", "created user_c", "removed user_x"}
	got, err := reconcile(t, users, true)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("a dry run reports %v, %v", got, err)
	}
	if ids := living(t, app); !slices.Equal(ids, []string{"user_a", "user_b", "user_x"}) || stateOf(t, app, "user_a").email != "old@example.org" {
		t.Fatalf("a dry run changed something: %v", ids)
	}
	if got, err = reconcile(t, users, false); err != nil || !slices.Equal(got, want) {
		t.Errorf("reports %v, %v", got, err)
	}
	if ids := living(t, app); !slices.Equal(ids, []string{"user_a", "user_b", "user_c"}) || stateOf(t, app, "user_a").email != "a@example.org" {
		t.Errorf("the users are %v", ids)
	}
	if stateOf(t, app, "user_b").name != "user_b" {
		t.Error("older news from Clerk were written")
	}
	if got, err := reconcile(t, users, false); err != nil || len(got) != 0 {
		t.Errorf("the second time it changes %v, %v", got, err)
	}
	if err := users.Upsert(t.Context(), profile("user_x", "x@example.org", 100)); !errors.Is(err, records.ErrUserUnknown) {
		t.Errorf("who was removed comes back: %v", err)
	}
}

// TestReconcileGoesOn interrupts a comparison of many users: the next one goes on
// where it stopped.
func TestReconcileGoesOn(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	var ids []string
	for i := range 1100 {
		ids = append(ids, fmt.Sprintf("user_%04d", i))
	}
	clerkUsers := newDirectory(t, ids...)
	users := mustNew(t, app, clerksync.Config{Backend: clerkUsers.backend})
	ctx, cancel := context.WithCancel(t.Context())
	created := 0
	err := users.Reconcile(ctx, clerksync.ReconcileOptions{Report: func(clerksync.Change) {
		if created++; created == 700 {
			cancel()
		}
	}})
	if err == nil {
		t.Fatal("it was not interrupted")
	}
	clerkUsers.asked = nil
	changes, err := reconcile(t, users, false)
	if err != nil || len(living(t, app)) != 1100 || created+len(changes) != 1100 {
		t.Errorf("%v: %d users after %d and %d changes", err, len(living(t, app)), created, len(changes))
	}
	if !strings.Contains(clerkUsers.asked[0], "offset=500") {
		t.Errorf("it went on with %s", clerkUsers.asked[0])
	}
}

// TestReconcileIsPatient holds that Clerk's limits and failures are waited for,
// and that a list which fails removes nobody.
func TestReconcileIsPatient(t *testing.T) {
	t.Parallel()
	t.Run("Limited", func(t *testing.T) {
		t.Parallel()
		clerkUsers := newDirectory(t, "user_a")
		var refused, again time.Time
		clerkUsers.meets = func(w http.ResponseWriter, question int) bool {
			if question == 2 {
				again = time.Now()
			}
			if question > 1 {
				return false
			}
			refused = time.Now()
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"errors":[{"code":"too_many_requests"}]}`)
			return true
		}
		changes, err := reconcile(t, mustNew(t, newApp(t), clerksync.Config{Backend: clerkUsers.backend}), false)
		if err != nil || len(changes) != 1 {
			t.Errorf("changes %v, %v", changes, err)
		}
		if waited := again.Sub(refused); waited < 2*time.Second {
			t.Errorf("Clerk was asked again after %s, and had asked for 2 s", waited)
		}
	})
	t.Run("Unknown", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		users := mustNew(t, app, clerksync.Config{Backend: newDirectory(t, "user_somebody").backend})
		mustUpsert(t, users, profile("user_a", "a@example.org", 1))
		if _, err := reconcile(t, users, false); !errors.Is(err, clerksync.ErrStrangers) {
			t.Errorf("got %v", err)
		}
		if userOf(t, app, "user_a") == nil {
			t.Error("a user was removed because of another application's key")
		}
	})
	t.Run("EditedHere", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		users := mustNew(t, app, clerksync.Config{Backend: newDirectory(t, "user_a", "user_b").backend})
		if changes, err := reconcile(t, users, false); err != nil || len(changes) != 2 {
			t.Fatalf("changes %v, %v", changes, err)
		}
		if _, err := app.DB().NewQuery(`UPDATE users SET name = 'Edited' WHERE clerk_user_id = 'user_a'`).Execute(); err != nil {
			t.Fatal(err)
		}
		if changes, err := reconcile(t, users, false); err != nil || !slices.Equal(changes, []string{"updated user_a"}) {
			t.Errorf("changes %v, %v", changes, err)
		}
		if name := userOf(t, app, "user_a").Name(); name != "Name a" {
			t.Errorf("the name is %q", name)
		}
	})
	t.Run("HalfAList", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		clerkUsers := newDirectory(t, "user_a", "user_b")
		users := mustNew(t, app, clerksync.Config{Backend: clerkUsers.backend})
		mustUpsert(t, users, profile("user_a", "a@example.org", 11), profile("user_b", "b@example.org", 11))
		clerkUsers.meets = func(w http.ResponseWriter, question int) bool {
			if question == 2 { // who of ours is there
				fmt.Fprint(w, `[]`)
			}
			return question == 2
		}
		if changes, err := reconcile(t, users, false); err != nil || len(changes) != 0 {
			t.Errorf("changes %v, %v", changes, err)
		}
	})
	t.Run("WithoutKey", func(t *testing.T) {
		t.Parallel()
		if _, err := reconcile(t, mustNew(t, newApp(t), clerksync.Config{}), false); !errors.Is(err, clerksync.ErrNoBackend) {
			t.Errorf("got %v", err)
		}
	})
}

// TestEndingsOfAnotherProcess holds that what a command beside the service has
// ended is told there, once each.
func TestEndingsOfAnotherProcess(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	clerkUsers := newDirectory(t, "user_a")
	command := mustNew(t, r.app, clerksync.Config{Backend: clerkUsers.backend})
	mustUpsert(t, command, profile("user_a", "a@example.org", 10), profile("user_x", "x@example.org", 1))
	if _, err := reconcile(t, command, false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.sync.TellEndings(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.ended, []string{"deleted user_x"}) {
		t.Errorf("ended %v", r.ended)
	}
}

// TestEndingsAndAClockSetAhead sets the clock between an ending and the look that is
// to find it.
func TestEndingsAndAClockSetAhead(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	ahead, told := time.Duration(0), []string{}
	service := mustNew(t, app, clerksync.Config{
		Now:     func() time.Time { return time.Now().Add(ahead) },
		CutUser: func(id string) { told = append(told, id) },
	})
	command := mustNew(t, app, clerksync.Config{Backend: newDirectory(t, "user_a").backend})
	mustUpsert(t, command, profile("user_a", "a@example.org", 10), profile("user_x", "x@example.org", 1))
	look := func() {
		t.Helper()
		if err := service.TellEndings(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look()
	if _, err := reconcile(t, command, false); err != nil {
		t.Fatal(err)
	}
	ahead = time.Hour
	look()
	look()
	if !slices.Equal(told, []string{"user_x"}) {
		t.Errorf("told of %v", told)
	}
}
