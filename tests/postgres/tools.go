package postgres

import (
	"bytes"
	"testing"

	"github.com/lib/pq"
)

// Dump is a database as pg_dump writes it.
type Dump struct{ script []byte }

// Dump returns all of a database.
func (s *Server) Dump(t testing.TB, database string) Dump {
	t.Helper()
	return s.dump(t, database)
}

// DumpSchema returns a database without its rows.
func (s *Server) DumpSchema(t testing.TB, database string) Dump {
	t.Helper()
	return s.dump(t, database, "--schema-only")
}

func (s *Server) dump(t testing.TB, database string, options ...string) Dump {
	t.Helper()
	command := s.command(t.Context(), "pg_dump", append(options, "--dbname", s.URL(database))...)
	var problems bytes.Buffer
	command.Stderr = &problems
	script, err := command.Output()
	if err != nil {
		t.Fatal(wrapOutput("pg_dump", err, problems.Bytes()))
	}
	return Dump{script}
}

// Restore puts a dump in the place of a database, and whoever is connected to that
// is thrown out. Nobody sees it half restored.
func (s *Server) Restore(t testing.TB, database string, dump Dump) {
	t.Helper()
	restored := database + "_restored"
	s.CreateDatabase(t, restored)
	command := s.command(t.Context(), "psql", "--dbname", s.URL(restored), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1")
	command.Stdin = bytes.NewReader(dump.script)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatal(wrapOutput("psql", err, out))
	}
	s.MustExec(t, "postgres", "DROP DATABASE "+pq.QuoteIdentifier(database)+" WITH (FORCE)")
	s.MustExec(t, "postgres", "ALTER DATABASE "+pq.QuoteIdentifier(restored)+" RENAME TO "+pq.QuoteIdentifier(database))
}

// Copy fills a table, such as "jobs (id, name)", from a file of comma-separated
// values by psql's \copy.
func (s *Server) Copy(t testing.TB, database, table, path string) {
	t.Helper()
	s.Psql(t, database, `\copy `+table+` from '`+path+`' with (format csv)`)
}

// Psql runs commands of psql in a session of their own and returns what it printed.
func (s *Server) Psql(t testing.TB, database string, commands ...string) string {
	t.Helper()
	args := []string{"--dbname", s.URL(database), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"}
	for _, command := range commands {
		args = append(args, "--command", command)
	}
	out, err := s.command(t.Context(), "psql", args...).CombinedOutput()
	if err != nil {
		t.Fatal(wrapOutput("psql", err, out))
	}
	return string(out)
}
