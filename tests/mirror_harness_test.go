package tests

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verso/tests/postgres"
	"verso/tests/process"
)

const (
	// mirrorWait is how long a mirror that nothing hinders may take.
	mirrorWait = 30 * time.Second
	// mirrorReturn is how long it may take after PostgreSQL has come back: its
	// longest pause between two attempts, one attempt, and the work.
	mirrorReturn = 90 * time.Second
	// mirrorDB is the database that is mirrored to.
	mirrorDB = "verso"
)

// mirror is a service and the PostgreSQL that it mirrors to, by way of a proxy.
type mirror struct {
	postgres *postgres.Server
	proxy    *postgres.Proxy
	options  process.Options
	sqlite   *sql.DB // the service's database, writable; nil before openSQLite
	// foreign says that another program writes to PostgreSQL's tables as well.
	foreign bool

	mu     sync.Mutex
	server *process.Server
	events atomic.Int64
}

// newMirror starts a PostgreSQL with an empty database. Nothing mirrors yet.
func newMirror(t *testing.T, more ...string) *mirror {
	t.Helper()
	m := &mirror{postgres: postgres.Start(t, postgres.Options{})}
	m.postgres.CreateDatabase(t, mirrorDB)
	m.proxy = m.postgres.Proxy(t)
	environment := env("CLERK_WEBHOOK_SECRET", webhookSecret, "VERSO_PSEUDO_DELAY", "0s", "POSTGRES_URL", m.proxy.URL(mirrorDB))
	maps.Copy(environment, env(more...))
	m.options = process.Options{Dir: filepath.Join(t.TempDir(), "data"), Env: environment}
	return m
}

// startMirror starts a service that mirrors to a PostgreSQL of its own.
func startMirror(t *testing.T, more ...string) *mirror {
	t.Helper()
	m := newMirror(t, more...)
	m.start(t)
	m.openSQLite(t)
	return m
}

// start starts the service.
func (m *mirror) start(t *testing.T) {
	t.Helper()
	server := process.Start(t, m.options)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.server = server
}

// current returns the service that was started last.
func (m *mirror) current() *process.Server {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.server
}

// openSQLite opens the service's database as a second program would.
func (m *mirror) openSQLite(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(m.options.Dir, "data.db")+"?_txlock=immediate&_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(2)
	t.Cleanup(func() { db.Close() })
	m.sqlite = db
}

// change runs statements in one transaction in SQLite.
func (m *mirror) change(t *testing.T, statements ...string) {
	t.Helper()
	if err := m.tryChange(statements...); err != nil {
		t.Fatalf("change %q: %v", statements, err)
	}
}

