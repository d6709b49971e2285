package tests

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// TestMirrorRows follows users and jobs from their beginning to their end, as Clerk,
// people and other programs change them.
func TestMirrorRows(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	client := m.server.SignIn(t, ada)
	client.Get(t, "/api/v1/me").MustBe(t, http.StatusOK)

	t.Run("a user comes with the first request", func(t *testing.T) {
		m.awaitMirrored(t, ada+"|ada@example.org|Ada|true|true",
			`SELECT clerk_user_id, email, name, created_at > now() - interval '1 hour', updated_at >= created_at FROM users`)
	})
	var job process.Job
	t.Run("a job with its progress", func(t *testing.T) {
		stream := client.Subscribe(t, "translation_jobs/*")
		job = client.MustUpload(t, process.Upload{Filename: "Бог & Söhne.txt", Content: strings.NewReader("One.\n\nTwo.\n")})
		stream.UntilFinished(t, job.ID, waitShort)
		m.awaitMirrored(t, "Бог & Söhne.txt|COMPLETED|100|true|true|NULL|true|"+ada, `
			SELECT filename, status, progress, j.created_at > now() - interval '1 hour', completed_at >= j.created_at, error_message, filepath LIKE '%/`+job.ID+`/%', clerk_user_id
			FROM translation_jobs AS j JOIN users ON users.id = owner_id`)
		stored := m.postgres.MustQuery(t, mirrorDB, `SELECT filepath FROM translation_jobs`)[0][0]
		if _, ok := process.Files(t, m.options.Dir+"/storage")[stored]; !ok {
			t.Errorf("filepath is %s, and storage holds %v", stored, process.Files(t, m.options.Dir+"/storage"))
		}
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("webhooks", func(t *testing.T) {
		m.deliver(t, m.userEvent("user_hook", "Hook", "hook@example.org", 1))
		m.deliver(t, m.userEvent("user_phone", "Phone", "", 1))
		m.awaitMirrored(t, "hook@example.org", `SELECT email FROM users WHERE clerk_user_id = 'user_hook'`)
		m.awaitMirrored(t, "user_phone@users.invalid", `SELECT email FROM users WHERE clerk_user_id = 'user_phone'`)
		m.deliver(t, m.userEvent("user_phone", "Phone", "phone@example.org", 2))
		m.awaitMirrored(t, "phone@example.org", `SELECT email FROM users WHERE clerk_user_id = 'user_phone'`)
		m.deliver(t, m.userDeleted("user_phone"))
		m.awaitMirrored(t, "0", `SELECT count(*) FROM users WHERE clerk_user_id = 'user_phone'`)
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("two users exchange addresses at Clerk", func(t *testing.T) {
		m.deliver(t, m.userEvent("user_hook", "Hook", "ada@example.org", 2_000_000_000_000))
		m.deliver(t, m.userEvent(ada, "Ada", "hook@example.org", 2_000_000_000_001))
		m.awaitMirrored(t, "hook@example.org ada@example.org", `SELECT string_agg(email, ' ' ORDER BY clerk_user_id) FROM users`)
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("raw SQL", func(t *testing.T) {
		m.change(t, insertUser("one", "1@example.org"), insertUser("two", "2@example.org"), insertUser("three", "3@example.org"), insertUser("none", ""),
			insertJob("one", "one"), insertJob("nobodys", ""))
		m.mustBecomeEqual(t, mirrorWait)
		// An exchange and a cycle, each in one transaction, over and over.
		for i := range 20 {
			if i%2 == 0 {
				m.change(t, swapEmails("one", "two")...)
			} else {
				m.change(t, cycleEmails("one", "two", "three")...)
			}
			if i%5 == 0 {
				m.mustBecomeEqual(t, mirrorWait)
			}
		}
		m.mustBecomeEqual(t, mirrorWait)
		m.change(t,
			`UPDATE translation_jobs SET status = 'FAILED', progress = 55, error_message = 'It said "no"; DROP TABLE users', completed_at = '2026-02-03 04:05:06.789Z' WHERE id = `+quoted(jobRecord("one")),
			`UPDATE users SET name = 'Ünï \ "x" {a,b} NULL', updated_at = '2026-02-03 04:05:06.007Z' WHERE id = `+quoted(userRecord("two")),
			`UPDATE users SET name = '' WHERE id = `+quoted(userRecord("three")))
		m.mustBecomeEqual(t, mirrorWait)
		m.awaitMirrored(t, `FAILED|55|It said "no"; DROP TABLE users|2026-02-03 04:05:06.789+00`,
			`SELECT status, progress, error_message, (completed_at AT TIME ZONE 'UTC') || '+00' FROM translation_jobs WHERE filename = 'one.txt'`)
	})
	t.Run("an id that changes", func(t *testing.T) {
		before := m.postgres.MustQuery(t, mirrorDB, `SELECT id FROM users WHERE clerk_user_id = 'user_two'`)[0][0]
		m.change(t, `UPDATE users SET id = 'uchanged0000000' WHERE id = `+quoted(userRecord("two")), `UPDATE translation_jobs SET id = 'jchanged0000000' WHERE id = `+quoted(jobRecord("nobodys")))
		m.mustBecomeEqual(t, mirrorWait)
		if after := m.postgres.MustQuery(t, mirrorDB, `SELECT id FROM users WHERE clerk_user_id = 'user_two'`)[0][0]; after != before {
			t.Logf("the user's number has become %s, from %s", after, before)
		}
	})
	t.Run("a job comes before its owner", func(t *testing.T) {
		m.change(t, insertJob("early", "late"))
		m.awaitMirrored(t, "NULL", `SELECT owner_id FROM translation_jobs WHERE filename = 'early.txt'`)
		m.change(t, insertUser("late", "late@example.org"))
		m.awaitMirrored(t, "user_late", `SELECT clerk_user_id FROM translation_jobs JOIN users ON users.id = owner_id WHERE filename = 'early.txt'`)
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("an owner goes, and his jobs stay", func(t *testing.T) {
		m.change(t, `DELETE FROM users WHERE id = `+quoted(userRecord("late")))
		m.awaitMirrored(t, "NULL", `SELECT owner_id FROM translation_jobs WHERE filename = 'early.txt'`)
		m.deliver(t, m.userDeleted(ada))
		m.awaitMirrored(t, "0", `SELECT count(*) FROM users WHERE clerk_user_id = `+quoted(ada))
		m.mustBecomeEqual(t, mirrorWait)
		// He comes back under his old record, and has them again.
		m.change(t, insertUser("late", "late@example.org"))
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("jobs go", func(t *testing.T) {
		m.change(t, `DELETE FROM translation_jobs WHERE id = `+quoted(jobRecord("early")))
		m.awaitMirrored(t, "0", `SELECT count(*) FROM translation_jobs WHERE filename = 'early.txt'`)
		bo := m.server.SignIn(t, bo)
		gone := bo.MustUpload(t, process.Upload{Filename: "gone.txt", Content: strings.NewReader("One.\n")})
		m.awaitMirrored(t, "1", `SELECT count(*) FROM translation_jobs WHERE filename = 'gone.txt'`)
		bo.DeleteJob(t, gone.ID)
		m.awaitMirrored(t, "0", `SELECT count(*) FROM translation_jobs WHERE filename = 'gone.txt'`)
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("everything goes at once", func(t *testing.T) {
		m.change(t, `DELETE FROM translation_jobs`, `DELETE FROM users`)
		m.awaitMirrored(t, "0|0", `SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM translation_jobs)`)
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("what is rolled back was not", func(t *testing.T) {
		if err := m.tryChange(insertUser("never", "never@example.org"), `INSERT INTO nothing VALUES (1)`); err == nil {
			t.Fatal("the transaction was committed")
		}
		m.change(t, insertUser("ever", "ever@example.org"))
		m.awaitMirrored(t, "user_ever", `SELECT string_agg(clerk_user_id, ' ') FROM users`)
		m.mustBecomeEqual(t, mirrorWait)
	})
}

// swapEmails is raw SQL by which two users exchange their addresses.
func swapEmails(a, b string) []string { return cycleEmails(a, b) }

// cycleEmails is raw SQL by which each user gets the address of the next, whatever
// that is.
func cycleEmails(names ...string) []string {
	statements := []string{`DROP TABLE IF EXISTS temp.held`, `CREATE TEMP TABLE held AS SELECT id, email FROM users`}
	for _, name := range names {
		statements = append(statements, fmt.Sprintf(`UPDATE users SET email = 'moving-%s' WHERE id = %[2]s AND email != ''`, name, quoted(userRecord(name))))
	}
	for i, name := range names {
		statements = append(statements, fmt.Sprintf(`UPDATE users SET email = COALESCE((SELECT email FROM held WHERE id = %s), '') WHERE id = %s`,
			quoted(userRecord(names[(i+1)%len(names)])), quoted(userRecord(name))))
	}
	return append(statements, `DROP TABLE temp.held`)
}

// TestMirrorReplaced replaces rows by what SQLite does about conflicts, which fires no
// trigger for the row that goes.
func TestMirrorReplaced(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	m.change(t, insertUser("one", "1@example.org"), insertUser("two", "2@example.org"), insertJob("one", "one"), insertJob("two", "two"))
	m.mustBecomeEqual(t, mirrorWait)
	for name, statement := range map[string]string{
		"a job by its id":                  `REPLACE INTO translation_jobs SELECT * FROM translation_jobs WHERE id = ` + quoted(jobRecord("one")),
		"a user by his id at Clerk":        strings.Replace(strings.Replace(insertUser("other", "other@example.org"), "INSERT", "REPLACE", 1), "user_other", "user_one", 1),
		"a user by his address":            strings.Replace(insertUser("third", "2@example.org"), "INSERT", "INSERT OR REPLACE", 1),
		"a user by an update of another's": `UPDATE OR REPLACE users SET email = (SELECT email FROM users WHERE clerk_user_id = 'user_one') WHERE clerk_user_id = 'user_victim'`,
	} {
		t.Run(name, func(t *testing.T) {
			m.change(t, `DELETE FROM users WHERE clerk_user_id = 'user_victim'`)
			m.change(t, insertUser("victim", "victim@example.org"))
			m.mustBecomeEqual(t, mirrorWait)
			m.change(t, statement)
			m.mustBecomeEqual(t, mirrorWait)
		})
	}
}

// TestMirrorPoison writes what PostgreSQL does not take. It blocks itself alone, is
// reported, and is mirrored once it is mended.
func TestMirrorPoison(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	m.change(t, insertUser("good", "good@example.org"), insertJob("good", "good"))
	m.mustBecomeEqual(t, mirrorWait)
	for name, poison := range map[string]string{
		"nul":      `UPDATE users SET name = 'a' || char(0) || 'b' WHERE id = ` + quoted(userRecord("bad")),
		"encoding": `UPDATE users SET name = CAST(x'41ff42' AS TEXT) WHERE id = ` + quoted(userRecord("bad")),
		"number":   `UPDATE translation_jobs SET progress = 5000000000 WHERE id = ` + quoted(jobRecord("bad")),
		"time":     `UPDATE translation_jobs SET completed_at = '2026-13-45 99:99:99Z' WHERE id = ` + quoted(jobRecord("bad")),
	} {
		t.Run(name, func(t *testing.T) {
			bad := jobRecord("bad")
			if strings.Contains(poison, "users") {
				bad = userRecord("bad")
			}
			m.change(t, `DELETE FROM users WHERE clerk_user_id = 'user_bad'`, `DELETE FROM translation_jobs WHERE id = `+quoted(jobRecord("bad")))
			m.change(t, insertUser("bad", "bad@example.org"), insertJob("bad", "good"))
			m.mustBecomeEqual(t, mirrorWait)
			m.change(t, poison, `UPDATE users SET name = 'Changed by `+name+`' WHERE id = `+quoted(userRecord("good")), `UPDATE translation_jobs SET progress = progress + 1 WHERE id = `+quoted(jobRecord("good")))
			if !process.Holds(mirrorWait, func() bool { return len(m.parked(t)) == 1 }) {
				_, status := m.command(t, "status")
				t.Fatalf("parked is %q; status:\n%s", m.parked(t), status)
			}
			m.awaitMirrored(t, "Changed by "+name, `SELECT name FROM users WHERE clerk_user_id = 'user_good'`)
			if _, out := m.command(t, "status"); !strings.Contains(out, "parked 1") || !strings.Contains(out, bad) {
				t.Errorf("status does not tell of it:\n%s", out)
			}
			if _, out := m.command(t, "verify"); !strings.Contains(out, "1 parked") {
				t.Errorf("verify does not tell of it:\n%s", out)
			}
			m.change(t, `UPDATE users SET name = 'mended' WHERE id = `+quoted(userRecord("bad")), `UPDATE translation_jobs SET progress = 1, completed_at = '' WHERE id = `+quoted(jobRecord("bad")))
			m.mustBecomeEqual(t, mirrorWait)
		})
	}
}

// TestMirrorTalksLittle takes PostgreSQL away for some seconds in which much is
// written. The log tells once that it is away and once that it is caught up with.
func TestMirrorTalksLittle(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	m.change(t, insertUser("one", "1@example.org"))
	m.mustBecomeEqual(t, mirrorWait)
	m.awaitLog(t, "has caught up") // equal is a moment before the mirror knows that it is
	m.postgres.Stop(t)
	until := time.Now().Add(8 * time.Second)
	for n := 0; time.Now().Before(until); n++ {
		m.change(t, fmt.Sprintf(`UPDATE users SET name = 'Name %d'`, n))
	}
	if answer := m.server.Guest(t).Get(t, "/readyz").MustBe(t, http.StatusOK); !strings.Contains(string(answer.Body), `"mirror"`) {
		t.Errorf("/readyz does not tell of the mirror: %s", answer)
	}
	if code, out := m.command(t, "verify"); code != 2 {
		t.Errorf("verify ends with %d:\n%s", code, out)
	}
	m.postgres.Restart(t)
	m.mustBecomeEqual(t, mirrorReturn)
	if !process.Holds(mirrorWait, func() bool { return strings.Count(m.log(t), "has caught up") == 2 }) {
		t.Errorf("the log does not tell that it has caught up twice:\n%s", m.log(t))
	}
	told := 0
	for line := range strings.Lines(m.log(t)) {
		if strings.Contains(line, "irror") || strings.Contains(line, "PostgreSQL") {
			told++
			t.Log(strings.TrimSpace(line))
		}
	}
	if told > 10 {
		t.Errorf("%d lines tell of the mirror", told)
	}
}
