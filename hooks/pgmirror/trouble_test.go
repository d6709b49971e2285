package pgmirror_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/pgmirror"
)

// many makes rows by the hundred, "{:n}" of them.
const (
	manyUsers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:n})
		INSERT INTO users (id, clerk_user_id, email, name, tokenKey, password, created_at, updated_at)
		SELECT printf('u%014d', i), 'user_' || i, 'e' || i || '@example.org', '', printf('%050d', i), '!', '', '' FROM n`
	manyJobs = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:n})
		INSERT INTO translation_jobs (id, owner_id, filename, status, target_language, engine, source, created_at)
		SELECT printf('j%014d', i), {:owner}, i || '.txt', 'PENDING', 'fr', 'pseudo', 'source.txt', '2026-11-27 01:02:03.456Z' FROM n`
)

// TestManyJobsOfOne gives one user more jobs than a batch has rows, before he comes
// and after.
func TestManyJobsOfOne(t *testing.T) {
	h := newHouse(t)
	ada := h.user("ada", "ada@example.org")
	h.exec(manyJobs, dbx.Params{"n": 5000, "owner": ada})
	stop := h.run()
	h.equal()
	h.exec(`CREATE TEMP TABLE held AS SELECT * FROM users`, nil)
	h.exec(`DELETE FROM users`, nil)
	h.becomes("0|5000", `SELECT count(owner_id), count(*) FROM translation_jobs`)
	h.exec(`INSERT INTO users SELECT * FROM held`, nil)
	h.equal()
	stop()
	if got := h.rows(`SELECT count(owner_id) FROM translation_jobs`); got != "5000" {
		t.Errorf("%s jobs have their owner", got)
	}
}

// TestFillForgets fills anew a PostgreSQL that holds more rows of ours than there
// are.
func TestFillForgets(t *testing.T) {
	h := newHouse(t)
	h.exec(manyUsers, dbx.Params{"n": 3500})
	h.exec(manyJobs, dbx.Params{"n": 3500, "owner": "u00000000000007"})
	stop := h.run()
	h.equal()
	stop()
	for _, statement := range []string{
		`DELETE FROM translation_jobs WHERE id NOT IN ('j00000000000100', 'j00000000003000')`,
		`DELETE FROM users WHERE id != 'u00000000000007'`,
		`DELETE FROM verso_mirror_epochs`, // as where SQLite was set back
	} {
		h.exec(statement, nil)
	}
	defer h.run()()
	h.equal()
	if got := h.rows(`SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM translation_jobs), (SELECT count(*) FROM verso_mirror.ids)`); got != "1|2|3" {
		t.Errorf("users, jobs and ids: %s", got)
	}
}

// TestManyParked has PostgreSQL refuse more rows than a batch has.
func TestManyParked(t *testing.T) {
	h := newHouse(t)
	h.server.MustExec(t, database, adoptedUsers+`INSERT INTO users (clerk_user_id, email) SELECT 'theirs_' || i, 'e' || i || '@example.org' FROM generate_series(1, 1200) AS i`)
	h.exec(manyUsers, dbx.Params{"n": 1300})
	defer h.run()()
	compared := h.equal()
	if compared.Parked != 1200 || compared.Rows != 1300 {
		t.Errorf("%d of %d rows are parked", compared.Parked, compared.Rows)
	}
	if status, err := h.mirror.Status(t.Context()); err != nil || status.ParkedRows != 1200 || len(status.Parked) > 100 {
		t.Errorf("%d rows are parked, %d named: %v", status.ParkedRows, len(status.Parked), err)
	}
	if got := h.rows(`SELECT last_value < 5000 FROM users_id_seq`); got != "true" {
		t.Error("refusals use up the sequence")
	}
}

// registered is a house whose mirror is bound to the app.
func registered(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	mirror, err := pgmirror.Register(h.app, pgmirror.Config{URL: h.server.URL(database), IOTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mirror.Close() })
	h.mirror = mirror
	return h
}

func (h *house) save(change func(users *core.Collection)) {
	h.Helper()
	users, err := h.app.FindCollectionByNameOrId("users")
	if err != nil {
		h.Fatal(err)
	}
	change(users)
	if err := h.app.Save(users); err != nil {
		h.Fatal(err)
	}
}

