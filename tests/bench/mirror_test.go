package bench

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the service's database, written from beside

	"verso/tests/postgres"
	"verso/tests/process"
)

const (
	mirrorUsers, mirrorJobs = 20_000, 200_000
	mirrorDB                = "verso"
	// mirrorRate is how many rows change in a second in the steady state, and
	// mirrorSteady for how long.
	mirrorRate, mirrorSteady = 500, 20 * time.Second
	// mirrorUploads is how many documents go through in each of the cases: a little
	// less than one address may upload in ten seconds.
	mirrorUploads = 290
)

// newPostgres starts a PostgreSQL that writes through to the disk, with an empty
// database.
func newPostgres(b *testing.B) *postgres.Server {
	b.Helper()
	server := postgres.Start(b, postgres.Options{Fsync: true, Settings: map[string]string{"shared_buffers": "256MB", "max_wal_size": "4GB"}})
	server.CreateDatabase(b, mirrorDB)
	return server
}

// openWritable opens a service's database as a second program would that writes as
// the service itself does.
func openWritable(b *testing.B, dir string) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data.db")+"?_txlock=immediate&_pragma=busy_timeout(20000)&_pragma=synchronous(normal)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

// fillSQLite writes users and jobs as raw SQL, by their ids in order.
func fillSQLite(b *testing.B, db *sql.DB, users, jobs int) {
	b.Helper()
	for _, statement := range []string{
		fmt.Sprintf(`WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			INSERT INTO users (id, clerk_user_id, email, name, tokenKey, password, created_at, updated_at)
			SELECT printf('u%%014d', n), printf('user_%%027d', n), printf('reader%%d@example.org', n), printf('Reader %%d', n), printf('t%%d', n) || hex(randomblob(20)), '!',
				strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now'), strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now') FROM n`, users-1),
		fmt.Sprintf(`WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			INSERT INTO translation_jobs (id, filename, status, progress, owner_id, target_language, engine, source, created_at, completed_at)
			SELECT printf('j%%014d', n), printf('A book of some length, volume %%d.epub', n), 'COMPLETED', 100, printf('u%%014d', n %% %d), 'fr', 'pseudo', printf('book_%%d.epub', n),
				strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now'), strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now') FROM n`, jobs-1, users),
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
}

// export writes a query's rows of SQLite's into a file, as \copy reads them.
func export(b *testing.B, db *sql.DB, query string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "rows.csv")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	rows, err := db.QueryContext(b.Context(), query)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		b.Fatal(err)
	}
	buffered := bufio.NewWriter(file)
	out := csv.NewWriter(buffered)
	values, into := make([]string, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			b.Fatal(err)
		}
		if err := out.Write(values); err != nil {
			b.Fatal(err)
		}
	}
	out.Flush()
	if err := buffered.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

// verified fails the benchmark unless "verso mirror verify" finds both sides equal.
func verified(b *testing.B, env map[string]string, dir string) {
	b.Helper()
	code, out := 0, ""
	if !process.Holds(time.Minute, func() bool {
		code, out = process.Run(b, env, "mirror", "verify", "--dir", dir)
		return code == 0
	}) {
		b.Fatalf("verso mirror verify ends with %d:\n%s", code, out)
	}
}

