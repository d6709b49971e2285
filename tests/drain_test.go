package tests

import (
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
)

// TestDrain tells the process to end while segments are in flight: they are
// finished and written, nothing new begins, and the next start does the rest.
func TestDrain(t *testing.T) {
	t.Parallel()
	const inFlight = 6
	dir, journal := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "journal")
	server := process.Start(t, process.Options{Dir: dir, Env: env(
		"VERSO_PSEUDO_DELAY", "1500ms", "VERSO_JOB_CONCURRENCY", "6", "VERSO_PSEUDO_JOURNAL", journal,
	)})
	text := mobyDick(t)
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	job := client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Fields: map[string]string{"segment_size": "5000"}})
	process.Eventually(t, 5*time.Second, "segments in flight", func() bool {
		return len(process.ReadJournal(t, journal)) == inFlight
	})

	code, took := server.Stop(t)
	if code != 0 {
		t.Errorf("the process ended with code %d", code)
	}
	if took > 5*time.Second {
		t.Errorf("the process took %s to end, with segments of 1.5 s", took)
	}
	select {
	case <-stream.Ended():
	default:
		t.Error("the realtime stream outlived the process")
	}
	asked, settled := len(process.ReadJournal(t, journal)), process.CopyDatabase(t, dir).Settled(t, job.ID)
	if asked != inFlight || settled != asked {
		t.Errorf("%d segments were asked for and %d settled, want %d", asked, settled, inFlight)
	}
	t.Logf("ended %s after SIGTERM, with %d segments settled", took, settled)

	server = process.Start(t, process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "0s", "VERSO_PSEUDO_JOURNAL", journal)})
	client = server.SignIn(t, ada)
	process.Eventually(t, 20*time.Second, "the job completes", func() bool {
		return client.Job(t, job.ID).Status == "COMPLETED"
	})
	if got := string(client.Download(t, job.ID)); got != accented(text) {
		t.Errorf("the output is not the translation: %s", firstDifference(got, accented(text)))
	}
	if asked, total := len(process.ReadJournal(t, journal)), client.Job(t, job.ID).SegmentsTotal; asked != total {
		t.Errorf("%d requests for %d segments", asked, total)
	}
}

// TestDrainIsBounded gives segments in flight less time than they take: they
// are cut off, and stay to be done.
func TestDrainIsBounded(t *testing.T) {
	t.Parallel()
	dir, journal := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "journal")
	server := process.Start(t, process.Options{Dir: dir, Env: env(
		"VERSO_PSEUDO_DELAY", "1m", "VERSO_SHUTDOWN_TIMEOUT", "1s", "VERSO_PSEUDO_JOURNAL", journal,
	)})
	job := server.SignIn(t, ada).MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")})
	process.Eventually(t, 5*time.Second, "a segment in flight", func() bool {
		return len(process.ReadJournal(t, journal)) == 1
	})
	if code, took := server.Stop(t); code != 0 || took > 5*time.Second {
		t.Errorf("ended with code %d after %s, want 0 after little more than 1 s", code, took)
	}
	if settled := process.CopyDatabase(t, dir).Settled(t, job.ID); settled != 0 {
		t.Errorf("%d segments were settled that had no answer", settled)
	}
}

// TestSecondSignal ends a process that is draining.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	journal := filepath.Join(t.TempDir(), "journal")
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m", "VERSO_PSEUDO_JOURNAL", journal)})
	server.SignIn(t, ada).MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")})
	process.Eventually(t, 5*time.Second, "a segment in flight", func() bool {
		return len(process.ReadJournal(t, journal)) == 1
	})

	server.Signal(t, syscall.SIGTERM)
	// Signals of a kind do not queue: the second is sent when the first has
	// visibly been taken.
	process.Eventually(t, 5*time.Second, "the server takes no more connections", func() bool {
		connection, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err == nil {
			connection.Close()
		}
		return err != nil
	})
	select {
	case <-server.Exited():
		t.Fatalf("the process did not wait for its segment; it ended with code %d", server.ExitCode())
	default:
	}
	if code, took := server.Stop(t); code == 0 || took > time.Second {
		t.Errorf("after the second signal it took %s to end with code %d, want at once and not 0", took, code)
	}
}
