package tests

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// mustBeErased wants nothing of any job to be left.
func mustBeErased(t *testing.T, dir string) {
	t.Helper()
	if process.Holds(waitShort, func() bool { return isEmpty(leftovers(t, dir)) }) {
		return
	}
	t.Fatalf("something outlived its job: %v; files: %v", leftovers(t, dir), process.Files(t, filepath.Join(dir, "storage")))
}

func isEmpty(left map[string]int) bool {
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}

// TestDeleteWhileRunning deletes a job whose segments are in flight.
func TestDeleteWhileRunning(t *testing.T) {
	for name, route := range map[string]string{"route": "/api/v1/jobs/", "records API": "/api/collections/translation_jobs/records/"} {
		t.Run(name, func(t *testing.T) {
			journal := filepath.Join(t.TempDir(), "journal")
			server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "300ms", "VERSO_PSEUDO_JOURNAL", journal)})
			client := server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			job := client.MustUpload(t, process.Upload{
				Content: strings.NewReader(mobyDick(t)), Fields: map[string]string{"api_key": "key", "segment_size": "500"},
			})
			process.Eventually(t, waitShort, "segments in flight", func() bool { return len(process.ReadJournal(t, journal)) >= 8 })

			client.Delete(t, route+job.ID).MustBe(t, http.StatusNoContent)
			asked := len(process.ReadJournal(t, journal))
			mustBeErased(t, server.Dir)
			stream.Until(t, waitShort, func(e process.JobEvent) bool { return e.Action == "delete" && e.Record.ID == job.ID })
			stream.Silent(t, time.Second) // longer than what was in flight takes
			if now := len(process.ReadJournal(t, journal)); now > asked {
				t.Errorf("%d requests after the deletion", now-asked)
			}
			mustBeErased(t, server.Dir)
		})
	}
}

// TestDeleteAnyMoment deletes short jobs at random moments of their lives,
// which are mostly planning and building.
func TestDeleteAnyMoment(t *testing.T) {
	chance := seeded(t)
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	text := mobyDick(t)
	for range 100 {
		job := client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Fields: map[string]string{"api_key": "key"}})
		pauseUnlessExited(server, time.Duration(chance.IntN(40_000))*time.Microsecond)
		client.DeleteJob(t, job.ID)
	}
	server.Stop(t) // nothing moves any more
	if files := process.Files(t, filepath.Join(server.Dir, "storage")); len(files) != 0 {
		t.Errorf("files outlived their jobs: %v", files)
	}
	database := process.CopyDatabase(t, server.Dir)
	for _, table := range []string{"translation_jobs", "translation_briefs", "translation_segments", "sealed_keys", "idempotency_keys"} {
		if n := database.Count(t, table); n != 0 {
			t.Errorf("%d rows of %s outlived their jobs", n, table)
		}
	}
}
