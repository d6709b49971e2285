package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// reach is within what time a command reaches what is in flight on a worker.
const reach = 2 * time.Second

// TestRiverCommands pauses, cancels and deletes jobs while their segments are in
// flight on a worker, which takes a minute for each: the requests end within 2 s.
func TestRiverCommands(t *testing.T) {
	t.Parallel()
	c := newCrew(t, standin.Config{Latency: time.Minute})
	c.start(t, 1)
	client := c.server.SignIn(t, ada)
	for n, command := range []struct {
		name string
		give func(id string)
	}{
		{"pause", func(id string) { client.Post(t, "/api/v1/jobs/"+id+"/pause", nil).MustBe(t, http.StatusOK) }},
		{"cancel", func(id string) { client.Post(t, "/api/v1/jobs/"+id+"/cancel", nil).MustBe(t, http.StatusOK) }},
		{"delete", func(id string) { client.DeleteJob(t, id) }},
	} {
		id := client.MustUpload(t, numberedStory(3+n).upload("target_language", "fr")).ID
		// A worker that the machine kept from giving a sign of life may have been taken
		// for dead, and the segment be asked for twice.
		c.gemini.MustAwait(t, func(asked []standin.Request) bool { return len(standin.Translations(asked)) > n && !allGone(asked) })
		began := time.Now()
		command.give(id)
		c.gemini.MustAwait(t, allGone)
		if took := time.Since(began); took > reach {
			t.Errorf("%s reaches the worker after %s", command.name, took)
		}
	}
}

// allGone reports whether nobody waits for an answer any more.
func allGone(asked []standin.Request) bool {
	return !slices.ContainsFunc(standin.Translations(asked), func(r standin.Request) bool { return !r.Gone })
}

// TestRiverPostgresAway takes PostgreSQL away from a service with workers: documents
// are taken in and read, the service says once that segments wait, and translates them
// when it is back. Then it takes the worker away, with the same end.
func TestRiverPostgresAway(t *testing.T) {
	t.Parallel()
	c := newCrew(t, standin.Config{}, "VERSO_LOG", "json")
	workers := c.start(t, 1)
	client := c.server.SignIn(t, ada)
	told := plainStory(20)
	before := client.MustUpload(t, told.upload("target_language", "fr"))
	awaitStatus(t, client, time.Minute, finished(), before.ID)

	c.postgres.Kill()
	awaitWorkers(t, client, "away")
	waiting := client.MustUpload(t, told.upload("target_language", "de"))
	if got := string(client.Download(t, before.ID)); got != told.translated("fr", nil) {
		t.Error("what was translated cannot be read")
	}
	process.Eventually(t, 20*time.Second, "the log says that segments wait", func() bool { return strings.Contains(c.server.Log(), "they wait") })
	if job := client.Job(t, waiting.ID); job.Status != "PENDING" && job.Status != "PROCESSING" {
		t.Errorf("the job that waits is %s", job.Status)
	}
	c.postgres.Restart(t)
	awaitStatus(t, client, time.Minute, finished(), waiting.ID)
	if n := strings.Count(c.server.Log(), "they wait"); n != 1 {
		t.Errorf("the log says %d times that segments wait", n)
	}

	workers[0].Kill()
	awaitWorkers(t, client, "no workers")
	alone := client.MustUpload(t, told.upload("target_language", "es"))
	client.Post(t, "/api/v1/analyze-style", nil) // is refused, and holds nobody up
	hired := c.hire(t)
	awaitStatus(t, client, time.Minute, finished(), alone.ID)

	// SIGTERM lets what is in flight be handed back.
	hired.Signal(t, syscall.SIGTERM)
	if code := hired.MustExit(t); code != 0 {
		t.Errorf("the worker ended with %d", code)
	}
	awaitWorkers(t, client, "no workers")
}

// awaitWorkers waits until /readyz says of the workers what is wanted. It is ready all
// the same.
func awaitWorkers(t *testing.T, client *process.Client, want string) {
	t.Helper()
	process.Eventually(t, time.Minute, fmt.Sprintf("the workers are reported as %q", want), func() bool {
		var report struct{ Workers struct{ Status string } }
		answer := client.Get(t, "/readyz")
		if answer.Status == http.StatusTooManyRequests {
			return false // this asks more often than a probe
		}
		answer.MustBe(t, http.StatusOK).Decode(t, &report)
		return report.Workers.Status == want
	})
}

// TestRiverLimits has three workers translate under a limit of requests a minute: no
// 60 seconds hold more, for all of them together. It takes over a minute.
func TestRiverLimits(t *testing.T) {
	t.Parallel()
	const limit = 40
	c := newCrew(t, standin.Config{Latency: 20 * time.Millisecond}, "VERSO_GEMINI_RPM", fmt.Sprint(limit))
	c.start(t, 3)
	client := c.server.SignIn(t, ada)
	told := plainStory(200)
	job := client.MustUpload(t, told.upload("target_language", "fr", "segment_size", "800"))
	ended := awaitStatus(t, client, 3*time.Minute, finished(), job.ID)[job.ID]
	requests, _ := c.gemini.MostInWindow(time.Minute)
	t.Logf("%d segments; at most %d requests in 60 s", ended.SegmentsTotal, requests)
	if ended.SegmentsTotal <= limit || requests > limit {
		t.Errorf("at most %d requests in 60 s, of %d segments", requests, ended.SegmentsTotal)
	}
}
