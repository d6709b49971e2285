package web_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"

	"verso/hooks/web"
)

// mustServe returns a server with the plugin and some routes that misbehave.
func mustServe(t *testing.T, config web.Config) (*tests.TestApp, http.Handler) {
	t.Helper()
	app, err := tests.NewTestApp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	if config.Public == nil {
		config.Public = fstest.MapFS{
			"index.html":  {Data: []byte("<!doctype html><title>Verso</title><!-- modules -->")},
			"app/main.js": {Data: []byte("export {}")},
		}
	}
	web.MustRegister(app, config)

	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{App: app, Router: router}
	var handler http.Handler
	err = app.OnServe().Trigger(event, func(e *core.ServeEvent) error {
		e.Router.GET("/refuses", func(e *core.RequestEvent) error {
			return e.BadRequestError("The field is wrong.", errors.New("a cause for the log"))
		})
		e.Router.GET("/fails", func(*core.RequestEvent) error { return errors.New("a secret cause") })
		e.Router.GET("/panics", func(*core.RequestEvent) error { panic("a secret cause") })
		e.Router.GET("/works", func(e *core.RequestEvent) error { return e.String(http.StatusOK, e.Request.URL.RawQuery) })
		var err error
		handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return app, handler
}

func get(handler http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func TestErrors(t *testing.T) {
	_, handler := mustServe(t, web.Config{})
	tests := []struct {
		path    string
		status  int
		message string
	}{
		{"/refuses", 400, "The field is wrong."},
		{"/fails", 400, "Something went wrong while processing your request."},
		{"/panics", 500, "Something went wrong while processing your request."},
		{"/api/collections/none/records", 404, "Missing collection context."},
		{"/no/such/page", 404, "File not found."},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			answer := get(handler, test.path, "Origin", "https://example.org")
			var body map[string]any
			if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
				t.Fatalf("%v: %s", err, answer.Body)
			}
			if answer.Code != test.status || body["status"] != float64(test.status) {
				t.Errorf("status %d, in the body %v; want %d", answer.Code, body["status"], test.status)
			}
			if body["message"] != test.message || body["detail"] != test.message {
				t.Errorf("message %q, detail %q; want %q", body["message"], body["detail"], test.message)
			}
			if data, ok := body["data"].(map[string]any); !ok || len(data) != 0 {
				t.Errorf("data %v, want {}", body["data"])
			}
			if strings.Contains(answer.Body.String(), "cause") {
				t.Errorf("the cause got out: %s", answer.Body)
			}
			wantHeaders(t, answer)
		})
	}
}

func wantHeaders(t *testing.T, answer *httptest.ResponseRecorder) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options":        "SAMEORIGIN",
		"Referrer-Policy":        "same-origin",
	} {
		if got := answer.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	exposed := answer.Header().Get("Access-Control-Expose-Headers")
	for _, name := range []string{"x-clerk-auth-reason", "WWW-Authenticate", "Retry-After", "Content-Disposition"} {
		if !strings.Contains(exposed, name) {
			t.Errorf("CORS does not expose %s: %q", name, exposed)
		}
	}
}

