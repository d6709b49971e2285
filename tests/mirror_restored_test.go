package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// history writes a stretch of history: rows that come, change, swap and go, by a number.
func (m *mirror) history(t *testing.T, n int) {
	t.Helper()
	name := func(part string) string { return fmt.Sprintf("%s%d", part, n) }
	m.change(t, insertUser(name("a"), name("a")+"@example.org"), insertUser(name("b"), name("b")+"@example.org"), insertUser(name("c"), ""))
	for i := range 20 {
		m.change(t, insertJob(fmt.Sprintf("%s-%d", name("j"), i), name([]string{"a", "b", "c"}[i%3])))
	}
	m.change(t, fmt.Sprintf(`UPDATE translation_jobs SET progress = %d WHERE id LIKE 'j%%'`, n))
	m.change(t, swapEmails(name("a"), name("b"))...)
	m.change(t, `DELETE FROM translation_jobs WHERE id = `+quoted(jobRecord(name("j")+"-7")))
	if n > 0 {
		m.change(t, `DELETE FROM users WHERE id = `+quoted(userRecord(fmt.Sprintf("b%d", n-1))), swapEmails(fmt.Sprintf("a%d", n-1), name("a"))[0])
	}
}

// TestMirrorPostgresSetBack restores PostgreSQL from a dump taken earlier: while what
// has changed since is still noted, and when it is not any more.
func TestMirrorPostgresSetBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, retention, told string
		running               bool // the service runs while PostgreSQL is set back
	}{
		{"still noted, service running", "1h", "led on", true},
		{"still noted, service stopped", "1h", "led on", false},
		{"pruned, service running", "1s", "filled anew", true},
		{"pruned, service stopped", "1s", "filled anew", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := startMirror(t, "VERSO_MIRROR_RETENTION", test.retention)
			m.history(t, 0)
			m.mustBecomeEqual(t, mirrorWait)
			m.postgres.MustExec(t, mirrorDB, `INSERT INTO users (clerk_user_id, email) VALUES ('user_theirs', 'theirs@example.org')`)
			m.foreign = true
			dump := m.postgres.Dump(t, mirrorDB)
			m.history(t, 1)
			m.history(t, 2)
			m.mustBecomeEqual(t, mirrorWait)
			if test.told == "filled anew" {
				if !process.Holds(3*time.Minute, func() bool { return m.count(t, `SELECT count(*) FROM verso_mirror_outbox`) == 0 }) {
					t.Fatalf("%d rows are still noted", m.count(t, `SELECT count(*) FROM verso_mirror_outbox`))
				}
			}
			if !test.running {
				m.server.Stop(t)
			}
			m.postgres.Restore(t, mirrorDB, dump)
			if !test.running {
				m.start(t)
			}
			m.mustBecomeEqual(t, mirrorReturn)
			m.awaitLog(t, test.told)
			m.history(t, 3)
			m.mustBecomeEqual(t, mirrorWait)
			m.awaitMirrored(t, "theirs@example.org", `SELECT email FROM users WHERE clerk_user_id = 'user_theirs'`)
		})
	}
}

// TestMirrorPostgresLost gives the mirror an empty database in the place of its own.
func TestMirrorPostgresLost(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	empty := m.postgres.Dump(t, "postgres")
	m.history(t, 0)
	m.mustBecomeEqual(t, mirrorWait)
	m.postgres.Restore(t, mirrorDB, empty)
	m.mustBecomeEqual(t, mirrorReturn)
	m.awaitLog(t, "filled anew")
}

func (m *mirror) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := m.sqlite.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// copyData returns a copy of the service's data directory, taken while nobody writes.
func (m *mirror) copyData(t *testing.T) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(m.options.Dir)); err != nil {
		t.Fatalf("copy the data: %v", err)
	}
	return copied
}

// restoreData puts a copy in the data directory's place, while the service is stopped.
func (m *mirror) restoreData(t *testing.T, copied string) {
	t.Helper()
	m.sqlite.Close()
	if err := os.RemoveAll(m.options.Dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(m.options.Dir, os.DirFS(copied)); err != nil {
		t.Fatalf("restore the data: %v", err)
	}
	m.openSQLite(t)
}

// TestMirrorSQLiteSetBack restores SQLite from an earlier copy, as after a loss of the
// disk: PostgreSQL has rows then that are not there any more, and lacks others.
func TestMirrorSQLiteSetBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		// meanwhile happens after SQLite is set back and before PostgreSQL is seen.
		meanwhile int
	}{
		{"PostgreSQL is ahead", 0},
		// The numbers of changes have passed by PostgreSQL's, on another way.
		{"SQLite has gone on another way", 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := startMirror(t)
			m.history(t, 0)
			m.mustBecomeEqual(t, mirrorWait)
			m.server.Stop(t)
			copied := m.copyData(t)
			m.start(t)
			m.history(t, 1)
			m.history(t, 2)
			m.mustBecomeEqual(t, mirrorWait)
			m.server.Kill()
			m.restoreData(t, copied)
			m.proxy.Refuse()
			m.start(t)
			for n := range test.meanwhile {
				m.history(t, 10+n)
			}
			m.proxy.Pass(t)
			m.mustBecomeEqual(t, mirrorReturn)
			m.awaitLog(t, "filled anew")
			m.history(t, 3)
			m.mustBecomeEqual(t, mirrorWait)
		})
	}
}

// TestMirrorPowerLoss takes a snapshot of SQLite in the middle of writing, as a power
// loss leaves it, which may be behind what PostgreSQL has.
func TestMirrorPowerLoss(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	m.history(t, 0)
	m.mustBecomeEqual(t, mirrorWait)
	m.history(t, 1)
	m.server.Kill() // the copy is of the files as they are, the write-ahead log among them
	copied := m.copyData(t)
	m.start(t)
	m.change(t, insertUser("lost", "lost@example.org"), insertJob("lost", "lost"))
	m.mustBecomeEqual(t, mirrorWait)
	m.server.Kill()
	m.restoreData(t, copied)
	m.start(t)
	m.change(t, insertUser("instead", "lost@example.org"))
	m.mustBecomeEqual(t, mirrorReturn)
}

// TestMirrorSwitchedOnLater mirrors a service that ran without it, was switched off
// for a while, and is switched on again.
func TestMirrorSwitchedOnLater(t *testing.T) {
	t.Parallel()
	m := newMirror(t)
	address := m.options.Env["POSTGRES_URL"]
	delete(m.options.Env, "POSTGRES_URL")
	m.start(t)
	m.openSQLite(t)
	m.history(t, 0)
	if code, out := m.command(t, "status"); code == 0 || !strings.Contains(out, "POSTGRES_URL") {
		t.Errorf("without POSTGRES_URL status ends with %d:\n%s", code, out)
	}
	m.server.Stop(t)
	m.options.Env["POSTGRES_URL"] = address
	m.start(t)
	m.mustBecomeEqual(t, mirrorReturn)
	m.server.Stop(t)
	delete(m.options.Env, "POSTGRES_URL")
	m.start(t)
	m.history(t, 1)
	m.server.Stop(t)
	m.history(t, 2)
	m.options.Env["POSTGRES_URL"] = address
	m.start(t)
	m.mustBecomeEqual(t, mirrorReturn)
}
