package tests

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// metric returns the value of a metric's line, "" where there is none.
func metric(text, name string) string {
	for scanner := bufio.NewScanner(strings.NewReader(text)); scanner.Scan(); {
		if value, found := strings.CutPrefix(scanner.Text(), name+" "); found {
			return value
		}
	}
	return ""
}

// sum adds up the values of a metric's lines that hold a label, those of models that
// are not on offer left out.
func sum(text, name, label string) (total float64) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, name) && strings.Contains(line, label) && !strings.Contains(line, `model="other"`) {
			value, _ := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, " "):]), 64)
			total += value
		}
	}
	return total
}

func readAll(t *testing.T, body io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// freeAddress is a loopback address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	return socket.Addr().String()
}

// TestMetrics reads what a service counts: as a superuser, and at an address of its
// own. Nobody else may, and no id or name of anybody stands in it.
func TestMetrics(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	server := process.Start(t, process.Options{Env: env(
		"VERSO_METRICS_ADDR", address, "VERSO_SUPERUSER_EMAIL", superuserEmail, "VERSO_SUPERUSER_PASSWORD", superuserPassword)})
	client := server.SignIn(t, ada)
	job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n"), Filename: "of-somebody.txt"})
	client.Get(t, "/api/v1/jobs/"+job.ID).MustBe(t, http.StatusOK)
	client.Get(t, "/api/v1/jobs/doesnotexist000").MustBe(t, http.StatusNotFound)
	client.Get(t, "/no/such/page").MustBe(t, http.StatusNotFound)

	client.Get(t, "/metrics").MustBe(t, http.StatusForbidden)
	server.Guest(t).Get(t, "/metrics").MustBe(t, http.StatusUnauthorized)
	own := string(server.SignInSuperuser(t, superuserEmail, superuserPassword).Get(t, "/metrics").MustBe(t, http.StatusOK).Body)

	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for where, text := range map[string]string{"the service": own, "an address of its own": readAll(t, response.Body)} {
		for name, want := range map[string]string{
			`verso_http_requests_total{code="200",method="GET",route="/api/v1/jobs/{id}"}`:  "1",
			`verso_http_requests_total{code="404",method="GET",route="/api/v1/jobs/{id}"}`:  "1",
			`verso_http_requests_total{code="200",method="POST",route="/uploadfile/"}`:      "1",
			`verso_http_request_duration_seconds_count{method="POST",route="/uploadfile/"}`: "1",
			`verso_realtime_streams`: "0",
		} {
			if got := metric(text, name); got != want {
				t.Errorf("at %s %s is %q, want %q", where, name, got, want)
			}
		}
		if strings.Contains(text, job.ID) || strings.Contains(text, "of-somebody") || strings.Contains(text, "user_") {
			t.Errorf("at %s the metrics tell of somebody:\n%s", where, text)
		}
	}
	if answer, err := http.Get("http://" + address + "/api/v1/config"); err != nil || answer.StatusCode != http.StatusNotFound {
		t.Errorf("the metrics' address serves more: %v, %v", answer, err)
	} else {
		answer.Body.Close()
	}
	server.Stop(t)
	if _, err := http.Get("http://" + address + "/metrics"); err == nil {
		t.Error("the metrics' address is still served")
	}
}

