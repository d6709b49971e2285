package clerksync_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/clerksync"
	"verso/hooks/records"
)

// state is what a user looks like from outside.
type state struct{ email, clerkEmail, name string }

func stateOf(t testing.TB, app core.App, clerkUserID string) state {
	t.Helper()
	user := userOf(t, app, clerkUserID)
	if user == nil {
		t.Fatalf("no user %s", clerkUserID)
	}
	if user.Verified() != (user.Email() != "") {
		t.Errorf("%s: verified is %t with email %q", clerkUserID, user.Verified(), user.Email())
	}
	if user.EmailVisibility() {
		t.Errorf("%s: the email is visible", clerkUserID)
	}
	return state{user.Email(), user.ClerkEmail(), user.Name()}
}

func profile(id, email string, updatedAt int64) clerksync.Profile {
	return clerksync.Profile{ClerkUserID: id, Email: email, Name: id, UpdatedAt: updatedAt}
}

func mustUpsert(t testing.TB, users *clerksync.Sync, profiles ...clerksync.Profile) {
	t.Helper()
	for _, p := range profiles {
		if err := users.Upsert(t.Context(), p); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	}
}

func TestUpsert(t *testing.T) {
	t.Parallel()

	const (
		ada, bob = "user_ada", "user_bob"
		a, b     = "a@example.org", "b@example.org"
	)
	long := strings.Repeat("é", 300)

	for _, test := range []struct {
		name     string
		profiles []clerksync.Profile
		ada, bob state
	}{
		{
			name:     "OK",
			profiles: []clerksync.Profile{profile(ada, a, 1), profile(bob, b, 2)},
			ada:      state{a, a, ada}, bob: state{b, b, bob},
		},
		{
			name:     "OlderIsIgnored",
			profiles: []clerksync.Profile{profile(ada, a, 5), profile(ada, b, 4), profile(bob, "", 1)},
			ada:      state{a, a, ada}, bob: state{"", "", bob},
		},
		{
			name:     "EmailChanges",
			profiles: []clerksync.Profile{profile(ada, a, 1), profile(ada, b, 2), profile(bob, "", 1)},
			ada:      state{b, b, ada}, bob: state{"", "", bob},
		},
		{
			name:     "EmailGoesToTheNewer",
			profiles: []clerksync.Profile{profile(ada, a, 1), profile(bob, a, 2)},
			ada:      state{"", a, ada}, bob: state{a, a, bob},
		},
		{
			name:     "EmailStaysWithTheNewer",
			profiles: []clerksync.Profile{profile(bob, a, 2), profile(ada, a, 1)},
			ada:      state{"", a, ada}, bob: state{a, a, bob},
		},
		{
			name:     "TieIsBrokenByID",
			profiles: []clerksync.Profile{profile(bob, a, 1), profile(ada, a, 1)},
			ada:      state{"", a, ada}, bob: state{a, a, bob},
		},
		{
			name:     "FreedEmailIsPassedOn",
			profiles: []clerksync.Profile{profile(ada, a, 1), profile(bob, a, 2), profile(bob, b, 3)},
			ada:      state{a, a, ada}, bob: state{b, b, bob},
		},
		{
			name:     "RemovedEmailIsPassedOn",
			profiles: []clerksync.Profile{profile(ada, a, 1), profile(bob, a, 2), profile(bob, "", 3)},
			ada:      state{a, a, ada}, bob: state{"", "", bob},
		},
		{
			name:     "Swap",
			profiles: []clerksync.Profile{profile(ada, a, 1), profile(bob, b, 1), profile(ada, b, 2), profile(bob, a, 3)},
			ada:      state{b, b, ada}, bob: state{a, a, bob},
		},
		{
			name: "WhatDoesNotFit",
			profiles: []clerksync.Profile{
				{ClerkUserID: ada, Email: "not an address", Name: long, ImageURL: "https://img.clerk.com/" + strings.Repeat("x", 2000), UpdatedAt: 1},
				{ClerkUserID: bob, Email: strings.Repeat("x", 250) + "@example.org", UpdatedAt: 1},
			},
			ada: state{"", "not an address", long[:2*255]}, bob: state{"", "", ""},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			app := newApp(t)
			mustUpsert(t, mustNew(t, app, clerksync.Config{}), test.profiles...)
			if got := stateOf(t, app, ada); got != test.ada {
				t.Errorf("ada: got %+v, want %+v", got, test.ada)
			}
			if got := stateOf(t, app, bob); got != test.bob {
				t.Errorf("bob: got %+v, want %+v", got, test.bob)
			}
		})
	}

	t.Run("Deleted", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		bury(t, app, ada)
		err := mustNew(t, app, clerksync.Config{}).Upsert(t.Context(), profile(ada, a, 1))
		if !errors.Is(err, records.ErrUserUnknown) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("ChangedEmailKeepsTokens", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		users := mustNew(t, app, clerksync.Config{})
		mustUpsert(t, users, profile(ada, a, 1))
		before := userOf(t, app, ada).TokenKey()
		mustUpsert(t, users, profile(ada, b, 2), profile(bob, b, 3))
		if userOf(t, app, ada).TokenKey() != before {
			t.Error("the tokenKey was rotated")
		}
	})

	t.Run("NothingNewIsNotSaved", func(t *testing.T) {
		t.Parallel()
		app := newApp(t)
		users := mustNew(t, app, clerksync.Config{})
		mustUpsert(t, users, profile(ada, a, 1))
		app.ResetEventCalls()
		mustUpsert(t, users, profile(ada, a, 1))
		if n := app.EventCalls["OnRecordUpdate"]; n != 0 {
			t.Errorf("%d updates, want none", n)
		}
	})
}

// TestUpsertInAnyOrder applies the same news in many orders, each twice, and
// expects the same users of all.
func TestUpsertInAnyOrder(t *testing.T) {
	t.Parallel()
	const (
		ada, bob, eve = "user_ada", "user_bob", "user_eve"
		a, b          = "a@example.org", "b@example.org"
	)
	news := []clerksync.Profile{
		profile(ada, a, 1), profile(bob, b, 2), profile(eve, a, 3),
		profile(ada, b, 4), profile(bob, a, 5), profile(eve, "", 6),
	}
	want := map[string]state{ada: {b, b, ada}, bob: {a, a, bob}, eve: {"", "", eve}}

	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		app := newApp(t)
		users := mustNew(t, app, clerksync.Config{})
		shuffled := append(append([]clerksync.Profile{}, news...), news...)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		mustUpsert(t, users, shuffled...)
		for id, state := range want {
			if got := stateOf(t, app, id); got != state {
				t.Errorf("%s: got %+v, want %+v after %+v", id, got, state, shuffled)
			}
		}
	}
}

// TestUpsertFromTwoProcesses lets two apps, with connections of their own,
// create the same users in one database.
func TestUpsertFromTwoProcesses(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	other := core.NewBaseApp(core.BaseAppConfig{DataDir: app.DataDir()})
	if err := other.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.ResetBootstrapState() })

	var group sync.WaitGroup
	for _, each := range []core.App{app, other} {
		users := mustNew(t, each, clerksync.Config{})
		for i := range 20 {
			group.Go(func() {
				if err := users.Upsert(t.Context(), profile("user_"+string(rune('a'+i)), "a@example.org", 1)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()

	if n, err := app.CountRecords(records.CollectionUsers); n != 20 || err != nil {
		t.Errorf("%d users, want 20; error %v", n, err)
	}
	if got := stateOf(t, app, "user_t").email; got != "a@example.org" {
		t.Errorf("the newest claimant has email %q", got)
	}
}
