package tests

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

const (
	// killModel is a model without another to fall back on, so that all that is asked
	// for costs the same: so much a token in and out, in US dollars.
	killModel               = "gemini-3.1-pro-preview"
	killInput, killOutput   = 2e-6, 12e-6
	smallKills, manyKills   = 15, 200
	postgresEvery           = 5 // kills, until PostgreSQL is killed too
	leastOrders, leastEvent = 5, 20
)

// killRun is a service under a mixed load that is killed again and again.
type killRun struct {
	*load
	gemini  *standin.Gemini
	chance  *rand.Rand
	killed  int
	asked   int               // requests in the journal when this process began
	settled map[string]string // by the text of a block: its segment, as the last death left it
	jobs    map[string]string // and whose job that is of
}

// TestKillMixedLoad kills the service at random moments while people upload, steer,
// correct and watch, Clerk delivers, the engine makes mistakes, and the PostgreSQL that
// is mirrored to is killed too. At the end everything is as if nothing had been.
func TestKillMixedLoad(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	run := newKillRun(t, chance)
	run.start(t)
	run.m.openSQLite(t)
	run.run(t, chance)
	begun := time.Now()
	for total := dose(t, smallKills, manyKills); run.killed < total && !t.Failed(); {
		run.kill(t)
	}
	took := time.Since(begun)
	close(run.stop)
	begun = time.Now()
	run.running.Wait()
	run.settle(t)
	settled := time.Since(begun)

	run.checkOrders(t)
	run.checkMoney(t)
	run.checkUsers(t)
	run.checkFiles(t)
	run.checkOrphans(t)
	begun = time.Now()
	run.m.mustBecomeEqual(t, mirrorReturn)
	mirrored := time.Since(begun)
	_, stopped := run.m.current().Stop(t)
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if got := integrity(t, filepath.Join(run.m.options.Dir, name)); got != "ok" {
			t.Errorf("%s is damaged: %s", name, got)
		}
	}
	t.Logf("%d kills in %s, everything settled in %s mirrored in %s and stopped in %s: %d orders, %d deliveries, commands %v, %d realtime messages, %d requests to the engine, %d of them struck",
		run.killed, took.Round(time.Second), settled.Round(time.Second), mirrored.Round(time.Second), stopped.Round(time.Second), len(run.orders), run.sent, run.load.asked, run.heard, len(run.gemini.Requests()), run.struck())
	if len(run.orders) < leastOrders || run.sent < leastEvent || run.heard == 0 || run.struck() == 0 {
		t.Error("too little happened for the test to say anything")
	}
}

func newKillRun(t *testing.T, chance *rand.Rand) *killRun {
	t.Helper()
	gemini := standin.StartGemini(t, standin.Config{Seed: chance.Uint64(), Latency: 25 * time.Millisecond, Rules: []standin.Rule{
		{Fault: standin.Missing, Chance: 0.03}, {Fault: standin.Echo, Chance: 0.03}, {Fault: standin.TruncatedJSON, Chance: 0.02},
		{Fault: standin.Unavailable, Chance: 0.03}, {Fault: standin.Reset, Chance: 0.02},
	}})
	clerk := newInstance(t)
	m := newMirror(t, "CLERK_WEBHOOK_SECRET", webhookSecret)
	more := clerk.env(t, "VERSO_ENGINES", "gemini", "GOOGLE_GEMINI_BASE_URL", gemini.URL, "GEMINI_API_KEY", serverKey,
		"VERSO_MAX_ACTIVE_JOBS", "100000", "VERSO_USER_MONTHLY_USD", "unlimited")
	maps.Copy(m.options.Env, more)
	m.options.Command = "serve"
	return &killRun{
		load:   &load{m: m, clerk: clerk, stop: make(chan struct{}), people: 12, latest: map[string]delivery{}, asked: map[string]int{}},
		gemini: gemini, chance: chance, settled: map[string]string{}, jobs: map[string]string{},
	}
}

func (r *killRun) start(t *testing.T) {
	t.Helper()
	r.asked = len(r.gemini.Requests())
	r.m.start(t)
}

// kill lets the service run for a while, kills it, looks at what is left, and starts it
// again; some starts are killed as well.
func (r *killRun) kill(t *testing.T) {
	t.Helper()
	if !pauseUnlessExited(r.m.current(), time.Duration(50+r.chance.IntN(700))*time.Millisecond) {
		t.Fatalf("the service ended by itself with code %d:\n%s", r.m.current().ExitCode(), r.m.current().Log())
	}
	r.m.current().Kill()
	r.killed++
	r.checkLedger(t)
	if r.killed%postgresEvery == 0 {
		r.m.postgres.Kill()
		defer r.m.postgres.Restart(t)
	}
	for r.chance.IntN(4) == 0 {
		early := process.Launch(t, r.m.options)
		pauseUnlessExited(early, time.Duration(10+r.chance.IntN(300))*time.Millisecond)
		early.Kill()
		r.killed++
	}
	r.start(t)
}

