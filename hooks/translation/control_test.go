package translation

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
)

// gated is the offline engine behind a gate: it announces each request and
// answers when it is let, or not at all if the request is cut off first.
type gated struct {
	*pseudo.Engine
	arrived chan engine.Request
	let     chan struct{}

	cut chan struct{} // one for each request that was cut off

	mu     sync.Mutex
	refuse func(engine.Request) error
}

func newGated() *gated {
	return &gated{Engine: pseudo.New(pseudo.Config{}), arrived: make(chan engine.Request, 1000), let: make(chan struct{}), cut: make(chan struct{}, 1000)}
}

func (g *gated) Translate(ctx context.Context, r engine.Request) (engine.Response, error) {
	g.mu.Lock()
	refuse := g.refuse
	g.mu.Unlock()
	if refuse != nil {
		if err := refuse(r); err != nil {
			return engine.Response{Usage: engine.Usage{InputTokens: 1}}, err
		}
	}
	g.arrived <- r
	select {
	case <-g.let:
		return g.Engine.Translate(ctx, r)
	case <-ctx.Done():
		g.cut <- struct{}{}
		return engine.Response{}, ctx.Err()
	}
}

// refusing lets a function say what each request fails with from now on.
func (g *gated) refusing(fn func(engine.Request) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse = fn
}

// await returns the next request.
func (g *gated) await(t testing.TB) engine.Request {
	t.Helper()
	select {
	case r := <-g.arrived:
		return r
	case <-time.After(10 * time.Second):
		t.Fatal("no request came")
		return engine.Request{}
	}
}

// open lets every request pass from now on.
func (g *gated) open() { close(g.let) }

// whales is a text of n segments of one block each.
func whales(n int) (text string, fields []string) {
	line := strings.Repeat("A whale is seen far away, and nobody knows which. ", 9)
	for i := range n {
		text += fmt.Sprintf("%d. %s\n\n", 100+i, strings.TrimSpace(line))
	}
	return text, []string{"segment_size", "500"}
}

// command posts a command and returns the status and the answer.
func (s *service) command(t testing.TB, id, name, body string) (int, map[string]any) {
	t.Helper()
	answer := s.do(http.MethodPost, "/api/v1/jobs/"+id+"/"+name, strings.NewReader(body))
	var content map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &content); err != nil {
		t.Fatalf("%s: %d %s", name, answer.Code, answer.Body)
	}
	return answer.Code, content
}

func (s *service) mustCommand(t testing.TB, id, name, body string) {
	t.Helper()
	if code, content := s.command(t, id, name, body); code != http.StatusOK {
		t.Fatalf("%s: %d %v", name, code, content)
	}
}

func TestPauseAndResume(t *testing.T) {
	eng := newGated()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng}; c.JobConcurrency = 4 })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	text, fields := whales(10)
	id := s.mustUpload(t, text, fields...)
	for range 4 {
		eng.await(t)
	}
	s.mustCommand(t, id, "pause", "")
	if job := s.mustRead(t, id); job.Status() != records.StatusPaused || job.PauseReason() != records.PausedByUser {
		t.Errorf("it is %s for %q", job.Status(), job.PauseReason())
	}
	for end, n := time.After(2*time.Second), 0; n < 4; n++ { // as the contract promises
		select {
		case <-eng.cut:
		case <-end:
			t.Fatalf("%d of 4 requests in flight were cut off", n)
		}
	}
	select {
	case r := <-eng.arrived:
		t.Errorf("a paused job asked for %v", r.Payload.Blocks)
	default:
	}

	eng.open()
	s.mustCommand(t, id, "resume", "{}")
	job := s.until(t, client, id, records.StatusCompleted)
	if job.SegmentsDone() != 10 || job.IssuesCount() != 0 || job.PauseReason() != "" {
		t.Errorf("got %v", job.FieldsData())
	}
}

func TestCancel(t *testing.T) {
	eng := newGated()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	text, fields := whales(3)
	id := s.mustUpload(t, text, append(fields, "api_key", "secret")...)
	eng.await(t)
	s.mustCommand(t, id, "cancel", "")
	job := s.mustRead(t, id)
	if job.Status() != records.StatusCancelled || job.CompletedAt().IsZero() {
		t.Errorf("got %v", job.FieldsData())
	}
	if sealed, err := s.ledger.sealedKey(t.Context(), id); sealed != "" || err != nil {
		t.Errorf("a cancelled job keeps its key: %v", err)
	}
	if n, err := s.ledger.countUnfinished(t.Context(), s.owner.Id); n != 0 || err != nil {
		t.Errorf("a cancelled job counts as unfinished: %d, %v", n, err)
	}
}

