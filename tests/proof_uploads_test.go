package tests

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verso/tests/process"
)

// uploadsEach is how many uploads one person has under way, of 16 that he may.
const uploadsEach = 10

// TestUploadsAtOnce sends hundreds of documents at once, some of them very slowly. All
// are taken, each once, though answers are repeated; the slow ones hold up nobody, and
// memory and temporary files are bounded.
func TestUploadsAtOnce(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	uploads, largest := dose(t, 60, 500), dose(t, 256<<10, biggest)
	slow := uploads / 10
	clerk, tmp := newInstance(t), t.TempDir()
	server := process.Start(t, process.Options{Command: "serve", Dir: filepath.Join(t.TempDir(), "data"), Env: clerk.env(t,
		"VERSO_PSEUDO_DELAY", "1m", "VERSO_MAX_ACTIVE_JOBS", "1000", "VERSO_TRUSTED_PROXY_HEADERS", "X-Forwarded-For", "TMPDIR", tmp)})
	before := memoryPeak(t, server)
	r := &uploadsRun{clerk: clerk, server: server, jobs: map[string]string{}, release: make(chan struct{})}

	for person := range (uploads + uploadsEach - 1) / uploadsEach { // so that all are known
		signedIn(t, clerk.signIn(t, server, fmt.Sprintf("user_up%d", person), nil))
	}
	var spilled int64
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-tick.C:
				spilled = max(spilled, sizeOf(t, tmp)+sizeOf(t, filepath.Join(server.Dir, ".pb_temp_to_delete")))
			case <-done:
				tick.Stop()
				return
			}
		}
	}()
	begun := time.Now()
	var slowly, others sync.WaitGroup
	for i := range uploads {
		size := 1 + int(float64(largest)*chance.Float64()*chance.Float64())
		if i < slow {
			slowly.Go(func() { r.send(t, i, 4<<10, true) })
			continue
		}
		others.Go(func() { r.send(t, i, size, false) })
	}
	others.Wait()
	took := time.Since(begun)
	if r.slowDone.Load() > 0 {
		t.Errorf("%d slow uploads were answered before they had ended", r.slowDone.Load())
	}
	close(r.release)
	slowly.Wait()
	close(done)
	<-watched

	peak := memoryPeak(t, server)
	t.Logf("%d uploads of %d MiB together in %s, beside %d slow ones; %d attempts were told to come back and %d broken off; memory at its peak %d MiB (before: %d MiB), temporary files at most %d KiB",
		uploads-slow, r.bytes.Load()/mebibyte, took.Round(time.Millisecond), slow, r.again.Load(), r.broken.Load(), peak/mebibyte, before/mebibyte, spilled/1024)
	if peak > mostMemory {
		t.Errorf("memory peaked at %d MiB, want at most %d", peak/mebibyte, mostMemory/mebibyte)
	}
	if spilled > mebibyte {
		t.Errorf("temporary files took %d bytes", spilled)
	}
	r.checkOnce(t, uploads)
}

// uploadsRun is what was sent and what came of it.
type uploadsRun struct {
	clerk    instance
	server   *process.Server
	release  chan struct{} // closed when the slow ones may end
	bytes    atomic.Int64
	again    atomic.Int64
	broken   atomic.Int64
	slowDone atomic.Int64

	mu   sync.Mutex
	jobs map[string]string // by Idempotency-Key
}

// send sends a document until it is taken, and half of them once more. What is large is
// deleted then, so that it is not translated.
func (r *uploadsRun) send(t *testing.T, number, size int, slowly bool) {
	person, key := number/uploadsEach, fmt.Sprintf("key-%d", number)
	client := r.clerk.signIn(t, r.server, fmt.Sprintf("user_up%d", person), nil)
	attempt := func() (job process.Job, taken bool) {
		upload := bigUpload(size)
		if slowly {
			upload.Content = io.MultiReader(&trickle{release: r.release}, upload.Content)
			upload.Size = 0
		}
		upload.Header = []string{"Idempotency-Key", key, "X-Forwarded-For", fmt.Sprintf("10.1.0.%d", person)}
		answer, err := client.Send(context.Background(), upload)
		if err != nil { // it was refused in the middle, and is sent again as is
			r.broken.Add(1)
			time.Sleep(time.Second)
			return job, false
		}
		switch answer.Status {
		case http.StatusOK:
			if err := json.Unmarshal(answer.Body, &job); err != nil {
				t.Error(err)
			}
			return job, true
		case http.StatusServiceUnavailable, http.StatusTooManyRequests:
			if answer.Header.Get("Retry-After") == "" {
				t.Errorf("upload %d is not told when to come back: %s", number, answer)
			}
			r.again.Add(1)
			time.Sleep(time.Duration(100+rand.IntN(400)) * time.Millisecond)
			return job, false
		}
		t.Errorf("upload %d: %s", number, answer)
		return job, true
	}
	var job process.Job
	taken := false
	for tries := 0; !taken; tries++ {
		if job, taken = attempt(); !taken && tries == 100 {
			t.Errorf("upload %d is not taken", number)
			return
		}
	}
	if slowly {
		r.slowDone.Add(1)
	} else if r.bytes.Add(int64(size)); number%2 == 0 {
		if second, taken := attempt(); taken && second.ID != job.ID {
			t.Errorf("upload %d made job %s and, repeated, %s", number, job.ID, second.ID)
		}
	}
	r.mu.Lock()
	r.jobs[key] = job.ID
	r.mu.Unlock()
	if size > mebibyte && job.ID != "" {
		answer, err := client.Do(context.Background(), http.MethodDelete, "/api/v1/jobs/"+job.ID, nil, nil)
		if err != nil || answer.Status != http.StatusNoContent {
			t.Errorf("delete upload %d: %v %v", number, err, answer)
		}
		r.mu.Lock()
		delete(r.jobs, key)
		r.mu.Unlock()
	}
}

// checkOnce wants each document that was not deleted once: a job and a file.
func (r *uploadsRun) checkOnce(t *testing.T, uploads int) {
	t.Helper()
	database := process.OpenDatabase(t, r.server.Dir)
	defer database.Close()
	if n := database.Count(t, "translation_jobs"); n != len(r.jobs) {
		t.Errorf("there are %d jobs of %d documents that were not deleted", n, len(r.jobs))
	}
	// A deletion is answered when it is committed; the file follows.
	var files []string
	same := func() bool {
		files = nil
		for name := range process.Files(t, filepath.Join(r.server.Dir, "storage")) {
			if filepath.Ext(name) != ".attrs" {
				files = append(files, name)
			}
		}
		return len(files) == len(r.jobs)
	}
	if !process.Holds(waitShort, same) {
		t.Errorf("there are %d files of %d documents: %v", len(files), len(r.jobs), files)
	}
	if len(r.jobs) < uploads/10 {
		t.Error("too few documents were kept for the test to say anything")
	}
}

// trickle is the beginning of a document that comes byte by byte until it is released.
type trickle struct {
	release chan struct{}
}

func (s *trickle) Read(p []byte) (int, error) {
	select {
	case <-s.release:
		return 0, io.EOF
	case <-time.After(50 * time.Millisecond):
	}
	return copy(p, strings.Repeat("One. ", 20)), nil // far from standing still
}

// signedIn returns a client when the service knows who it is.
func signedIn(t *testing.T, client *process.Client) *process.Client {
	t.Helper()
	process.Eventually(t, time.Minute, "the service knows who is there", func() bool {
		return client.Get(t, "/api/v1/me").Status == http.StatusOK
	})
	return client
}