// checkLedger wants nothing asked for by the dead process that was settled before it
// began, unless somebody ordered that.
func (r *killRun) checkLedger(t *testing.T) {
	t.Helper()
	requests := standin.Translations(r.gemini.Requests()[r.asked:])
	renewed := map[string]bool{}
	r.mu.Lock()
	for _, o := range r.orders {
		if o.mu.TryLock() { // else a command is under way
			renewed[o.job] = o.renewed || o.deleted
			o.mu.Unlock()
		} else {
			renewed[o.job] = true
		}
	}
	r.mu.Unlock()
	for _, request := range requests {
		for _, block := range request.Payload.Blocks {
			if segment, done := r.settled[block.Text]; done && !renewed[r.jobs[block.Text]] {
				t.Errorf("after kill %d block %s was asked for again, of segment %s, which was done", r.killed-1, block.ID, segment)
			}
		}
	}
	r.readLedger(t)
}

// readLedger reads what is done.
func (r *killRun) readLedger(t *testing.T) {
	t.Helper()
	database := process.CopyDatabase(t, r.m.options.Dir)
	defer database.Close()
	r.note(t, database)
}

// note takes down what is done, and whose it is.
func (r *killRun) note(t *testing.T, database *process.Database) {
	t.Helper()
	clear(r.settled)
	for _, row := range database.SettledSegments(t) {
		for _, block := range blocksOf(t, row.Source) {
			r.settled[block.Text] = fmt.Sprintf("%d of job %s", row.Position, row.Job)
			r.jobs[block.Text] = row.Job
		}
	}
}

// settle lets every job come to its end, with an engine that makes no mistakes, and
// takes up what was paused.
func (r *killRun) settle(t *testing.T) {
	t.Helper()
	r.gemini.Use()
	for _, o := range r.orders {
		if o.deleted {
			continue
		}
		client := r.as(t, o.owner)
		process.Eventually(t, 2*time.Minute, "job "+o.job+" ends", func() bool {
			switch job := client.Job(t, o.job); {
			case job.Status == "PAUSED":
				body := map[string]any{}
				if o.budget > 0 {
					o.budget *= 4
					body["max_cost_usd"] = o.budget
				}
				command(t, client, o.job, "resume", body)
				return false
			case job.Status == "COMPLETED" && job.IssuesCount > 0:
				command(t, client, o.job, "retry", nil)
				return false
			default:
				return slices.Contains(finished(), job.Status)
			}
		})
	}
}

// checkOrders wants every order exactly once, with the output of an undisturbed run and
// what people wrote into it.
func (r *killRun) checkOrders(t *testing.T) {
	t.Helper()
	kept, ends := 0, map[string]int{}
	for _, o := range r.orders {
		client := r.as(t, o.owner)
		if o.deleted {
			client.Get(t, "/api/v1/jobs/"+o.job).MustRefuse(t, 404)
			continue
		}
		kept++
		job := client.Job(t, o.job)
		ends[job.Status]++
		switch job.Status {
		case "COMPLETED":
			want := o.told.translated("ko", nil)
			for id, text := range o.corrected {
				for i := range o.told {
					if blockID(i) == id {
						want = strings.Replace(want, standin.Translate("ko", o.told[i]), text, 1)
					}
				}
			}
			if got := string(client.Download(t, o.job)); got != want {
				t.Errorf("the output of %s is not that of an undisturbed run: %s", o.job, firstDifference(got, want))
			}
		case "FAILED":
			t.Errorf("job %s failed: %s", o.job, *job.ErrorMessage)
		}
	}
	t.Logf("%d orders, %d kept, which ended as %v", len(r.orders), kept, ends)
	if jobs := r.m.count(t, `SELECT count(*) FROM translation_jobs`); jobs != kept {
		t.Errorf("there are %d jobs of %d orders", jobs, kept)
	}
}

