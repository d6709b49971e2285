package tests

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verso/tests/process"
)

const (
	// soakWorkers send requests side by side, as soakPeople.
	soakWorkers = 8
	soakPeople  = 24
	// fewRequests and manyRequests are how many they send, in soakTime at most; an
	// hour of a busy service has about as many.
	fewRequests, manyRequests = 3_000, 100_000
	soakTime                  = 10 * time.Minute
	soakSamples               = 60
)

// soak is a service under many requests of every kind, in which nothing stays.
type soak struct {
	clerk    instance
	server   *process.Server
	metrics  string
	stop     chan struct{}
	requests atomic.Int64
	events   atomic.Int64
	kinds    [16]atomic.Int64
	running  sync.WaitGroup
}

// TestSoak sends requests of every kind for a while, in which jobs, streams, sessions
// and people come and go, and wants what the service holds to stay as it is: memory,
// goroutines, open files. When everybody has left nothing is kept of them.
func TestSoak(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	s := &soak{clerk: newInstance(t), metrics: freeAddress(t), stop: make(chan struct{})}
	s.server = process.Start(t, process.Options{Command: "serve", Dir: filepath.Join(t.TempDir(), "data"), Env: s.clerk.env(t,
		"VERSO_PSEUDO_DELAY", "0s", "VERSO_METRICS_ADDR", s.metrics, "CLERK_WEBHOOK_SECRET", webhookSecret, "VERSO_MAX_ACTIVE_JOBS", "1000",
		"VERSO_TRUSTED_PROXY_HEADERS", "X-Forwarded-For", "GOGC", "50")})
	for worker := range soakWorkers {
		own := rand.New(rand.NewPCG(chance.Uint64(), uint64(worker)))
		s.running.Go(func() { s.work(t, worker, own) })
	}
	watch := map[string]*series{
		// With GOGC=50 the next collection begins when the heap is half as large
		// again as what lived at the last.
		"go_memstats_next_gc_bytes": {most: 150, noise: 4 * mebibyte},
		// SQLite's caches, of some megabytes a connection, fill with the log as it grows.
		"process_resident_memory_bytes": {most: 300, noise: 64 * mebibyte},
		"go_goroutines":                 {most: 0.001, noise: 40},
		"process_open_fds":              {most: 0.001, noise: 40},
	}
	s.sample(t, watch, dose[float64](t, fewRequests, manyRequests))
	close(s.stop)
	s.running.Wait()

	for name, seen := range watch {
		grown, leaks := seen.judge()
		second, last := seen.thirds()
		t.Logf("%-30s %12.0f in the second third, %12.0f in the last: %+.4f a request", name, second, last, grown)
		if leaks {
			t.Errorf("%s grows by %.3f a request, more than %.3f", name, grown, seen.most)
		}
	}
	kinds := map[string]int64{}
	for i, kind := range soakKinds() {
		kinds[kind.name] = s.kinds[i].Load()
	}
	t.Logf("%d requests: %v", s.requests.Load(), kinds)
	s.checkNothingStays(t)
}

// series is a figure as it was over time, beside how many requests there had been.
type series struct {
	requests, values []float64
	most             float64 // that it may grow by with a request
	noise            float64 // and that it may differ by for no reason
}

// thirds returns the medians of the second and the last third; in the first, caches
// and pools fill.
func (s *series) thirds() (second, last float64) {
	third := len(s.values) / 3
	return median(s.values[third : 2*third]), median(s.values[2*third:])
}

