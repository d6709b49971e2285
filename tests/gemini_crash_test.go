package tests

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// geminiCrash is what the test knows of a job that outlives many processes. The
// stand-in outlives them too, and its journal shows what each asked for.
type geminiCrash struct {
	gemini  *standin.Gemini
	dir     string
	job     string
	killed  int
	asked   int                           // requests in the journal when this process began
	settled map[string]process.SegmentRow // by first block, as the last death left them
	owners  map[string]string             // of every block, its segment's first one
	resumed []time.Duration               // from the banner to progress
	idle    int                           // deaths before any new segment
	// settledAtLastKill shows that the job was not finished long before.
	settledAtLastKill int
}

// TestGeminiKill kills the process at random moments while the engine makes
// random mistakes. Nothing that is done is asked for again, nothing is lost, and
// the output is that of an undisturbed run.
func TestGeminiKill(t *testing.T) {
	chance := seeded(t)
	faults := []standin.Rule{
		{Fault: standin.Missing, Chance: 0.04},
		{Fault: standin.Echo, Chance: 0.04},
		{Fault: standin.TruncatedJSON, Chance: 0.03},
		{Fault: standin.WrongLanguage, Chance: 0.03},
		{Fault: standin.MaxTokens, Chance: 0.03},
		{Fault: standin.Unavailable, Chance: 0.04},
		{Fault: standin.Reset, Chance: 0.03},
		{Fault: standin.RateLimitedMinute, Chance: 0.02, RetryDelay: 150 * time.Millisecond, Quota: generousQuota},
	}
	run := &geminiCrash{
		gemini: standin.StartGemini(t, standin.Config{Rules: faults, Seed: chance.Uint64(), Latency: 25 * time.Millisecond}),
		dir:    filepath.Join(t.TempDir(), "data"),
		owners: map[string]string{},
	}
	told := numberedStory(900)
	server := run.start(t)
	server.MustBecomeReady(t)
	run.job = server.SignIn(t, ada).MustUpload(t, told.upload("segment_size", "600")).ID
	for kills := dose(t, 14, 50); run.killed < kills; {
		if run.killed%4 != 3 { // some are killed while they start
			server.MustBecomeReady(t)
			run.awaitProgress(t, server)
		}
		if !pauseUnlessExited(server, time.Duration(20+chance.IntN(130))*time.Millisecond) {
			t.Fatalf("the process ended by itself with code %d:\n%s", server.ExitCode(), server.Log())
		}
		server.Kill()
		run.killed++
		run.checkLedger(t)
		run.settledAtLastKill = len(run.settled)
		server = run.start(t)
	}

	server.MustBecomeReady(t)
	client := server.SignIn(t, ada)
	process.Eventually(t, time.Minute, "the job completes", func() bool { return client.Job(t, run.job).Status == "COMPLETED" })
	run.checkLedger(t)
	run.checkEnd(t, client, told)
	run.report(t, client.Job(t, run.job))
}

func (r *geminiCrash) start(t *testing.T) *process.Server {
	t.Helper()
	r.asked = len(r.gemini.Requests())
	return process.Launch(t, withGemini(r.dir, r.gemini.URL, "VERSO_JOB_CONCURRENCY", "3"))
}

// awaitProgress waits for the first segment that this process settles.
func (r *geminiCrash) awaitProgress(t *testing.T, server *process.Server) {
	t.Helper()
	database := process.OpenDatabase(t, r.dir)
	defer database.Close()
	before := len(r.settled)
	process.Eventually(t, 20*time.Second, "progress after a start", func() bool {
		return database.Settled(t, r.job) > before || database.Text(t, `SELECT status FROM translation_jobs WHERE id = ?`, r.job) == "COMPLETED"
	})
	if r.killed > 0 {
		r.resumed = append(r.resumed, time.Since(server.Ready))
	}
}

