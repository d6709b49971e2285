package tests

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/tests/process"
)

const (
	mebibyte = 1 << 20
	// biggest is the size of the largest document that is accepted by default.
	biggest = 50 * mebibyte
	// mostMemory bounds the process's memory while ten such documents arrive.
	mostMemory = 700 * mebibyte
)

// prose is a document of some length that is made while it is sent: lines of
// words, and a blank line after every tenth.
type prose struct {
	left, line, at int
}

// Read fills p with text.
func (d *prose) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), d.left)]
	for n := 0; n < len(p); {
		text := "The quick brown fox jumps over the lazy dog, as it does every day, and goes home.\n"
		if d.line%10 == 9 {
			text = "\n"
		}
		copied := copy(p[n:], text[d.at:])
		n += copied
		if d.at += copied; d.at == len(text) {
			d.line, d.at = d.line+1, 0
		}
	}
	d.left -= len(p)
	return len(p), nil
}

func bigUpload(size int) process.Upload {
	return process.Upload{Filename: "big.txt", Content: &prose{left: size}, Size: int64(size), Fields: map[string]string{"segment_size": "100000"}}
}

// startIdle starts a service whose only place for work is taken, so that
// uploads are received and nothing else happens.
func startIdle(t *testing.T, tmp string) (*process.Server, *process.Client) {
	t.Helper()
	journal := filepath.Join(t.TempDir(), "journal")
	server := process.Start(t, process.Options{Env: env(
		"VERSO_PSEUDO_DELAY", "1m", "VERSO_CONCURRENCY", "1", "VERSO_MAX_ACTIVE_JOBS", "1000", "VERSO_MAX_UPLOAD_MB", "50",
		"VERSO_PSEUDO_JOURNAL", journal, "TMPDIR", tmp,
	)})
	client := server.SignIn(t, ada)
	client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	process.Eventually(t, waitShort, "the only place is taken", func() bool { return len(process.ReadJournal(t, journal)) == 1 })
	return server, client
}

// TestBiggestUpload sends the largest document there may be, and one a byte
// larger.
func TestBiggestUpload(t *testing.T) {
	_, client := startIdle(t, t.TempDir())
	client.MustUpload(t, bigUpload(biggest))
	client.Upload(t, bigUpload(biggest+1)).MustRefuse(t, http.StatusRequestEntityTooLarge)

	unknownLength := bigUpload(biggest + 1)
	unknownLength.Size = 0
	client.Upload(t, unknownLength).MustRefuse(t, http.StatusRequestEntityTooLarge)
}

// TestManyBigUploads sends ten of the largest documents at once: the memory is
// bounded, and each is stored once.
func TestManyBigUploads(t *testing.T) {
	const uploads = 10
	tmp := t.TempDir()
	server, client := startIdle(t, tmp)
	before := memoryPeak(t, server)

	// The temporary folders, the system's and PocketBase's, are watched while
	// the documents arrive.
	var spilled int64
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				spilled = max(spilled, sizeOf(t, tmp)+sizeOf(t, filepath.Join(server.Dir, ".pb_temp_to_delete")))
			case <-done:
				return
			}
		}
	}()
	began := time.Now()
	answers, errs := make([]*process.Answer, uploads), make([]error, uploads)
	var senders sync.WaitGroup
	for i := range uploads {
		senders.Go(func() { answers[i], errs[i] = client.Send(t.Context(), bigUpload(biggest)) })
	}
	senders.Wait()
	took := time.Since(began)
	close(done)
	<-watched

	for i := range uploads {
		if errs[i] != nil {
			t.Fatalf("upload %d: %v", i, errs[i])
		}
		answers[i].MustBe(t, http.StatusOK)
	}
	peak := memoryPeak(t, server)
	stored := sizeOf(t, filepath.Join(server.Dir, "storage"))
	t.Logf("%d uploads of %d MiB in %s; memory at its peak %d MiB (before: %d MiB); stored %d MiB; temporary files at most %d KiB",
		uploads, biggest/mebibyte, took, peak/mebibyte, before/mebibyte, stored/mebibyte, spilled/1024)
	if peak > mostMemory && os.Getenv("VERSO_TEST_RACE") == "" { // its detector takes several times as much
		t.Errorf("memory peaked at %d MiB, want at most %d", peak/mebibyte, mostMemory/mebibyte)
	}
	if stored < uploads*biggest || stored > uploads*biggest+mebibyte {
		t.Errorf("storage holds %d bytes of %d documents of %d", stored, uploads, biggest)
	}
	if spilled > mebibyte {
		t.Errorf("temporary files took %d bytes", spilled)
	}
}

func sizeOf(t *testing.T, dir string) (size int64) {
	for _, n := range process.Files(t, dir) {
		size += n
	}
	return size
}

// memoryPeak returns the most physical memory that the process ever held.
func memoryPeak(t *testing.T, server *process.Server) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/" + strconv.Itoa(server.Pid()) + "/status")
	if err != nil {
		t.Skipf("memory can be read on Linux alone: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kilobytes, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		t.Fatalf("read memory: %v", err)
	}
	return kilobytes << 10
}