// checkMoney wants each job to cost what its tokens cost, no more than it was allowed
// to, and no more tokens than the engine counted where nothing was cut off; and each owner to be charged for it.
func (r *killRun) checkMoney(t *testing.T) {
	t.Helper()
	database := process.OpenDatabase(t, r.m.options.Dir)
	r.note(t, database)
	database.Close()
	billed := map[string][2]int{} // by job
	for _, request := range r.gemini.Translations() {
		if len(request.Payload.Blocks) == 0 {
			continue
		}
		job := r.jobs[request.Payload.Blocks[0].Text]
		sum := billed[job]
		billed[job] = [2]int{sum[0] + request.InputTokens, sum[1] + request.OutputTokens}
	}
	charged := map[string]float64{}
	for _, o := range r.orders {
		if o.deleted {
			continue
		}
		job := r.as(t, o.owner).Job(t, o.job)
		cost := job.Cost(t)
		charged[o.owner] += cost
		if want := float64(job.InputTokens)*killInput + float64(job.OutputTokens+job.ThinkingTokens)*killOutput; math.Abs(cost-want) > 1e-8 {
			t.Errorf("job %s cost $%.9f, its tokens cost $%.9f", o.job, cost, want)
		}
		if o.budget > 0 && cost > o.budget+1e-9 {
			t.Errorf("job %s cost $%.9f and was allowed $%.9f", o.job, cost, o.budget)
		}
		if sum := billed[o.job]; !o.cut && (job.InputTokens > sum[0] || job.OutputTokens > sum[1]) {
			t.Errorf("job %s counts %d tokens in and %d out, the engine %v", o.job, job.InputTokens, job.OutputTokens, sum)
		}
		segments := r.m.count(t, `SELECT COALESCE(SUM(input_tokens + output_tokens), 0) FROM translation_segments WHERE job = `+quoted(o.job))
		if segments > job.InputTokens+job.OutputTokens {
			t.Errorf("the segments of job %s count %d tokens, itself %d", o.job, segments, job.InputTokens+job.OutputTokens)
		}
	}
	for owner, cost := range charged {
		nano := r.m.count(t, `SELECT COALESCE(SUM(cost_nano_usd), 0) FROM user_spending WHERE owner = (SELECT id FROM users WHERE clerk_user_id = `+quoted(owner)+`)`)
		if spent := float64(nano) / 1e9; spent < cost-1e-8 { // what was deleted was paid for as well
			t.Errorf("%s was charged $%.9f for jobs that cost $%.9f", owner, spent, cost)
		}
	}
}

// checkUsers wants the users as they are when each event is applied once in its order.
func (r *killRun) checkUsers(t *testing.T) {
	t.Helper()
	for user, last := range r.latest {
		found := r.m.count(t, `SELECT count(*) FROM users WHERE clerk_user_id = `+quoted(user))
		if strings.Contains(last.body, "user.deleted") {
			if found != 0 {
				t.Errorf("%s was deleted and is there", user)
			}
			continue
		}
		_, rest, _ := strings.Cut(last.body, `"first_name":"`)
		name, _, _ := strings.Cut(rest, `"`)
		if now := r.m.count(t, fmt.Sprintf(`SELECT count(*) FROM users WHERE clerk_user_id = %s AND name = %s AND email = %s`,
			quoted(user), quoted(name), quoted(strings.TrimPrefix(user, "user_")+"@example.org"))); now != 1 {
			t.Errorf("%s is not as the last event about him says: %s", user, last.body)
		}
	}
}

// checkFiles wants the files that the records name, and no others.
func (r *killRun) checkFiles(t *testing.T) {
	t.Helper()
	database := process.OpenDatabase(t, r.m.options.Dir)
	defer database.Close()
	wanted := map[string]bool{}
	for _, name := range database.Column(t, `SELECT c.id || '/' || j.id || '/' || f.name FROM translation_jobs AS j, _collections AS c,
		(SELECT id, source AS name FROM translation_jobs UNION ALL SELECT id, output FROM translation_jobs) AS f
		WHERE c.name = 'translation_jobs' AND f.id = j.id AND f.name != ''`) {
		wanted[name] = true
	}
	there := map[string]bool{}
	for name := range process.Files(t, filepath.Join(r.m.options.Dir, "storage")) {
		if !strings.HasSuffix(name, ".attrs") {
			there[name] = true
		}
		if bare := strings.TrimSuffix(name, ".attrs"); !wanted[bare] {
			t.Errorf("nothing knows of the file %s", name)
		}
	}
	for name := range wanted {
		if !there[name] {
			t.Errorf("the file %s is missing", name)
		}
	}
}

// checkOrphans wants no row that belongs to nothing, and no key of a job that has ended.
func (r *killRun) checkOrphans(t *testing.T) {
	t.Helper()
	for _, table := range []string{"translation_segments", "translation_briefs", "sealed_keys", "idempotency_keys", "job_notices"} {
		if n := r.m.count(t, `SELECT count(*) FROM `+table+` WHERE job NOT IN (SELECT id FROM translation_jobs)`); n > 0 {
			t.Errorf("%d rows of %s belong to no job", n, table)
		}
	}
	for _, table := range []string{"idempotency_keys", "user_spending", "translation_memory"} {
		if n := r.m.count(t, `SELECT count(*) FROM `+table+` WHERE owner NOT IN (SELECT id FROM users)`); n > 0 {
			t.Errorf("%d rows of %s belong to nobody", n, table)
		}
	}
	if n := r.m.count(t, `SELECT count(*) FROM translation_jobs WHERE owner_id NOT IN (SELECT id FROM users)`); n > 0 {
		t.Errorf("%d jobs belong to nobody", n)
	}
}

func (r *killRun) struck() (n int) {
	for _, request := range r.gemini.Requests() {
		if request.Fault != "" {
			n++
		}
	}
	return n
}
