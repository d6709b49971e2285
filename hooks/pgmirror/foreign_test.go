package pgmirror_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/pgmirror"
	"verso/migrations/migrated"
)

// adoptedUsers and adoptedJobs are tables that another program has made.
const (
	adoptedUsers = `CREATE TABLE users (id serial PRIMARY KEY, clerk_user_id text NOT NULL UNIQUE, email text UNIQUE, name text, created_at timestamptz, updated_at timestamptz);`
	adoptedJobs  = `CREATE TABLE translation_jobs (id serial PRIMARY KEY, filename text, status text, progress integer, created_at timestamptz, completed_at timestamptz, error_message text, filepath text, owner_id integer REFERENCES users (id), pages integer);`
)

// until waits for a condition.
func (h *house) until(what string, holds func() bool) {
	h.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	report, err := h.mirror.Report(context.Background())
	h.Fatalf("%s: not within a minute; %+v, %v", what, report, err)
}

// becomes waits until a query of PostgreSQL answers so.
func (h *house) becomes(want, query string) {
	h.Helper()
	got := ""
	h.until(query+" becomes "+want, func() bool {
		got = h.rows(query)
		return got == want
	})
}

// TestForeignIDs has another program give its jobs ids without asking the sequence.
func TestForeignIDs(t *testing.T) {
	h := newHouse(t)
	h.server.MustExec(t, database, adoptedUsers+adoptedJobs+`INSERT INTO translation_jobs (id, filename, pages) VALUES (1, 'theirs.txt', 7)`)
	ada := h.user("ada", "ada@example.org")
	h.job(ada, "ours.txt")
	defer h.run()()
	h.equal()
	h.server.MustExec(t, database, `INSERT INTO translation_jobs (id, filename, pages) SELECT max(id) + n, 'theirs too.txt', 8 FROM translation_jobs, generate_series(1, 3) AS n GROUP BY n`)
	h.job(ada, "ours too.txt")
	h.equal()
	want := "1|theirs.txt|7|NULL\n2|ours.txt|NULL|1\n3|theirs too.txt|8|NULL\n4|theirs too.txt|8|NULL\n5|theirs too.txt|8|NULL\n6|ours too.txt|NULL|1"
	if got := h.rows(`SELECT id, filename, pages, owner_id FROM translation_jobs ORDER BY id`); got != want {
		t.Errorf("jobs:\n%s", got)
	}
}

