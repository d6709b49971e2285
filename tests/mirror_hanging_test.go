package tests

import (
	"context"
	"database/sql"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
)

// hangings are the ways in which PostgreSQL neither answers nor refuses.
var hangings = map[string]func(m *mirror){
	"frozen":        func(m *mirror) { m.postgres.Freeze() },
	"black hole":    func(m *mirror) { m.proxy.Swallow() },
	"lost":          func(m *mirror) { m.proxy.Lose() },
	"locked tables": nil, // see lockTables
}

// lockTables holds the tables in a transaction of somebody else's until it is told to
// let go.
func lockTables(t *testing.T, m *mirror) (release func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	tx, err := m.postgres.DB(t, mirrorDB).BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(ctx, `LOCK TABLE users, translation_jobs IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	release = func() {
		_ = tx.Rollback() // PostgreSQL may have ended the session
		cancel()
	}
	t.Cleanup(release)
	return release
}

func hang(t *testing.T, m *mirror, how string) (release func()) {
	t.Helper()
	if hangings[how] == nil {
		return lockTables(t, m)
	}
	hangings[how](m)
	return func() {
		m.postgres.Thaw()
		m.proxy.Pass(t)
	}
}

// TestMirrorHangs uploads, watches and downloads while PostgreSQL hangs in each of the
// ways; afterwards it is caught up with.
func TestMirrorHangs(t *testing.T) {
	t.Parallel()
	for how := range hangings {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			m := startMirror(t)
			client := m.server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			first := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
			stream.UntilFinished(t, first.ID, waitShort)
			m.mustBecomeEqual(t, mirrorWait)

			release := hang(t, m, how)
			begun := time.Now()
			for range 20 {
				job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n\nThree.\n"), Fields: map[string]string{"segment_size": "500"}})
				stream.UntilFinished(t, job.ID, waitShort)
				client.Download(t, job.ID)
			}
			m.deliver(t, m.userEvent("user_hook", "Hook", "hook@example.org", 1))
			t.Logf("20 documents went through in %s", time.Since(begun).Round(time.Millisecond))
			if _, out := m.command(t, "status"); !strings.Contains(out, "lag_rows") {
				t.Errorf("status prints\n%s", out)
			}
			if how != "lost" { // by then it may have been found out
				if code, out := m.command(t, "verify"); code == 0 {
					t.Errorf("verify ends with 0:\n%s", out)
				}
			}
			release()
			released := time.Now()
			m.mustBecomeEqual(t, mirrorReturn)
			t.Logf("caught up %s after it was let go", time.Since(released).Round(10*time.Millisecond))
		})
	}
}

// mirrorShutdown is how long SIGTERM may take while PostgreSQL hangs: the bound of the
// segments in flight, which there are none of, one read or write, and some room.
const mirrorShutdown = 25 * time.Second

// TestMirrorShutdown ends the service while PostgreSQL hangs and much is to be written
// to it.
func TestMirrorShutdown(t *testing.T) {
	t.Parallel()
	for how := range hangings {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			m := startMirror(t, "VERSO_SHUTDOWN_TIMEOUT", "5s")
			m.change(t, insertUser("one", "1@example.org"))
			m.mustBecomeEqual(t, mirrorWait)
			release := hang(t, m, how)
			m.change(t, insertUser("two", "2@example.org"))
			time.Sleep(time.Second) // so that the mirror is in the middle of it; no event tells
			begun := time.Now()
			m.server.Signal(t, syscall.SIGTERM)
			if code := m.server.MustExit(t); code != 0 {
				t.Errorf("it ends with %d", code)
			}
			took := time.Since(begun)
			t.Logf("SIGTERM took %s", took.Round(10*time.Millisecond))
			if took > mirrorShutdown {
				t.Errorf("SIGTERM took %s", took)
			}
			release()
			m.start(t)
			m.mustBecomeEqual(t, mirrorReturn)
		})
	}
}

// TestMirrorAwayAtStart starts the service while PostgreSQL is not there, in each way.
func TestMirrorAwayAtStart(t *testing.T) {
	t.Parallel()
	for how, away := range map[string]func(t *testing.T, m *mirror){
		"stopped":    func(t *testing.T, m *mirror) { m.postgres.Stop(t) },
		"frozen":     func(_ *testing.T, m *mirror) { m.postgres.Freeze() },
		"black hole": func(_ *testing.T, m *mirror) { m.proxy.Swallow() },
		"no database": func(t *testing.T, m *mirror) {
			m.postgres.MustExec(t, "postgres", `ALTER DATABASE `+mirrorDB+` RENAME TO elsewhere`)
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			m := newMirror(t)
			away(t, m)
			m.start(t)
			m.openSQLite(t)
			client := m.server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
			stream.UntilFinished(t, job.ID, waitShort)
			if how == "no database" {
				m.postgres.MustExec(t, "postgres", `ALTER DATABASE elsewhere RENAME TO `+mirrorDB)
			}
			if !m.postgres.Running() {
				m.postgres.Restart(t)
			}
			m.postgres.Thaw()
			m.proxy.Pass(t)
			m.mustBecomeEqual(t, mirrorReturn)
		})
	}
}

// TestMirrorLostInATransaction loses the connection while the mirror is in the middle
// of a transaction: at PostgreSQL its session stays, with its locks, and nobody ever
// ends it.
func TestMirrorLostInATransaction(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	m.change(t, insertUser("one", "1@example.org"))
	m.mustBecomeEqual(t, mirrorWait)
	release := lockTables(t, m)
	m.change(t, insertUser("two", "2@example.org"))
	waiting := `SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	m.awaitMirrored(t, "true", waiting)
	m.proxy.Lose()
	release()
	begun := time.Now()
	m.mustBecomeEqual(t, mirrorReturn)
	t.Logf("caught up %s after the connection was lost", time.Since(begun).Round(10*time.Millisecond))
}
