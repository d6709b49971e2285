package tests

import (
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	svix "github.com/svix/svix-webhooks/go"

	"verso/tests/clock"
	"verso/tests/process"
	"verso/tests/standin"
)

// clockRPM is what the engine may be asked in a minute while the clock jumps, and
// clockProgress how soon a segment is settled after a jump.
const (
	clockRPM      = 60
	clockProgress = 15 * time.Second
)

// clockRun is a service whose clock is set while it works.
type clockRun struct {
	clock  *clock.Clock
	clerk  instance
	gemini *standin.Gemini
	server *process.Server
	job    string // the one that goes on all the while
	sent   int    // deliveries
	tokens int    // made so far
}

// TestClockJumps sets the service's clock an hour and days ahead and back while jobs
// run. Jobs go on, limits a minute hold, tokens, deliveries and repeated uploads are
// judged by the clock as it is, and what waits for a time of day wakes within a
// minute of it, however it came.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	if !isFull(t) {
		t.Skip("this builds all of Verso once more, with a clock that can be set, which takes minutes; VERSO_PROOF=full runs it")
	}
	run := &clockRun{
		clock: clock.New(t), clerk: newInstance(t),
		gemini: standin.StartGemini(t, standin.Config{}),
	}
	environment := run.clerk.env(t, "VERSO_ENGINES", "gemini,pseudo", "VERSO_PSEUDO_DELAY", "300ms", "VERSO_JOB_CONCURRENCY", "1", "GOOGLE_GEMINI_BASE_URL", run.gemini.URL, "GEMINI_API_KEY", serverKey,
		"VERSO_GEMINI_RPM", fmt.Sprint(clockRPM), "VERSO_USER_MONTHLY_USD", "unlimited", "CLERK_WEBHOOK_SECRET", webhookSecret)
	maps.Copy(environment, run.clock.Env())
	run.server = process.Start(t, process.Options{
		Command: "serve", Binary: run.clock.Build(t), Dir: filepath.Join(t.TempDir(), "data"), Env: environment,
	})
	told, limited := plainStory(900), plainStory(4*clockRPM)
	run.job = run.ada(t).MustUpload(t, told.upload("segment_size", "500", "engine", "pseudo")).ID
	bounded := run.ada(t).MustUpload(t, limited.upload("segment_size", "500")).ID
	stream := run.ada(t).Subscribe(t, "translation_jobs/*")
	run.mustGoOn(t)

	order := story{"One paragraph, uploaded again and again."}
	first := run.again(t, order)
	waits := run.exhaustQuota(t)
	run.exhaustFailures(t)
	for _, ahead := range []time.Duration{time.Hour, 0, -time.Hour, 0, 26 * time.Hour, 0} {
		run.clock.Set(t, ahead)
		run.mustGoOn(t)
		run.mustJudgeTokens(t, ahead)
		run.mustJudgeDeliveries(t, ahead)
		again := run.again(t, order)
		switch {
		case ahead < 24*time.Hour && again != first:
			t.Errorf("%s ahead a repeated upload gives another job", ahead)
		case ahead > 24*time.Hour && again == first:
			t.Errorf("%s ahead an Idempotency-Key still counts", ahead)
		}
		if ahead > 24*time.Hour {
			first = again
			run.mustWake(t, waits)
		}
	}
	run.mustNotBeLockedOut(t)
	run.mustBeServed(t)

	awaitStatus(t, run.ada(t), 5*time.Minute, finished(), run.job, bounded)
	for job, want := range map[string]string{run.job: accented(told.String()), bounded: limited.translated("ko", nil)} {
		if got := string(run.ada(t).Download(t, job)); got != want {
			t.Errorf("the output is another: %s", firstDifference(got, want))
		}
	}
	asked := translationsOf(run.gemini, serverKey) // the limit is a key's
	most, _ := standin.FullestWindow(asked, time.Minute)
	t.Logf("%d requests, at most %d in 60 s of %d allowed", len(asked), most, clockRPM)
	if most > clockRPM {
		t.Errorf("%d requests were made in 60 s, %d are allowed", most, clockRPM)
	}
	if len(asked) <= clockRPM {
		t.Error("too little was asked for the limit to be felt")
	}
	// Nothing else is done now that could wake what waits.
	waits = run.exhaustQuota(t)
	run.clock.Set(t, 52*time.Hour)
	run.mustWake(t, waits)

	seen := 0
	for open := true; open; {
		select {
		case _, open = <-stream.Events():
			seen++
		default:
			open = false
		}
	}
	t.Logf("the stream of the first minutes carried %d messages", seen)
	if seen < 10 {
		t.Error("a stream fell silent when the clock was set")
	}
}

// ada is a client with a token that Clerk made at the service's time.
func (r *clockRun) ada(t *testing.T) *process.Client { return r.off(t, 0) }

// off is a client with tokens that were made so much before or after that.
func (r *clockRun) off(t *testing.T, off time.Duration) *process.Client {
	return r.clerk.signIn(t, r.server, "user_2ada", func(claims map[string]any) {
		r.tokens++ // no two are the same, so that none is remembered
		claims["jti"] = fmt.Sprint(r.tokens)
		at := r.clock.Now().Add(off)
		claims["iat"], claims["nbf"], claims["exp"] = at.Unix(), at.Add(-10*time.Second).Unix(), at.Add(time.Minute).Unix()
	})
}

