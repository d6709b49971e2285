package tests

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// riverFaults are the faults of a run, by name.
var riverFaults = []string{"kill a worker", "freeze a worker", "end a worker", "kill the service", "freeze the service", "restart PostgreSQL", "freeze PostgreSQL"}

// crewUnderFire is a crew on which faults are committed while a job is translated.
type crewUnderFire struct {
	*crew
	chance  *rand.Rand
	workers []*process.Server
	job     string
	// lostBefore is what services that were killed had counted as lost, and cut what they
	// had in flight at most.
	lostBefore, cut int
	segments        int // of the jobs that have ended
}

const (
	// inFlightUnderFire is how many segments a crew under fire has in flight at most.
	inFlightUnderFire = 12
	// fewLeft are too few segments for another fault to meet some in flight.
	fewLeft = 80
)

// TestRiverFaults kills, freezes and ends workers, the service and PostgreSQL at
// random while a book is translated. Every block comes back once, the output is that
// of an undisturbed run, and what was asked of the engine beyond one request a segment
// is not more than the service has counted as lost, and than was in flight when it was
// killed itself.
func TestRiverFaults(t *testing.T) {
	t.Parallel()
	rounds, paragraphs := dose(t, 8, 30), dose(t, 900, 3000)
	chance := seeded(t)
	c := &crewUnderFire{
		crew:   newCrew(t, standin.Config{Latency: 150 * time.Millisecond}, "VERSO_JOB_CONCURRENCY", strconv.Itoa(inFlightUnderFire)),
		chance: chance,
	}
	c.settings["VERSO_CONCURRENCY"] = "4" // so that each has something in flight
	c.workers = c.start(t, 3)
	told := plainStory(paragraphs)
	c.begin(t, told)
	counts := map[string]int{}
	for round := range rounds {
		c.mustGoOn(t)
		if c.left(t) < fewLeft {
			c.finish(t, told)
			c.begin(t, told)
		}
		fault := riverFaults[chance.IntN(len(riverFaults))]
		if round < len(riverFaults) {
			fault = riverFaults[round] // each at least once
		}
		counts[fault]++
		began := time.Now()
		c.commit(t, fault)
		c.mustGoOn(t)
		t.Logf("%d: %s; on after %s", round+1, fault, time.Since(began).Round(time.Millisecond))
	}
	c.finish(t, told)
	extra, lost := len(c.gemini.Translations())-c.segments, c.lostBefore+c.lost(t)
	t.Logf("%d segments, %v: %d requests beyond one a segment; %d were lost, and %d in flight at most when the service was killed",
		c.segments, counts, extra, lost, c.cut)
	if extra > lost+c.cut {
		t.Errorf("%d requests beyond one a segment are more than what got lost", extra)
	}
}

// begin has a book translated, and finish waits for that.
func (c *crewUnderFire) begin(t *testing.T, told story) {
	t.Helper()
	c.job = c.server.SignIn(t, ada).MustUpload(t, told.upload("target_language", "fr", "segment_size", "500")).ID
	process.Eventually(t, time.Minute, "the book is planned", func() bool { return c.left(t) >= fewLeft })
}

func (c *crewUnderFire) finish(t *testing.T, told story) {
	t.Helper()
	c.mustEnd(t, told, "fr")
	c.segments += c.server.SignIn(t, ada).Job(t, c.job).SegmentsTotal
}

// left returns how many segments of the job are not settled.
func (c *crewUnderFire) left(t *testing.T) int {
	t.Helper()
	job := c.server.SignIn(t, ada).Job(t, c.job)
	return job.SegmentsTotal - job.SegmentsDone
}

// mustGoOn waits until something more is settled than there is now, or all is.
func (c *crewUnderFire) mustGoOn(t *testing.T) {
	t.Helper()
	client := c.server.SignIn(t, ada)
	before := client.Job(t, c.job)
	goesOn := func() bool {
		now := client.Job(t, c.job)
		return now.SegmentsDone > before.SegmentsDone || now.Status == "COMPLETED"
	}
	if !process.Holds(time.Minute, goesOn) {
		t.Fatalf("translating does not go on:\n%s\n%v\n%s", client.Get(t, "/readyz").Body,
			c.postgres.MustQuery(t, workDB, `SELECT kind, state::text, attempted_by::text, count(*)::text FROM verso_work.river_job GROUP BY 1, 2, 3`),
			workMetrics(scrape(t, c.metrics)))
	}
}

// workMetrics are the lines that tell of work under way.
func workMetrics(text string) (lines string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "verso_worker") || strings.HasPrefix(line, "verso_queue") || strings.HasPrefix(line, "verso_engine_requests_in") {
			lines += line
		}
	}
	return lines
}

// commit commits a fault and mends it.
func (c *crewUnderFire) commit(t *testing.T, fault string) {
	t.Helper()
	i := c.chance.IntN(len(c.workers))
	victim := c.workers[i]
	moment := time.Duration(500+c.chance.IntN(3000)) * time.Millisecond
	switch fault {
	case "kill a worker":
		victim.Kill()
		<-victim.Exited()
		c.workers[i] = c.hire(t)
	case "freeze a worker":
		process.Eventually(t, time.Minute, "the worker has something in flight", func() bool { return c.running(t, victim) != "0" })
		victim.Signal(t, syscall.SIGSTOP)
		// Its segments are asked for elsewhere, and it wakes up to find that.
		c.mustGoOn(t)
		process.Eventually(t, time.Minute, "the frozen worker's segments are given up", func() bool {
			return c.running(t, victim) == "0"
		})
		victim.Signal(t, syscall.SIGCONT)
	case "end a worker":
		if code, _ := victim.Stop(t); code != 0 {
			t.Errorf("a worker that was told to end ended with %d", code)
		}
		c.workers[i] = c.hire(t)
	case "kill the service":
		c.lostBefore, c.cut = c.lostBefore+c.lost(t), c.cut+inFlightUnderFire
		c.server.Kill()
		<-c.server.Exited()
		c.server = process.Start(t, c.options)
	case "freeze the service":
		if isFull(t) {
			moment *= 10 // for longer than a worker may be silent, too
		}
		c.server.Signal(t, syscall.SIGSTOP)
		pause(t, moment)
		c.server.Signal(t, syscall.SIGCONT)
	case "restart PostgreSQL":
		c.postgres.Kill()
		pause(t, moment)
		c.postgres.Restart(t)
	case "freeze PostgreSQL":
		c.postgres.Freeze()
		pause(t, moment)
		c.postgres.Thaw()
	}
}

// running returns how many steps a worker is carrying out.
func (c *crew) running(t *testing.T, worker *process.Server) string {
	t.Helper()
	return c.postgres.MustQuery(t, workDB, `
		SELECT count(*)::text FROM verso_work.river_job
		WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`, workerID(worker))[0][0]
}

// workerID is what a worker calls itself.
func workerID(worker *process.Server) string {
	_, rest, _ := strings.Cut(worker.Log(), "msg=ready worker=")
	id, _, _ := strings.Cut(rest, " ")
	return id
}

// pause lets a fault last for a while.
func pause(t *testing.T, moment time.Duration) {
	t.Helper()
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}
