package pgmirror_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	pbtests "github.com/pocketbase/pocketbase/tests"
	"go.uber.org/goleak"

	"verso/hooks/pgmirror"
	"verso/migrations/migrated"
	"verso/tests/postgres"
)

const database = "mirrored"

// house is a database of SQLite, one of PostgreSQL, and the mirror between them.
type house struct {
	*testing.T
	app    *pbtests.TestApp
	server *postgres.Server
	mirror *pgmirror.Mirror
}

func newHouse(t *testing.T) *house {
	t.Helper()
	t.Parallel() // most of each is waiting for PostgreSQL
	app := migrated.App(t)
	server := postgres.Start(t, postgres.Options{})
	server.CreateDatabase(t, database)
	h := &house{T: t, app: app, server: server}
	h.mirror = h.open(server.URL(database))
	return h
}

func (h *house) open(url string) *pgmirror.Mirror {
	h.Helper()
	mirror, err := pgmirror.New(h.app, pgmirror.Config{URL: url, IOTimeout: time.Second, Retention: time.Hour})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() {
		if err := mirror.Close(); err != nil {
			h.Error(err)
		}
	})
	if err := mirror.Prepare(context.Background()); err != nil {
		h.Fatal(err)
	}
	return mirror
}

// run starts the mirror and returns what stops it.
func (h *house) run() (stop func()) {
	h.mirror.Start()
	return h.mirror.Stop
}

func (h *house) exec(statement string, params dbx.Params) {
	h.Helper()
	if _, err := h.app.NonconcurrentDB().NewQuery(statement).Bind(params).Execute(); err != nil {
		h.Fatal(err)
	}
}

// user writes a user by raw SQL, as any program may.
func (h *house) user(name, email string) string {
	h.Helper()
	id := core.GenerateDefaultRandomId()
	h.exec(`INSERT INTO users (id, clerk_user_id, email, name, tokenKey, password, created_at, updated_at)
		VALUES ({:id}, {:clerk}, {:email}, {:name}, {:key}, '!', '2026-11-27 01:02:03.456Z', '2026-11-27 01:02:03.456Z')`,
		dbx.Params{"id": id, "clerk": "user_" + name, "email": email, "name": name, "key": core.GenerateDefaultRandomId() + core.GenerateDefaultRandomId() + core.GenerateDefaultRandomId()})
	return id
}

// job writes a job by raw SQL.
func (h *house) job(owner, filename string) string {
	h.Helper()
	id := core.GenerateDefaultRandomId()
	h.exec(`INSERT INTO translation_jobs (id, owner_id, filename, status, target_language, engine, source, created_at)
		VALUES ({:id}, {:owner}, {:filename}, 'PENDING', 'fr', 'pseudo', 'source.txt', '2026-11-27 01:02:03.456Z')`,
		dbx.Params{"id": id, "owner": owner, "filename": filename})
	return id
}

// equal waits until both sides are the same.
func (h *house) equal() pgmirror.Comparison {
	h.Helper()
	var compared pgmirror.Comparison
	var err error
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		report, reportErr := h.mirror.Report(context.Background())
		if reportErr == nil && report.LagRows == 0 && report.State == "streaming" {
			if compared, err = h.mirror.Verify(context.Background()); err == nil && compared.Equal() {
				return compared
			}
		}
		<-time.After(20 * time.Millisecond)
	}
	h.Fatalf("the two sides are not equal: %+v, %v", compared, err)
	return compared
}

