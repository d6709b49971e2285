package tests

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// TestRiverTwoServices starts a second service, with the same key and another data
// directory, on the PostgreSQL of a first: it says so, has nothing translated, disturbs
// nothing, and takes over when the first has ended. That ends with segments in flight
// that nobody answers, and does the rest when it is started again.
func TestRiverTwoServices(t *testing.T) {
	t.Parallel()
	c := newCrew(t, standin.Config{Latency: 100 * time.Millisecond}, "VERSO_LOG", "json", "VERSO_SHUTDOWN_TIMEOUT", "1s")
	c.start(t, 1)
	adas, told := c.server.SignIn(t, ada), plainStory(60)
	job := adas.MustUpload(t, told.upload("target_language", "fr", "segment_size", "500"))

	second := c.options
	second.Dir, second.Env = t.TempDir()+"/data", maps.Clone(c.options.Env)
	second.Env["VERSO_METRICS_ADDR"] = process.FreeAddress(t)
	// As if the second were newer than the first, and River's tables had to be changed.
	newest := c.postgres.MustQuery(t, workDB, `DELETE FROM verso_work.river_migration
		WHERE version = (SELECT max(version) FROM verso_work.river_migration) RETURNING version, line, created_at`)[0]
	other := process.Start(t, second)
	others := other.SignIn(t, ada)
	waiting := others.MustUpload(t, told.upload("target_language", "de", "segment_size", "500"))
	awaitWorkers(t, others, "refused")
	process.Eventually(t, 20*time.Second, "the second service says why nothing is translated", func() bool {
		return strings.Contains(other.Log(), "another Verso has its workers on this PostgreSQL")
	})
	if there := c.postgres.MustQuery(t, workDB, `SELECT count(*) FROM verso_work.river_migration WHERE version = $1`, newest[0])[0][0]; there != "0" {
		t.Error("the second service has changed River's tables under the first")
	}
	c.postgres.MustExec(t, workDB, `INSERT INTO verso_work.river_migration (version, line, created_at) VALUES ($1, $2, $3)`, newest[0], newest[1], newest[2])
	ended := awaitStatus(t, adas, time.Minute, finished(), job.ID)[job.ID]
	if got, want := string(adas.Download(t, job.ID)), told.translated("fr", nil); ended.Status != "COMPLETED" || got != want {
		t.Errorf("the first job is %s; the output: %s", ended.Status, firstDifference(got, want))
	}
	if asked := len(c.gemini.Translations()); asked != ended.SegmentsTotal || holds(c.gemini.Requests(), "de") {
		t.Errorf("%d requests for %d segments of the first service", asked, ended.SegmentsTotal)
	}
	if status := workersStatus(t, adas); status != "ok" {
		t.Errorf("the first service reports its workers as %q", status)
	}

	// The next segments hang until they are cut off.
	const hanging = 3
	c.gemini.Use(standin.Rule{Fault: standin.Hang, Times: hanging})
	cut := adas.MustUpload(t, told.upload("target_language", "es", "segment_size", "500"))
	c.gemini.MustAwait(t, func(asked []standin.Request) bool { return holds(asked, "es") })
	process.Eventually(t, time.Minute, "segments are in flight that nobody answers, and others done", func() bool {
		return len(inFlight(c.gemini)) == hanging && adas.Job(t, cut.ID).SegmentsDone > 0
	})
	other.Signal(t, syscall.SIGSTOP) // so that it is to be seen what the first leaves
	if code, took := c.server.Stop(t); code != 0 || took > 15*time.Second {
		t.Errorf("the first service ended with %d after %s", code, took)
	}
	if left := c.postgres.MustQuery(t, workDB, `SELECT seen_at = '-infinity' FROM verso_work.server`); left[0][0] != "true" {
		t.Error("the first service does not say that it has ended")
	}
	other.Signal(t, syscall.SIGCONT)
	taken := awaitStatus(t, others, time.Minute, finished(), waiting.ID)[waiting.ID]
	if got, want := string(others.Download(t, waiting.ID)), told.translated("de", nil); taken.Status != "COMPLETED" || got != want {
		t.Errorf("the second's job is %s; the output: %s", taken.Status, firstDifference(got, want))
	}
	if code, _ := other.Stop(t); code != 0 {
		t.Errorf("the second service ended with %d", code)
	}

	c.server = process.Start(t, c.options)
	adas = c.server.SignIn(t, ada)
	ended = awaitStatus(t, adas, time.Minute, finished(), cut.ID)[cut.ID]
	if got, want := string(adas.Download(t, cut.ID)), told.translated("es", nil); ended.Status != "COMPLETED" || got != want {
		t.Errorf("the job that was cut off is %s; the output: %s", ended.Status, firstDifference(got, want))
	}
	asked := slices.DeleteFunc(c.gemini.Translations(), func(r standin.Request) bool { return r.Payload.TargetLanguage != "es" })
	if len(asked) != ended.SegmentsTotal+hanging {
		t.Errorf("%d requests for %d segments, of which %d were cut off once", len(asked), ended.SegmentsTotal, hanging)
	}
}

