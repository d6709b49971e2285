package clerksync_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"pgregory.net/rapid"

	"verso/hooks/records"
)

// news is an event of a history, in the order in which it happened at Clerk.
type news struct{ id, body string }

// clerkUser is a user as Clerk knows him.
type clerkUser struct {
	email, name string
	updatedAt   int64
	deleted     bool
}

// history is what happened at Clerk: the events, and how it ended.
type history struct {
	users map[string]*clerkUser
	news  []news
	clock int64
}

func (h *history) tell(body string) {
	h.news = append(h.news, news{fmt.Sprintf("msg_%d", len(h.news)), body})
}

func (h *history) change(id string, change func(*clerkUser)) {
	h.clock++
	user, kind := h.users[id], "user.updated"
	if user == nil {
		user, kind = &clerkUser{}, "user.created"
		h.users[id] = user
	}
	change(user)
	user.updatedAt = h.clock
	h.tell(userEvent(kind, id, user.email, user.name, user.updatedAt, h.clock%7 == 0))
}

// living returns the ids of the users who are there, sorted.
func (h *history) living() (ids []string) {
	for id, user := range h.users {
		if !user.deleted {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// drawHistory makes one up: creations, updates, bans, deletions, and addresses
// that move from one user to another or are swapped.
func drawHistory(t *rapid.T, most int) *history {
	h := &history{users: map[string]*clerkUser{}}
	for range rapid.IntRange(1, 3*most).Draw(t, "events") {
		living := h.living()
		some := func(label string) string { return rapid.SampledFrom(living).Draw(t, label) }
		switch what := rapid.IntRange(0, 9).Draw(t, "what"); {
		case len(h.users) < most && (what < 4 || len(living) < 2):
			id := fmt.Sprintf("user_%03d", len(h.users))
			h.change(id, func(u *clerkUser) { u.email, u.name = id[5:]+"@example.org", "Name "+id[5:] })
		case len(living) < 2:
			return h
		case what == 9:
			id := some("deleted")
			h.users[id].deleted = true
			h.tell(deletedEvent(id))
		case what == 8: // two users swap their addresses, one after the other
			a, b := some("a"), some("b")
			first, second := h.users[a].email, h.users[b].email
			h.change(a, func(u *clerkUser) { u.email = "between@example.org" })
			h.change(b, func(u *clerkUser) { u.email = first })
			h.change(a, func(u *clerkUser) { u.email = second })
		case what == 7: // an address moves
			from, to := some("from"), some("to")
			moved := h.users[from].email
			h.change(from, func(u *clerkUser) { u.email = fmt.Sprintf("new%d@example.org", h.clock) })
			h.change(to, func(u *clerkUser) { u.email = moved })
		default:
			id := some("updated")
			h.change(id, func(u *clerkUser) { u.name = fmt.Sprintf("Name %d", h.clock) })
		}
	}
	return h
}

// TestHistories delivers made-up histories doubled and shuffled, with failures
// between verification and commit and with restarts in between. They end in the
// state of applying each event once, in order. `-rapid.checks=1000` does it for a
// thousand histories.
func TestHistories(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	failures := 0 // of the next writes
	fail := func(e *core.RecordEvent) error {
		if failures > 0 {
			failures--
			return fmt.Errorf("told to fail")
		}
		return e.Next()
	}
	r.app.OnRecordCreateExecute(records.CollectionUsers).BindFunc(fail)
	r.app.OnRecordUpdateExecute(records.CollectionUsers).BindFunc(fail)
	r.app.OnRecordDeleteExecute(records.CollectionUsers).BindFunc(fail)
	rapid.Check(t, func(rt *rapid.T) {
		most := 12
		if rapid.IntRange(0, 19).Draw(rt, "large") == 0 {
			most = 200
		}
		h := drawHistory(rt, most)
		for _, table := range []string{"users", "clerk_tombstones", "clerk_webhook_deliveries", "clerk_webhook_counts"} {
			if _, err := r.app.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
				t.Fatal(err)
			}
		}
		queue := rapid.Permutation(slices.Concat(h.news, h.news)).Draw(rt, "order")
		for len(queue) > 0 {
			next := queue[0]
			queue = queue[1:]
			failures = 0
			if rapid.IntRange(0, 9).Draw(rt, "fails") == 0 {
				failures = 1
			}
			switch answer := r.deliver(t, next.id, next.body); {
			case answer.Code == http.StatusServiceUnavailable:
				queue = append(queue, next) // Svix sends it again
			case answer.Code != http.StatusOK:
				rt.Fatalf("%s: %d %s", next.body, answer.Code, answer.Body)
			}
		}
		failures = 0
		checkEnd(rt, r, h)
	})
}

// checkEnd compares the database with how a history ended.
func checkEnd(t *rapid.T, r *receiver, h *history) {
	var rows []struct {
		ID         string `db:"clerk_user_id"`
		Email      string `db:"email"`
		ClerkEmail string `db:"clerk_email"`
		Name       string `db:"name"`
	}
	if err := r.app.DB().NewQuery(`SELECT clerk_user_id, email, clerk_email, name FROM users ORDER BY clerk_user_id`).All(&rows); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	claimants := map[string]string{} // the newest by address
	for _, id := range h.living() {
		user := h.users[id]
		if holder := claimants[user.email]; holder == "" || h.users[holder].updatedAt < user.updatedAt {
			claimants[user.email] = id
		}
	}
	for _, row := range rows {
		got = append(got, strings.Join([]string{row.ID, row.Email, row.ClerkEmail, row.Name}, " "))
	}
	for _, id := range h.living() {
		user, email := h.users[id], ""
		if claimants[user.email] == id {
			email = user.email
		}
		want = append(want, strings.Join([]string{id, email, user.email, user.name}, " "))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("the users are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var noted int
	if err := r.app.DB().NewQuery(`SELECT COUNT(*) FROM clerk_webhook_deliveries`).Row(&noted); err != nil || noted != len(h.news) {
		t.Fatalf("%d of %d deliveries are noted", noted, len(h.news))
	}
}
