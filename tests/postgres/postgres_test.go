package postgres_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq"
	"go.uber.org/goleak"

	"verso/tests/postgres"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// within is how long a database that works may take for a small question.
const within = 20 * time.Second

// ask asks a database by an address and reports whether it answered.
func ask(t *testing.T, address string, within time.Duration) error {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	_, err = db.ExecContext(ctx, "SELECT 1")
	return err
}

// TestServer ends a server in every way and starts it again: what was committed is
// there.
func TestServer(t *testing.T) {
	for _, fsync := range []bool{false, true} {
		server := postgres.Start(t, postgres.Options{Fsync: fsync})
		server.CreateDatabase(t, "Some books")
		server.MustExec(t, "Some books", "CREATE TABLE books (id serial PRIMARY KEY, name text); INSERT INTO books (name) VALUES ('Moby-Dick'), (NULL)")
		for name, end := range map[string]func(){
			"stop": func() { server.Stop(t) }, "kill": server.Kill, "nothing": func() {},
			"kill while frozen": func() { server.Freeze(); server.Kill() }, "stop while frozen": func() { server.Freeze(); server.Stop(t) },
		} {
			end()
			if server.Running() != (name == "nothing") {
				t.Errorf("%s: it runs: %t", name, server.Running())
			}
			server.Restart(t)
			if got := server.MustQuery(t, "Some books", "SELECT * FROM books ORDER BY id"); len(got) != 2 || !slices.Equal(got[0], []string{"1", "Moby-Dick"}) || got[1][1] != "NULL" {
				t.Errorf("after %s it holds %v", name, got)
			}
		}
		if got := server.MustQuery(t, "postgres", "SHOW fsync")[0][0]; (got == "on") != fsync {
			t.Errorf("fsync is %s", got)
		}
	}
}

// TestSorting holds that texts are not sorted as bytes are.
func TestSorting(t *testing.T) {
	server := postgres.Start(t, postgres.Options{})
	if got := server.MustQuery(t, "postgres", "SELECT string_agg(v, '' ORDER BY v) FROM unnest(ARRAY['B', 'a', 'C', 'b']) AS v")[0][0]; got != "abBC" {
		t.Errorf("texts are sorted as %s", got)
	}
}

// TestFreeze holds that a frozen server keeps its connections and answers nobody.
func TestFreeze(t *testing.T) {
	server := postgres.Start(t, postgres.Options{})
	server.Freeze()
	if err := ask(t, server.URL("postgres")+"&connect_timeout=1", within); err == nil {
		t.Error("a frozen server answers")
	}
	server.Thaw()
	if err := ask(t, server.URL("postgres"), within); err != nil {
		t.Errorf("a thawed server: %v", err)
	}
}

// TestDump sets a database back while somebody is connected to it.
func TestDump(t *testing.T) {
	server := postgres.Start(t, postgres.Options{})
	server.CreateDatabase(t, "verso")
	server.MustExec(t, "verso", "CREATE TABLE books (id serial PRIMARY KEY, name text); INSERT INTO books (name) VALUES ('Moby-Dick')")
	dump := server.Dump(t, "verso")
	server.MustExec(t, "verso", "INSERT INTO books (name) VALUES ('Typee')")
	db, err := sql.Open("postgres", server.URL("verso"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	connected, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer connected.Close()
	server.Restore(t, "verso", dump)
	server.MustExec(t, "verso", "INSERT INTO books (name) VALUES ('Omoo')")
	if got := server.MustQuery(t, "verso", "SELECT string_agg(id || name, ' ' ORDER BY id) FROM books")[0][0]; got != "1Moby-Dick 2Omoo" {
		t.Errorf("it holds %s", got)
	}
}

// TestCopy fills a table from a file.
func TestCopy(t *testing.T) {
	server := postgres.Start(t, postgres.Options{})
	server.MustExec(t, "postgres", "CREATE TABLE books (id serial PRIMARY KEY, name text)")
	path := filepath.Join(t.TempDir(), "books.csv")
	if err := os.WriteFile(path, []byte("Moby-Dick\n\"Typee, or so\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server.Copy(t, "postgres", "books (name)", path)
	if got := server.Psql(t, "postgres", "SELECT name FROM books", "SHOW port"); !strings.Contains(got, "Typee, or so") {
		t.Errorf("psql prints %s", got)
	}
}