// TestStatusTable holds for each status which commands it allows.
func TestStatusTable(t *testing.T) {
	allowed := map[string][]records.Status{
		"pause":  {records.StatusPending, records.StatusProcessing},
		"resume": {records.StatusPaused},
		"cancel": {records.StatusPending, records.StatusProcessing, records.StatusPaused},
		"retry":  {records.StatusCompleted, records.StatusFailed},
	}
	becomes := map[string]records.Status{
		"pause": records.StatusPaused, "resume": records.StatusPending, "cancel": records.StatusCancelled, "retry": records.StatusPending,
	}
	s := mustServe(t, nil)
	s.plugin.runner.drain(0)
	for _, from := range records.Statuses() {
		for name, statuses := range allowed {
			id := s.mustJob(t, 2)
			completed := "''"
			if from == records.StatusCompleted || from == records.StatusFailed || from == records.StatusCancelled {
				completed = "'2026-11-23 12:00:00.000Z'"
			}
			mustExec(t, s, fmt.Sprintf(`UPDATE translation_jobs SET status = '%s', completed_at = %s WHERE id = '%s'`, from, completed, id))
			mustExec(t, s, `DELETE FROM sealed_keys`)
			mustExec(t, s, fmt.Sprintf(`UPDATE translation_segments SET status = 'issue', issue = 'no', translation = '[]' WHERE job = '%s' AND position = 1`, id))
			code, content := s.command(t, id, name, "")
			want, status := http.StatusConflict, from
			for _, s := range statuses {
				if s == from {
					want, status = http.StatusOK, becomes[name]
				}
			}
			if code != want || s.mustRead(t, id).Status() != status {
				t.Errorf("%s of a job that is %s: %d, and it is %s, want %d and %s: %v", name, from, code, s.mustRead(t, id).Status(), want, status, content["message"])
			}
		}
	}
}

// poisoned refuses blocks that hold a word.
func poisoned(word string) func(engine.Request) error {
	return func(r engine.Request) error {
		for _, block := range r.Payload.Blocks {
			if strings.Contains(block.Text, word) {
				return &engine.Error{Kind: engine.Blocked, Detail: "its safety filter stopped it"}
			}
		}
		return nil
	}
}

func TestRetry(t *testing.T) {
	eng := newGated()
	eng.open()
	eng.refusing(poisoned("poison"))
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One whale.\n\nOne poison.\n\nThree whales.\n\n"+strings.Repeat("x", 600), "segment_size", "500")
	job := s.until(t, client, id, records.StatusCompleted)
	if job.IssuesCount() != 1 {
		t.Fatalf("got %v", job.FieldsData())
	}
	spent := job.InputTokens()
	eng.refusing(nil)
	for len(eng.arrived) > 0 {
		<-eng.arrived
	}

	s.mustCommand(t, id, "retry", "")
	job = s.until(t, client, id, records.StatusCompleted)
	asked := eng.await(t)
	if len(asked.Payload.Blocks) != 1 || asked.Payload.Blocks[0].Text != "One poison." || len(eng.arrived) != 0 {
		t.Errorf("it asked for %v, and %d times more", asked.Payload.Blocks, len(eng.arrived))
	}
	if job.IssuesCount() != 0 || job.SegmentsDone() != job.SegmentsTotal() || job.InputTokens() <= spent {
		t.Errorf("got %v", job.FieldsData())
	}
	if got := s.do(http.MethodGet, "/download/"+id, nil).Body.String(); !strings.HasPrefix(got, pseudo.Accent("One whale.")+"\n\n"+pseudo.Accent("One poison.")) {
		t.Errorf("the output is %q", got)
	}

	if code, content := s.command(t, id, "retry", ""); code != http.StatusConflict {
		t.Errorf("a retry of nothing: %d %v", code, content)
	}
	for body, want := range map[string]int{
		`{"positions":[99]}`: http.StatusBadRequest, `{"positions":[-1]}`: http.StatusBadRequest, `{"positions":[]}`: http.StatusBadRequest,
		`{"positions":"all"}`: http.StatusBadRequest, `[`: http.StatusBadRequest, `{"model_name":"babel-fish"}`: http.StatusBadRequest,
		`{"api_key":"invalid"}`: http.StatusBadRequest, `{"max_cost_usd":-1}`: http.StatusBadRequest,
	} {
		if code, content := s.command(t, id, "retry", body); code != want {
			t.Errorf("%s: %d %v", body, code, content)
		}
		if status := s.mustRead(t, id).Status(); status != records.StatusCompleted {
			t.Fatalf("%s left the job %s", body, status)
		}
	}
}