func (h *house) rows(query string) string {
	h.Helper()
	var lines []string
	for _, row := range h.server.MustQuery(h.T, database, query) {
		lines = append(lines, strings.Join(row, "|"))
	}
	return strings.Join(lines, "\n")
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMirror(t *testing.T) {
	h := newHouse(t)
	ada, bo := h.user("ada", "ada@example.org"), h.user("bo", "")
	book := h.job(ada, "book.epub")
	h.job("", "nobody's.txt")
	defer h.run()()
	h.equal()
	if got := h.rows(`SELECT clerk_user_id, email, name FROM users ORDER BY clerk_user_id`); got != "user_ada|ada@example.org|ada\nuser_bo|user_bo@users.invalid|bo" {
		t.Errorf("users:\n%s", got)
	}
	if got := h.rows(`SELECT filename, status, progress, users.name FROM translation_jobs LEFT JOIN users ON users.id = owner_id ORDER BY filename`); !strings.Contains(got, "book.epub|PENDING|0|ada") {
		t.Errorf("jobs:\n%s", got)
	}

	t.Run("swaps", func(t *testing.T) {
		h.exec(`UPDATE users SET email = 'bo@example.org' WHERE id = {:id}`, dbx.Params{"id": bo})
		h.equal()
		h.exec(`UPDATE users SET email = CASE id WHEN {:ada} THEN '' ELSE 'ada@example.org' END WHERE id IN ({:ada}, {:bo})`, dbx.Params{"ada": ada, "bo": bo})
		h.exec(`UPDATE users SET email = 'bo@example.org' WHERE id = {:ada}`, dbx.Params{"ada": ada})
		h.equal()
	})
	t.Run("deletions", func(t *testing.T) {
		h.exec(`UPDATE translation_jobs SET owner_id = '', progress = 7 WHERE id = {:id}`, dbx.Params{"id": book})
		h.exec(`DELETE FROM users WHERE id = {:id}`, dbx.Params{"id": ada})
		if compared := h.equal(); compared.Rows != 3 {
			t.Errorf("%d rows are left", compared.Rows)
		}
	})
	t.Run("an owner who comes later", func(t *testing.T) {
		later := core.GenerateDefaultRandomId()
		h.job(later, "early.txt")
		h.exec(`INSERT INTO users (id, clerk_user_id, email, tokenKey, password) VALUES ({:id}, 'user_late', '', {:key}, '!')`,
			dbx.Params{"id": later, "key": strings.Repeat("k", 50)})
		h.equal()
	})
}

func TestForeignRows(t *testing.T) {
	h := newHouse(t)
	h.server.MustExec(t, database, `
		CREATE TABLE users (id serial PRIMARY KEY, clerk_user_id text NOT NULL UNIQUE, email text UNIQUE, name text, created_at timestamptz, updated_at timestamptz, plan text);
		CREATE TABLE translation_jobs (id serial PRIMARY KEY, filename text, status text, progress integer, created_at timestamptz, completed_at timestamptz, error_message text, filepath text);
		INSERT INTO users (id, clerk_user_id, email, plan) VALUES (1, 'user_ada', 'old@example.org', 'gold'), (2, 'user_stranger', 'bo@example.org', 'none');
		INSERT INTO translation_jobs (id, filename) VALUES (1, 'theirs.txt'), (2, 'theirs too.txt')`)
	ada := h.user("ada", "ada@example.org")
	h.user("bo", "bo@example.org")
	h.job(ada, "ours.txt")
	defer h.run()()
	compared := h.equal()
	if compared.Parked != 1 {
		t.Errorf("%d rows are parked", compared.Parked)
	}
	if got := h.rows(`SELECT id, clerk_user_id, email, plan FROM users ORDER BY id`); got != "1|user_ada|ada@example.org|gold\n2|user_stranger|bo@example.org|none" {
		t.Errorf("users:\n%s", got)
	}
	if got := h.rows(`SELECT id, filename, owner_id FROM translation_jobs ORDER BY id`); !strings.HasPrefix(got, "1|theirs.txt|") || !strings.HasSuffix(got, "3|ours.txt|1") {
		t.Errorf("jobs:\n%s", got)
	}
	t.Run("a parked row is written when it can be", func(t *testing.T) {
		h.server.MustExec(t, database, `UPDATE users SET email = 'elsewhere@example.org' WHERE id = 2`)
		h.exec(`UPDATE users SET name = 'Bo' WHERE clerk_user_id = 'user_bo'`, nil)
		if compared := h.equal(); compared.Parked != 0 {
			t.Errorf("%d rows are parked", compared.Parked)
		}
	})
}

func TestUnfitTables(t *testing.T) {
	for name, table := range map[string]string{
		"a column is missing": `CREATE TABLE users (id serial PRIMARY KEY, clerk_user_id text UNIQUE, name text)`,
		"a wrong type":        `CREATE TABLE users (id serial PRIMARY KEY, clerk_user_id text UNIQUE, email integer, name text, created_at timestamptz, updated_at timestamptz)`,
		"no unique index":     `CREATE TABLE users (id serial PRIMARY KEY, clerk_user_id text, email text, name text, created_at timestamptz, updated_at timestamptz)`,
		"no unique id":        strings.Replace(adoptedUsers, "PRIMARY KEY", "", 1),
		"an id that is given": strings.Replace(adoptedUsers, "serial PRIMARY KEY", "integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY", 1),
		"a password to write": strings.Replace(adoptedUsers, "name text", "name text, hashed_password text NOT NULL", 1),
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.server.MustExec(t, database, table)
			stop := h.run()
			defer stop()
			for {
				report, err := h.mirror.Report(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				if report.State == "stopped" {
					if !strings.Contains(report.Why, "users") {
						t.Errorf("it says %q", report.Why)
					}
					return
				}
				<-time.After(10 * time.Millisecond)
			}
		})
	}
}

