package tests

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// TestKeepDays lets one of two finished documents become two days old where one day
// is kept: its file, its translation and its passages go, its row with the price
// stays, and every route says what has become of it. The other stays as it is.
func TestKeepDays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environment := env("VERSO_PSEUDO_DELAY", "0s", "VERSO_KEEP_DAYS", "1")
	server := process.Start(t, process.Options{Dir: dir, Env: environment})
	client := server.SignIn(t, ada)
	upload := func(text string) process.Job {
		return client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Filename: "diary.txt", Header: []string{"Idempotency-Key", text[:3]}})
	}
	old, young := upload("One.\n\nTwo.\n"), upload("Three.\n")
	before := awaitStatus(t, client, time.Minute, finished(), old.ID, young.ID)[old.ID]
	server.Stop(t)
	age(t, dir, old.ID, 48*time.Hour)

	server = process.Start(t, process.Options{Dir: dir, Env: environment})
	client = server.SignIn(t, ada)
	process.Eventually(t, time.Minute, "the old document is gone", func() bool {
		return client.Get(t, "/download/"+old.ID).Status == http.StatusGone
	})
	for _, refused := range []*process.Answer{
		client.Get(t, "/download/"+old.ID+"?bilingual=below"),
		client.Get(t, "/download/"+old.ID+"?partial=1"),
		client.Post(t, "/api/v1/jobs/"+old.ID+"/retry", nil),
		client.SendJSON(t, "PATCH", "/api/v1/jobs/"+old.ID+"/brief", map[string]any{"style_data": map[string]string{"tone_keywords": "calm"}}),
	} {
		if problem := refused.MustRefuse(t, http.StatusGone); !strings.Contains(problem.Detail, "Upload the document again") {
			t.Errorf("refused with %q", problem.Detail)
		}
	}
	client.Post(t, "/api/v1/jobs/"+old.ID+"/pause", nil).MustRefuse(t, http.StatusConflict)
	if after := client.Job(t, old.ID); after.Status != "COMPLETED" || after.Filename != "diary.txt" || after.Progress != 100 || string(after.CostUSD) != string(before.CostUSD) {
		t.Errorf("the row is %+v", after)
	}
	if segments, _ := client.Segments(t, old.ID, 0, 100); len(segments) != 0 {
		t.Errorf("%d segments are listed", len(segments))
	}
	client.Brief(t, old.ID)
	if again := upload("One.\n\nTwo.\n"); again.ID == old.ID {
		t.Error("the same upload is answered with the job that has no document")
	}

	if text := string(client.Download(t, young.ID)); text != accented("Three.\n") {
		t.Errorf("the other document became %q", text)
	}
	process.Eventually(t, time.Minute, "the old document's files are gone", func() bool {
		for name := range process.Files(t, filepath.Join(dir, "storage")) {
			if strings.Contains(name, old.ID) {
				return false
			}
		}
		return true
	})

	// What becomes old while the service runs goes without a start.
	age(t, dir, young.ID, 48*time.Hour)
	process.Run(t, nil, "superuser", "upsert", superuserEmail, superuserPassword, "--dir", dir)
	server.SignInSuperuser(t, superuserEmail, superuserPassword).Post(t, "/api/crons/versoRetention", nil).MustBe(t, http.StatusNoContent)
	process.Eventually(t, time.Minute, "the other document and its files are gone too", func() bool {
		for name := range process.Files(t, filepath.Join(dir, "storage")) {
			if strings.Contains(name, young.ID) {
				return false
			}
		}
		return client.Get(t, "/download/"+young.ID).Status == http.StatusGone
	})
}

// age makes a finished job older.
func age(t *testing.T, dir, job string, by time.Duration) {
	t.Helper()
	// The service may be writing.
	db, err := sql.Open("sqlite", filepath.Join(dir, "data.db")+"?_pragma=busy_timeout(30000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ended := time.Now().Add(-by).UTC().Format("2006-01-02 15:04:05.000Z")
	if _, err := db.Exec(`UPDATE translation_jobs SET completed_at = ? WHERE id = ?`, ended, job); err != nil {
		t.Fatal(err)
	}
}