// TestRetryKeepsWhatStood holds that a translation that was asked for anew is
// not lost when there is no better one, and that a person's own is never asked
// for.
func TestRetryKeepsWhatStood(t *testing.T) {
	eng := newGated()
	eng.open()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One whale.\n\nTwo whales.\n\nThree whales.")
	s.until(t, client, id, records.StatusCompleted)
	if answer := s.do(http.MethodPatch, "/api/v1/jobs/"+id+"/segments/0", strings.NewReader(`{"blocks":[{"id":"b2","text":"Mine."}]}`)); answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	for len(eng.arrived) > 0 {
		<-eng.arrived
	}
	eng.refusing(poisoned("Three"))
	s.mustCommand(t, id, "retry", `{"positions":[0]}`)
	job := s.until(t, client, id, records.StatusCompleted)
	asked := eng.await(t)
	for _, block := range asked.Payload.Blocks {
		if block.ID == "b2" {
			t.Error("a person's correction was asked for")
		}
	}
	want := pseudo.Accent("One whale.") + "\n\nMine.\n\n" + pseudo.Accent("Three whales.")
	if got := s.do(http.MethodGet, "/download/"+id, nil).Body.String(); got != want || job.IssuesCount() != 0 {
		t.Errorf("got %q with %d issues, want %q", got, job.IssuesCount(), want)
	}
}

func TestCorrection(t *testing.T) {
	eng := newGated()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	eng.refusing(poisoned("poison"))
	id := s.mustUpload(t, "A <1>white</1> whale.\n\nOne poison.")
	patch := func(position, body string) (int, string) {
		answer := s.do(http.MethodPatch, "/api/v1/jobs/"+id+"/segments/"+position, strings.NewReader(body))
		return answer.Code, answer.Body.String()
	}
	eng.await(t)
	if code, answer := patch("0", `{"blocks":[{"id":"b1","text":"x"}]}`); code != http.StatusConflict {
		t.Errorf("a segment that is not settled: %d %s", code, answer)
	}
	eng.open()
	s.until(t, client, id, records.StatusCompleted)
	first := s.do(http.MethodGet, "/download/"+id, nil).Header().Get("ETag")
	for _, wrong := range []struct {
		position, body string
		code           int
	}{
		{"1", `{"blocks":[{"id":"b1","text":"x"}]}`, http.StatusNotFound},
		{"x", `{"blocks":[{"id":"b1","text":"x"}]}`, http.StatusNotFound},
		{"0", `{"blocks":[{"id":"b9","text":"x"}]}`, http.StatusBadRequest},
		{"0", `{"blocks":[{"id":"b2","text":" "}]}`, http.StatusBadRequest},
		{"0", `{"blocks":[{"id":"b1","text":"Une baleine <1>blanche."}]}`, http.StatusBadRequest},
		{"0", `{"blocks":[{"id":"b2","text":"x"},{"id":"b2","text":"y"}]}`, http.StatusBadRequest},
		{"0", `{"blocks":[]}`, http.StatusBadRequest},
		{"0", "{\"blocks\":[{\"id\":\"b2\",\"text\":\"\xff\"}]}", http.StatusBadRequest},
		{"0", ``, http.StatusBadRequest},
	} {
		if code, answer := patch(wrong.position, wrong.body); code != wrong.code {
			t.Errorf("%s at %s: %d %s", wrong.body, wrong.position, code, answer)
		}
	}
	if issues := s.mustRead(t, id).IssuesCount(); issues != 1 {
		t.Fatalf("%d issues", issues)
	}

	code, answer := patch("0", `{"blocks":[{"id":"b2","text":"Un poison."},{"id":"b1","text":"Une baleine <1>blanche</1>."}]}`)
	var view segmentView
	if err := json.Unmarshal([]byte(answer), &view); err != nil || code != http.StatusOK {
		t.Fatalf("%d %s", code, answer)
	}
	job := s.mustRead(t, id)
	if view.Status != records.SegmentDone || view.Issue != nil || view.Revision != job.Revision() || job.IssuesCount() != 0 {
		t.Errorf("got %s, and the job %v", answer, job.FieldsData())
	}
	download := s.do(http.MethodGet, "/download/"+id, nil)
	if got := download.Body.String(); got != "Une baleine <1>blanche</1>.\n\nUn poison." {
		t.Errorf("the output is %q", got)
	}
	if download.Header().Get("ETag") == first {
		t.Error("the corrected file has the same ETag")
	}
	stranger := mustUser(t, s.app, "user_stranger")
	if answer := s.do(http.MethodPatch, "/api/v1/jobs/"+id+"/segments/0", strings.NewReader(`{"blocks":[{"id":"b1","text":"x"}]}`), asUser, stranger.Id); answer.Code != http.StatusNotFound {
		t.Errorf("a stranger: %d %s", answer.Code, answer.Body)
	}
}