// mustGoOn wants the job to go on.
func (r *clockRun) mustGoOn(t *testing.T) {
	t.Helper()
	before := r.ada(t).Job(t, r.job)
	process.Eventually(t, clockProgress, "the job goes on", func() bool {
		now := r.ada(t).Job(t, r.job)
		return now.SegmentsDone > before.SegmentsDone || now.Status == "COMPLETED"
	})
}

// mustJudgeTokens sends tokens of the service's time and of an hour off.
func (r *clockRun) mustJudgeTokens(t *testing.T, ahead time.Duration) {
	t.Helper()
	r.ada(t).Get(t, "/api/v1/jobs").MustBe(t, http.StatusOK)
	for off, reason := range map[time.Duration]string{-time.Hour: "token-expired", time.Hour: "token-not-active-yet"} {
		answer := r.off(t, off).Get(t, "/api/v1/jobs")
		if answer.Status != http.StatusUnauthorized {
			t.Errorf("%s ahead, a token %s off is answered with %d", ahead, off, answer.Status)
		} else if got := answer.Header.Get("x-clerk-auth-reason"); got != reason && got != "token-iat-in-the-future" {
			t.Errorf("%s ahead, a token %s off is refused with %q", ahead, off, got)
		}
	}
}

// mustJudgeDeliveries delivers what was signed at the service's time, and what was
// signed an hour before it, which is to be sent again.
func (r *clockRun) mustJudgeDeliveries(t *testing.T, ahead time.Duration) {
	t.Helper()
	for off, want := range map[time.Duration]int{0: http.StatusOK, -time.Hour: http.StatusBadRequest} {
		r.sent++
		d := userDelivery(r.sent)
		if got := d.send(t, r.server, d.signAt(t, r.clock.Now().Add(off))); got != want {
			t.Errorf("%s ahead, a delivery signed %s off is answered with %d", ahead, off, got)
		}
	}
}

// signAt returns the headers of a delivery that was sent at a time.
func (d delivery) signAt(t *testing.T, at time.Time) http.Header {
	t.Helper()
	webhook, err := svix.NewWebhook(webhookSecret)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := webhook.Sign(d.id, at, []byte(d.body))
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Svix-Id": {d.id}, "Svix-Timestamp": {fmt.Sprint(at.Unix())}, "Svix-Signature": {signature}}
}

// again uploads the same under the same Idempotency-Key and returns the job.
func (r *clockRun) again(t *testing.T, order story) string {
	t.Helper()
	upload := order.upload()
	upload.Header = []string{"Idempotency-Key", "the-same"}
	return r.ada(t).MustUpload(t, upload).ID
}

// exhaustFailures sends bad tokens until the address has to wait.
func (r *clockRun) exhaustFailures(t *testing.T) {
	t.Helper()
	for range 100 {
		if r.nonsense(t) == http.StatusTooManyRequests {
			return
		}
	}
	t.Fatal("bad tokens are not limited")
}

func (r *clockRun) nonsense(t *testing.T) int {
	return r.server.Guest(t).GetWith(t, "/api/v1/jobs", "Authorization", "Bearer "+strings.Repeat("x", 20)).Status
}

// mustNotBeLockedOut sets the clock back behind failures: they are forgotten after the
// seconds that they count, not after the hour.
func (r *clockRun) mustNotBeLockedOut(t *testing.T) {
	t.Helper()
	r.clock.Set(t, time.Hour)
	r.exhaustFailures(t)
	r.clock.Set(t, 0)
	process.Eventually(t, 20*time.Second, "failures from before the clock was set back are forgotten", func() bool {
		return r.nonsense(t) == http.StatusUnauthorized
	})
}

// mustBeServed uses up an address's share of requests and sets the clock back: it
// counts anew in seconds, not after the hour.
func (r *clockRun) mustBeServed(t *testing.T) {
	t.Helper()
	r.clock.Set(t, time.Hour)
	client := r.ada(t)
	status := 0
	for range 20_000 {
		if status = client.Get(t, "/api/v1/jobs/"+r.job).Status; status == http.StatusTooManyRequests {
			break
		}
	}
	if status != http.StatusTooManyRequests {
		t.Fatal("requests of an address are not limited")
	}
	r.clock.Set(t, 0)
	process.Eventually(t, 20*time.Second, "an address counts anew after the clock was set back", func() bool {
		return r.ada(t).Get(t, "/api/v1/jobs/"+r.job).Status == http.StatusOK
	})
}

// exhaustQuota returns a job that waits for midnight, when its quota is there again.
func (r *clockRun) exhaustQuota(t *testing.T) string {
	t.Helper()
	r.gemini.Use(standin.Rule{Fault: standin.QuotaDay, Key: quotaKey})
	job := r.ada(t).MustUpload(t, plainStory(3).upload("api_key", quotaKey)).ID
	awaitStatus(t, r.ada(t), waitShort, []string{"PAUSED"}, job)
	r.gemini.Use()
	return job
}

// mustWake wants a job that waits for a time of day to go on when that has come.
func (r *clockRun) mustWake(t *testing.T, job string) {
	t.Helper()
	begun := time.Now()
	awaitStatus(t, r.ada(t), 75*time.Second, []string{"COMPLETED"}, job)
	t.Logf("what waited for midnight was done %s after the clock jumped over it", time.Since(begun).Round(time.Second))
}