// TestRefusedRows writes what PostgreSQL does not take in each of the ways that it
// refuses in. The row is parked, and others pass.
func TestRefusedRows(t *testing.T) {
	for name, test := range map[string]struct{ tables, statement, parked string }{
		"an owner must be":          {adoptedUsers + strings.Replace(adoptedJobs, "owner_id integer", "owner_id integer NOT NULL", 1), `DELETE FROM users WHERE id = {:user}`, "users"},
		"progress of no number":     {"", `UPDATE translation_jobs SET progress = 'much' WHERE id = {:job}`, "translation_jobs"},
		"progress between two":      {"", `UPDATE translation_jobs SET progress = 12.5 WHERE id = {:job}`, "translation_jobs"},
		"no progress at all":        {"", `UPDATE translation_jobs SET progress = '' WHERE id = {:job}`, "translation_jobs"},
		"too long for an index":     {"", `UPDATE users SET clerk_user_id = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT group_concat(hex(randomblob(16)), '') FROM n) WHERE id = {:user}`, "users"},
		"letters that are no UTF-8": {"", `UPDATE users SET name = CAST(x'ff' AS TEXT) WHERE id = {:user}`, "users"},
		"an id that is no text":     {"", `UPDATE translation_jobs SET id = 'a' || char(0) || 'b' WHERE id = {:job}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			if test.tables != "" {
				h.server.MustExec(t, database, test.tables)
			}
			user := h.user("ada", "ada@example.org")
			job := h.job(user, "ours.txt")
			defer h.run()()
			h.equal()
			h.exec(test.statement, map[bool]dbx.Params{true: {"user": user}, false: {"job": job}}[strings.Contains(test.statement, ":user")])
			h.user("bo", "bo@example.org")
			h.becomes("1", `SELECT count(*) FROM users WHERE clerk_user_id = 'user_bo'`)
			h.becomes(test.parked, `SELECT COALESCE(string_agg(collection, ' '), '') FROM verso_mirror.parked`)
			report, err := h.mirror.Report(context.Background())
			if err != nil || report.State != "streaming" {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

// TestHeldRow has another program hold a row for long.
func TestHeldRow(t *testing.T) {
	h := newHouse(t)
	ada := h.user("ada", "ada@example.org")
	defer h.run()()
	h.equal()
	holding, err := h.server.DB(t, database).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer holding.Rollback() //nolint:errcheck // after a rollback it does nothing
	if _, err := holding.ExecContext(t.Context(), `SELECT 1 FROM users FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	h.exec(`UPDATE users SET name = 'Ada' WHERE id = {:id}`, dbx.Params{"id": ada})
	for _, name := range []string{"bo", "cy", "di"} {
		h.user(name, name+"@example.org")
	}
	h.becomes("3", `SELECT count(*) FROM users WHERE clerk_user_id <> 'user_ada'`)
	h.becomes("users|"+ada, `SELECT collection, record_id FROM verso_mirror.parked`)
	if err := holding.Rollback(); err != nil {
		t.Fatal(err)
	}
	h.exec(`UPDATE users SET name = 'Ada L.' WHERE id = {:id}`, dbx.Params{"id": ada})
	h.becomes("Ada L.", `SELECT name FROM users WHERE clerk_user_id = 'user_ada'`)
	if compared := h.equal(); compared.Parked != 0 {
		t.Errorf("%d rows are parked", compared.Parked)
	}
}

// TestOpenReader begins a session while another program reads, as a dump does.
func TestOpenReader(t *testing.T) {
	h := newHouse(t)
	stop := h.run()
	h.equal()
	stop()
	reading, err := h.server.DB(t, database).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Rollback() //nolint:errcheck // it only reads
	if _, err := reading.ExecContext(t.Context(), `SELECT 1 FROM translation_jobs, users`); err != nil {
		t.Fatal(err)
	}
	h.job(h.user("ada", "ada@example.org"), "ours.txt")
	defer h.run()()
	h.equal()
}

// TestClerkIDsChange changes ids at Clerk, which only raw SQL does.
func TestClerkIDsChange(t *testing.T) {
	h := newHouse(t)
	ada, bo := h.user("ada", "ada@example.org"), h.user("bo", "bo@example.org")
	h.job(ada, "adas.txt")
	h.job(bo, "bos.txt")
	defer h.run()()
	h.equal()
	owners := func(want string) {
		t.Helper()
		h.equal()
		if got := h.rows(`SELECT filename, clerk_user_id FROM translation_jobs JOIN users ON users.id = owner_id ORDER BY filename`); got != want {
			t.Errorf("owners:\n%s\nwant\n%s", got, want)
		}
		if got := h.rows(`SELECT count(*) FROM users`); got != "2" {
			t.Errorf("there are %s users", got)
		}
	}
	h.exec(`UPDATE users SET clerk_user_id = 'user_moved' WHERE id = {:id}`, dbx.Params{"id": ada})
	owners("adas.txt|user_moved\nbos.txt|user_bo")
	err := h.app.RunInTransaction(func(app core.App) error {
		for _, change := range [][2]string{{ada, "for a moment"}, {bo, "user_moved"}, {ada, "user_bo"}} {
			_, err := app.DB().NewQuery(`UPDATE users SET clerk_user_id = {:clerk} WHERE id = {:id}`).Bind(dbx.Params{"clerk": change[1], "id": change[0]}).Execute()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	owners("adas.txt|user_bo\nbos.txt|user_moved")
	// One takes what another has had until just now, and that one comes back later.
	h.exec(`UPDATE users SET clerk_user_id = 'away' WHERE id = {:id}`, dbx.Params{"id": bo})
	h.exec(`UPDATE users SET clerk_user_id = 'user_moved' WHERE id = {:id}`, dbx.Params{"id": ada})
	owners("adas.txt|user_moved\nbos.txt|away")
	h.exec(`DELETE FROM translation_jobs`, nil)
	h.exec(`DELETE FROM users`, nil)
	h.becomes("0", `SELECT count(*) FROM users`)
}

// TestTimesWithoutZone adopts columns whose times have none, on a server that is not
// in UTC.
func TestTimesWithoutZone(t *testing.T) {
	h := newHouse(t)
	h.server.MustExec(t, "postgres", `ALTER DATABASE `+database+` SET timezone = 'Asia/Seoul'`)
	h.server.MustExec(t, database, strings.ReplaceAll(adoptedUsers+adoptedJobs, "timestamptz", "timestamp"))
	h.job(h.user("ada", "ada@example.org"), "ours.txt")
	defer h.run()()
	h.equal()
	if got := h.rows(`SELECT created_at::text FROM users`); got != "2026-11-27 01:02:03.456" {
		t.Errorf("the time is %s", got)
	}
}

// TestVerifyTells spoils what no writer of ours would.
func TestVerifyTells(t *testing.T) {
	h := newHouse(t)
	h.job(h.user("ada", "ada@example.org"), "ours.txt")
	stop := h.run()
	h.equal()
	stop()
	for _, spoil := range []string{`UPDATE translation_jobs SET progress = NULL`, `UPDATE users SET created_at = created_at + interval '1 microsecond'`} {
		h.server.MustExec(t, database, spoil)
	}
	compared, err := h.mirror.Verify(context.Background())
	if err != nil || compared.Different != 2 {
		t.Errorf("%d rows differ, want 2: %v", compared.Different, err)
	}
}

// TestAnotherVerso mirrors a second Verso's data into the same database.
func TestAnotherVerso(t *testing.T) {
	h := newHouse(t)
	h.job(h.user("ada", "ada@example.org"), "production.txt")
	stop := h.run()
	defer func() { stop() }()
	h.equal()
	before := h.rows(`SELECT * FROM users, translation_jobs`)

	second := &house{T: t, app: migrated.App(t), server: h.server}
	second.mirror = second.open(h.server.URL(database))
	second.user("staging", "staging@example.org")
	defer second.run()()
	state := func(of *house, want pgmirror.State) {
		t.Helper()
		of.until("the state becomes "+string(want), func() bool {
			report, err := of.mirror.Report(context.Background())
			return err == nil && report.State == want
		})
	}
	state(second, "stopped")
	if status, err := second.mirror.Status(t.Context()); err != nil || status.State != "stopped" || !strings.Contains(status.Why, "another Verso") {
		t.Errorf("status: %+v, %v", status, err)
	}
	h.equal()
	if after := h.rows(`SELECT * FROM users, translation_jobs`); after != before {
		t.Errorf("the rows were\n%s\nand are\n%s", before, after)
	}
	if err := second.mirror.Resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	state(h, "stopped")
	second.mirror.Stop()
	second.mirror.Start() // and not only when it looks again
	second.equal()
	if got := h.rows(`SELECT clerk_user_id FROM users`); got != "user_staging" {
		t.Errorf("users:\n%s", got)
	}
}
