package clerkauth_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// countQueries counts the queries that something makes of an app's data.
func (s *service) countQueries(t *testing.T, do func()) []string {
	t.Helper()
	var mu sync.Mutex
	var made []string
	reader, ok := s.app.ConcurrentDB().(*dbx.DB)
	writer, alsoOK := s.app.NonconcurrentDB().(*dbx.DB)
	if !ok || !alsoOK {
		t.Fatal("the database is not dbx's")
	}
	note := func(query string) {
		mu.Lock()
		defer mu.Unlock()
		made = append(made, query)
	}
	query := func(_ context.Context, _ time.Duration, query string, _ *sql.Rows, _ error) { note(query) }
	exec := func(_ context.Context, _ time.Duration, query string, _ sql.Result, _ error) { note(query) }
	reader.QueryLogFunc, writer.QueryLogFunc, reader.ExecLogFunc, writer.ExecLogFunc = query, query, exec, exec
	defer func() {
		reader.QueryLogFunc, writer.QueryLogFunc, reader.ExecLogFunc, writer.ExecLogFunc = nil, nil, nil, nil
	}()
	do()
	return made
}

// TestQueriesPerRequest holds that a request with a session token costs one query,
// by an index, and one without or with a bad token none.
func TestQueriesPerRequest(t *testing.T) {
	s := newService(t)
	token := s.goodToken()
	for _, test := range []struct {
		name, token string
		status      int
		queries     int
	}{
		{"the first time", token, 200, 1},
		{"again", token, 200, 1},
		{"refused", token[:len(token)-8] + "AAAAAAAA", 401, 0},
		{"guest", "", 401, 0},
	} {
		var got answer
		made := s.countQueries(t, func() { got = s.get("/own", test.token) })
		got.assert(t, test.status, "")
		if len(made) != test.queries {
			t.Errorf("%s: %d queries, want %d:\n%s", test.name, len(made), test.queries, strings.Join(made, "\n"))
		}
		for _, query := range made {
			var plan struct {
				Detail string `db:"detail"`
			}
			err := s.app.DB().NewQuery("EXPLAIN QUERY PLAN " + query).One(&plan)
			if err != nil || !strings.Contains(plan.Detail, "USING INDEX") {
				t.Errorf("%s: %s finds the user by %q, %v", test.name, query, plan.Detail, err)
			}
		}
	}
}

// TestRememberedTokenCostsNothing holds that a token which was verified before is
// known by its digest alone.
func TestRememberedTokenCostsNothing(t *testing.T) {
	c := newClock()
	verifier, token := newVerifier(t, c), c.goodToken()
	verify := func() {
		if _, err := verifier.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	verify()
	ctx := t.Context()
	if allocations := testing.AllocsPerRun(100, func() { _, _ = verifier.Verify(ctx, token) }); allocations > 1 {
		t.Errorf("%v allocations for a token that is remembered", allocations)
	}
}
