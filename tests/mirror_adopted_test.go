package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"verso/tests/process"
)

// olderTables are as another program may have made them before it knew of owners, with
// rows of its own.
const olderTables = `
CREATE TABLE users (
	id serial PRIMARY KEY,
	clerk_user_id text NOT NULL CONSTRAINT one_of_each UNIQUE,
	email text UNIQUE,
	name text,
	credits integer NOT NULL DEFAULT 10,
	created_at timestamptz DEFAULT now(),
	updated_at timestamptz
);
CREATE TABLE translation_jobs (
	id serial PRIMARY KEY,
	filename text,
	pages integer,
	status text DEFAULT 'PENDING',
	progress integer DEFAULT 0,
	created_at timestamptz DEFAULT now(),
	completed_at timestamptz,
	error_message text,
	filepath text
);
INSERT INTO users (clerk_user_id, email, name, credits) VALUES
	('user_theirs', 'theirs@example.org', 'Theirs', 1),
	('user_same', 'old@example.org', 'Known to both', 2),
	('user_holder', 'wanted@example.org', 'Holds an address of ours', 3),
	('user_silent', NULL, NULL, 4);
INSERT INTO translation_jobs (id, filename, pages, status) VALUES (1, 'theirs.txt', 7, 'COMPLETED'), (3, 'past the sequence.txt', 8, 'FAILED');
`

// TestMirrorAdopted mirrors into tables that an older program made. They are used as
// they are, and nothing of theirs is lost.
func TestMirrorAdopted(t *testing.T) {
	t.Parallel()
	m := newMirror(t)
	m.foreign = true
	m.postgres.MustExec(t, mirrorDB, olderTables)
	theirs := func() string {
		return inLines(append(
			m.postgres.MustQuery(t, mirrorDB, `SELECT id, clerk_user_id, email, name, credits FROM users WHERE clerk_user_id IN ('user_theirs', 'user_holder', 'user_silent') ORDER BY id`),
			m.postgres.MustQuery(t, mirrorDB, `SELECT id, filename, pages, status, progress FROM translation_jobs WHERE pages IS NOT NULL ORDER BY id`)...))
	}
	before := theirs()
	m.start(t)
	m.openSQLite(t)
	m.change(t, insertUser("same", "same@example.org"), insertUser("wants", "wanted@example.org"), insertUser("nomail", ""), insertUser("plain", "plain@example.org"),
		insertJob("a", "same"), insertJob("b", "wants"), insertJob("c", "plain"), insertJob("d", "nomail"))
	wants := "users " + userRecord("wants")
	if !process.Holds(mirrorWait, func() bool { return slices.Equal(m.parked(t), []string{wants}) }) {
		_, status := m.command(t, "status")
		t.Fatalf("parked is %q and not %s:\n%s\n%s", m.parked(t), wants, status, m.log(t))
	}

	t.Run("rows that meet", func(t *testing.T) {
		m.awaitMirrored(t, "2|same@example.org|Name of same|2", `SELECT id, email, name, credits FROM users WHERE clerk_user_id = 'user_same'`)
		m.awaitMirrored(t, "2", `SELECT owner_id FROM translation_jobs WHERE filename = 'a.txt'`)
		m.awaitMirrored(t, "NULL", `SELECT owner_id FROM translation_jobs WHERE filename = 'b.txt'`)
		m.awaitMirrored(t, "0", `SELECT count(*) FROM users WHERE clerk_user_id = 'user_wants'`)
		m.awaitMirrored(t, "NULL|10", `SELECT email, credits FROM users WHERE clerk_user_id = 'user_nomail'`)
		m.awaitMirrored(t, "4", `SELECT count(*) FROM translation_jobs WHERE id NOT IN (1, 3)`)
		if got := theirs(); got != before {
			t.Errorf("their rows are\n%s\nand were\n%s", got, before)
		}
	})
	t.Run("tables as they were", func(t *testing.T) {
		want := "id integer, clerk_user_id text, email text, name text, credits integer, created_at timestamp with time zone, updated_at timestamp with time zone; " +
			"id integer, filename text, pages integer, status text, progress integer, created_at timestamp with time zone, completed_at timestamp with time zone, error_message text, filepath text, owner_id integer"
		m.awaitMirrored(t, want, `SELECT string_agg(columns, '; ' ORDER BY tables DESC) FROM (
			SELECT table_name AS tables, string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) AS columns
			FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1) AS t`)
		m.awaitMirrored(t, "FOREIGN KEY (owner_id) REFERENCES users(id)", `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'`)
	})
	t.Run("status tells of the parked row", func(t *testing.T) {
		code, out := m.command(t, "status")
		if code != 0 || !strings.Contains(out, "parked 1\n") || !strings.Contains(out, userRecord("wants")) || strings.Contains(out, "wanted@example.org") {
			t.Errorf("it ends with %d:\n%s", code, out)
		}
	})
	t.Run("it comes in when the address is free", func(t *testing.T) {
		m.postgres.MustExec(t, mirrorDB, `UPDATE users SET email = 'elsewhere@example.org' WHERE clerk_user_id = 'user_holder'`)
		m.change(t, `UPDATE users SET name = 'Wants' WHERE id = `+quoted(userRecord("wants")))
		m.awaitMirrored(t, "wanted@example.org|Wants|b.txt", `SELECT email, name, (SELECT filename FROM translation_jobs WHERE owner_id = users.id) FROM users WHERE clerk_user_id = 'user_wants'`)
		m.mustBecomeEqual(t, mirrorWait)
	})
	t.Run("their job of our user outlives him", func(t *testing.T) {
		m.postgres.MustExec(t, mirrorDB, `INSERT INTO translation_jobs (id, filename, pages, owner_id) SELECT 1000, 'of plain.txt', 9, id FROM users WHERE clerk_user_id = 'user_plain'`)
		m.change(t, `DELETE FROM users WHERE id = `+quoted(userRecord("plain")), insertUser("after", "after@example.org"))
		m.awaitMirrored(t, "1", `SELECT count(*) FROM users WHERE clerk_user_id = 'user_after'`)
		m.awaitMirrored(t, "of plain.txt|9", `SELECT filename, pages FROM translation_jobs WHERE id = 1000`)
		m.awaitMirrored(t, "NULL", `SELECT owner_id FROM translation_jobs WHERE filename = 'c.txt'`)
		m.postgres.MustExec(t, mirrorDB, `DELETE FROM translation_jobs WHERE id = 1000`)
	})
	t.Run("they write on", func(t *testing.T) {
		for i := range 10 {
			m.postgres.MustExec(t, mirrorDB, fmt.Sprintf(`INSERT INTO translation_jobs (filename, pages) VALUES ('more %d', 1); INSERT INTO users (clerk_user_id) VALUES ('user_more_%[1]d')`, i))
			m.change(t, insertUser(fmt.Sprint("more", i), fmt.Sprintf("more%d@example.org", i)), insertJob(fmt.Sprint("more", i), fmt.Sprint("more", i)))
		}
		m.awaitMirrored(t, "10|10", `SELECT count(*) FILTER (WHERE pages = 1), count(*) FILTER (WHERE owner_id IS NOT NULL) FROM translation_jobs WHERE filename LIKE 'more%'`)
	})
}

