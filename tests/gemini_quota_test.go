package tests

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// quotaRun is a key whose quota of the day is used up, and its three jobs.
type quotaRun struct {
	gemini *standin.Gemini
	dir    string
	told   story
	jobs   []string // of Ada, of Bo, and of Ada
	done   []int    // segments of each when they were paused
	ends   string   // resumes_at
}

const quotaKey, freshKey = "key-without-quota", "key-with-quota"

// TestGeminiQuota uses a key's quota of the day up: its jobs pause until midnight
// in California, also over a restart, and nothing is asked with the key
// meanwhile. They go on by themselves when the time has come, or at once with
// another key.
func TestGeminiQuota(t *testing.T) {
	t.Parallel()
	run := &quotaRun{
		gemini: standin.StartGemini(t, standin.Config{Latency: 20 * time.Millisecond}),
		dir:    filepath.Join(t.TempDir(), "data"),
		told:   plainStory(80),
	}
	server := run.start(t)
	run.exhaust(t, server)
	asked := run.asked()
	run.goOnWithOther(t, server.SignIn(t, bo))
	server.Kill()

	server = run.start(t)
	run.checkPaused(t, server, run.jobs...)
	run.resumeByHand(t, server.SignIn(t, bo), run.jobs[1])
	run.insist(t, server.SignIn(t, ada), run.jobs[2])
	server.Stop(t)
	// What was insisted on may have been a segment for each place of the job.
	if now := run.asked(); now <= asked || now > asked+8 {
		t.Errorf("%d requests were made with a key without quota, want those that were insisted on", now-asked)
	}
	run.goOnInTime(t)
}

func (q *quotaRun) start(t *testing.T) *process.Server {
	t.Helper()
	return process.Start(t, withGemini(q.dir, q.gemini.URL))
}

// asked is how often the key without quota was used for a translation.
func (q *quotaRun) asked() int { return len(translationsOf(q.gemini, quotaKey)) }

// exhaust uses the quota up in the middle of two jobs, and uploads a third.
func (q *quotaRun) exhaust(t *testing.T, server *process.Server) {
	t.Helper()
	people := []*process.Client{server.SignIn(t, ada), server.SignIn(t, bo)}
	streams := []*process.Stream{people[0].Subscribe(t, "translation_jobs/*"), people[1].Subscribe(t, "translation_jobs/*")}
	for _, client := range people {
		q.jobs = append(q.jobs, client.MustUpload(t, q.told.upload("api_key", quotaKey, "segment_size", "500")).ID)
	}
	q.gemini.MustAwait(t, func(all []standin.Request) bool { return len(standin.Translations(all)) > 24 })
	before := midnightPacific(time.Now())
	q.gemini.Use(standin.Rule{Fault: standin.QuotaDay, Key: quotaKey})
	for i, stream := range streams {
		watch(t, stream, waitShort, q.jobs[i])
	}
	struck := q.asked()

	// A job that comes later need not ask to know.
	q.jobs = append(q.jobs, people[0].MustUpload(t, q.told.upload("api_key", quotaKey, "segment_size", "500")).ID)
	watch(t, streams[0], waitShort, q.jobs[2])
	if now := q.asked(); now != struck {
		t.Errorf("%d requests were made with a key whose quota was known to be used up", now-struck)
	}
	q.checkPaused(t, server, q.jobs...)
	after := midnightPacific(time.Now())
	resumes, err := time.Parse(time.RFC3339, q.ends)
	if err != nil || resumes.Before(before) || resumes.After(after) {
		t.Errorf("the jobs go on at %q, want midnight in California, %s", q.ends, after)
	}
	refused := 0
	for _, request := range translationsOf(q.gemini, quotaKey) {
		if request.Status == 429 {
			refused++
		}
	}
	t.Logf("%d requests met the used-up quota; paused until %s with %v segments done", refused, q.ends, q.done)
}

// checkPaused wants jobs to pause because of the quota, as they did before.
func (q *quotaRun) checkPaused(t *testing.T, server *process.Server, jobs ...string) {
	t.Helper()
	people := []*process.Client{server.SignIn(t, ada), server.SignIn(t, bo), server.SignIn(t, ada)}
	for i, id := range jobs {
		var job struct {
			process.Job
			ResumesAt *string `json:"resumes_at"`
		}
		people[i].Get(t, "/status/"+id).MustBe(t, 200).Decode(t, &job)
		if job.Status != "PAUSED" || job.PauseReason == nil || *job.PauseReason != "quota" || job.ResumesAt == nil || job.IssuesCount != 0 {
			t.Fatalf("job %d is %s (%v) until %v with %d issues", i, job.Status, job.PauseReason, job.ResumesAt, job.IssuesCount)
		}
		if len(q.done) < len(jobs) {
			q.done, q.ends = append(q.done, job.SegmentsDone), *job.ResumesAt
		}
		if job.SegmentsDone != q.done[i] || *job.ResumesAt != q.ends {
			t.Errorf("job %d has %d segments done and goes on at %s, want %d and %s", i, job.SegmentsDone, *job.ResumesAt, q.done[i], q.ends)
		}
	}
}