// BenchmarkMirrorBackfill fills an empty PostgreSQL with all there is, while the
// service serves, beside psql's \copy of the same rows into the same tables with the
// same indexes.
func BenchmarkMirrorBackfill(b *testing.B) {
	server := newPostgres(b)
	dir := filepath.Join(b.TempDir(), "data")
	process.Start(b, process.Options{Dir: dir}).Stop(b)
	db := openWritable(b, dir)
	fillSQLite(b, db, mirrorUsers, mirrorJobs)

	env := map[string]string{"POSTGRES_URL": server.URL(mirrorDB)}
	begun := time.Now()
	verso := process.Start(b, process.Options{Dir: dir, Env: env})
	ready := time.Since(begun)
	last := fmt.Sprintf("SELECT 1 FROM verso_mirror.ids WHERE collection = 'translation_jobs' AND record_id = 'j%014d'", mirrorJobs-1)
	process.Eventually(b, 10*time.Minute, "all rows are there", func() bool {
		time.Sleep(50 * time.Millisecond) // so that asking costs PostgreSQL nothing to speak of
		rows, err := server.Query(b, mirrorDB, last)
		return err == nil && len(rows) == 1
	})
	filled := time.Since(verso.Ready)
	if got := server.MustQuery(b, mirrorDB, `SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM translation_jobs WHERE owner_id IS NOT NULL)`)[0]; got[0] != strconv.Itoa(mirrorUsers) || got[1] != strconv.Itoa(mirrorJobs) {
		b.Fatalf("PostgreSQL holds %v", got)
	}
	verified(b, env, dir)
	verso.Stop(b)

	server.CreateDatabase(b, "copied")
	server.Restore(b, "copied", server.DumpSchema(b, mirrorDB))
	users := export(b, db, `SELECT rowid, clerk_user_id, email, name, created_at, updated_at FROM users ORDER BY id`)
	jobs := export(b, db, `SELECT j.rowid, filename, status, progress, j.created_at, completed_at, 'x/' || j.id || '/' || source, u.rowid
		FROM translation_jobs AS j JOIN users AS u ON u.id = owner_id ORDER BY j.id`)
	copying := time.Now()
	server.Copy(b, "copied", "users (id, clerk_user_id, email, name, created_at, updated_at)", users)
	server.Copy(b, "copied", "translation_jobs (id, filename, status, progress, created_at, completed_at, filepath, owner_id)", jobs)
	copied := time.Since(copying)
	const rows = mirrorUsers + mirrorJobs
	table.add(mirroring, fmt.Sprintf("filling PostgreSQL with %d users and %d jobs", mirrorUsers, mirrorJobs), fmt.Sprintf("%.0f rows a second", rows/filled.Seconds()),
		fmt.Sprintf("%.0f rows a second by psql's \\copy of the same rows with the same indexes: %.1f times as long; the service was ready after %s",
			rows/copied.Seconds(), filled.Seconds()/copied.Seconds(), ready.Round(10*time.Millisecond)))
}

// BenchmarkMirrorSteady changes rows at a steady rate, each in a transaction of its
// own, and looks when each change has come to PostgreSQL.
func BenchmarkMirrorSteady(b *testing.B) {
	const jobs = 2000
	server := newPostgres(b)
	env := map[string]string{"POSTGRES_URL": server.URL(mirrorDB)}
	verso := process.Start(b, process.Options{Env: env})
	db := openWritable(b, verso.Dir)
	fillSQLite(b, db, 100, jobs)
	process.Eventually(b, time.Minute, "all rows are there", func() bool {
		rows, err := server.Query(b, mirrorDB, `SELECT count(*) FROM translation_jobs WHERE progress = 100`)
		return err == nil && len(rows) == 1 && rows[0][0] == strconv.Itoa(jobs)
	})
	if _, err := db.ExecContext(b.Context(), `UPDATE translation_jobs SET progress = 0`); err != nil {
		b.Fatal(err)
	}
	verified(b, env, verso.Dir)

	// The number of a change is the progress that it writes, so the highest one in
	// PostgreSQL says which have come.
	const changes = int(mirrorRate * mirrorSteady / time.Second)
	written := make([]time.Time, changes+1)
	wrote := make(chan int, changes)
	failed := make(chan error, 1)
	go func() {
		defer close(wrote)
		begun := time.Now()
		for n := 1; n <= changes; n++ {
			time.Sleep(time.Until(begun.Add(time.Duration(n) * time.Second / mirrorRate)))
			written[n] = time.Now()
			if _, err := db.Exec(`UPDATE translation_jobs SET progress = ? WHERE id = ?`, n, fmt.Sprintf("j%014d", n%jobs)); err != nil {
				failed <- err
				return
			}
			wrote <- n
		}
	}()
	looking, err := sql.Open("postgres", server.URL(mirrorDB))
	if err != nil {
		b.Fatal(err)
	}
	defer looking.Close()
	var lags []time.Duration
	begun, deadline := time.Now(), time.Now().Add(mirrorSteady+2*time.Minute)
	for arrived := 0; arrived < changes; time.Sleep(5 * time.Millisecond) {
		var highest int
		if err := looking.QueryRowContext(b.Context(), `SELECT max(progress) FROM translation_jobs`).Scan(&highest); err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		for ; arrived < highest; arrived++ {
			<-wrote
			lags = append(lags, now.Sub(written[arrived+1]))
		}
		select {
		case err := <-failed:
			b.Fatal(err)
		default:
		}
		if now.After(deadline) {
			b.Fatalf("%d of %d changes have come", arrived, changes)
		}
	}
	took := time.Since(begun)
	verified(b, env, verso.Dir)
	slices.Sort(lags)
	table.add(mirroring, fmt.Sprintf("%d changes a second for %s, each a transaction", mirrorRate, mirrorSteady), fmt.Sprintf("%.0f rows a second", float64(changes)/took.Seconds()),
		fmt.Sprintf("behind by p50 %s, p99 %s, at most %s", lags[len(lags)/2].Round(time.Millisecond), lags[len(lags)*99/100].Round(time.Millisecond), lags[len(lags)-1].Round(time.Millisecond)))
}

