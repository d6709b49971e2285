package tests

import (
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"verso/tests/postgres"
	"verso/tests/process"
	"verso/tests/standin"
)

// workSecret is the one that a service and its workers have.
const workSecret = "dmVyc28gc2VhbGluZyBrZXkgb2YgMzIgYnl0ZXMuLi4="

// crew is a service with workers, a PostgreSQL between them, and a stand-in for Gemini
// behind them.
type crew struct {
	gemini   *standin.Gemini
	postgres *postgres.Server
	url      string // of the database
	server   *process.Server
	options  process.Options
	settings map[string]string // of a worker
	metrics  string            // where the service tells its metrics
}

const workDB = "work"

// newCrew starts a PostgreSQL and a stand-in. Nothing of Verso runs yet.
func newCrew(t testing.TB, gemini standin.Config, pairs ...string) *crew {
	t.Helper()
	c := &crew{gemini: standin.StartGemini(t, gemini), postgres: postgres.Start(t, postgres.Options{})}
	c.postgres.CreateDatabase(t, workDB)
	c.url = c.postgres.URL(workDB)
	c.options = withGemini("", c.gemini.URL, "VERSO_EXECUTOR", "river", "POSTGRES_URL", c.url, "VERSO_SECRET_KEY", workSecret)
	maps.Copy(c.options.Env, env(pairs...))
	c.metrics = process.FreeAddress(t)
	c.options.Env["VERSO_METRICS_ADDR"] = c.metrics
	c.options.Dir = t.TempDir() + "/data"
	c.settings = env("POSTGRES_URL", c.url, "VERSO_SECRET_KEY", workSecret, "GOOGLE_GEMINI_BASE_URL", c.gemini.URL,
		"GEMINI_API_KEY", serverKey, "VERSO_ENGINES", "gemini", "VERSO_CONCURRENCY", "16")
	return c
}

// start starts the service, and workers.
func (c *crew) start(t testing.TB, workers int) (hired []*process.Server) {
	t.Helper()
	c.server = process.Start(t, c.options)
	for range workers {
		hired = append(hired, c.hire(t))
	}
	return hired
}

// hire starts a worker.
func (c *crew) hire(t testing.TB) *process.Server {
	t.Helper()
	return process.StartWorker(t, c.settings)
}

// TestRiver translates a book on three workers: the output is what it is without
// them, and each text is asked for once.
func TestRiver(t *testing.T) {
	t.Parallel()
	c := newCrew(t, standin.Config{Latency: 50 * time.Millisecond})
	c.start(t, 3)
	client := c.server.SignIn(t, ada)
	told := plainStory(120)
	job := client.MustUpload(t, told.upload("target_language", "fr", "segment_size", "600"))
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	if got, want := string(client.Download(t, job.ID)), told.translated("fr", nil); ended.Status != "COMPLETED" || got != want {
		t.Errorf("the job is %s; the output: %s", ended.Status, firstDifference(got, want))
	}
	if asked := len(c.gemini.Translations()); asked != ended.SegmentsTotal {
		t.Errorf("%d requests for %d segments", asked, ended.SegmentsTotal)
	}
	var report struct {
		Workers struct {
			Status  string
			Places  int
			Workers []struct{ Slots int }
		}
	}
	client.Get(t, "/readyz").MustBe(t, http.StatusOK).Decode(t, &report)
	if seen := report.Workers; seen.Status != "ok" || seen.Places != 48 || len(seen.Workers) != 3 || seen.Workers[0].Slots != 16 {
		t.Errorf("/readyz reports %+v", seen)
	}
	// Some are as they were at the last look, up to two seconds ago.
	for name, want := range map[string]string{
		`verso_workers{state="present"}`:             "3",
		`verso_worker_slots`:                         "48",
		`verso_worker_queue_steps`:                   "0",
		`verso_worker_steps_total{outcome="taken"}`:  fmt.Sprint(ended.SegmentsTotal),
		`verso_segments_total{outcome="translated"}`: fmt.Sprint(ended.SegmentsTotal),
		`verso_worker_steps_total{outcome="late"}`:   "",
		`verso_engine_requests_in_flight`:            "0",
	} {
		process.Eventually(t, 20*time.Second, fmt.Sprintf("%s is %q", name, want), func() bool {
			return metric(scrape(t, c.metrics), name) == want
		})
	}
	// What the dashboard lists.
	database := process.OpenDatabase(t, c.server.Dir)
	process.Eventually(t, 30*time.Second, "the dashboard has all workers", func() bool { return database.Count(t, "workers") == 3 })
	if status := database.Text(t, `SELECT status || ' ' || places FROM worker_queue`); status != "ok 48" {
		t.Errorf("the dashboard says %q", status)
	}
}
