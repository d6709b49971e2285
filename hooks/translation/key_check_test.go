package translation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/lane"
)

// asked is the offline engine, which counts how often it is asked about a key.
type asked struct {
	*pseudo.Engine
	times atomic.Int32
}

func (a *asked) Check(ctx context.Context, model, apiKey string) error {
	a.times.Add(1)
	return a.Engine.Check(ctx, model, apiKey)
}

// ask sends a small text with an API key.
func (s *service) ask(t *testing.T, path, apiKey string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, "One whale.\n")
	if err := form.WriteField("api_key", apiKey); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return s.do(http.MethodPost, path, &body, "Content-Type", form.FormDataContentType())
}

// keyOf is what a quote says of the key.
func (s *service) keyOf(t *testing.T, apiKey string) string {
	t.Helper()
	answer := s.ask(t, "/api/v1/quote", apiKey)
	var quote struct{ Key string }
	if err := json.Unmarshal(answer.Body.Bytes(), &quote); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	return quote.Key
}

// TestManyKeys holds that nobody finds out by trying which of many API keys are
// good: ten bad ones in a minute are looked at, whatever they are sent to. Good ones
// do not count.
func TestManyKeys(t *testing.T) {
	t.Parallel()
	eng := &asked{Engine: pseudo.New(pseudo.Config{})}
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng}; c.MaxActiveJobs = 1000 })
	now := time.Now()
	s.plugin.keys.now = func() time.Time { return now }

	for i := range 2 * maxKeys {
		if got := s.keyOf(t, fmt.Sprintf("good-%d", i)); got != "ok" {
			t.Errorf("the good key %d is %q", i, got)
		}
	}
	for i := range maxKeys {
		if got := s.keyOf(t, fmt.Sprintf("invalid-%d", i)); got != "refused" {
			t.Errorf("the bad key %d is %q", i, got)
		}
	}
	before := eng.times.Load()
	if got := s.keyOf(t, "good-another"); got != "unchecked" {
		t.Errorf("one more is %q", got)
	}
	for _, path := range []string{"/uploadfile", "/api/v1/analyze-style", "/api/v1/analyze-glossary"} {
		if answer := s.ask(t, path, "good-another"); answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") != "61" {
			t.Errorf("%s: %d, Retry-After %q", path, answer.Code, answer.Header().Get("Retry-After"))
		}
	}
	if eng.times.Load() != before {
		t.Error("the engine was asked about one more")
	}
	if got := s.keyOf(t, "invalid-1"); got != "refused" {
		t.Errorf("one that was tried before is %q", got)
	}
	now = now.Add(keyWindow)
	if got := s.keyOf(t, "good-another"); got != "ok" {
		t.Errorf("a minute later it is %q", got)
	}
}

// TestOwnKeyIsRemembered holds that the server's own key is not asked about with
// every quote, and for a while only.
func TestOwnKeyIsRemembered(t *testing.T) {
	t.Parallel()
	eng := &asked{Engine: pseudo.New(pseudo.Config{})}
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	now := time.Now()
	s.plugin.keys.now = func() time.Time { return now }
	for range 3 {
		if got := s.keyOf(t, ""); got != "ok" {
			t.Errorf("the server's own key is %q", got)
		}
	}
	if n := eng.times.Load(); n != 1 {
		t.Errorf("the engine was asked %d times", n)
	}
	now = now.Add(ownKeyMemory)
	s.keyOf(t, "")
	if n := eng.times.Load(); n != 2 {
		t.Errorf("later it was asked %d times", n)
	}
}

// TestKeyChecksAreCounted holds that questions about a key are among the requests
// that may be made with it.
func TestKeyChecksAreCounted(t *testing.T) {
	t.Parallel()
	eng := &asked{Engine: pseudo.New(pseudo.Config{})}
	s := mustServe(t, func(c *Config) {
		c.Engines = []engine.Engine{eng}
		c.Limits = map[string]lane.Limits{pseudo.Name: {Requests: 2}}
	})
	var got []string
	for range 3 {
		got = append(got, s.keyOf(t, "good"))
	}
	if fmt.Sprint(got) != "[ok ok unchecked]" || eng.times.Load() != 2 {
		t.Errorf("%v, and the engine was asked %d times", got, eng.times.Load())
	}
	if got := s.keyOf(t, "another"); got != "ok" {
		t.Errorf("another key is %q", got)
	}
}

// TestKeyChecksForget holds that people who try keys do not fill the memory.
func TestKeyChecksForget(t *testing.T) {
	t.Parallel()
	now := time.Now()
	k := newKeyChecks(func() time.Time { return now })
	for i := range 3 * maxTriers {
		if err := k.admit(fmt.Sprint(i), "a"); err != nil {
			t.Fatal(err)
		}
		now = now.Add(keyWindow / maxTriers)
	}
	if len(k.tried) > maxTriers+1 {
		t.Errorf("%d people are remembered", len(k.tried))
	}
}