// TestMirrorUnfit gives the mirror tables that it cannot use. It stops and says why,
// the service works, and the mirror begins when they are mended.
func TestMirrorUnfit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, spoil, mend string
		told              []string
	}{
		{"a column is missing", `ALTER TABLE translation_jobs DROP COLUMN progress`, `ALTER TABLE translation_jobs ADD COLUMN progress integer DEFAULT 0`, []string{"translation_jobs", "progress"}},
		{"a column of another type", `ALTER TABLE users DROP COLUMN name, ADD COLUMN name bytea`, `ALTER TABLE users DROP COLUMN name, ADD COLUMN name text`, []string{"users", "name", "bytea"}},
		{"a column that is too short", `ALTER TABLE users DROP COLUMN email, ADD COLUMN email integer`, `ALTER TABLE users DROP COLUMN email, ADD COLUMN email text UNIQUE`, []string{"users", "email", "integer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMirror(t)
			m.foreign = true
			m.postgres.MustExec(t, mirrorDB, olderTables+test.spoil)
			before := m.postgres.MustQuery(t, mirrorDB, catalog["columns"])
			m.start(t)
			m.openSQLite(t)
			client := m.server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
			stream.UntilFinished(t, job.ID, waitShort)
			for _, word := range test.told {
				m.awaitLog(t, word)
			}
			m.awaitLog(t, "stopped")
			if _, out := m.command(t, "status"); !strings.Contains(out, "state stopped") {
				t.Errorf("status prints\n%s", out)
			}
			if code, out := m.command(t, "verify"); code != 2 && code != 1 {
				t.Errorf("verify ends with %d:\n%s", code, out)
			}
			m.server.Guest(t).Get(t, "/readyz").MustBe(t, http.StatusOK)
			if after := m.postgres.MustQuery(t, mirrorDB, catalog["columns"]); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("the tables have been changed to\n%s\nfrom\n%s", inLines(after), inLines(before))
			}
			m.postgres.MustExec(t, mirrorDB, test.mend)
			m.mustBecomeEqual(t, mirrorReturn)
		})
	}
}