// mirrorCase is a service whose mirror is off, on, or on with a PostgreSQL that hangs.
type mirrorCase struct {
	name             string
	client           *process.Client
	stream           *process.Stream
	uploads, results []time.Duration
}

// BenchmarkMirrorPatience uploads documents and waits for the message of their end,
// with the mirror off, on, and on with a PostgreSQL that hangs, turn by turn.
func BenchmarkMirrorPatience(b *testing.B) {
	hanging, working := newPostgres(b), newPostgres(b)
	swallowing := hanging.Proxy(b)
	var cases []*mirrorCase
	for _, c := range []struct{ name, url string }{{"off", ""}, {"on", working.URL(mirrorDB)}, {"on, and PostgreSQL hangs", swallowing.URL(mirrorDB)}} {
		env := map[string]string{"VERSO_PSEUDO_DELAY": "0s", "VERSO_MAX_ACTIVE_JOBS": "1000"}
		if c.url != "" {
			env["POSTGRES_URL"] = c.url
		}
		client := process.Start(b, process.Options{Env: env}).SignIn(b, "user_demoada")
		cases = append(cases, &mirrorCase{name: c.name, client: client, stream: client.Subscribe(b, "translation_jobs/*")})
	}
	for _, c := range cases {
		c.translate(b) // the first one makes the user
	}
	process.Eventually(b, time.Minute, "both mirrors work", func() bool {
		for _, server := range []*postgres.Server{hanging, working} {
			if rows, err := server.Query(b, mirrorDB, `SELECT 1 FROM translation_jobs WHERE status = 'COMPLETED'`); err != nil || len(rows) == 0 {
				return false
			}
		}
		return true
	})
	swallowing.Swallow()
	for _, c := range cases {
		c.uploads, c.results = nil, nil
	}
	for range mirrorUploads {
		for _, c := range cases {
			c.translate(b)
		}
	}
	p99 := func(times []time.Duration) time.Duration {
		slices.Sort(times)
		return times[len(times)*99/100]
	}
	off := cases[0]
	offUpload, offResult := p99(off.uploads), p99(off.results)
	for _, c := range cases[1:] {
		upload, result := p99(c.uploads), p99(c.results)
		table.add(mirroring, "an upload, the mirror "+c.name, fmt.Sprintf("p50 %s, p99 %s", c.uploads[len(c.uploads)/2].Round(10*time.Microsecond), upload.Round(10*time.Microsecond)),
			fmt.Sprintf("p50 %s, p99 %s with the mirror off: p99 %.2f times", off.uploads[len(off.uploads)/2].Round(10*time.Microsecond), offUpload.Round(10*time.Microsecond), upload.Seconds()/offUpload.Seconds()))
		table.add(mirroring, "the message of its end, the mirror "+c.name, fmt.Sprintf("p50 %s, p99 %s", c.results[len(c.results)/2].Round(10*time.Microsecond), result.Round(10*time.Microsecond)),
			fmt.Sprintf("p50 %s, p99 %s with the mirror off: p99 %.2f times", off.results[len(off.results)/2].Round(10*time.Microsecond), offResult.Round(10*time.Microsecond), result.Seconds()/offResult.Seconds()))
	}
}

// translate sends a small document and waits for the message that it is finished.
func (c *mirrorCase) translate(b *testing.B) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	begun := time.Now()
	answer, err := c.client.Send(ctx, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n\nThree.\n"), Fields: map[string]string{"target_language": "fr"}})
	if err != nil {
		b.Fatal(err)
	}
	c.uploads = append(c.uploads, time.Since(begun))
	var job process.Job
	answer.MustBe(b, 200).Decode(b, &job)
	c.stream.UntilFinished(b, job.ID, time.Minute)
	c.results = append(c.results, time.Since(begun))
}
