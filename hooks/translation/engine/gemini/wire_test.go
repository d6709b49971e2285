package gemini_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
)

// TestBrokenConnections lets a real server break off at each stage.
func TestBrokenConnections(t *testing.T) {
	whole := response(goodDocument, "STOP")
	hijacked := func(t *testing.T, bytes string, reset bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(connection, bytes)
			if reset {
				_ = connection.(*net.TCPConn).SetLinger(0)
			}
			connection.Close()
		}
	}
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(whole))
	tests := []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"closed before a byte", hijacked(t, "", false)},
		{"reset before a byte", hijacked(t, "", true)},
		{"closed in the header", hijacked(t, head[:30], false)},
		{"not HTTP", hijacked(t, "SSH-2.0-OpenSSH_9.9\r\n", false)},
		{"closed in the body", hijacked(t, head+whole[:50], false)},
		{"reset in the body", hijacked(t, head+whole[:50], true)},
		{"a chunk that does not end", hijacked(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"+whole[:50], false)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Int32
			e := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				test.handler(w, r)
			})
			_, err := e.Translate(within(t), request())
			if failed := failureOf(t, err); failed.Kind != engine.Unreachable {
				t.Errorf("kind %v: %v", failed.Kind, err)
			}
			if got := asked.Load(); got != 1 {
				t.Errorf("asked %d times", got)
			}
		})
	}
}

// TestHalfARefusal tells a kind by its status.
func TestHalfARefusal(t *testing.T) {
	e := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "500")
		w.WriteHeader(503)
		_, _ = io.WriteString(w, `{"error":{"code":503`)
	})
	_, err := e.Translate(within(t), request())
	if failed := failureOf(t, err); failed.Kind != engine.ServerFailed {
		t.Errorf("kind %v", failed.Kind)
	}
}

func TestHugeAnswers(t *testing.T) {
	chunk := strings.Repeat("a", 1<<16)
	for _, status := range []int{200, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var written atomic.Int64
			e := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(status)
				_, err := io.WriteString(w, `{"candidates":[{"content":{"parts":[{"text":"`)
				for err == nil && r.Context().Err() == nil {
					var n int
					n, err = io.WriteString(w, chunk)
					written.Add(int64(n))
				}
			})
			_, err := e.Translate(within(t), request())
			if failed := failureOf(t, err); failed.Kind != engine.ServerFailed {
				t.Errorf("kind %v: %v", failed.Kind, err)
			}
			if got := written.Load(); got > 64<<20 {
				t.Errorf("%d bytes were taken", got)
			}
		})
	}
}

// TestRedirectsAreNotFollowed because they would carry the key along.
func TestRedirectsAreNotFollowed(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the key %q went to another host", r.Header.Get("X-Goog-Api-Key"))
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		e := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		_, err := e.Translate(within(t), request())
		if failed := failureOf(t, err); failed.Kind != engine.ServerFailed {
			t.Errorf("%d: kind %v", status, failed.Kind)
		}
		if err := e.Check(within(t), "gemini-2.5-flash", testKey); failureOf(t, err).Kind != engine.ServerFailed {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// TestOneRequestAnAnswer holds the SDK to one request, also where it has ways
// of its own to send more.
func TestOneRequestAnAnswer(t *testing.T) {
	for name, answered := range map[string]func(http.ResponseWriter){
		"overloaded": func(w http.ResponseWriter) { w.WriteHeader(503) },
		"limited":    func(w http.ResponseWriter) { w.WriteHeader(429) },
		"to be continued": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"candidates":[{"content":{"parts":[{"text":"{"}]},"finishReason":"CONTINUATION","continuationToken":"dG9rZW4="}]}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			e := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				answered(w)
			})
			if _, err := e.Translate(within(t), request()); err == nil {
				t.Error("no error")
			}
			if got := asked.Load(); got != 1 {
				t.Errorf("asked %d times", got)
			}
		})
	}
}

// hanging is a server that begins an answer and never ends it, and says when
// it has begun.
func hanging(t *testing.T, header bool) (*gemini.Engine, <-chan struct{}) {
	began := make(chan struct{}, 8)
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if header {
			_, _ = io.WriteString(w, `{"candidates":[`)
			_ = http.NewResponseController(w).Flush()
		}
		began <- struct{}{}
		<-r.Context().Done()
	}), began
}