// TestSetBack sets PostgreSQL back to an earlier state, with what has changed since
// still noted, and with it forgotten.
func TestSetBack(t *testing.T) {
	h := newHouse(t)
	ada := h.user("ada", "ada@example.org")
	stop := h.run()
	h.equal()
	dump := h.server.Dump(t, database)
	job := h.job(ada, "later.txt")
	h.equal()
	stop()
	h.server.Restore(t, database, dump)
	stop = h.run()
	h.equal()
	if got := h.rows(`SELECT filename FROM translation_jobs`); got != "later.txt" {
		t.Errorf("jobs: %s", got)
	}
	stop()

	h.exec(`DELETE FROM translation_jobs WHERE id = {:id}`, dbx.Params{"id": job})
	h.exec(`UPDATE verso_mirror_source SET horizon = (SELECT MAX(seq) FROM verso_mirror_outbox)`, nil)
	h.exec(`DELETE FROM verso_mirror_outbox`, nil)
	h.server.Restore(t, database, dump)
	stop = h.run()
	defer stop()
	h.equal()
}

// TestRandomHistories writes at random while PostgreSQL is treated badly.
func TestRandomHistories(t *testing.T) {
	h := newHouse(t)
	proxy := h.server.Proxy(t)
	h.mirror = h.open(proxy.URL(database))
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	defer h.run()()
	var users, jobs []string
	for round := range 12 {
		switch random.IntN(6) {
		case 0:
			h.server.Kill()
			h.server.Restart(t)
		case 1:
			h.server.Freeze()
			defer h.server.Thaw()
		case 2:
			proxy.Swallow()
		case 3:
			proxy.Cut()
		case 4:
			h.mirror.Stop()
		}
		for range 60 {
			switch n := random.IntN(10); {
			case n < 3 || len(users) == 0:
				users = append(users, h.user(fmt.Sprintf("u%d_%d", round, random.Uint32()), fmt.Sprintf("%d@example.org", random.Uint64())))
			case n < 6 || len(jobs) == 0:
				jobs = append(jobs, h.job(users[random.IntN(len(users))], fmt.Sprintf("f%d", random.Uint32())))
			case n == 6:
				h.exec(`UPDATE translation_jobs SET progress = progress + 1, status = 'PROCESSING' WHERE id = {:id}`, dbx.Params{"id": jobs[random.IntN(len(jobs))]})
			case n == 7:
				at := random.IntN(len(users))
				h.exec(`UPDATE translation_jobs SET owner_id = '' WHERE owner_id = {:id}`, dbx.Params{"id": users[at]})
				h.exec(`DELETE FROM users WHERE id = {:id}`, dbx.Params{"id": users[at]})
				users = append(users[:at], users[at+1:]...)
			default:
				h.swap(users[random.IntN(len(users))], users[random.IntN(len(users))])
			}
		}
		h.server.Thaw()
		proxy.Pass(t)
		h.mirror.Start()
	}
	compared := h.equal()
	t.Logf("%d rows are equal after 12 rounds", compared.Rows)
}

// swap exchanges two users' addresses.
func (h *house) swap(a, b string) {
	h.Helper()
	if a == b {
		return
	}
	var emails []struct {
		ID    string `db:"id"`
		Email string `db:"email"`
	}
	err := h.app.NonconcurrentDB().NewQuery(`SELECT id, email FROM users WHERE id IN ({:a}, {:b})`).Bind(dbx.Params{"a": a, "b": b}).All(&emails)
	if err != nil || len(emails) != 2 {
		h.Fatal(emails, err)
	}
	h.exec(`UPDATE users SET email = '' WHERE id = {:id}`, dbx.Params{"id": emails[0].ID})
	h.exec(`UPDATE users SET email = {:email} WHERE id = {:id}`, dbx.Params{"id": emails[1].ID, "email": emails[0].Email})
	h.exec(`UPDATE users SET email = {:email} WHERE id = {:id}`, dbx.Params{"id": emails[0].ID, "email": emails[1].Email})
}
