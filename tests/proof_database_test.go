package tests

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// openLogs opens the database that the log is kept in, for reading.
func openLogs(t *testing.T, dir string) *sql.DB {
	t.Helper()
	return openReadOnly(t, filepath.Join(dir, "auxiliary.db"))
}

func openReadOnly(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// integrity is SQLite's own opinion of a database: "ok", or what is damaged.
func integrity(t *testing.T, path string) string {
	t.Helper()
	db := openReadOnly(t, path)
	defer db.Close()
	var opinion string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&opinion); err != nil {
		t.Fatal(err)
	}
	return opinion
}
