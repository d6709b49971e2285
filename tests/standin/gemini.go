// Package standin holds a stand-in for the Gemini API: an HTTP server on a
// loopback address that speaks Gemini's wire format, translates into made-up
// words of the right script, and misbehaves where it is told to.
//
//	server := standin.StartGemini(t, standin.Config{
//		Rules: []standin.Rule{
//			{Fault: standin.Missing, Numbers: []int{1}},
//			{Fault: standin.Safety, Holding: "poison"},
//			{Fault: standin.Unavailable, Chance: 0.1},
//		},
//	})
//	// GOOGLE_GEMINI_BASE_URL=server.URL
//
// It understands requests in the engine wire format alone: a JSON document
// with the blocks as the last user part, the instructions in the system
// instruction, and a response schema. Everything else is answered with a 400
// that says what is missing, so that a client which strays is found out.
// [Translate] computes the good answer to a block; [Gemini.Requests] tells
// what was asked.
//
// The forms of errors are Google's as they were seen in 2025 and 2026: the
// Generative Language API's error JSON with google.rpc details.
package standin

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Config says how the stand-in behaves. The zero value answers every request
// well and at once.
type Config struct {
	// Keys are the API keys accepted. Default: any that is not empty.
	Keys []string
	// Models are the names of the models known, without "models/". Default:
	// [Models]. Any other is answered 404 NOT_FOUND.
	Models []string
	// Latency is how long an answer to generateContent takes to begin.
	// Default: no time. Refusals of keys, models, requests and limits come at
	// once, as Google's do.
	Latency time.Duration
	// ThoughtTokens is what each answer reports as thoughtsTokenCount.
	// A request with a thinkingBudget of 0 has none. Default: 0.
	ThoughtTokens int
	// Whims are words that each request translates in one of several ways, as it
	// happens, unless the glossary says how. Default: none.
	Whims map[string][]string
	// Seed varies which requests a [Rule] with a Chance strikes.
	Seed uint64
	// Rules are the faults to make; the first that strikes wins.
	Rules []Rule
	// Limits are the limits that Google sets to a project and model; here each
	// key is a project of its own. Default: none.
	Limits Limits
	// Ended is told of every request when its answer is ready, or will never
	// be. Default: nobody is.
	Ended func(Request)
	// Now is the clock of the journal and the limits. Default: time.Now.
	Now func() time.Time
}

// Gemini is the stand-in. It is an [http.Handler].
type Gemini struct {
	// URL is the base URL to give to clients; "" where the handler is served
	// by someone else.
	URL string

	config  Config
	server  *http.Server
	closing chan struct{} // closed by Close
	gate    sync.Mutex    // orders running.Add before Close's Wait
	running sync.WaitGroup

	journal journal
	keys    keys
	rules   rules
	limiter limiter
}

var _ http.Handler = (*Gemini)(nil)

// NewGemini returns a stand-in that listens nowhere. Who serves it calls Close
// before the server's own shutdown, which ends the requests that hang.
func NewGemini(config Config) *Gemini {
	if config.Models == nil {
		config.Models = Models()
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	g := &Gemini{config: config, closing: make(chan struct{})}
	g.journal.changed = make(chan struct{})
	g.keys.accepted = config.Keys
	g.limiter.limits = config.Limits
	g.rules.seed = config.Seed
	g.Use(config.Rules...)
	return g
}

// StartGemini starts a stand-in on a free port of 127.0.0.1 and closes it with
// the test.
func StartGemini(t testing.TB, config Config) *Gemini {
	t.Helper()
	g := NewGemini(config)
	if err := g.Listen("127.0.0.1:0"); err != nil {
		t.Fatalf("start the stand-in for Gemini: %v", err)
	}
	t.Cleanup(g.Close)
	return g
}

// Listen serves on a TCP address until Close, and sets URL. It returns when
// the address is taken.
func (g *Gemini) Listen(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen for the stand-in: %w", err)
	}
	g.URL = "http://" + listener.Addr().String()
	g.server = &http.Server{
		Handler: g,
		// Broken connections are part of the play.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	g.running.Go(func() { _ = g.server.Serve(listener) })
	return nil
}

// Close ends every request, also those that hang, and waits until they have
// ended. It may be called more than once.
func (g *Gemini) Close() {
	g.gate.Lock()
	if !g.closed() {
		close(g.closing)
	}
	g.gate.Unlock()
	if g.server != nil {
		_ = g.server.Close()
	}
	g.running.Wait()
}

// enter lets a request in unless the stand-in is closed.
func (g *Gemini) enter() bool {
	g.gate.Lock()
	defer g.gate.Unlock()
	if g.closed() {
		return false
	}
	g.running.Add(1)
	return true
}

func (g *Gemini) closed() bool {
	select {
	case <-g.closing:
		return true
	default:
		return false
	}
}

// Use replaces the rules. The counts of requests go on.
func (g *Gemini) Use(rules ...Rule) { g.rules.use(rules) }

// wait waits out a duration and reports whether the client is still there.
func (g *Gemini) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-g.closing:
	}
	return false
}
