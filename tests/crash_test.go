package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// resumeWithin is what the contract allows between a start and progress.
const resumeWithin = 2 * time.Second

// seeded returns a source of chance that VERSO_TEST_SEED repeats.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("VERSO_TEST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("VERSO_TEST_SEED: %v", err)
		}
	}
	t.Logf("VERSO_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// TestKill kills the process at random moments of one job, from before it is
// ready to the writing of the output, and wants nothing done twice, nothing
// lost, and an output that does not show it.
func TestKill(t *testing.T) {
	chance := seeded(t)
	text := mobyDick(t)
	order := process.Upload{Filename: "moby.txt", Content: strings.NewReader(text), Fields: map[string]string{"segment_size": "500"}}
	undisturbed, output := translateUndisturbed(t, order)

	run := &crashRun{dir: filepath.Join(t.TempDir(), "data"), journals: t.TempDir()}
	server := run.start(t)
	server.MustBecomeReady(t)
	order.Content = strings.NewReader(text)
	run.job = server.SignIn(t, ada).MustUpload(t, order).ID

	for kills := dose(t, 16, 60); run.killed < kills; {
		early := run.killed%4 == 3 // some are killed while they start
		if !early {
			server.MustBecomeReady(t)
			run.awaitProgress(t, server)
		}
		if !pauseUnlessExited(server, time.Duration(20+chance.IntN(130))*time.Millisecond) {
			t.Fatalf("the process ended by itself with code %d:\n%s", server.ExitCode(), server.Log())
		}
		server.Kill()
		run.killed++
		run.checkLedger(t)
		server = run.start(t)
	}

	server.MustBecomeReady(t)
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/"+run.job)
	if client.Job(t, run.job).Status != "COMPLETED" {
		stream.UntilFinished(t, run.job, time.Minute)
	}
	final := client.Job(t, run.job)
	run.checkLedger(t)
	run.checkOnce(t)

	if !bytes.Equal(client.Download(t, run.job), output) {
		t.Errorf("the output is not that of an undisturbed run; they part at %s",
			firstDifference(string(client.Download(t, run.job)), string(output)))
	}
	for _, count := range []struct {
		name      string
		got, want int
	}{
		{"progress", final.Progress, 100},
		{"segments_total", final.SegmentsTotal, undisturbed.SegmentsTotal},
		{"segments_done", final.SegmentsDone, undisturbed.SegmentsDone},
		{"issues_count", final.IssuesCount, 0},
		{"input_tokens", final.InputTokens, undisturbed.InputTokens},
		{"output_tokens", final.OutputTokens, undisturbed.OutputTokens},
	} {
		if count.got != count.want {
			t.Errorf("%s: %d, want %d", count.name, count.got, count.want)
		}
	}
	run.report(t)
}

// translateUndisturbed returns the job and the output of the same order where
// nothing is killed.
func translateUndisturbed(t *testing.T, order process.Upload) (process.Job, []byte) {
	t.Helper()
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	job := client.MustUpload(t, order)
	stream.UntilFinished(t, job.ID, time.Minute)
	output := client.Download(t, job.ID)
	job = client.Job(t, job.ID)
	server.Stop(t)
	return job, output
}

// crashRun is what the test knows of a job that outlives many processes.
type crashRun struct {
	dir, journals string
	job           string
	killed        int
	starts        int
	settled       map[string]process.SegmentRow // by first block, as the last death left them
	resumed       []time.Duration               // from the banner to progress
	idle          int                           // deaths that came before any new segment
}

// start starts the service on the same data with a journal of its own.
func (r *crashRun) start(t *testing.T) *process.Server {
	t.Helper()
	r.starts++
	return process.Launch(t, process.Options{Dir: r.dir, Env: env(
		"VERSO_PSEUDO_DELAY", "30ms", "VERSO_JOB_CONCURRENCY", "2", "VERSO_PSEUDO_JOURNAL", r.journal(),
	)})
}

func (r *crashRun) journal() string { return filepath.Join(r.journals, strconv.Itoa(r.starts)) }

// awaitProgress waits for the first segment that this process settles, and
// notes how long that took.
func (r *crashRun) awaitProgress(t *testing.T, server *process.Server) {
	t.Helper()
	server.MustBecomeReady(t)
	database := process.OpenDatabase(t, r.dir)
	defer database.Close()
	before := len(r.settled)
	process.Eventually(t, 10*time.Second, fmt.Sprintf("progress after start %d", r.starts), func() bool {
		return r.job != "" && database.Settled(t, r.job) > before
	})
	if r.killed > 0 {
		r.resumed = append(r.resumed, time.Since(server.Ready))
	}
}

// checkLedger compares what the dead process left in the database with what
// it asked for: nothing that was settled before it began was asked for again,
// or changed.
func (r *crashRun) checkLedger(t *testing.T) {
	t.Helper()
	database := process.CopyDatabase(t, r.dir)
	defer database.Close()
	now := map[string]process.SegmentRow{}
	for _, row := range database.Segments(t, r.job) {
		if row.Status == "pending" {
			continue
		}
		first := blocksOf(t, row.Source)[0].ID
		now[first] = row
		if row.Status != "done" || row.Attempts != 1 || row.Revision < 1 {
			t.Errorf("segment %d is %s after %d attempts with revision %d", row.Position, row.Status, row.Attempts, row.Revision)
		}
	}
	for _, request := range process.ReadJournal(t, r.journal()) {
		if row, ok := r.settled[request.First]; ok {
			t.Errorf("start %d asked again for segment %d, which was done before", r.starts, row.Position)
		}
	}
	for first, row := range r.settled {
		if now[first] != row {
			t.Errorf("segment %d was done before start %d and is different now:\n%+v\n%+v", row.Position, r.starts, row, now[first])
		}
	}
	if len(now) == len(r.settled) {
		r.idle++
	}
	r.settled = now
}

// checkOnce wants every block of the document exactly once, with the
// translation that belongs to it, and revisions without a gap.
func (r *crashRun) checkOnce(t *testing.T) {
	t.Helper()
	seen := map[string]bool{}
	var revisions []int
	for _, row := range r.settled {
		source, translation := blocksOf(t, row.Source), blocksOf(t, row.Translation)
		if len(source) != len(translation) {
			t.Errorf("segment %d has %d blocks and %d translations", row.Position, len(source), len(translation))
			continue
		}
		for i := range source {
			if seen[source[i].ID] || translation[i].ID != source[i].ID {
				t.Errorf("block %s stands twice, or has the translation of %s", source[i].ID, translation[i].ID)
			}
			seen[source[i].ID] = true
		}
		revisions = append(revisions, row.Revision)
	}
	slices.Sort(revisions)
	for i, revision := range revisions {
		if revision != i+1 {
			t.Fatalf("the %d. revision is %d", i+1, revision)
		}
	}
}

// report prints the figures and judges the restarts by their median, because a
// busy machine may delay one of them.
func (r *crashRun) report(t *testing.T) {
	t.Helper()
	slices.Sort(r.resumed)
	median, most := r.resumed[len(r.resumed)/2], r.resumed[len(r.resumed)-1]
	t.Logf("%d kills, %d of them before any new segment; from start to progress (%d measured): median %s, longest %s",
		r.killed, r.idle, len(r.resumed), median, most)
	if median > resumeWithin {
		t.Errorf("work goes on %s after a start (median), want %s", median, resumeWithin)
	}
}

func blocksOf(t *testing.T, encoded string) []process.Block {
	t.Helper()
	var blocks []process.Block
	if err := json.Unmarshal([]byte(encoded), &blocks); err != nil || len(blocks) == 0 {
		t.Fatalf("decode blocks %q: %v", encoded, err)
	}
	return blocks
}

// pauseUnlessExited lets a process run for a while; false if it ended by itself.
func pauseUnlessExited(server *process.Server, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-server.Exited():
		return false
	}
}
