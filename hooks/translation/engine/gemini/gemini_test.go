package gemini_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
)

func Example() {
	eng, err := gemini.New(gemini.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer eng.Close()
	info := eng.Info()
	fmt.Println(info.Name, info.Models[0], info.NeedsKey)
	// Output: gemini gemini-2.5-flash-lite true
}

func TestInfo(t *testing.T) {
	info := newEngine(t, gemini.Config{APIKey: "the-server's"}).Info()
	if info.NeedsKey || info.Free || info.Imitation || info.Name != "gemini" {
		t.Errorf("got %+v", info)
	}
	if slices.Contains(info.Models, "gemini-2.5-pro") || slices.Contains(info.Models, "gemini-2.5-flash") {
		t.Error("a model is offered that retires")
	}
	for model, fallback := range info.Fallbacks {
		if !slices.Contains(info.Models, fallback) {
			t.Errorf("%s falls back on %s, which is not offered", model, fallback)
		}
		// Every way ends.
		for steps := 0; fallback != ""; fallback, steps = info.Fallbacks[fallback], steps+1 {
			if steps > len(info.Fallbacks) {
				t.Fatalf("the fallbacks of %s go round", model)
			}
		}
	}
	if len(info.Fallbacks) == 0 {
		t.Error("no fallbacks")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, address := range []string{
		"generativelanguage.googleapis.com", "ftp://host/", "http://", "://", "http://user:secret@host/", "http://host/?key=secret", "http://host/#secret",
	} {
		e, err := gemini.New(gemini.Config{BaseURL: address})
		if e != nil || err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := gemini.New(gemini.Config{APIKey: "two\nlines"}); err == nil || strings.Contains(err.Error(), "two") {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	const description = `{"name":"models/gemini-2.5-flash-lite","supportedGenerationMethods":["generateContent","countTokens"]}`
	tests := []struct {
		name   string
		status int
		body   string
		kind   engine.ErrorKind
	}{
		{"taken", 200, description, 0},
		{"taken, with no word of methods", 200, `{"name":"models/gemini-2.5-flash-lite"}`, 0},
		{"not for text", 200, `{"name":"models/gemini-embedding-001","supportedGenerationMethods":["embedContent"]}`, engine.ModelRefused},
		{"no model", 404, apiError(404, "NOT_FOUND", "Model is not found: models/x for api version v1beta"), engine.ModelRefused},
		{"no key", 400, apiError(400, "INVALID_ARGUMENT", "API key not valid.", errorInfo("API_KEY_INVALID")), engine.KeyRefused},
		{"a leaked key", 403, apiError(403, "PERMISSION_DENIED", "Your API key was reported as leaked."), engine.KeyRefused},
		{"overloaded", 503, apiError(503, "UNAVAILABLE", "overloaded"), engine.ServerFailed},
		{"limited", 429, apiError(429, "RESOURCE_EXHAUSTED", "exhausted"), engine.RateLimited},
		{"a page", 200, page, engine.ServerFailed},
		{"another JSON", 200, `{"status":"ok"}`, engine.ServerFailed},
		{"nothing", 200, "", engine.ServerFailed},
		{"methods of another shape", 200, `{"name":"models/x","supportedGenerationMethods":"generateContent"}`, engine.ServerFailed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := newEngine(t, gemini.Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if got := r.Method + " " + r.URL.Path; got != "GET /v1beta/models/gemini-2.5-flash-lite" || r.Header.Get("X-Goog-Api-Key") != testKey {
					t.Errorf("asked %s", got)
				}
				return answer(test.status, test.body), nil
			})})
			err := e.Check(within(t), "gemini-2.5-flash-lite", testKey)
			if test.kind == 0 {
				if err != nil {
					t.Error(err)
				}
			} else if got := failureOf(t, err).Kind; got != test.kind {
				t.Errorf("got %v", err)
			}
		})
	}
}