// TestQuota holds that a quota of the day pauses every job of its key, says
// until when, and goes on by itself, in the same process and in the next.
func TestQuota(t *testing.T) {
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	eng := newGated()
	eng.open()
	eng.refusing(func(r engine.Request) error {
		if r.APIKey == "spent" {
			return &engine.Error{Kind: engine.QuotaExhausted, Until: until}
		}
		return nil
	})
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng}; c.Concurrency = 2; c.JobConcurrency = 1 })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	text, fields := whales(4)
	one := s.mustUpload(t, text, append(fields, "api_key", "spent")...)
	two := s.mustUpload(t, text, append(fields, "api_key", "spent")...)
	other := s.mustUpload(t, text, append(fields, "api_key", "fresh")...)
	for _, id := range []string{one, two} {
		job := s.until(t, client, id, records.StatusPaused)
		if job.PauseReason() != records.PausedByQuota || !job.ResumesAt().Equal(until) {
			t.Errorf("paused for %q until %s, want %s", job.PauseReason(), job.ResumesAt(), until)
		}
	}
	s.until(t, client, other, records.StatusCompleted)

	eng.refusing(nil)
	soon := time.Now().Add(300 * time.Millisecond)
	mustExec(t, s, fmt.Sprintf(`UPDATE translation_jobs SET resumes_at = '%s' WHERE id = '%s'`, soon.UTC().Format("2006-01-02 15:04:05.000Z"), one))
	s.plugin.runner.drain(0)
	s.plugin.runner.lanes = newLanes(nil) // as a new process has them
	if err := s.plugin.runner.start(); err != nil {
		t.Fatal(err)
	}
	s.until(t, client, one, records.StatusCompleted)
	if time.Now().Before(soon) {
		t.Error("it went on too early")
	}
	if job := s.mustRead(t, two); job.Status() != records.StatusPaused {
		t.Errorf("the other is %s before its time", job.Status())
	}
	s.mustCommand(t, two, "resume", `{"api_key":"fresh"}`)
	s.until(t, client, two, records.StatusCompleted)
}

// TestKeyRevoked holds that a job whose key is refused half way pauses, keeps
// what it has, and goes on with another key.
func TestKeyRevoked(t *testing.T) {
	eng := newGated()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng}; c.JobConcurrency = 1 })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	text, fields := whales(5)
	id := s.mustUpload(t, text, append(fields, "api_key", "revoked")...)
	for range 2 {
		eng.await(t)
		eng.let <- struct{}{}
	}
	eng.await(t)
	eng.refusing(func(r engine.Request) error {
		if r.APIKey == "revoked" {
			return &engine.Error{Kind: engine.KeyRefused}
		}
		return nil
	})
	eng.let <- struct{}{}
	job := s.until(t, client, id, records.StatusPaused)
	if job.PauseReason() != records.PausedByKey {
		t.Fatalf("got %v", job.FieldsData())
	}
	// The third answer may be written a moment after the fourth was refused.
	for deadline := time.Now().Add(10 * time.Second); s.mustRead(t, id).SegmentsDone() != 3; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d segments are done", s.mustRead(t, id).SegmentsDone())
		}
	}
	if code, content := s.command(t, id, "resume", `{"api_key":"invalid-too"}`); code != http.StatusBadRequest || content["message"] != "Invalid API Key or unsupported model." {
		t.Errorf("got %d %v", code, content)
	}
	if status := s.mustRead(t, id).Status(); status != records.StatusPaused {
		t.Errorf("it is %s", status)
	}
	eng.open()
	s.mustCommand(t, id, "resume", `{"api_key":"good"}`)
	if job := s.until(t, client, id, records.StatusCompleted); job.SegmentsDone() != 5 || len(eng.arrived) != 2 {
		t.Errorf("%d segments done, the last of them by %d requests", job.SegmentsDone(), len(eng.arrived))
	}
}

// TestPauseAndResumeAtOnce lets many people press both buttons at the same time:
// however that ends, the job is never left without anybody to work on it.
func TestPauseAndResumeAtOnce(t *testing.T) {
	eng := newGated()
	eng.open()
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	go func() {
		for range eng.arrived { // nobody looks
		}
	}()
	t.Cleanup(func() { close(eng.arrived) })
	text, fields := whales(150)
	id := s.mustUpload(t, text, fields...)
	var pressing sync.WaitGroup
	for range 4 {
		pressing.Go(func() {
			for range 25 {
				s.command(t, id, "pause", "")
				s.command(t, id, "resume", "")
			}
		})
	}
	pressing.Wait()
	s.command(t, id, "resume", "")
	job := s.until(t, client, id, records.StatusCompleted)
	if job.SegmentsDone() != 150 || job.IssuesCount() != 0 {
		t.Errorf("got %v", job.FieldsData())
	}
}
