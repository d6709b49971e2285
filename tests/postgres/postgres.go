// Package postgres runs a PostgreSQL of the test's own, and lets happen to it what
// happens to databases: it is stopped, killed, frozen, set back to an earlier state,
// and cut off by a network that swallows packets.
//
//	server := postgres.Start(t, postgres.Options{})
//	server.CreateDatabase(t, "verso")
//	proxy := server.Proxy(t)
//	// … something that uses proxy.URL("verso") …
//	proxy.Swallow()
//	server.Kill()
//	server.Restart(t)
//	proxy.Pass()
//
// It is Debian's PostgreSQL, on a loopback port, with a data directory that is made
// anew for each server. PostgreSQL refuses to run as root: a test that does starts
// it as the user postgres or nobody. Whatever is started is gone when the test ends.
package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"
)

const (
	// superuser is who everybody is: connections are trusted.
	superuser = "postgres"
	// readyWait is how long a server may take to begin, a recovery included.
	readyWait = 60 * time.Second
	// stopWait is how long it may take to end in order.
	stopWait = 60 * time.Second
	// queryWait bounds a query, so that a frozen server fails a test instead of
	// holding it.
	queryWait = time.Minute
)

// Options say how to start a server.
type Options struct {
	// Fsync makes it write through to the disk as a real one does. Default: off,
	// which survives the death of its processes and is quicker.
	Fsync bool
	// Settings are further ones of postgresql.conf.
	Settings map[string]string
}

// Server is a PostgreSQL, running or not.
type Server struct {
	bin  string // the folder of its programs
	dir  string // of its data
	port int
	args []string

	mu     sync.Mutex
	dbs    map[string]*sql.DB
	run    *run // nil before the first start
	frozen []int
}

// Start starts a server and returns when it takes connections.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{bin: bin, port: freePort(t), dbs: map[string]*sql.DB{}}
	home, err := os.MkdirTemp("", "verso-postgres-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.end(t)
		if err := os.RemoveAll(home); err != nil {
			t.Errorf("remove the data of PostgreSQL: %v", err)
		}
	})
	s.dir = filepath.Join(home, "data")
	if err := unpackTemplate(bin, home, s.dir); err != nil {
		t.Fatal(err)
	}
	s.args = []string{"-D", s.dir, "-p", strconv.Itoa(s.port)}
	// What is written ahead is not filled with zeros first: that was most of what a server
	// cost that lives as long as a test.
	settings := map[string]string{
		"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "wal_init_zero": "off",
		"lc_messages": "C", "max_connections": "50", "log_min_messages": "warning", "log_min_error_statement": "panic", "logging_collector": "off",
	}
	if options.Fsync {
		settings["fsync"] = "on"
	}
	maps.Copy(settings, options.Settings)
	for name, value := range settings {
		s.args = append(s.args, "-c", name+"="+value)
	}
	s.start(t)
	return s
}

// URL returns the address of a database, past any proxy.
func (s *Server) URL(database string) string { return address(s.port, database) }

func address(port int, database string) string {
	return (&url.URL{
		Scheme: "postgres", User: url.User(superuser), Host: "127.0.0.1:" + strconv.Itoa(port), Path: "/" + database,
		RawQuery: "sslmode=disable",
	}).String()
}

// CreateDatabase makes an empty database.
func (s *Server) CreateDatabase(t testing.TB, name string) {
	t.Helper()
	s.MustExec(t, "postgres", "CREATE DATABASE "+pq.QuoteIdentifier(name))
}

// DB returns connections to a database. None is kept while it is not used, so that a
// restart of the server is not noticed.
func (s *Server) DB(t testing.TB, database string) *sql.DB {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if db := s.dbs[database]; db != nil {
		return db
	}
	connector, err := pq.NewConnector(s.URL(database))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(0)
	s.dbs[database] = db
	return db
}

// MustExec runs a statement, or several without arguments.
func (s *Server) MustExec(t testing.TB, database, statement string, args ...any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), queryWait)
	defer cancel()
	if _, err := s.DB(t, database).ExecContext(ctx, statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// MustQuery returns the rows of a query as texts, with NULL as "NULL".
func (s *Server) MustQuery(t testing.TB, database, query string, args ...any) [][]string {
	t.Helper()
	rows, err := s.Query(t, database, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return rows
}

// Query returns the rows of a query as texts, with NULL as "NULL", or why there are
// none.
func (s *Server) Query(t testing.TB, database, query string, args ...any) ([][]string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), queryWait)
	defer cancel()
	found, err := s.DB(t, database).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for found.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]string, len(columns))
		for i, value := range values {
			row[i] = value.String
			if !value.Valid {
				row[i] = "NULL"
			}
		}
		rows = append(rows, row)
	}
	return rows, found.Err()
}

// end makes sure that nothing of it runs any more.
func (s *Server) end(t testing.TB) {
	s.Kill()
	if t.Failed() && s.run != nil {
		t.Logf("the last that PostgreSQL wrote:\n%s", s.run.output.tail(40))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, db := range s.dbs {
		db.Close()
	}
}

// command returns one of PostgreSQL's programs for clients.
func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "PGCONNECT_TIMEOUT=10", "PGCLIENTENCODING=UTF8"}
	return command
}

func wrapOutput(name string, err error, out []byte) error {
	return fmt.Errorf("%s: %w\n%s", name, err, out)
}
