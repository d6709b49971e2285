package tests

import (
	"regexp"
	"strings"
	"testing"

	"verso/tests/process"
)

// TestMirrorCommands runs the operators' commands beside a service and without one.
func TestMirrorCommands(t *testing.T) {
	t.Parallel()
	whole := t
	m := startMirror(t)
	m.history(t, 0)
	m.mustBecomeEqual(t, mirrorWait)

	t.Run("status", func(t *testing.T) {
		code, out := m.command(t, "status")
		for _, want := range []string{`(?m)^lag_rows 0$`, `(?m)^lag_seconds 0(\.\d+)?$`, `(?m)^parked 0$`, `(?m)^state streaming$`} {
			if !regexp.MustCompile(want).MatchString(out) {
				t.Errorf("it does not print %s:\n%s", want, out)
			}
		}
		if code != 0 {
			t.Errorf("it ends with %d", code)
		}
	})
	t.Run("verify, equal", func(t *testing.T) {
		if code, out := m.command(t, "verify"); code != 0 {
			t.Errorf("it ends with %d:\n%s", code, out)
		}
	})
	for column, spoil := range map[string]string{
		"name":          `UPDATE users SET name = 'spoilt' WHERE clerk_user_id = 'user_a0'`,
		"email":         `UPDATE users SET email = 'spoilt@example.org' WHERE clerk_user_id = 'user_a0'`,
		"updated_at":    `UPDATE users SET updated_at = updated_at + interval '1 millisecond' WHERE clerk_user_id = 'user_a0'`,
		"filename":      `UPDATE translation_jobs SET filename = 'spoilt' WHERE filename = 'j0-1.txt'`,
		"status":        `UPDATE translation_jobs SET status = 'SPOILT' WHERE filename = 'j0-1.txt'`,
		"progress":      `UPDATE translation_jobs SET progress = 99 WHERE filename = 'j0-1.txt'`,
		"completed_at":  `UPDATE translation_jobs SET completed_at = now() WHERE filename = 'j0-1.txt'`,
		"created_at":    `UPDATE translation_jobs SET created_at = NULL WHERE filename = 'j0-1.txt'`,
		"error_message": `UPDATE translation_jobs SET error_message = 'spoilt' WHERE filename = 'j0-1.txt'`,
		"filepath":      `UPDATE translation_jobs SET filepath = NULL WHERE filename = 'j0-1.txt'`,
		"owner_id":      `UPDATE translation_jobs SET owner_id = NULL WHERE filename = 'j0-1.txt'`,
		"":              `DELETE FROM translation_jobs WHERE filename = 'j0-1.txt'`,
	} {
		t.Run("verify and resync, spoilt "+column, func(t *testing.T) {
			m.postgres.MustExec(t, mirrorDB, spoil)
			code, out := m.command(t, "verify")
			if code != 1 || !strings.Contains(out, column) {
				t.Errorf("verify ends with %d:\n%s", code, out)
			}
			for _, secret := range []string{"spoilt", "@example.org", "@127.0.0.1"} {
				if strings.Contains(out, secret) {
					t.Errorf("verify prints %q:\n%s", secret, out)
				}
			}
			if code, out := m.command(t, "resync"); code != 0 {
				t.Errorf("resync ends with %d:\n%s", code, out)
			}
			m.mustBecomeEqual(t, mirrorWait)
		})
	}
	t.Run("nobody serves", func(t *testing.T) {
		m.server.Stop(t)
		if code, out := m.command(t, "verify"); code != 0 {
			t.Errorf("verify ends with %d:\n%s", code, out)
		}
		m.change(t, insertUser("later", "later@example.org"), insertUser("later2", "later2@example.org"))
		if code, out := m.command(t, "status"); code != 0 || !strings.Contains(out, "lag_rows 2\n") {
			t.Errorf("status ends with %d:\n%s", code, out)
		}
		if code, out := m.command(t, "verify"); code == 0 {
			t.Errorf("with two rows behind verify ends with 0:\n%s", out)
		}
		if code, out := m.command(t, "resync"); code != 0 {
			t.Errorf("resync ends with %d:\n%s", code, out)
		}
		m.start(whole) // it is to outlive this part
		m.mustBecomeEqual(t, mirrorReturn)
	})
	t.Run("PostgreSQL is away", func(t *testing.T) {
		m.postgres.Stop(t)
		m.change(t, insertUser("much", "much@example.org"))
		out := ""
		if !process.Holds(mirrorWait, func() bool {
			_, out = m.command(t, "status")
			return strings.Contains(out, "state away\n") && strings.Contains(out, "lag_rows 1\n")
		}) {
			t.Errorf("status prints\n%s", out)
		}
		if code, out := m.command(t, "verify"); code != 2 {
			t.Errorf("verify ends with %d:\n%s", code, out)
		}
		if code, out := m.command(t, "resync"); code == 0 {
			t.Errorf("resync ends with 0:\n%s", out)
		}
		m.postgres.Restart(t)
		m.mustBecomeEqual(t, mirrorReturn)
	})
	t.Run("wrong use", func(t *testing.T) {
		if code, out := m.command(t, "nothing"); code == 0 {
			t.Errorf("verso mirror nothing ends with 0:\n%s", out)
		}
		wrong := env("POSTGRES_URL", "mysql://somebody:hunter2@127.0.0.1/x")
		for _, args := range [][]string{{"mirror", "status"}, {"demo", "--http", "127.0.0.1:0"}} {
			code, out := process.Run(t, wrong, append(args, "--dir", m.options.Dir+"-other")...)
			if code == 0 || !strings.Contains(out, "POSTGRES_URL:") || strings.Contains(out, "hunter2") {
				t.Errorf("%q with a wrong address ends with %d:\n%s", args, code, out)
			}
		}
	})
}

// TestMirrorPasswordStaysSecret holds that the address's password is told nowhere.
func TestMirrorPasswordStaysSecret(t *testing.T) {
	t.Parallel()
	m := newMirror(t)
	m.options.Env["POSTGRES_URL"] = strings.Replace(m.proxy.URL(mirrorDB), "postgres@", "postgres:hunter2secret@", 1)
	m.start(t)
	m.openSQLite(t)
	m.change(t, insertUser("one", "1@example.org"))
	m.mustBecomeEqual(t, mirrorWait)
	told := ""
	collect := func() {
		for _, command := range []string{"status", "verify", "resync"} {
			_, out := m.command(t, command)
			told += out
		}
		told += string(m.server.Guest(t).Get(t, "/readyz").Body)
	}
	collect()
	m.proxy.Refuse()
	m.change(t, insertUser("two", "2@example.org"))
	collect()
	m.proxy.Pass(t)
	m.mustBecomeEqual(t, mirrorReturn)
	m.server.Stop(t)
	if told += m.log(t); strings.Contains(told, "hunter2secret") {
		t.Errorf("the password is told:\n%s", told)
	}
}
