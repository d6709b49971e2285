package tests

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// TestOneServeAtATime starts a second service on the same data, as a rolling
// restart does: it waits, and takes over the work when the first has left,
// whichever way.
func TestOneServeAtATime(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*testing.T, *process.Server){
		"SIGTERM": func(t *testing.T, server *process.Server) {
			if code, _ := server.Stop(t); code != 0 {
				t.Errorf("the first ended with code %d", code)
			}
		},
		"SIGKILL": func(_ *testing.T, server *process.Server) { server.Kill() },
	} {
		t.Run(name, func(t *testing.T) { takeOver(t, name == "SIGTERM", leave) })
	}
}

func takeOver(t *testing.T, drained bool, leave func(*testing.T, *process.Server)) {
	clerk := newInstance(t)
	journal := filepath.Join(t.TempDir(), "journal")
	options := process.Options{Command: "serve", Dir: filepath.Join(t.TempDir(), "data"), Env: clerk.env(t,
		"VERSO_PSEUDO_DELAY", "200ms", "VERSO_JOB_CONCURRENCY", "2", "VERSO_PSEUDO_JOURNAL", journal,
	)}
	first := process.Start(t, options)
	text := mobyDick(t)
	job := clerk.signIn(t, first, "user_2nobody", nil).MustUpload(t, process.Upload{
		Content: strings.NewReader(text), Fields: map[string]string{"segment_size": "10000"},
	})
	second := process.Launch(t, options)
	process.Eventually(t, waitShort, "segments in flight", func() bool { return len(process.ReadJournal(t, journal)) >= 4 })
	if second.IsReady() {
		t.Error("two services serve one data directory")
	}
	leave(t, first)
	left := time.Now()
	second.MustBecomeReady(t)
	t.Logf("the second was ready %s after the first had left", second.Ready.Sub(left))

	client := clerk.signIn(t, second, "user_2nobody", nil)
	process.Eventually(t, 30*time.Second, "the second finishes the job", func() bool {
		return client.Job(t, job.ID).Status == "COMPLETED"
	})
	if got := string(client.Download(t, job.ID)); got != accented(text) {
		t.Errorf("the output is not the translation: %s", firstDifference(got, accented(text)))
	}
	asked := process.ReadJournal(t, journal)
	total := client.Job(t, job.ID).SegmentsTotal
	if drained && len(asked) != total {
		t.Errorf("%d requests for %d segments", len(asked), total)
	}
	slices.SortFunc(asked, func(a, b process.Request) int { return strings.Compare(a.First, b.First) })
	if different := len(slices.Compact(asked)); different != total {
		t.Errorf("%d different requests for %d segments", different, total)
	}
}