func TestOrigins(t *testing.T) {
	tests := []struct {
		name    string
		allowed []string
		origin  string
		want    string
	}{
		{"any by default", nil, "https://example.org", "*"},
		{"a listed one", []string{"https://app.example.org"}, "https://app.example.org", "https://app.example.org"},
		{"another", []string{"https://app.example.org"}, "https://evil.example", ""},
		{"a look-alike", []string{"https://app.example.org"}, "https://appXexample.org", ""},
		{"any port", []string{"http://localhost:*"}, "http://localhost:3000", "http://localhost:3000"},
		{"no port", []string{"http://localhost:*"}, "http://localhost", "http://localhost"},
		{"a host name for a port", []string{"http://127.0.0.1:*"}, "http://127.0.0.1:1.evil.example", ""},
		{"any port, another host", []string{"http://localhost:*"}, "http://localhost.evil.example:3000", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, handler := mustServe(t, web.Config{AllowedOrigins: func() []string { return test.allowed }})
			if got := get(handler, "/works", "Origin", test.origin).Header().Get("Access-Control-Allow-Origin"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPage(t *testing.T) {
	_, handler := mustServe(t, web.Config{})
	page := get(handler, "/")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "<title>Verso</title>") {
		t.Fatalf("got %d %s", page.Code, page.Body)
	}
	policy := page.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("Content-Security-Policy: %s", policy)
	}
	wantStatus := func(path, etag string, want int) {
		t.Helper()
		if got := get(handler, path, "If-None-Match", etag).Code; got != want {
			t.Errorf("%s with %s: got %d, want %d", path, etag, got, want)
		}
	}
	etag := page.Header().Get("ETag")
	wantStatus("/", etag, http.StatusNotModified)
	wantStatus("/app/main.js", etag, http.StatusOK)
	wantStatus("/app/main.js", get(handler, "/app/main.js").Header().Get("ETag"), http.StatusNotModified)
	wantStatus("/..%2fgo.mod", "", http.StatusNotFound)
}

func TestPageConfig(t *testing.T) {
	_, handler := mustServe(t, web.Config{Page: web.Page{Name: "Verso", Mode: "demo", Languages: web.Languages()}})
	answer := get(handler, "/api/v1/config")
	var page web.Page
	if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	found := map[string]web.Language{}
	for _, language := range page.Languages {
		if language.Name == "" || language.English == "" {
			t.Errorf("%s has no name: %+v", language.Tag, language)
		}
		found[language.Tag] = language
	}
	if found["ko"].Name != "한국어" || found["ar"].Dir != "rtl" || found["fr"].Dir != "ltr" || found["pt-BR"].English != "Brazilian Portuguese" {
		t.Errorf("got %+v %+v %+v %+v", found["ko"], found["ar"], found["fr"], found["pt-BR"])
	}
}

// TestRequestLogHoldsNoSecret reads what PocketBase's request log keeps.
func TestRequestLogHoldsNoSecret(t *testing.T) {
	app, handler := mustServe(t, web.Config{})
	app.Settings().Logs.MaxDays = 1
	app.Settings().Logs.MinLevel = -4
	logged := make(chan string, 10)
	app.OnModelCreate(core.LogsTableName).BindFunc(func(e *core.ModelEvent) error {
		raw, _ := json.Marshal(e.Model)
		logged <- string(raw)
		return e.Next()
	})

	answer := get(handler, "/works?a=1&__clerk_ticket=s3cret&token=s3cret&API_KEY=s3cret&api_key=s3cret&Access_Token=s3cret&x-goog-api-key=s3cret&b=eyJzM2NyZXQ.eyJh.s3cret",
		"Referer", "https://somebody:s3cret@example.org/eyJzM2NyZXQ.eyJh.s3cret?__session=s3cret")
	if body, _ := io.ReadAll(answer.Body); !strings.Contains(string(body), "token=s3cret") {
		t.Errorf("the handler did not see the true address: %s", body)
	}
	// The log is written in batches, every few seconds.
	var entry string
	select {
	case entry = <-logged:
	case <-time.After(30 * time.Second):
		t.Fatal("the request was not logged")
	}
	if !strings.Contains(entry, "/works?") {
		t.Fatalf("logged %s", entry)
	}
	if strings.Contains(entry, "s3cret") {
		t.Errorf("the log holds a secret: %s", entry)
	}
}

// TestLimitOfAnAddress holds that who is refused for asking too often is told what
// to do and when, which PocketBase's own answer leaves out.
func TestLimitOfAnAddress(t *testing.T) {
	app, handler := mustServe(t, web.Config{})
	settings := app.Settings()
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = []core.RateLimitRule{{Label: "/works", MaxRequests: 1, Duration: 7}, {Label: "/", MaxRequests: 9, Duration: 3}}
	if answer := get(handler, "/works", "Origin", "https://example.org"); answer.Code != http.StatusOK {
		t.Fatalf("the first is answered with %d", answer.Code)
	}
	answer := get(handler, "/works", "Origin", "https://example.org")
	for answer.Code == http.StatusOK { // a window may have ended in between
		answer = get(handler, "/works", "Origin", "https://example.org")
	}
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") != "7" ||
		!strings.Contains(answer.Body.String(), `"detail":"Too many requests came from this address. Wait a few seconds, then try again."`) {
		t.Errorf("%d, Retry-After %q: %s", answer.Code, answer.Header().Get("Retry-After"), answer.Body)
	}
	wantHeaders(t, answer)
}
