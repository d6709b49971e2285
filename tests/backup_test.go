package tests

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// TestBackup makes a backup in the dashboard's way, lets other programs look into the
// database, and kills the service: what it wrote after the backup is there. Then the
// backup is restored: what it was made of is there, and nothing else.
func TestBackup(t *testing.T) {
	t.Parallel()
	options := process.Options{Dir: filepath.Join(t.TempDir(), "data"), Env: env("VERSO_PSEUDO_DELAY", "0s",
		"VERSO_SUPERUSER_EMAIL", superuserEmail, "VERSO_SUPERUSER_PASSWORD", superuserPassword), Args: []string{"--http", process.FreeAddress(t)}}
	server := process.Start(t, options)
	client := server.SignIn(t, ada)
	upload := func(name string) string {
		job := client.MustUpload(t, process.Upload{Filename: name, Content: strings.NewReader("One.\n\nTwo.\n")}).ID
		awaitStatus(t, client, waitShort, []string{"COMPLETED"}, job)
		return job
	}
	before := upload("before.txt")
	superuser := server.SignInSuperuser(t, superuserEmail, superuserPassword)
	superuser.Post(t, "/api/backups", map[string]string{"name": "before.zip"}).MustBe(t, http.StatusNoContent)
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if got := integrity(t, filepath.Join(options.Dir, name)); got != "ok" {
			t.Errorf("%s after a backup: %s", name, got)
		}
	}
	process.Run(t, options.Env, "superuser", "upsert", "second@example.org", superuserPassword, "--dir", options.Dir)
	after := upload("after.txt")
	server.Kill()

	server = process.Start(t, options)
	client = server.SignIn(t, ada)
	for _, job := range []string{before, after} {
		if got := string(client.Download(t, job)); got != accented("One.\n\nTwo.\n") {
			t.Errorf("after a kill %s is %q", job, got)
		}
	}
	superuser = server.SignInSuperuser(t, superuserEmail, superuserPassword)
	superuser.Post(t, "/api/backups/before.zip/restore", nil).MustBe(t, http.StatusNoContent)
	process.Eventually(t, time.Minute, "the backup is restored", func() bool {
		client = signInAgain(t, server, ada)
		if client == nil {
			return false
		}
		answer, err := client.Do(t.Context(), http.MethodGet, "/api/v1/jobs/"+after, nil, nil)
		return err == nil && answer.Status == http.StatusNotFound
	})
	if got := string(client.Download(t, before)); got != accented("One.\n\nTwo.\n") {
		t.Errorf("after the restore the document is %q", got)
	}
}
