package gemini_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
)

// testKey holds what addresses and JSON escape, so that a key in disguise is
// found too.
const testKey = `AIzaSy-test+key/with=what&is"escaped\0123`

func TestMain(m *testing.M) {
	// A dependency of the SDK's starts this worker when the program begins.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.opencensus.io/stats/view.(*worker).start"))
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// canned answers every request with a status and a body.
func canned(status int, body string) roundTrip {
	return func(*http.Request) (*http.Response, error) { return answer(status, body), nil }
}

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

func newEngine(t testing.TB, config gemini.Config) *gemini.Engine {
	t.Helper()
	e, err := gemini.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// serve starts a server and returns an engine that asks it.
func serve(t testing.TB, handler http.HandlerFunc) *gemini.Engine {
	t.Helper()
	server := httptest.NewServer(handler)
	e := newEngine(t, gemini.Config{BaseURL: server.URL})
	// Cleanup runs backwards: connections are let go before the server waits
	// for them.
	t.Cleanup(server.Close)
	return e
}

func request() engine.Request {
	return engine.Request{
		Model: "gemini-2.5-flash-lite", APIKey: testKey, Attempt: 1,
		Instructions: "Translate each block.",
		Payload: engine.Payload{
			TargetLanguage: "ko", SourceLanguage: "en",
			Blocks: []engine.Block{{ID: "b1", Text: "Call me <1>Ishmael</1> & \"go\"."}, {ID: "b2", Text: "Some years ago"}},
		},
	}
}

// goodDocument answers request().
const goodDocument = `{"blocks":[{"id":"b1","text":"<1>이슈마엘</1>이라 불러라."},{"id":"b2","text":"몇 해 전"}]}`

// response is an answer of the API's form around a model's text.
func response(text, finishReason string) string {
	written, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"candidates":[{"content":{"role":"model","parts":[{"text":%s}]},"finishReason":%q,"index":0}],`+
		`"usageMetadata":%s,"modelVersion":"gemini-2.5-flash-lite"}`, written, finishReason, usageJSON)
}

const usageJSON = `{"promptTokenCount":120,"cachedContentTokenCount":100,"candidatesTokenCount":40,"thoughtsTokenCount":7,"totalTokenCount":167}`

func billed() engine.Usage {
	return engine.Usage{InputTokens: 120, OutputTokens: 40, ThinkingTokens: 7}
}

// failureOf returns the engine's error, after it has looked for secrets in it.
func failureOf(t testing.TB, err error) *engine.Error {
	t.Helper()
	noSecrets(t, err)
	var failed *engine.Error
	if !errors.As(err, &failed) {
		t.Fatalf("not an engine.Error: %v", err)
	}
	return failed
}

// noSecrets looks for the key and for what was asked in an error, in whatever
// it is made of, and in every way of printing it.
func noSecrets(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	quoted, _ := json.Marshal(testKey)
	forms := []string{
		testKey, url.QueryEscape(testKey), url.PathEscape(testKey), strings.Trim(string(quoted), `"`),
		"AIzaSy", "Ishmael", "Some years ago", "이슈마엘", "몇 해 전",
	}
	for each := err; each != nil; each = errors.Unwrap(each) {
		for _, said := range []string{each.Error(), fmt.Sprintf("%+v", each), fmt.Sprintf("%#v", each)} {
			for _, form := range forms {
				if strings.Contains(strings.ToLower(said), strings.ToLower(form)) {
					t.Fatalf("%q stands in %q", form, said)
				}
			}
		}
	}
}

// within is a context that ends a test which would hang.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// serveBytes starts a server that answers everything with the same bytes.
func serveBytes(t testing.TB, body []byte) *gemini.Engine {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(body)
	})
}