// checkLedger compares what the dead process left in the database with what it
// asked for.
func (r *geminiCrash) checkLedger(t *testing.T) {
	t.Helper()
	database := process.CopyDatabase(t, r.dir)
	defer database.Close()
	now := map[string]process.SegmentRow{}
	for _, row := range database.Segments(t, r.job) {
		source := blocksOf(t, row.Source)
		for _, block := range source {
			r.owners[block.Text] = source[0].ID
		}
		if row.Status != "pending" {
			now[source[0].ID] = row
		}
	}
	for _, request := range standin.Translations(r.gemini.Requests()[r.asked:]) {
		for _, block := range request.Payload.Blocks {
			if row, ok := r.settled[r.owners[block.Text]]; ok {
				t.Errorf("after kill %d block %s of segment %d was asked for again, which was %s before", r.killed-1, block.ID, row.Position, row.Status)
			}
		}
	}
	for first, row := range r.settled {
		if now[first] != row {
			t.Errorf("segment %d was settled before kill %d and is different now:\n%+v\n%+v", row.Position, r.killed, row, now[first])
		}
	}
	if len(now) == len(r.settled) {
		r.idle++
	}
	r.settled = now
}

// checkEnd looks at the output and the counters. Where chance took a block away,
// a retry without faults brings it back.
func (r *geminiCrash) checkEnd(t *testing.T, client *process.Client, told story) {
	t.Helper()
	job := client.Job(t, r.job)
	segments := allSegments(t, client, r.job)
	mustBeTrue(t, "ko", segments)
	issues := 0
	var revisions []int
	for _, segment := range segments {
		revisions = append(revisions, segment.Revision)
		if segment.Status == "issue" {
			issues++
			t.Logf("by chance: %s", *segment.Issue)
		}
	}
	slices.Sort(revisions)
	for i, revision := range revisions {
		if revision != i+1 {
			t.Fatalf("the %d. revision is %d", i+1, revision)
		}
	}
	database := process.OpenDatabase(t, r.dir)
	sum := database.Text(t, `SELECT SUM(input_tokens) || ' ' || SUM(output_tokens) FROM translation_segments WHERE job = ?`, r.job)
	if counted := fmt.Sprint(job.InputTokens, job.OutputTokens); counted != sum {
		t.Errorf("the job counts %s tokens in and out, its segments %s", counted, sum)
	}
	if job.Progress != 100 || job.SegmentsTotal != len(segments) || job.SegmentsDone != len(segments) || job.IssuesCount != issues {
		t.Errorf("%d segments, %d with issues, and the job counts %d of %d and %d at %d %%",
			len(segments), issues, job.SegmentsDone, job.SegmentsTotal, job.IssuesCount, job.Progress)
	}
	if issues > 0 {
		r.gemini.Use()
		mustCommand(t, client, r.job, "retry", nil)
		process.Eventually(t, time.Minute, "the retry completes", func() bool { return client.Job(t, r.job).Status == "COMPLETED" })
	}
	if got, want := string(client.Download(t, r.job)), told.translated("ko", nil); got != want {
		t.Errorf("the output is not that of an undisturbed run: %s", firstDifference(got, want))
	}
}

func (r *geminiCrash) report(t *testing.T, job process.Job) {
	t.Helper()
	struck := map[standin.Fault]int{}
	requests := r.gemini.Translations()
	for _, request := range requests {
		if request.Fault != "" {
			struck[request.Fault]++
		}
	}
	slices.Sort(r.resumed)
	median, most := r.resumed[len(r.resumed)/2], r.resumed[len(r.resumed)-1]
	t.Logf("%d kills, the last with %d segments settled, %d before any new one; %d segments, %d requests, faults met %v; from start to progress (%d measured): median %s, longest %s",
		r.killed, r.settledAtLastKill, r.idle, job.SegmentsTotal, len(requests), struck, len(r.resumed), median.Round(time.Millisecond), most.Round(time.Millisecond))
	if median > resumeWithin {
		t.Errorf("work goes on %s after a start (median), want %s", median, resumeWithin)
	}
}
