package gemini

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

const (
	// maxAnswerBytes bounds an answer's body, unpacked. The longest answer of
	// 65,536 tokens is below a megabyte, escapes and all.
	maxAnswerBytes = 16 << 20
	// maxRefusalBytes is how much of an error's body is read; Google's are some
	// 3 KB, and what is longer is somebody's page.
	maxRefusalBytes = 256 << 10

	// dialAttempts and dialPatience bound how often and how long a connection
	// is tried for.
	dialAttempts = 3
	dialPatience = time.Second
)

var errTooLong = errors.New("the answer is longer than any that the model can give")

// exchange is one request on the wire: what the transport needs for it, and
// what it saw. It travels in the request's context, because the SDK drops
// headers and hides which status came with which body.
type exchange struct {
	key string

	// status is 0 where no answer began to arrive.
	status int
	header http.Header
	// refusal is the body of an answer that is not a success.
	refusal []byte
	// received counts a successful answer's bytes, and broken is why their
	// reading ended before the end.
	received int64
	broken   error
}

type exchangeKey struct{}

func (x *exchange) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func (x *exchange) succeeded() bool { return x.status >= 200 && x.status < 300 }

// wire is the transport below the SDK. It sets the key, opens connections with
// patience, bounds what is read, and notes what was answered. It logs nothing.
type wire struct{ base http.RoundTripper }

func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: dialer.DialContext,
		// With HTTP/2 the requests share a few connections. With HTTP/1, as
		// through some proxies, each holds one of its own, and those should
		// not be closed and opened again for every request.
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    256,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		// A connection on which nothing arrives any more would otherwise take
		// every request that shares it along until the last deadline.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 20 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// RoundTrip implements [http.RoundTripper].
func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	sent, ok := request.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errors.New("a request that no exchange belongs to")
	}
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	response, err := w.send(request, sent.key)
	if err != nil {
		return nil, err
	}
	sent.status, sent.header = response.StatusCode, response.Header
	if sent.succeeded() {
		response.Body = &answerBody{ReadCloser: response.Body, sent: sent}
		return response, nil
	}
	// What arrived of a refusal is enough to tell its kind by the status.
	sent.refusal, _ = io.ReadAll(io.LimitReader(response.Body, maxRefusalBytes))
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(sent.refusal))
	return response, nil
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (w *wire) CloseIdleConnections() {
	if base, ok := w.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// send sends a request once. Only opening a connection for it is tried more
// than once: until there is one, the server cannot have received anything.
func (w *wire) send(request *http.Request, key string) (*http.Response, error) {
	began := time.Now()
	pause := 100 * time.Millisecond
	for attempt := 1; ; attempt++ {
		outgoing := request.Clone(request.Context())
		outgoing.Header.Set("X-Goog-Api-Key", key)
		if attempt > 1 && request.GetBody != nil {
			body, err := request.GetBody()
			if err != nil {
				return nil, err
			}
			outgoing.Body = body
		}
		response, err := w.base.RoundTrip(outgoing)
		again := request.Body == nil || request.GetBody != nil
		if err == nil || attempt == dialAttempts || !again || !neverSent(err) {
			return response, err
		}
		// Half of each pause is drawn, so that requests that failed together
		// do not come back together.
		wait := pause + rand.N(pause)
		pause *= 2
		if time.Since(began)+wait > dialPatience || rest(request.Context(), wait) != nil {
			return nil, err
		}
	}
}

// neverSent reports whether a request failed while its connection was being
// opened, to the server or to the proxy before it.
func neverSent(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && (failed.Op == "dial" || failed.Op == "proxyconnect")
}

func rest(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answerBody bounds a successful answer and notes how its reading ended.
type answerBody struct {
	io.ReadCloser
	sent *exchange
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.sent.received += int64(n)
	if b.sent.received > maxAnswerBytes {
		err = errTooLong
	}
	if err != nil && err != io.EOF {
		b.sent.broken = err
	}
	return n, err
}