func TestContexts(t *testing.T) {
	for name, header := range map[string]bool{"before the answer": false, "in the answer": true} {
		t.Run("cancelled "+name, func(t *testing.T) {
			e, began := hanging(t, header)
			ctx, cancel := context.WithCancel(within(t))
			go func() { <-began; cancel() }()
			_, err := e.Translate(ctx, request())
			if err != context.Canceled { //nolint:errorlint // as it is, not wrapped
				t.Errorf("got %v", err)
			}
		})
		t.Run("too slow "+name, func(t *testing.T) {
			e, _ := hanging(t, header)
			ctx, cancel := context.WithTimeout(within(t), 50*time.Millisecond)
			defer cancel()
			_, err := e.Translate(ctx, request())
			if failed := failureOf(t, err); failed.Kind != engine.Unreachable || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("over before it begins", func(t *testing.T) {
		e := newEngine(t, gemini.Config{Transport: canned(200, response(goodDocument, "STOP"))})
		ctx, cancel := context.WithCancel(within(t))
		cancel()
		if err := e.Check(ctx, "gemini-2.5-flash", testKey); err != context.Canceled { //nolint:errorlint // as above
			t.Errorf("got %v", err)
		}
	})
}

// TestUnopenedConnections counts how often a connection is tried.
func TestUnopenedConnections(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	slow := func(wait time.Duration) roundTrip {
		return func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(wait):
				return nil, refused
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
	}
	fail := func(err error) roundTrip {
		return func(*http.Request) (*http.Response, error) { return nil, err }
	}
	tests := []struct {
		name     string
		fails    roundTrip
		times    int // how often it fails before it works
		deadline time.Duration
		tried    int
		works    bool
	}{
		{"at once", nil, 0, time.Minute, 1, true},
		{"the second time", fail(refused), 1, time.Minute, 2, true},
		{"the third time", fail(refused), 2, time.Minute, 3, true},
		{"never", fail(refused), 9, time.Minute, 3, false},
		{"never, through a proxy", fail(&net.OpError{Op: "proxyconnect", Err: refused}), 9, time.Minute, 3, false},
		{"never, and slowly", slow(2 * time.Second), 9, time.Minute, 1, false},
		{"the deadline is first", fail(refused), 9, 50 * time.Millisecond, 1, false},
		{"open, then broken", fail(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), 9, time.Minute, 1, false},
		{"no word of where", fail(io.ErrUnexpectedEOF), 9, time.Minute, 1, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tried := 0
				e := newEngine(t, gemini.Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					tried++
					body, err := io.ReadAll(r.Body)
					if err != nil || len(body) < 100 {
						t.Errorf("attempt %d has a body of %d bytes, %v", tried, len(body), err)
					}
					if tried <= test.times {
						return test.fails(r)
					}
					return answer(200, response(goodDocument, "STOP")), nil
				})})
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				began := time.Now()
				_, err := e.Translate(ctx, request())
				if took := time.Since(began); took > time.Second && tried > 1 {
					t.Errorf("it took %v", took)
				}
				if tried != test.tried || (err == nil) != test.works {
					t.Errorf("tried %d times: %v", tried, err)
				}
				if !test.works && failureOf(t, err).Kind != engine.Unreachable {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	e := newEngine(t, gemini.Config{BaseURL: "http://" + address})
	_, err = e.Translate(within(t), request())
	if failed := failureOf(t, err); failed.Kind != engine.Unreachable {
		t.Errorf("got %v", err)
	}
}

// TestErrorsThatHoldTheKey come from a transport that puts it into them in
// every disguise, wrapped in errors that would show it when unwrapped.
func TestErrorsThatHoldTheKey(t *testing.T) {
	for name, form := range map[string]string{
		"in clear": testKey, "as a query": url.QueryEscape(testKey), "as a path": url.PathEscape(testKey),
		"with small digits": strings.NewReplacer("%2B", "%2b", "%2F", "%2f", "%3D", "%3d").Replace(url.QueryEscape(testKey)),
		"quoted":            fmt.Sprintf("%q", testKey),
		"another one":       "AIzaSyA1234567890abcdefghij",
	} {
		t.Run(name, func(t *testing.T) {
			inner := fmt.Errorf("proxy said %s", form)
			for _, failing := range []error{
				inner,
				fmt.Errorf("%w, %w", inner, context.DeadlineExceeded),
				&net.OpError{Op: "read", Err: inner},
				&url.Error{Op: "Post", URL: "http://x/?key=" + url.QueryEscape(testKey), Err: inner},
			} {
				e := newEngine(t, gemini.Config{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, failing })})
				_, err := e.Translate(within(t), request())
				if failed := failureOf(t, err); failed.Kind != engine.Unreachable || !strings.Contains(err.Error(), "proxy said") {
					t.Errorf("got %v", err)
				}
				noSecrets(t, e.Check(within(t), "gemini-2.5-flash", testKey))
			}
		})
	}
}

// TestEveryRequestHasItsKey runs requests of many keys at once.
func TestEveryRequestHasItsKey(t *testing.T) {
	e := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		key := r.Header.Get("X-Goog-Api-Key")
		if !strings.Contains(string(body), "of "+key+".") {
			t.Errorf("%s was asked with by somebody else", key)
		}
		_, _ = io.WriteString(w, response(`{"blocks":[{"id":"b1","text":"`+key+`"}]}`, "STOP"))
	})
	var running sync.WaitGroup
	for i := range 32 {
		running.Go(func() {
			question := request()
			question.APIKey = fmt.Sprint("key-", i)
			question.Payload.Blocks = []engine.Block{{ID: "b1", Text: "of " + question.APIKey + "."}}
			got, err := e.Translate(within(t), question)
			if err != nil || got.Blocks[0].Text != question.APIKey {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	running.Wait()
}
