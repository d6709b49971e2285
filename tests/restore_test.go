package tests

import (
	"archive/zip"
	"crypto/rand"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// backedUp is a service of which a backup was made while a job with a lent API key
// ran.
type backedUp struct {
	gemini  *standin.Gemini
	secret  string
	told    story
	options process.Options
	server  *process.Server
	job     string
	archive string          // a copy of the backup
	settled map[string]bool // block ids that were settled in it
}

// TestRestore makes a backup while a job runs and others upload and look, and restores
// it in every way: into the running service, by hand, and by hand without the key that
// stands beside the data. Each time the job goes on from where the backup has it.
func TestRestore(t *testing.T) {
	t.Parallel()
	b := backUpUnderWork(t)
	t.Run("into the running service", b.intoRunning)
	t.Run("by hand", func(t *testing.T) {
		before := len(b.gemini.Requests())
		b.mustComplete(t, process.Start(t, b.unpacked(t, true)), before)
	})
	t.Run("by hand without the key", b.withoutKey)
}

// backUpUnderWork starts a job, and makes a backup when some of it is done.
func backUpUnderWork(t *testing.T) *backedUp {
	b := &backedUp{secret: "AIza" + rand.Text(), told: plainStory(120)}
	b.gemini = standin.StartGemini(t, standin.Config{Keys: []string{serverKey, b.secret}, Latency: 150 * time.Millisecond})
	dir := filepath.Join(t.TempDir(), "data")
	mustAddSuperuser(t, dir)
	b.options = withGemini(dir, b.gemini.URL, "VERSO_JOB_CONCURRENCY", "2")
	b.options.Args = []string{"--http", process.FreeAddress(t)}
	b.server = process.Start(t, b.options)
	client, other := b.server.SignIn(t, ada), b.server.SignIn(t, bo)
	superuser := b.server.SignInSuperuser(t, superuserEmail, superuserPassword)
	b.job = client.MustUpload(t, b.told.upload("api_key", b.secret, "segment_size", "500")).ID
	process.Eventually(t, waitShort, "a part is done", func() bool { return client.Job(t, b.job).SegmentsDone >= 10 })

	stop := make(chan struct{})
	var others sync.WaitGroup
	for range 3 {
		others.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				answer, err := other.Send(t.Context(), process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")})
				if err != nil || answer.Status != http.StatusOK {
					t.Errorf("an upload during the backup: %v, %v", answer, err)
					return
				}
			}
		})
	}
	superuser.Post(t, "/api/backups", map[string]string{"name": "work.zip"}).MustBe(t, http.StatusNoContent)
	close(stop)
	others.Wait()

	b.archive = filepath.Join(t.TempDir(), "work.zip")
	content, err := os.ReadFile(filepath.Join(dir, "backups", "work.zip"))
	if err == nil {
		err = os.WriteFile(b.archive, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.settled = map[string]bool{}
	database, total := process.CopyDatabase(t, b.unpacked(t, false).Dir), 0
	for _, segment := range database.Segments(t, b.job) {
		total++
		if segment.Status == "pending" {
			continue
		}
		for i, paragraph := range b.told {
			if strings.Contains(segment.Source, paragraph) {
				b.settled[blockID(i)] = true
			}
		}
	}
	if len(b.settled) == 0 || len(b.settled) == len(b.told) {
		t.Fatalf("the backup has %d of %d blocks", len(b.settled), len(b.told))
	}
	t.Logf("the backup has %d segments, and %d of %d blocks", total, len(b.settled), len(b.told))
	return b
}

// unpacked unpacks the backup into a new data directory, with the key of the old one
// beside it or without, and returns how a service is started on it.
func (b *backedUp) unpacked(t *testing.T, withKey bool) process.Options {
	t.Helper()
	options := b.options
	options.Dir, options.Args = filepath.Join(t.TempDir(), "restored"), nil
	archive, err := zip.OpenReader(b.archive)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, entry := range archive.File {
		path := filepath.Join(options.Dir, filepath.FromSlash(entry.Name))
		if err := unpackTo(path, entry); err != nil {
			t.Fatalf("unpack %s: %v", entry.Name, err)
		}
	}
	if withKey {
		key, err := os.ReadFile(b.options.Dir + ".key")
		if err == nil {
			err = os.WriteFile(options.Dir+".key", key, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return options
}

func unpackTo(path string, entry *zip.File) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	from, err := entry.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	content, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// intoRunning restores as the dashboard does.
func (b *backedUp) intoRunning(t *testing.T) {
	client := b.server.SignIn(t, ada)
	if now := client.Job(t, b.job); now.Status != "PROCESSING" {
		t.Fatalf("the job is %s before the restore", now.Status)
	}
	other := b.server.SignIn(t, bo)
	late := other.MustUpload(t, process.Upload{Content: strings.NewReader("Too late for the backup.\n")}).ID
	b.server.SignInSuperuser(t, superuserEmail, superuserPassword).
		Post(t, "/api/backups/work.zip/restore", nil).MustBe(t, http.StatusNoContent)
	process.Eventually(t, time.Minute, "the backup is restored", func() bool {
		if other = signInAgain(t, b.server, bo); other == nil {
			return false
		}
		answer, err := other.Do(t.Context(), http.MethodGet, "/api/v1/jobs/"+late, nil, nil)
		return err == nil && answer.Status == http.StatusNotFound
	})
	b.mustComplete(t, b.server, 0)
	b.server.Kill() // from here on the requests are others'
}

// mustComplete waits until the job is translated, with the bytes of an undisturbed
// run. Of all requests after the first so many, those for what the backup had are none
// where it was restored by hand; in the running service, the ones before the backup.
func (b *backedUp) mustComplete(t *testing.T, server *process.Server, after int) {
	t.Helper()
	client := server.SignIn(t, ada)
	job := awaitStatus(t, client, time.Minute, finished(), b.job)[b.job]
	if job.Status != "COMPLETED" || job.IssuesCount != 0 {
		t.Fatalf("the job is %s with %d issues", job.Status, job.IssuesCount)
	}
	if got, want := string(client.Download(t, b.job)), b.told.translated("ko", nil); got != want {
		t.Errorf("the output is not an undisturbed run's: %s", firstDifference(got, want))
	}
	segments := allSegments(t, client, b.job)
	if len(segments) != job.SegmentsTotal || job.SegmentsDone != job.SegmentsTotal {
		t.Errorf("%d segments, %d of %d done", len(segments), job.SegmentsDone, job.SegmentsTotal)
	}
	asked := askedFor(b.told, standin.Translations(b.gemini.Requests()[after:]))
	before := 0
	if after == 0 {
		before = 1
	}
	for i := range b.told {
		switch id := blockID(i); {
		case b.settled[id] && asked[id] != before:
			t.Errorf("%s was in the backup, and asked for %d times", id, asked[id])
		case !b.settled[id] && (asked[id] < 1 || asked[id] > 1+before):
			t.Errorf("%s was not in the backup, and asked for %d times", id, asked[id])
		}
	}
	if used := len(translationsOf(b.gemini, b.secret)); used == 0 {
		t.Error("the lent key was never used")
	}
}

// withoutKey restores where the key beside the data is lost: the lent API key cannot be
// opened, and everything else is there.
func (b *backedUp) withoutKey(t *testing.T) {
	server := process.Start(t, b.unpacked(t, false))
	client, before := server.SignIn(t, ada), len(b.gemini.Requests())
	paused := awaitStatus(t, client, waitShort, []string{"PAUSED"}, b.job)[b.job]
	if paused.PauseReason == nil || *paused.PauseReason != "key" {
		t.Fatalf("the job is %s because of %v", paused.Status, paused.PauseReason)
	}
	mustCommand(t, client, b.job, "resume", map[string]string{"api_key": b.secret})
	b.mustComplete(t, server, before)
}