func (m *mirror) tryChange(statements ...string) error {
	tx, err := m.sqlite.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	for _, statement := range statements {
		if _, err := tx.Exec(statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// insertUser is raw SQL that makes a user with the record id "u…" and the id
// "user_…" at Clerk.
func insertUser(name, email string) string {
	return fmt.Sprintf(`INSERT INTO users (id, clerk_user_id, email, name, tokenKey, password, created_at, updated_at)
		VALUES (%s, %s, %s, %s, %s || hex(randomblob(20)), '!', %s, %[6]s)`,
		quoted(userRecord(name)), quoted("user_"+name), quoted(email), quoted("Name of "+name), quoted(name), "'2026-01-02 03:04:05.678Z'")
}

// insertJob is raw SQL that makes a job with the record id "j…" of the user "u…".
func insertJob(name, owner string) string {
	if owner != "" {
		owner = userRecord(owner)
	}
	return fmt.Sprintf(`INSERT INTO translation_jobs (id, filename, status, progress, owner_id, target_language, engine, source, created_at)
		VALUES (%s, %s, 'PENDING', 0, %s, 'fr', 'pseudo', %s, '2026-01-02 03:04:05.678Z')`,
		quoted(jobRecord(name)), quoted(name+".txt"), quoted(owner), quoted(name+"_source.txt"))
}

func userRecord(name string) string { return fmt.Sprintf("u%014s", name) }
func jobRecord(name string) string  { return fmt.Sprintf("j%014s", name) }

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// userEvent is Clerk's event about a user with an address, or with none.
func (m *mirror) userEvent(id, name, email string, at int64) delivery {
	addresses := "[]"
	if email != "" {
		addresses = `[{"id":"idn_1","email_address":` + strconv.Quote(email) + `,"verification":{"status":"verified"}}]`
	}
	return delivery{fmt.Sprintf("msg_%d_%d", time.Now().UnixNano(), m.events.Add(1)), fmt.Sprintf(
		`{"type":"user.updated","object":"event","data":{"object":"user","id":%q,"first_name":%q,"primary_email_address_id":"idn_1","email_addresses":%s,"updated_at":%d}}`,
		id, name, addresses, at)}
}

// userDeleted is Clerk's event about a user who is gone.
func (m *mirror) userDeleted(id string) delivery {
	return delivery{fmt.Sprintf("msg_%d_%d", time.Now().UnixNano(), m.events.Add(1)),
		fmt.Sprintf(`{"type":"user.deleted","object":"event","data":{"object":"user","id":%q,"deleted":true}}`, id)}
}

// deliver delivers to the service, which must take it.
func (m *mirror) deliver(t *testing.T, d delivery) {
	t.Helper()
	if status := d.send(t, m.current(), d.signGo(t)); status != http.StatusOK {
		t.Fatalf("the delivery %s is answered with %d", d.body, status)
	}
}

// command runs "verso mirror …" beside the service.
func (m *mirror) command(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	return process.Run(t, m.options.Env, append(append([]string{"mirror"}, args...), "--dir", m.options.Dir)...)
}

// wanted are the rows that PostgreSQL is to hold, each with all of its columns,
// without those that are parked.
func (m *mirror) wanted(t *testing.T) []string {
	t.Helper()
	rows, err := m.sqlite.QueryContext(t.Context(), `
		SELECT 'user', id, clerk_user_id, CASE email WHEN '' THEN clerk_user_id || '@users.invalid' ELSE email END, name, created_at, updated_at, '', '', ''
		FROM users
		UNION ALL
		SELECT 'job', j.id, j.filename, j.status, j.progress, j.created_at, j.completed_at, j.error_message,
			CASE j.source WHEN '' THEN '' ELSE (SELECT id FROM _collections WHERE name = 'translation_jobs') || '/' || j.id || '/' || j.source END,
			COALESCE(u.clerk_user_id, '')
		FROM translation_jobs AS j LEFT JOIN users AS u ON u.id = j.owner_id`)
	if err != nil {
		t.Fatalf("read SQLite's rows: %v", err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		values, into := make([]string, 10), make([]any, 10)
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatalf("read SQLite's rows: %v", err)
		}
		lines = append(lines, strings.Join(values, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("read SQLite's rows: %v", err)
	}
	slices.Sort(lines)
	return lines
}

// mirrored are the rows of ours that PostgreSQL holds, in the same form; none while
// it has no tables.
func (m *mirror) mirrored(t *testing.T) ([]string, error) {
	t.Helper()
	const at = `COALESCE(to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') || 'Z', '')`
	rows, err := m.postgres.Query(t, mirrorDB, fmt.Sprintf(`
		SELECT 'user', i.record_id, u.clerk_user_id, COALESCE(u.email, u.clerk_user_id || '@users.invalid'), COALESCE(u.name, ''), `+at+`, `+at+`, '', '', ''
		FROM verso_mirror.ids AS i LEFT JOIN users AS u USING (id) WHERE i.collection = 'users'
		UNION ALL
		SELECT 'job', i.record_id, COALESCE(j.filename, ''), COALESCE(j.status, ''), j.progress::text, `+at+`, `+at+`, COALESCE(j.error_message, ''), COALESCE(j.filepath, ''),
			COALESCE((SELECT clerk_user_id FROM users WHERE users.id = j.owner_id), '')
		FROM verso_mirror.ids AS i LEFT JOIN translation_jobs AS j USING (id) WHERE i.collection = 'translation_jobs'`,
		"u.created_at", "u.updated_at", "j.created_at", "j.completed_at"))
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = strings.Join(row, "|")
	}
	slices.Sort(lines)
	return lines, nil
}

// parked are the rows of ours that PostgreSQL does not take, as "collection record".
func (m *mirror) parked(t *testing.T) []string {
	t.Helper()
	rows, err := m.postgres.Query(t, mirrorDB, `SELECT collection, record_id FROM verso_mirror.parked ORDER BY 1, 2`)
	if err != nil {
		return nil // the mirror has not made its tables yet
	}
	parked := make([]string, len(rows))
	for i, row := range rows {
		parked[i] = row[0] + " " + row[1]
	}
	return parked
}

// differences lists the rows that stand on one side only, but for those that are
// expected to be parked.
func (m *mirror) differences(t *testing.T, parked []string) []string {
	t.Helper()
	wanted := slices.DeleteFunc(m.wanted(t), func(line string) bool {
		parts := strings.SplitN(line, "|", 3)
		return slices.Contains(parked, parts[1])
	})
	got, err := m.mirrored(t)
	if err != nil {
		return []string{err.Error()}
	}
	counts := map[string]int{}
	for _, line := range wanted {
		counts[line]++
	}
	for _, line := range got {
		counts[line]--
	}
	var found []string
	for _, line := range slices.Sorted(maps.Keys(counts)) {
		switch {
		case counts[line] > 0:
			found = append(found, "only in SQLite:     "+line)
		case counts[line] < 0:
			found = append(found, "only in PostgreSQL: "+line)
		}
	}
	if !m.foreign {
		rows, err := m.postgres.Query(t, mirrorDB, `SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM translation_jobs)`)
		if err != nil {
			return append(found, err.Error())
		}
		if all := strconv.Itoa(len(got)); rows[0][0] != all {
			found = append(found, fmt.Sprintf("PostgreSQL's tables have %s rows, of which %s are ours", rows[0][0], all))
		}
	}
	if now := m.parked(t); len(now) != len(parked) {
		found = append(found, fmt.Sprintf("parked: %q", now))
	}
	return found
}

// mustBecomeEqual waits until both sides hold the same, asks "verso mirror verify" for
// its opinion, and returns the checksum of all columns.
func (m *mirror) mustBecomeEqual(t *testing.T, within time.Duration, parked ...string) string {
	t.Helper()
	var found []string
	equal := func() bool {
		found = m.differences(t, parked)
		return len(found) == 0
	}
	if begun := time.Now(); !process.Holds(within, equal) {
		_, status := m.command(t, "status")
		t.Fatalf("%d differences after %s:\n%s\nverso mirror status:\n%s\nPostgreSQL is busy with:\n%s", len(found), time.Since(begun).Round(time.Second),
			strings.Join(found[:min(len(found), 20)], "\n"), status, m.busy(t))
	}
	if len(parked) == 0 {
		code, out := 0, ""
		if !process.Holds(within, func() bool { code, out = m.command(t, "verify"); return code == 0 }) {
			t.Fatalf("both sides are equal, and verso mirror verify ends with %d:\n%s", code, out)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(m.wanted(t), "\n")))
	return hex.EncodeToString(sum[:8])
}

// busy tells what PostgreSQL's sessions do, for a failed test's message.
func (m *mirror) busy(t *testing.T) string {
	t.Helper()
	rows, err := m.postgres.Query(t, mirrorDB, `SELECT pid, state, wait_event_type, now() - state_change, left(query, 100) FROM pg_stat_activity WHERE datname = current_database()`)
	return fmt.Sprint(rows, err)
}

// awaitMirrored waits until a query in PostgreSQL answers with one value.
func (m *mirror) awaitMirrored(t *testing.T, want, query string) {
	t.Helper()
	got := ""
	holds := func() bool {
		rows, err := m.postgres.Query(t, mirrorDB, query)
		got = fmt.Sprint(rows, err)
		if err == nil && len(rows) == 1 {
			got = strings.Join(rows[0], "|")
		}
		return got == want
	}
	if !process.Holds(mirrorReturn, holds) {
		t.Fatalf("%s\nis     %s\nand not %s", query, got, want)
	}
}

// log returns what the service told: on its streams and in PocketBase's log.
func (m *mirror) log(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(m.options.Dir, "auxiliary.db")+"?mode=ro&_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT level, message, data FROM _logs WHERE message NOT LIKE 'GET %' AND message NOT LIKE 'POST %' ORDER BY created, rowid`)
	if err != nil {
		t.Fatalf("read the log: %v", err)
	}
	defer rows.Close()
	told := m.current().Log()
	for rows.Next() {
		var level int
		var message, data string
		if err := rows.Scan(&level, &message, &data); err != nil {
			t.Fatalf("read the log: %v", err)
		}
		told += fmt.Sprintf("%d %s %s\n", level, message, data)
	}
	return told
}

// awaitLog waits until the service has told something, which is written every few
// seconds.
func (m *mirror) awaitLog(t *testing.T, what string) {
	t.Helper()
	if !process.Holds(mirrorReturn, func() bool { return strings.Contains(m.log(t), what) }) {
		t.Fatalf("the log does not tell %q:\n%s", what, m.log(t))
	}
}