// TestSchemaChanges changes a mirrored collection as admins do, and loses a trigger.
func TestSchemaChanges(t *testing.T) {
	h := registered(t)
	ada := h.user("ada", "ada@example.org")
	stop := h.run()
	defer stop()
	h.equal()
	h.save(func(users *core.Collection) {
		users.Fields.Add(&core.TextField{Name: "phone"})
		users.AddIndex("idx_phone", true, "phone", "phone != ''")
	})
	h.exec(`UPDATE users SET phone = '1', name = 'With a phone' WHERE id = {:id}`, dbx.Params{"id": ada})
	h.exec(`INSERT OR REPLACE INTO users (id, clerk_user_id, email, tokenKey, password, phone) VALUES ('replaces0000001', 'user_other', '', {:key}, '!', '1')`, dbx.Params{"key": strings.Repeat("k", 50)})
	h.equal()
	h.becomes("user_other", `SELECT string_agg(clerk_user_id, ' ') FROM users`)
	h.save(func(users *core.Collection) {
		users.Fields.GetByName("phone").SetName("mobile")
		users.RemoveIndex("idx_phone")
		users.AddIndex("idx_phone", true, "mobile", "mobile != ''")
	})
	h.save(func(users *core.Collection) {
		users.RemoveIndex("idx_phone")
		users.Fields.RemoveByName("mobile")
	})
	h.user("bo", "bo@example.org")
	h.equal()

	h.exec(`DROP TRIGGER verso_mirror_users_update`, nil)
	h.exec(`UPDATE users SET name = 'unnoted' WHERE clerk_user_id = 'user_bo'`, nil)
	h.save(func(users *core.Collection) { users.Fields.Add(&core.TextField{Name: "extra"}) })
	h.user("cy", "cy@example.org")
	h.becomes("unnoted", `SELECT name FROM users WHERE clerk_user_id = 'user_bo'`)
	h.equal()
}

// TestLag takes PostgreSQL away while one row changes again and again, and begins
// again without it.
func TestLag(t *testing.T) {
	h := newHouse(t)
	job := h.job(h.user("ada", "ada@example.org"), "ours.txt")
	stop := h.run()
	h.equal()
	h.server.Stop(t)
	began := time.Now()
	for time.Since(began) < 2*time.Second {
		h.exec(`UPDATE translation_jobs SET progress = progress + 1 WHERE id = {:id}`, dbx.Params{"id": job})
	}
	report, err := h.mirror.Report(t.Context())
	if err != nil || report.LagRows != 1 || report.Lag < time.Second {
		t.Errorf("after two seconds: %+v, %v", report, err)
	}
	stop()
	h.server.Restart(t)
	stop = h.run()
	h.equal()
	stop()
	h.server.Stop(t)
	h.mirror = h.open(h.server.URL(database)) // another process
	defer h.run()()
	h.until("it is away", func() bool {
		report, err = h.mirror.Report(context.Background())
		return err == nil && report.State == "away"
	})
	if report.LagRows != 0 {
		t.Errorf("everything is there, and the lag is %d rows", report.LagRows)
	}
}

// TestLostCommits lets SQLite lose its last commits while PostgreSQL is filled, as a
// power loss may.
func TestLostCommits(t *testing.T) {
	h := newHouse(t)
	h.exec(manyUsers, dbx.Params{"n": 10})
	stop := h.run()
	h.equal()
	stop()
	// What was noted of the last step is gone, and so is the last user.
	h.exec(`UPDATE verso_mirror_epochs SET step = step - 1`, nil)
	for _, event := range []string{"insert", "update", "delete"} {
		h.exec(`DROP TRIGGER verso_mirror_users_`+event, nil)
	}
	h.exec(`DELETE FROM users WHERE clerk_user_id = 'user_10'`, nil)
	h.exec(`CREATE TRIGGER verso_mirror_users_insert AFTER INSERT ON users BEGIN SELECT 1; END`, nil)
	if err := h.mirror.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer h.run()()
	h.equal()
	h.becomes("9", `SELECT count(*) FROM users`)
}