// goOnWithOther translates with another key while the first has no quota.
func (q *quotaRun) goOnWithOther(t *testing.T, client *process.Client) {
	t.Helper()
	stream, asked := client.Subscribe(t, "translation_jobs/*"), q.asked()
	job := client.MustUpload(t, q.told.upload("api_key", freshKey, "segment_size", "500"))
	if ended := watch(t, stream, waitShort, job.ID)[job.ID]; ended.Status != "COMPLETED" || ended.IssuesCount != 0 {
		t.Errorf("with another key a job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
	if now := q.asked(); now != asked {
		t.Errorf("%d requests were made with a key without quota", now-asked)
	}
}

// resumeByHand goes on with another key, at once, and with what is left.
func (q *quotaRun) resumeByHand(t *testing.T, client *process.Client, jobID string) {
	t.Helper()
	done := map[string]bool{}
	for _, segment := range allSegments(t, client, jobID) {
		done[segment.Source[0].ID] = true
	}
	before := len(translationsOf(q.gemini, freshKey))
	mustCommand(t, client, jobID, "resume", map[string]string{"api_key": freshKey})
	if ended := awaitStatus(t, client, waitShort, finished(), jobID)[jobID]; ended.Status != "COMPLETED" || ended.IssuesCount != 0 {
		t.Errorf("resumed with another key, the job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
	again := translationsOf(q.gemini, freshKey)[before:]
	for id := range askedFor(q.told, again) {
		if done[id] {
			t.Errorf("block %s was done and was asked for again", id)
		}
	}
	if got, want := string(client.Download(t, jobID)), q.told.translated("ko", nil); got != want {
		t.Errorf("the output is not the translation: %s", firstDifference(got, want))
	}
}

// insist resumes with the same key: it is tried, and the job pauses again.
func (q *quotaRun) insist(t *testing.T, client *process.Client, jobID string) {
	t.Helper()
	asked := q.asked()
	mustCommand(t, client, jobID, "resume", nil)
	awaitStatus(t, client, waitShort, []string{"PAUSED"}, jobID)
	t.Logf("a resume without another key took %d requests", q.asked()-asked)
}

// goOnInTime moves the end of the pause near, and wants the jobs to go on by
// themselves then and no sooner.
func (q *quotaRun) goOnInTime(t *testing.T) {
	t.Helper()
	asked := q.asked()
	resumes := time.Now().Add(3 * time.Second).UTC()
	writeDatabase(t, q.dir, `UPDATE translation_jobs SET resumes_at = ? WHERE status = 'PAUSED'`, resumes.Format("2006-01-02 15:04:05.000Z"))
	q.gemini.Use()
	client := q.start(t).SignIn(t, ada)
	for _, id := range []string{q.jobs[0], q.jobs[2]} {
		process.Eventually(t, 20*time.Second, "a paused job goes on and completes", func() bool { return client.Job(t, id).Status == "COMPLETED" })
		if got, want := string(client.Download(t, id)), q.told.translated("ko", nil); got != want {
			t.Errorf("the output is not the translation: %s", firstDifference(got, want))
		}
	}
	first := translationsOf(q.gemini, quotaKey)[asked]
	if first.Arrived.Before(resumes.Truncate(time.Millisecond)) {
		t.Errorf("the first request came %s before its time", resumes.Sub(first.Arrived))
	}
	t.Logf("the first request came %s after the end of the pause", first.Arrived.Sub(resumes).Round(time.Millisecond))
}

// TestGeminiQuotaOfWaitingJob uses the quota up while a second job of the same
// person has segments to do and no place for any: it pauses as well.
func TestGeminiQuotaOfWaitingJob(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Latency: 20 * time.Millisecond})
	client := startWithGemini(t, gemini, "VERSO_CONCURRENCY", "2", "VERSO_JOB_CONCURRENCY", "2").SignIn(t, ada)
	var jobs []string
	for range 2 {
		jobs = append(jobs, client.MustUpload(t, plainStory(200).upload("api_key", quotaKey, "segment_size", "500")).ID)
	}
	process.Eventually(t, waitShort, "both jobs are planned", func() bool { return client.Job(t, jobs[1]).SegmentsTotal > 0 })
	asked := len(gemini.Translations())
	gemini.MustAwait(t, func(all []standin.Request) bool { return len(standin.Translations(all)) > asked+4 })
	gemini.Use(standin.Rule{Fault: standin.QuotaDay, Key: quotaKey})
	for i, job := range awaitStatus(t, client, waitShort, []string{"PAUSED"}, jobs...) {
		if job.PauseReason == nil || *job.PauseReason != "quota" {
			t.Errorf("job %s pauses because of %v", i, job.PauseReason)
		}
	}
}

// midnightPacific is the next midnight in California.
func midnightPacific(now time.Time) time.Time {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	year, month, day := now.In(pacific).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, pacific)
}

// writeDatabase changes the database of a server that is stopped.
func writeDatabase(t *testing.T, dir, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("change the database: %v", err)
	}
}