// judge returns by how much the figure grew with a request, and whether that is a leak.
func (s *series) judge() (grown float64, leaks bool) {
	second, last := s.thirds()
	third := len(s.requests) / 3
	requests := median(s.requests[2*third:]) - median(s.requests[third:2*third])
	grown = (last - second) / max(requests, 1)
	return grown, grown > s.most && last-second > s.noise
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

// TestSoakFindsLeaks holds that the judgement of the soak finds what it is for: an
// object a request, a goroutine or a file in a hundred requests, within noise.
func TestSoakFindsLeaks(t *testing.T) {
	chance := seeded(t)
	for _, test := range []struct {
		name                      string
		requests, leak, up, noise float64
		want                      bool
	}{
		{"memory that stays", manyRequests, 0, 12e6, 2e6, false},
		{"memory that shrinks", manyRequests, -200, 40e6, 2e6, false},
		{"300 bytes a request", manyRequests, 300, 12e6, 2e6, true},
		{"6 KB a request, few requests", fewRequests, 6 << 10, 12e6, 2e6, true},
		{"caches that fill at first", manyRequests, 0, 12e6, 1e6, false},
	} {
		seen := series{most: 150, noise: 4 * mebibyte}
		for i := range 90 {
			asked := test.requests * float64(i) / 90
			value := test.up + test.leak*asked + (chance.Float64()-0.5)*test.noise
			if test.name == "caches that fill at first" {
				value += 8e6 * min(1, float64(i)/25)
			}
			seen.requests, seen.values = append(seen.requests, asked), append(seen.values, value)
		}
		if grown, leaks := seen.judge(); leaks != test.want {
			t.Errorf("%s: %+.2f a request is judged %v", test.name, grown, leaks)
		}
	}
}

// sample notes the figures until so many requests were sent, or the time is over.
func (s *soak) sample(t *testing.T, watch map[string]*series, enough float64) {
	t.Helper()
	begun := time.Now()
	for taken := 1.0; taken <= soakSamples && time.Since(begun) < soakTime; taken++ {
		due := func() bool {
			return float64(s.requests.Load()) >= enough*taken/soakSamples || time.Since(begun) >= soakTime || t.Failed()
		}
		process.Eventually(t, soakTime+time.Minute, "requests are answered", due)
		text, requests := scrape(t, s.metrics), float64(s.requests.Load())
		for name, seen := range watch {
			value, err := strconv.ParseFloat(metric(text, name), 64)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			seen.requests, seen.values = append(seen.requests, requests), append(seen.values, value)
		}
	}
	t.Logf("%.0f requests in %s", float64(s.requests.Load()), time.Since(begun).Round(time.Second))
}

// soakKind is a kind of visit.
type soakKind struct {
	name  string
	often int
	visit func(s *soak, t *testing.T, chance *rand.Rand, user string)
}

func soakKinds() []soakKind {
	return []soakKind{
		{"read", 40, (*soak).read},
		{"job", 10, (*soak).job},
		{"quote", 4, (*soak).quote},
		{"stranger", 20, (*soak).stranger},
		{"stream", 6, (*soak).stream},
		{"coming and going", 4, (*soak).comeAndGo},
	}
}

// work visits as one of a few people, each time with another session.
func (s *soak) work(t *testing.T, worker int, chance *rand.Rand) {
	kinds := soakKinds()
	var draw []int
	for i, kind := range kinds {
		for range kind.often {
			draw = append(draw, i)
		}
	}
	for !s.over() && !t.Failed() {
		kind := draw[chance.IntN(len(draw))]
		kinds[kind].visit(s, t, chance, fmt.Sprintf("user_soak%d", worker*(soakPeople/soakWorkers)+chance.IntN(soakPeople/soakWorkers)))
		s.kinds[kind].Add(1)
	}
}

func (s *soak) over() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

// ask sends one request from some address and wants one of the statuses.
func (s *soak) ask(t *testing.T, chance *rand.Rand, client *process.Client, method, path, body string, statuses ...int) *process.Answer {
	header := http.Header{"Content-Type": {"application/json"}, "X-Forwarded-For": {address(chance)}}
	answer, err := client.Do(context.Background(), method, path, strings.NewReader(body), header)
	s.requests.Add(1)
	if err != nil || !slices.Contains(statuses, answer.Status) {
		t.Errorf("%s %s: %v %v", method, path, err, answer)
		return &process.Answer{}
	}
	return answer
}

// address is one of a few thousand addresses: PocketBase keeps a line of each for the
// limits per address, and forgets it within two hours.
func address(chance *rand.Rand) string {
	return fmt.Sprintf("10.1.%d.%d", chance.IntN(10), chance.IntN(200))
}

// as is a client with a session that never was before. Its connections end with it.
func (s *soak) as(user string, chance *rand.Rand) (client *process.Client, leave func()) {
	client = s.server.Bare(func() (string, error) {
		return s.clerk.token(user, func(claims map[string]any) { claims["sid"] = fmt.Sprintf("sess_%x", chance.Uint64()) })
	})
	return client, client.Leave
}

func (s *soak) read(t *testing.T, chance *rand.Rand, user string) {
	client, leave := s.as(user, chance)
	defer leave()
	for range 1 + chance.IntN(6) {
		paths := []string{"/api/v1/me", "/api/v1/jobs", "/api/v1/jobs?search=nothing&limit=5", "/api/collections/translation_jobs/records", "/api/v1/notices"}
		s.ask(t, chance, client, "GET", paths[chance.IntN(len(paths))], "", http.StatusOK)
	}
}

// job uploads a document, follows it, reads it, corrects it, and deletes it.
func (s *soak) job(t *testing.T, chance *rand.Rand, user string) {
	client, leave := s.as(user, chance)
	defer leave()
	upload := process.Upload{Content: strings.NewReader(fmt.Sprintf("One of %d.\n\nTwo.\n\nThree.\n", chance.Uint64())), Header: []string{
		"X-Forwarded-For", address(chance), "Idempotency-Key", fmt.Sprintf("%x", chance.Uint64())}}
	answer, err := client.Send(context.Background(), upload)
	s.requests.Add(1)
	if err != nil || answer.Status != http.StatusOK {
		t.Errorf("upload: %v %v", err, answer)
		return
	}
	var job process.Job
	answer.Decode(t, &job)
	path := "/api/v1/jobs/" + job.ID
	for range 200 {
		var now process.Job
		if s.ask(t, chance, client, "GET", path, "", http.StatusOK).Decode(t, &now); now.Status == "COMPLETED" || t.Failed() {
			break
		}
		if chance.IntN(8) == 0 {
			break // deleted while it is under way
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.ask(t, chance, client, "GET", path+"/segments", "", http.StatusOK)
	s.ask(t, chance, client, "GET", "/download/"+job.ID, "", http.StatusOK, http.StatusConflict)
	s.ask(t, chance, client, "PATCH", path+"/segments/0", `{"blocks":[{"id":"b1","text":"Eins."}]}`, http.StatusOK, http.StatusConflict, http.StatusNotFound)
	s.ask(t, chance, client, "POST", path+"/pause", `{}`, http.StatusOK, http.StatusConflict)
	s.ask(t, chance, client, "GET", "/download/"+job.ID+"?bilingual=below&partial=1", "", http.StatusOK)
	s.ask(t, chance, client, "DELETE", path, "", http.StatusNoContent)
}

func (s *soak) quote(t *testing.T, chance *rand.Rand, user string) {
	client, leave := s.as(user, chance)
	defer leave()
	answer, err := client.Send(context.Background(), process.Upload{Path: "/api/v1/quote", Content: strings.NewReader("One.\n\nTwo.\n"), Header: []string{"X-Forwarded-For", address(chance)}})
	s.requests.Add(1)
	if err != nil || answer.Status != http.StatusOK {
		t.Errorf("quote: %v %v", err, answer)
	}
}

// stranger asks as nobody, with a bad token, for what is not there.
func (s *soak) stranger(t *testing.T, chance *rand.Rand, _ string) {
	client := s.server.Bare(nil)
	defer client.Leave()
	s.ask(t, chance, client, "GET", fmt.Sprintf("/no/such/page/%x", chance.Uint64()), "", http.StatusNotFound)
	s.ask(t, chance, client, "GET", "/readyz", "", http.StatusOK)
	s.ask(t, chance, client, "GET", "/api/v1/config", "", http.StatusOK)
	s.ask(t, chance, client, "GET", "/", "", http.StatusOK)
	forged := s.server.Bare(func() (string, error) { return fmt.Sprintf("forged.%x.token", chance.Uint64()), nil })
	defer forged.Leave()
	s.ask(t, chance, forged, "GET", "/api/v1/jobs", "", http.StatusUnauthorized)
}

// stream opens a stream, subscribes it, and leaves.
func (s *soak) stream(t *testing.T, chance *rand.Rand, user string) {
	client, leave := s.as(user, chance)
	defer leave()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(20+chance.IntN(150))*time.Millisecond)
	defer cancel()
	_ = eachMessage(ctx, client, "translation_jobs/*", func(string, []byte) {})
	s.requests.Add(2)
}

// comeAndGo is a person who signs up, orders something, and is deleted at Clerk.
func (s *soak) comeAndGo(t *testing.T, chance *rand.Rand, _ string) {
	number := s.events.Add(1)
	user := fmt.Sprintf("user_guest%d", number)
	deliver := func(kind string) {
		d := delivery{fmt.Sprintf("msg_%s_%d", kind, number), fmt.Sprintf(`{"type":"user.%s","object":"event","data":{"object":"user","id":%q,"first_name":"G","email_addresses":[],"updated_at":%d,"deleted":true}}`, kind, user, number)}
		s.deliver(t, d)
	}
	deliver("created")
	client, leave := s.as(user, chance)
	defer leave()
	if answer, err := client.Send(context.Background(), process.Upload{Content: strings.NewReader("One.\n\nTwo.\n"), Header: []string{"X-Forwarded-For", address(chance)}}); err != nil || answer.Status != http.StatusOK {
		t.Errorf("a guest's upload: %v %v", err, answer)
	}
	s.requests.Add(1)
	deliver("deleted")
}

// deliver delivers, over a connection that ends with it.
func (s *soak) deliver(t *testing.T, d delivery) {
	client := s.server.Bare(nil)
	defer client.Leave()
	answer, err := client.Do(context.Background(), http.MethodPost, "/api/v1/webhooks/clerk", strings.NewReader(d.body), d.signGo(t))
	s.requests.Add(1)
	if err != nil || answer.Status != http.StatusOK {
		t.Errorf("deliver %s: %v %v", d.body, err, answer)
	}
}

// checkNothingStays deletes everybody and wants nothing of them in any table or folder
// but what is to be remembered.
func (s *soak) checkNothingStays(t *testing.T) {
	t.Helper()
	for i := range soakPeople {
		d := delivery{fmt.Sprintf("msg_end_%d", i), fmt.Sprintf(`{"type":"user.deleted","object":"event","data":{"object":"user","id":"user_soak%d","deleted":true}}`, i)}
		s.deliver(t, d)
	}
	database := process.OpenDatabase(t, s.server.Dir)
	defer database.Close()
	for _, table := range []string{"users", "translation_segments", "translation_briefs", "sealed_keys", "idempotency_keys", "translation_memory", "user_spending", "notice_preferences"} {
		if n := database.Count(t, table); n != 0 {
			t.Errorf("%d rows stay in %s", n, table)
		}
	}
	// The bare rows of jobs of people who were deleted stay.
	if n := database.Count(t, "translation_jobs"); n != int(s.events.Load()) {
		t.Errorf("%d jobs stay, of %d people who left", n, s.events.Load())
	}
	process.Eventually(t, waitShort, "no stream stays", func() bool { return metric(scrape(t, s.metrics), "verso_realtime_streams") == "0" })
	for _, dir := range []string{"storage", ".pb_temp_to_delete"} {
		process.Eventually(t, waitShort, "no file stays in "+dir, func() bool { return len(process.Files(t, filepath.Join(s.server.Dir, dir))) == 0 })
	}
}