// inFlight are the translations that somebody waits for.
func inFlight(gemini *standin.Gemini) []standin.Request {
	return slices.DeleteFunc(gemini.Translations(), func(r standin.Request) bool { return !r.Ended.IsZero() })
}

// workersStatus is what /readyz says of the workers.
func workersStatus(t *testing.T, client *process.Client) string {
	t.Helper()
	var report struct{ Workers struct{ Status string } }
	client.Get(t, "/readyz").MustBe(t, http.StatusOK).Decode(t, &report)
	return report.Workers.Status
}

// TestRiverWorkerCutOff ends worker after worker while a segment is in flight that takes
// longer than they wait: it is asked for once more by the next, and that is no failure of
// the segment's, however often. Then it ends workers by their service's being another.
func TestRiverWorkerCutOff(t *testing.T) {
	t.Parallel()
	c := newCrew(t, standin.Config{})
	c.settings["VERSO_SHUTDOWN_TIMEOUT"] = "1s"
	c.start(t, 0)
	client, told := c.server.SignIn(t, ada), plainStory(3)
	const times = 5 // after four failures it is looked whether the engine is there
	c.gemini.Use(standin.Rule{Fault: standin.Hang, Times: times})
	job := client.MustUpload(t, told.upload("target_language", "fr"))
	worker := c.hire(t)
	for n := range times {
		c.gemini.MustAwait(t, func(asked []standin.Request) bool { return len(standin.Translations(asked)) == n+1 })
		next := c.hire(t)
		if code, took := worker.Stop(t); code != 0 || took > 10*time.Second {
			t.Errorf("a worker ended with %d after %s", code, took)
		}
		worker = next
	}
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	if got, want := string(client.Download(t, job.ID)), told.translated("fr", nil); ended.Status != "COMPLETED" || got != want {
		t.Errorf("the job is %s; the output: %s", ended.Status, firstDifference(got, want))
	}
	asked := c.gemini.Translations()
	if len(asked) != times+1 {
		t.Errorf("%d requests, of which %d were cut off", len(asked), times)
	}
	for _, request := range asked {
		if len(request.Payload.Blocks) != len(told) {
			t.Errorf("a request asks for %d of %d blocks", len(request.Payload.Blocks), len(told))
		}
	}
	var rungs []struct{ Rung, Trouble string }
	database := process.OpenDatabase(t, c.server.Dir)
	if err := json.Unmarshal([]byte(database.Text(t, `SELECT rungs FROM translation_segments`)), &rungs); err != nil {
		t.Fatal(err)
	}
	if len(rungs) != 1 || rungs[0].Rung != "first" || rungs[0].Trouble != "" {
		t.Errorf("the segment has climbed: %+v", rungs)
	}
	if lost := c.lost(t); lost != 0 {
		t.Errorf("%d steps are counted as lost", lost)
	}

	for column, says := range map[string]string{
		"protocol = protocol + 1": "run the same version as worker",
		"source = 'another'":      "VERSO_SECRET_KEY is not the one of the service",
	} {
		if worker == nil {
			worker = c.hire(t)
		}
		before := c.postgres.MustQuery(t, workDB, `SELECT source, protocol FROM verso_work.server`)[0]
		c.postgres.MustExec(t, workDB, `UPDATE verso_work.server SET `+column)
		if code := worker.MustExit(t); code != 1 || !strings.Contains(worker.Log(), says) {
			t.Errorf("%s: the worker that was there ended with %d: %s", column, code, worker.Log())
		}
		if code, log := process.Run(t, c.settings, "worker"); code != 1 || !strings.Contains(log, says) {
			t.Errorf("%s: another worker ended with %d: %s", column, code, log)
		}
		c.postgres.MustExec(t, workDB, `UPDATE verso_work.server SET source = $1, protocol = $2`, before[0], before[1])
		worker = nil
	}
}

// TestRiverWorkerWithoutKey starts a worker that lacks the service's key before one that
// has it: the first ends at its first segment and says why, and the job, which is nobody's
// fault, goes on with the second.
func TestRiverWorkerWithoutKey(t *testing.T) {
	t.Parallel()
	c := newCrew(t, standin.Config{})
	delete(c.settings, "GEMINI_API_KEY")
	lacking := c.start(t, 1)[0]
	client := c.server.SignIn(t, ada)
	told := plainStory(6)
	job := client.MustUpload(t, told.upload("target_language", "fr", "segment_size", "500"))
	if code := lacking.MustExit(t); code == 0 || !strings.Contains(lacking.Log(), "give it the service's VERSO_ENGINES and GEMINI_API_KEY") {
		t.Errorf("it ended with %d:\n%s", code, lacking.Log())
	}
	c.settings["GEMINI_API_KEY"] = serverKey
	c.hire(t)
	if ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]; ended.Status != "COMPLETED" {
		t.Errorf("the job is %s: %+v", ended.Status, ended)
	}
}
