package tests

import (
	"strconv"
	"testing"
	"time"

	"verso/tests/postgres"
	"verso/tests/process"
	"verso/tests/standin"
)

// torn are answers of PostgreSQL's that get lost with their connection, by what then is
// not known. The answer is on its way to the service or to a worker.
var torn = []struct {
	name             string
	toWorker         bool
	question, answer string // what they hold, as they travel
}{
	{"whether a step is there", false, `"epoch":"`, ""},
	{"which outcomes there are", false, "outcomes-", "verso_outcome"},
	{"which steps there are", true, "steps", "verso_step"},
	{"whether an outcome is there", true, `"packed":"`, ""},
	{"whether a step is completed", true, "commit", ""},
}

// TestRiverNetwork has the network between PostgreSQL, the service and its workers cut
// connections before an answer comes, swallow packets and forget connections, and then
// empties PostgreSQL, while documents are translated: every block comes back once, and
// what was asked of the engine beyond one request a segment is no more than what the
// service counts as lost.
func TestRiverNetwork(t *testing.T) {
	t.Parallel()
	paragraphs := dose(t, 500, 1800)
	c := &crewUnderFire{crew: newCrew(t, standin.Config{Latency: 400 * time.Millisecond}, "VERSO_JOB_CONCURRENCY", "8")}
	c.options.Env["VERSO_SHUTDOWN_TIMEOUT"] = "2s"
	near, far := c.postgres.Proxy(t), c.postgres.Proxy(t)
	c.options.Env["POSTGRES_URL"], c.settings["POSTGRES_URL"] = near.URL(workDB), far.URL(workDB)
	c.settings["VERSO_CONCURRENCY"] = "4"
	c.start(t, 2)
	client := c.server.SignIn(t, ada)
	told := plainStory(paragraphs)
	c.job = client.MustUpload(t, told.upload("target_language", "fr", "segment_size", "500")).ID
	c.mustGoOn(t)
	for _, answer := range torn {
		began, proxy := time.Now(), near
		if answer.toWorker {
			proxy = far
		}
		select {
		case <-proxy.CutAnswer(answer.question, answer.answer):
		case <-time.After(20 * time.Second):
			t.Errorf("nobody asks %s", answer.name)
		}
		c.mustGoOn(t)
		t.Logf("it is not known %s: on after %s", answer.name, time.Since(began).Round(time.Millisecond))
	}
	for _, fault := range dose(t, c.networkFaults(near, far)[:1], c.networkFaults(near, far)) {
		began := time.Now()
		fault.commit(t)
		c.mustGoOn(t)
		t.Logf("%s: on after %s", fault.name, time.Since(began).Round(time.Millisecond))
	}
	c.mustEnd(t, told, "fr")
	lost, asked := c.lost(t), len(c.gemini.Translations())
	segments := client.Job(t, c.job).SegmentsTotal
	t.Logf("%d segments, %d requests, %d lost", segments, asked, lost)
	if asked-segments > lost { // what a worker did not begin with in time can be lost too
		t.Errorf("%d requests for %d segments, of which %d were lost", asked, segments, lost)
	}

	short := plainStory(100)
	c.job = client.MustUpload(t, short.upload("target_language", "de", "segment_size", "500")).ID
	c.gemini.MustAwait(t, func(asked []standin.Request) bool { return holds(asked, "de") })
	began := time.Now()
	process.Eventually(t, time.Minute, "PostgreSQL is emptied", func() bool {
		_, err := c.postgres.Query(t, workDB, `DROP SCHEMA verso_work CASCADE`)
		return err == nil // whoever works in it may be in its way
	})
	c.mustEnd(t, short, "de")
	t.Logf("emptied: at the end after %s", time.Since(began).Round(time.Millisecond))
	more, lostSince := len(c.gemini.Translations())-asked-client.Job(t, c.job).SegmentsTotal, c.lost(t)-lost
	t.Logf("PostgreSQL was emptied: %d requests more than segments, %d lost", more, lostSince)
	if more > lostSince { // of what was lost some had not come to a worker
		t.Errorf("%d requests more than segments, of which %d were lost", more, lostSince)
	}
	if isFull(t) {
		c.endWhileSwallowed(t, near, short)
	}
}

// endWhileSwallowed tells the service to end while a document is translated and nothing
// comes through to PostgreSQL, and starts it again.
func (c *crewUnderFire) endWhileSwallowed(t *testing.T, near *postgres.Proxy, told story) {
	t.Helper()
	c.job = c.server.SignIn(t, ada).MustUpload(t, told.upload("target_language", "es", "segment_size", "500")).ID
	c.gemini.MustAwait(t, func(asked []standin.Request) bool { return holds(asked, "es") })
	near.Swallow()
	code, took := c.server.Stop(t)
	t.Logf("told to end while packets are swallowed: ended after %s", took.Round(time.Millisecond))
	if code != 0 || took > mirrorShutdown {
		t.Errorf("the service ended with %d after %s", code, took)
	}
	near.Pass(t)
	c.server = process.Start(t, c.options)
	c.mustEnd(t, told, "es")
}

// networkFault is something that a network does.
type networkFault struct {
	name   string
	commit func(t *testing.T)
}

// networkFaults are what happens to the network near the service and to the one near the
// workers. After those that forget connections it takes half a minute until what was on
// them is found out.
func (c *crewUnderFire) networkFaults(near, far *postgres.Proxy) (faults []networkFault) {
	swallow := func(proxy *postgres.Proxy, length time.Duration) func(t *testing.T) {
		return func(t *testing.T) {
			proxy.Swallow()
			pause(t, length)
			proxy.Pass(t)
		}
	}
	forget := func(proxy *postgres.Proxy) func(t *testing.T) { return func(*testing.T) { proxy.Lose() } }
	return []networkFault{
		{"packets to the service are swallowed", swallow(near, 3*time.Second)},
		{"for longer than a question may take", swallow(near, 8*time.Second)},
		{"packets to the workers are swallowed", swallow(far, 8*time.Second)},
		{"the service's connections are forgotten", forget(near)},
		{"the workers' connections are forgotten", forget(far)},
	}
}

// holds reports whether a language was asked for.
func holds(asked []standin.Request, language string) bool {
	for _, request := range asked {
		if request.Payload.TargetLanguage == language {
			return true
		}
	}
	return false
}

// mustEnd waits for the job's end: every block is translated once, and the output is what
// it is without faults.
func (c *crewUnderFire) mustEnd(t *testing.T, told story, language string) {
	t.Helper()
	client := c.server.SignIn(t, ada)
	ended := awaitStatus(t, client, 5*time.Minute, finished(), c.job)[c.job]
	if got, want := string(client.Download(t, c.job)), told.translated(language, nil); ended.Status != "COMPLETED" || got != want {
		t.Errorf("the job is %s; the output: %s", ended.Status, firstDifference(got, want))
	}
	seen := map[string]int{}
	for _, segment := range allSegments(t, client, c.job) {
		for _, block := range segment.Translation {
			seen[block.ID]++
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("block %s is translated %d times", id, n)
		}
	}
	if len(seen) != len(told) {
		t.Errorf("%d of %d blocks are translated", len(seen), len(told))
	}
}

// lost returns how many steps the service has counted as lost.
func (c *crew) lost(t *testing.T) int {
	t.Helper()
	value := metric(scrape(t, c.metrics), `verso_worker_steps_total{outcome="lost"}`)
	if value == "" {
		return 0
	}
	lost, err := strconv.Atoi(value)
	if err != nil {
		t.Fatal(err)
	}
	return lost
}