// TestStatusBefore asks before anything was mirrored, and when nobody mirrors.
func TestStatusBefore(t *testing.T) {
	h := newHouse(t)
	wants := func(state pgmirror.State, why string) {
		t.Helper()
		status, err := h.mirror.Status(t.Context())
		if err != nil || status.State != state || !strings.Contains(status.Why, why) {
			t.Errorf("%+v, %v; want %s, %q", status, err, state, why)
		}
	}
	wants("not begun", "")
	h.user("ada", "ada@example.org")
	stop := h.run()
	h.equal()
	stop()
	wants("streaming", "")
	h.exec(`DELETE FROM verso_mirror_epochs`, nil)
	wants("backfill", "no point of this database's history")
	h.server.MustExec(t, database, `DELETE FROM verso_mirror.place`)
	wants("not begun", "")
	h.server.MustExec(t, database, `ALTER TABLE users DROP COLUMN name, DROP COLUMN updated_at`)
	wants("stopped", "no column name; the table users has no column updated_at")
}

// TestOff starts a service without the mirror that it had.
func TestOff(t *testing.T) {
	h := newHouse(t)
	ada := h.user("ada", "ada@example.org")
	stop := h.run()
	h.equal()
	stop()
	// As after a thousand changes, of which PostgreSQL has had all for long.
	h.exec(`UPDATE sqlite_sequence SET seq = seq + 1000 WHERE name = 'verso_mirror_outbox'`, nil)
	h.exec(`UPDATE verso_mirror_source SET horizon = 1000, applied = 1000`, nil)
	pgmirror.Off(h.app)
	if err := h.app.OnServe().Trigger(&core.ServeEvent{App: h.app}, func(*core.ServeEvent) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var left []string
	if err := h.app.DB().NewQuery(`SELECT name FROM sqlite_master WHERE name GLOB 'verso_mirror_*' AND name != 'verso_mirror_source'`).Column(&left); err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
	h.exec(`UPDATE users SET name = 'changed meanwhile' WHERE id = {:id}`, dbx.Params{"id": ada})
	if err := h.mirror.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop = h.run()
	h.equal()
	stop()
	if status, err := h.mirror.Status(t.Context()); err != nil || status.State != "streaming" {
		t.Errorf("what was mirrored anew is not led on: %+v, %v", status, err)
	}
}

// TestQuietForLong has nothing change for longer than changes stay noted: PostgreSQL is
// led on afterwards all the same.
func TestQuietForLong(t *testing.T) {
	h := newHouse(t)
	h.user("ada", "ada@example.org")
	stop := h.run()
	h.equal()
	stop()
	mirror, err := pgmirror.New(h.app, pgmirror.Config{URL: h.server.URL(database), IOTimeout: time.Second, Retention: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer mirror.Close()
	h.exec(`UPDATE verso_mirror_epochs SET at = '2020-01-01 00:00:00.000Z'`, nil)
	h.exec(`INSERT INTO verso_mirror_epochs (epoch, step, at) VALUES ('another', 1, '2020-01-01 00:00:00.000Z')`, nil)
	mirror.Start() // another session, which writes nothing
	h.until("old epochs are forgotten", func() (forgotten bool) {
		query := `SELECT NOT EXISTS (SELECT 1 FROM verso_mirror_epochs WHERE epoch = 'another')`
		if err := h.app.DB().NewQuery(query).Row(&forgotten); err != nil {
			t.Fatal(err)
		}
		return forgotten
	})
	mirror.Stop()
	if status, err := mirror.Status(t.Context()); err != nil || status.State != "streaming" {
		t.Errorf("it is not led on: %+v, %v", status, err)
	}
}

// TestFillPassesOver fills from rows of which some have ids that PostgreSQL cannot hold,
// more in a row than are written at once.
func TestFillPassesOver(t *testing.T) {
	h := newHouse(t)
	ada := h.user("ada", "ada@example.org")
	h.exec(manyJobs, dbx.Params{"n": 3500, "owner": ada})
	h.exec(`UPDATE translation_jobs SET id = id || char(0) WHERE id BETWEEN 'j00000000000501' AND 'j00000000003000'`, nil)
	h.exec(`UPDATE translation_jobs SET id = id || CAST(x'ff' AS TEXT) WHERE id = 'j00000000003500'`, nil)
	defer h.run()()
	h.becomes("true", `SELECT to_regclass('translation_jobs') IS NOT NULL`)
	h.becomes("999", `SELECT count(*) FROM translation_jobs`)
	h.job(ada, "later.txt")
	h.becomes("1", `SELECT count(*) FROM translation_jobs WHERE filename = 'later.txt'`)
}
