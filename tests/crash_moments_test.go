package tests

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// TestKillShortJobs kills the process while several short jobs are being
// planned, built and completed, which take up most of a short job's life.
func TestKillShortJobs(t *testing.T) {
	const jobs = 4
	chance := seeded(t)
	dir := filepath.Join(t.TempDir(), "data")
	options := process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "0s")}
	paragraphs := strings.SplitAfter(mobyDick(t), "\n\n")

	want := map[string]string{} // output by job
	server := process.Start(t, options)
	for round := range dose(t, 8, 20) {
		client := server.SignIn(t, ada)
		for job := range jobs {
			n := 7 * (round*jobs + job) % len(paragraphs)
			text := strings.Join(paragraphs[n:min(n+40, len(paragraphs))], "")
			upload := process.Upload{Content: strings.NewReader(text), Fields: map[string]string{"segment_size": "3000"}}
			want[client.MustUpload(t, upload).ID] = accented(text)
		}
		pauseUnlessExited(server, time.Duration(chance.IntN(20_000))*time.Microsecond)
		server.Kill()

		server = process.Start(t, options)
		client = server.SignIn(t, ada)
		process.Eventually(t, 10*time.Second, fmt.Sprintf("all jobs complete after kill %d", round+1), func() bool {
			for id := range want {
				if client.Job(t, id).Status != "COMPLETED" {
					return false
				}
			}
			return true
		})
		for id, output := range want {
			if got := string(client.Download(t, id)); got != output {
				t.Fatalf("job %s after kill %d: %s", id, round+1, firstDifference(got, output))
			}
		}
		clear(want)
		for id := range jobsOf(t, client) {
			client.DeleteJob(t, id)
		}
	}
	process.Eventually(t, 5*time.Second, "storage is empty when all jobs are deleted", func() bool {
		return len(process.Files(t, filepath.Join(dir, "storage"))) == 0
	})
}

// TestKillWhileWriting kills the process while it writes the output into
// storage: what it had written so far does not stay beside the job.
func TestKillWhileWriting(t *testing.T) {
	const size = 8 << 20
	dir := filepath.Join(t.TempDir(), "data")
	storage := filepath.Join(dir, "storage")
	options := process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "0s")}
	halves := func() (found []string) {
		for path := range process.Files(t, storage) {
			if name := filepath.Base(path); strings.HasPrefix(name, "output") && strings.HasSuffix(name, ".tmp") {
				found = append(found, path)
			}
		}
		return found
	}

	// The writing of some megabytes is seen nearly every time; an attempt that
	// misses it is made again.
	var job process.Job
	for attempt := 1; len(halves()) == 0; attempt++ {
		if attempt > 10 {
			t.Fatal("the output was never seen while it was written")
		}
		server := process.Start(t, options)
		job = server.SignIn(t, ada).MustUpload(t, bigUpload(size))
		process.Holds(10*time.Second, func() bool { return len(halves()) > 0 })
		server.Kill()
	}

	server := process.Start(t, options)
	client := server.SignIn(t, ada)
	process.Eventually(t, time.Minute, "the job completes", func() bool { return client.Job(t, job.ID).Status == "COMPLETED" })
	if !process.Holds(3*time.Second, func() bool { return len(halves()) == 0 }) {
		t.Errorf("half an output stays beside the finished job: %v", halves())
	}
	server.Stop(t)
}

// jobsOf returns a person's jobs by their ids.
func jobsOf(t *testing.T, client *process.Client) map[string]process.Job {
	t.Helper()
	var list struct {
		Jobs []process.Job `json:"jobs"`
	}
	client.Get(t, "/api/v1/jobs?limit=200").Decode(t, &list)
	jobs := map[string]process.Job{}
	for _, job := range list.Jobs {
		jobs[job.ID] = job
	}
	return jobs
}

// TestKillFirstStart kills a service that is making its data directory; the
// next start finishes what this one began.
func TestKillFirstStart(t *testing.T) {
	chance := seeded(t)
	for range dose(t, 4, 10) {
		options := process.Options{Dir: filepath.Join(t.TempDir(), "data"), Env: env("VERSO_PSEUDO_DELAY", "0s")}
		server := process.Launch(t, options)
		pause := time.Duration(chance.IntN(150)) * time.Millisecond
		pauseUnlessExited(server, pause)
		server.Kill()

		server = process.Start(t, options)
		if answer := server.Guest(t).Get(t, "/readyz"); answer.Status != 200 {
			t.Errorf("after a kill %s into the first start: %s", pause, answer)
		}
		server.Kill()
	}
}

// TestKillUpload ends the process while documents are arriving, by SIGKILL or
// by SIGTERM: nothing of them is left after the next start.
func TestKillUpload(t *testing.T) {
	chance := seeded(t)
	dir := filepath.Join(t.TempDir(), "data")
	storage := filepath.Join(dir, "storage")
	options := process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "0s")}

	for round := range 8 {
		server := process.Start(t, options)
		process.Eventually(t, 5*time.Second, "what the last process left is swept", func() bool {
			return len(process.Files(t, storage)) == 0
		})
		client := server.SignIn(t, ada)
		sent := 1 + chance.IntN(400_000)
		body := newStalled(mobyDick(t)+mobyDick(t), sent)
		failed := make(chan error, 1)
		go func() {
			_, err := client.Send(t.Context(), process.Upload{Content: body, Fields: map[string]string{"api_key": "key"}})
			failed <- err
		}()
		<-body.reached
		if sent > 64<<10 {
			process.Eventually(t, 5*time.Second, "the beginning of the upload is stored", func() bool {
				return len(process.Files(t, storage)) > 0
			})
		}
		if round%4 == 3 {
			if code, took := server.Stop(t); code != 0 || took > 5*time.Second {
				t.Errorf("an upload that stands still kept the process for %s; it ended with code %d", took, code)
			}
		}
		server.Kill()
		body.Close()
		if err := <-failed; err == nil {
			t.Errorf("upload %d was answered by a dead process", round)
		}
		database := process.CopyDatabase(t, dir)
		for _, table := range []string{"translation_jobs", "translation_briefs", "sealed_keys", "idempotency_keys"} {
			if n := database.Count(t, table); n != 0 {
				t.Errorf("%d rows in %s after upload %d was cut off", n, table, round)
			}
		}
	}
	process.Start(t, options)
	process.Eventually(t, 5*time.Second, "what the last process left is swept", func() bool {
		return len(process.Files(t, storage)) == 0
	})
}

// stalled is a document that stops arriving after some bytes.
type stalled struct {
	content *strings.Reader
	reached chan struct{}
	closed  chan struct{}
	stopped bool
}

func newStalled(text string, after int) *stalled {
	return &stalled{content: strings.NewReader(text[:min(after, len(text))]), reached: make(chan struct{}), closed: make(chan struct{})}
}

// Read gives what there is and then hangs until Close.
func (s *stalled) Read(p []byte) (int, error) {
	if s.content.Len() > 0 {
		return s.content.Read(p)
	}
	if !s.stopped {
		s.stopped = true
		close(s.reached)
	}
	<-s.closed
	return 0, io.ErrUnexpectedEOF
}

// Close lets go of a reader that hangs.
func (s *stalled) Close() error {
	close(s.closed)
	return nil
}