// TestMetricsOfWork has a document translated with one issue, a delivery taken, a
// token refused, and a model asked for that is not on offer: what was counted is what
// the job and the stand-in say.
func TestMetricsOfWork(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety, Holding: poisonWord}}})
	server := startWithGemini(t, gemini, "VERSO_METRICS_ADDR", address, "CLERK_WEBHOOK_SECRET", webhookSecret)
	client := server.SignIn(t, ada)
	told := plainStory(40)
	told[7] = "The " + poisonWord + " danced over the black water and was gone."
	job := client.MustUpload(t, told.upload("target_language", "fr", "segment_size", "600"))
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	own := client.MustUpload(t, plainStory(2).upload("target_language", "fr", "model_name", "gemini-2.5-pro", "api_key", "key-of-mine"))
	awaitStatus(t, client, time.Minute, finished(), own.ID)

	one := userDelivery(1)
	for range 2 {
		if status := one.send(t, server, one.signGo(t)); status != http.StatusOK {
			t.Fatalf("a delivery is answered with %d", status)
		}
	}
	if status := one.send(t, server, http.Header{}); status != http.StatusBadRequest {
		t.Fatalf("an unsigned delivery is answered with %d", status)
	}
	server.Guest(t).GetWith(t, "/api/v1/me", "Authorization", "Bearer nonsense").MustBe(t, http.StatusUnauthorized)

	faults := 0
	for _, request := range gemini.Translations() {
		if request.Fault != "" {
			faults++
		}
	}
	text := scrape(t, address)
	for name, want := range map[string]string{
		`verso_segments_total{outcome="translated"}`:                                    fmt.Sprint(ended.SegmentsTotal - ended.IssuesCount + 1),
		`verso_segments_total{outcome="issue"}`:                                         "1",
		`verso_answers_rejected_total{because="text-blocked"}`:                          fmt.Sprint(faults),
		`verso_engine_requests_total{engine="gemini",model="other",outcome="answered"}`: "1",
		`verso_job_turns_total{reason="",status="PENDING"}`:                             "2",
		`verso_job_turns_total{reason="",status="COMPLETED"}`:                           "2",
		`verso_jobs_unfinished{status="PROCESSING"}`:                                    "0",
		`verso_queue_segments`:                                                          "0",
		`verso_queue_age_seconds`:                                                       "0",
		`verso_engine_requests_in_flight`:                                               "0",
		`verso_webhooks_total{outcome="applied",type="user.updated"}`:                   "1",
		`verso_webhooks_total{outcome="duplicate",type="user.updated"}`:                 "1",
		`verso_webhooks_total{outcome="refused",type="other"}`:                          "1",
		`verso_auth_total{outcome="token-invalid"}`:                                     "1",
		`verso_key_set_fetches_total{outcome="ok"}`:                                     "1",
		`verso_mails_waiting`:                                                           "0",
	} {
		if got := metric(text, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// The block that nobody translates was asked of the fallback too.
	for what, want := range map[string]float64{
		`verso_engine_tokens_total{ kind="input"`:      float64(ended.InputTokens),
		`verso_engine_tokens_total{ kind="output"`:     float64(ended.OutputTokens),
		`verso_engine_cost_usd_total{ key="server"`:    ended.Cost(t),
		`verso_engine_requests_total{ engine="gemini"`: float64(len(gemini.Translations()) - 1),
	} {
		name, label, _ := strings.Cut(what, " ")
		if got := sum(text, name, label); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s adds up to %v, want %v", what, got, want)
		}
	}
	if metric(text, "verso_key_set_age_seconds") == "" {
		t.Error("the age of the key set is not told")
	}
	for _, word := range []string{"of-mine", "2.5-pro", "user_", job.ID, "nonsense"} {
		if strings.Contains(text, word) {
			t.Errorf("the metrics hold %q", word)
		}
	}
}

// TestReadyTellsOfOthers asks /readyz of Clerk and Gemini, while they are there and
// away. It says so, and is ready all the same.
func TestReadyTellsOfOthers(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{})
	server := startWithGemini(t, gemini)
	client := server.SignIn(t, ada)
	var report struct {
		Status  string
		Clerk   struct{ Keys string }
		Engines map[string]struct{ Status string }
	}
	ready := func() string {
		client.Get(t, "/readyz").MustBe(t, http.StatusOK).Decode(t, &report)
		return report.Engines["gemini"].Status
	}
	if got := ready(); got != "unknown" || report.Clerk.Keys != "fetched" {
		t.Errorf("before the first request: %+v", report)
	}
	awaitStatus(t, client, time.Minute, finished(), client.MustUpload(t, plainStory(2).upload("target_language", "fr")).ID)
	if got := ready(); got != "ok" {
		t.Errorf("after an answer: %+v", report)
	}
	gemini.Close()
	client.MustUpload(t, plainStory(3).upload("target_language", "fr"))
	process.Eventually(t, time.Minute, "Gemini is reported to be away", func() bool { return ready() == "away" })
}

// scrape reads the metrics at an address of their own.
func scrape(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return readAll(t, response.Body)
}

// TestMirrorMetrics takes PostgreSQL away: the lag is in the metrics and in /readyz,
// and gone when it is back.
func TestMirrorMetrics(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	m := startMirror(t, "VERSO_METRICS_ADDR", address)
	m.change(t, insertUser("one", "1@example.org"))
	m.mustBecomeEqual(t, mirrorWait)
	become := func(want map[string]string) {
		t.Helper()
		text := ""
		holds := func() bool {
			response, err := http.Get("http://" + address + "/metrics")
			if err != nil {
				return false
			}
			defer response.Body.Close()
			text = readAll(t, response.Body)
			for name, value := range want {
				if metric(text, name) != value {
					return false
				}
			}
			return true
		}
		if !process.Holds(mirrorReturn, holds) {
			t.Fatalf("want %v in\n%s", want, text)
		}
	}
	become(map[string]string{"verso_mirror_lag_rows": "0", "verso_mirror_lag_seconds": "0", `verso_mirror_state{state="streaming"}`: "1"})
	m.postgres.Stop(t)
	m.change(t, insertUser("two", "2@example.org"), insertUser("three", "3@example.org"))
	become(map[string]string{"verso_mirror_lag_rows": "2", `verso_mirror_state{state="away"}`: "1", `verso_mirror_state{state="streaming"}`: "0"})
	m.postgres.Restart(t)
	become(map[string]string{"verso_mirror_lag_rows": "0", `verso_mirror_state{state="streaming"}`: "1"})
}
