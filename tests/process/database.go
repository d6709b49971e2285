package process

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the database that the service keeps its books in
)

// Database is a look into the service's database that changes nothing.
type Database struct{ db *sql.DB }

// OpenDatabase opens the database of a running server for reading.
func OpenDatabase(t testing.TB, dir string) *Database {
	t.Helper()
	return open(t, filepath.Join(dir, "data.db"), "mode=ro&")
}

// CopyDatabase opens a copy of the database that a dead server left, so that
// not even SQLite's recovery touches what the next start will find.
func CopyDatabase(t testing.TB, dir string) *Database {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "data.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, "data.db"+suffix))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(copied+suffix, content, 0o600)
		}
		if err != nil {
			t.Fatalf("copy database: %v", err)
		}
	}
	return open(t, copied, "")
}

func open(t testing.TB, path, mode string) *Database {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?"+mode+"_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatalf("open database: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return &Database{db}
}

// Close lets go of the database before the test ends.
func (d *Database) Close() error { return d.db.Close() }

// SegmentRow is a row of translation_segments.
type SegmentRow struct {
	Position    int
	Revision    int
	Status      string
	Attempts    int
	Source      string // JSON
	Translation string // JSON, "" for none
}

// Segments returns a job's segments by their positions.
func (d *Database) Segments(t testing.TB, jobID string) []SegmentRow {
	t.Helper()
	rows, err := d.db.QueryContext(t.Context(), `
		SELECT position, revision, status, attempts, source, COALESCE(translation, '')
		FROM translation_segments WHERE job = ? ORDER BY position`, jobID)
	if err != nil {
		t.Fatalf("read segments: %v", err)
	}
	defer rows.Close()
	var segments []SegmentRow
	for rows.Next() {
		var s SegmentRow
		if err := rows.Scan(&s.Position, &s.Revision, &s.Status, &s.Attempts, &s.Source, &s.Translation); err != nil {
			t.Fatalf("read segments: %v", err)
		}
		segments = append(segments, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("read segments: %v", err)
	}
	return segments
}

// JobSegment is a segment and its job.
type JobSegment struct {
	Job      string
	Position int
	Source   string // JSON
}

// SettledSegments returns the settled segments of all jobs.
func (d *Database) SettledSegments(t testing.TB) []JobSegment {
	t.Helper()
	rows, err := d.db.QueryContext(t.Context(), `SELECT job, position, source FROM translation_segments WHERE status != 'pending'`)
	if err != nil {
		t.Fatalf("read settled segments: %v", err)
	}
	defer rows.Close()
	var segments []JobSegment
	for rows.Next() {
		var s JobSegment
		if err := rows.Scan(&s.Job, &s.Position, &s.Source); err != nil {
			t.Fatalf("read settled segments: %v", err)
		}
		segments = append(segments, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("read settled segments: %v", err)
	}
	return segments
}

// Column returns the first column of a query's rows.
func (d *Database) Column(t testing.TB, query string) []string {
	t.Helper()
	rows, err := d.db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("query %q: %v", query, err)
	}
	defer rows.Close()
	var column []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatalf("query %q: %v", query, err)
		}
		column = append(column, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("query %q: %v", query, err)
	}
	return column
}

// Settled returns how many of a job's segments are settled.
func (d *Database) Settled(t testing.TB, jobID string) int {
	t.Helper()
	n, err := d.count(t.Context(), `SELECT COUNT(*) FROM translation_segments WHERE job = ? AND status != 'pending'`, jobID)
	if err != nil {
		t.Fatalf("count settled segments: %v", err)
	}
	return n
}

// Count returns the number of rows of a table.
func (d *Database) Count(t testing.TB, table string) int {
	t.Helper()
	n, err := d.count(t.Context(), "SELECT COUNT(*) FROM "+table)
	if err != nil {
		t.Fatalf("count %s: %v", table, err)
	}
	return n
}

// Text returns the first column of a query's only row, in SQLite's words.
func (d *Database) Text(t testing.TB, query string, args ...any) string {
	t.Helper()
	var text string
	if err := d.db.QueryRowContext(t.Context(), query, args...).Scan(&text); err != nil {
		t.Fatalf("query %q: %v", query, err)
	}
	return text
}

func (d *Database) count(ctx context.Context, query string, args ...any) (n int, err error) {
	err = d.db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// Request is a line of the offline engine's journal: one request for a segment.
type Request struct {
	First, Last string // block ids
	Blocks      int
}

// ReadJournal returns the requests that a journal holds; none where there is
// no file. A line that a crash cut off counts as not written.
func ReadJournal(t testing.TB, path string) []Request {
	t.Helper()
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatalf("read journal: %v", err)
	}
	defer file.Close()
	var requests []Request
	for lines := bufio.NewReader(file); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return requests
		}
		var r Request
		if _, err := fmt.Sscanf(strings.TrimSpace(line), "%s %s %d", &r.First, &r.Last, &r.Blocks); err != nil {
			t.Fatalf("journal line %q: %v", line, err)
		}
		requests = append(requests, r)
	}
}

// Files returns the sizes of the files below a folder by their paths in it;
// none where there is no such folder.
func Files(t testing.TB, dir string) map[string]int64 {
	t.Helper()
	files := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was deleted while we looked
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[name] = info.Size()
		return err
	})
	if err != nil {
		t.Fatalf("list files: %v", err)
	}
	return files
}
