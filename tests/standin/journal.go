package standin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// Kind is what a request wants.
type Kind string

// The kinds of requests.
const (
	// Translation is a generateContent request with blocks, or one that cannot
	// be read at all.
	Translation Kind = "translation"
	// Analysis is a generateContent request with a task.
	Analysis Kind = "analysis"
	// Count is a countTokens request.
	Count Kind = "count"
	// Lookup asks for a model or for all of them, as clients do to check a key.
	Lookup Kind = "lookup"
	// Anything is no kind of request; a [Rule] with it strikes all of them.
	Anything Kind = "anything"
)

// Request is an entry of the journal.
type Request struct {
	// Kind is what was asked for, and Number counts the requests of this kind
	// from 1, refused ones included, in the order in which they were read.
	Kind   Kind
	Number int
	// Arrived is when the request had been read, Ended when its answer was
	// ready to be sent or its client gone; zero while it is in flight.
	Arrived, Ended time.Time
	// InFlight counts the generateContent requests in flight when this one
	// had arrived, itself included.
	InFlight int

	// Path is the URL's path and Model the model's name in it, without
	// "models/".
	Path, Model string
	// KeyDigest is the first half of the API key's SHA-256 in hexadecimal, ""
	// where there was no key. [Request.UsedKey] compares.
	KeyDigest string
	// UserAgent is the client's.
	UserAgent string
	// Body is the request's body.
	Body []byte
	// System is the text of the system instruction.
	System string
	// Payload is the data, zero where it could not be read.
	Payload Payload
	// InputTokens is what the answer reports as promptTokenCount.
	InputTokens int
	// OutputTokens is what it reports as candidatesTokenCount; 0 where there is
	// no answer.
	OutputTokens int

	// Fault is the fault that a rule struck with, "" for none.
	Fault Fault
	// Status is the HTTP status answered; 0 while there is none, and where the
	// connection ended without.
	Status int
	// Gone says that the client went away before the answer was ready.
	Gone bool
}

// UsedKey reports whether the request came with this API key.
func (r Request) UsedKey(key string) bool { return r.KeyDigest == DigestKey(key) }

// DigestKey returns how the journal shows an API key.
func DigestKey(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:sha256.Size/2])
}

// Translations returns the requests that are translations.
func Translations(requests []Request) []Request {
	return slices.DeleteFunc(slices.Clone(requests), func(r Request) bool { return r.Kind != Translation })
}

// Requests returns the journal: all requests so far, in order of arrival.
func (g *Gemini) Requests() []Request { return g.journal.snapshot() }

// Translations returns the journal's translation requests, in order of arrival.
func (g *Gemini) Translations() []Request { return Translations(g.journal.snapshot()) }

// MostInFlight returns how many generateContent requests were in flight at
// once at most. A request leaves when its answer is ready, before its client
// can know; one that was abandoned leaves when the stand-in notices, which may
// be after the client's next request.
func (g *Gemini) MostInFlight() int {
	g.journal.Lock()
	defer g.journal.Unlock()
	return g.journal.mostInFlight
}

// MostInWindow returns the most generateContent requests, and the most input
// tokens, that arrived within any window of a length, refused ones included.
func (g *Gemini) MostInWindow(length time.Duration) (requests, inputTokens int) {
	return FullestWindow(g.journal.snapshot(), length)
}

// FullestWindow returns the most generateContent requests, and the most input
// tokens, that arrived within any half-open window of a length. The two may be
// of different windows.
func FullestWindow(all []Request, length time.Duration) (requests, inputTokens int) {
	all = slices.DeleteFunc(slices.Clone(all), func(r Request) bool { return !r.Kind.generates() })
	slices.SortStableFunc(all, func(a, b Request) int { return a.Arrived.Compare(b.Arrived) })
	first, tokens := 0, 0
	for i, request := range all {
		tokens += request.InputTokens
		for !request.Arrived.Before(all[first].Arrived.Add(length)) {
			tokens -= all[first].InputTokens
			first++
		}
		requests, inputTokens = max(requests, i-first+1), max(inputTokens, tokens)
	}
	return requests, inputTokens
}

// Await returns when the journal meets a condition, which is asked again at
// every change, or with the context's error.
func (g *Gemini) Await(ctx context.Context, met func([]Request) bool) error {
	for {
		changed := g.journal.next()
		if met(g.journal.snapshot()) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("await requests: %w", ctx.Err())
		}
	}
}

// awaitLimit is how long MustAwait waits for what is surely not coming any
// more.
const awaitLimit = time.Minute

// MustAwait is [Gemini.Await] for a test: it fails the test after a minute.
func (g *Gemini) MustAwait(t testing.TB, met func([]Request) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), awaitLimit)
	defer cancel()
	if err := g.Await(ctx, met); err != nil {
		t.Fatalf("%v; %d requests came", err, len(g.Requests()))
	}
}

func (k Kind) generates() bool { return k == Translation || k == Analysis }

// journal is what was asked, in order of arrival.
type journal struct {
	sync.Mutex
	requests               []*Request
	numbers                map[Kind]int
	inFlight, mostInFlight int
	changed                chan struct{}
}

// begin notes a request that has been read.
func (j *journal) begin(request Request) *Request {
	j.Lock()
	defer j.Unlock()
	if j.numbers == nil {
		j.numbers = map[Kind]int{}
	}
	j.numbers[request.Kind]++
	request.Number = j.numbers[request.Kind]
	if request.Kind.generates() {
		j.inFlight++
		j.mostInFlight = max(j.mostInFlight, j.inFlight)
	}
	request.InFlight = j.inFlight
	entry := new(request)
	j.requests = append(j.requests, entry)
	j.broadcast()
	return entry
}

// end notes that a request's answer is ready or will never be, and reports
// whether it was not noted before.
func (j *journal) end(entry *Request, now time.Time) (ended Request, first bool) {
	j.change(func() {
		if first = entry.Ended.IsZero(); !first {
			return
		}
		entry.Ended = now
		if entry.Kind.generates() {
			j.inFlight--
		}
		ended = *entry
	})
	return ended, first
}

func (j *journal) change(change func()) {
	j.Lock()
	defer j.Unlock()
	change()
	j.broadcast()
}

func (j *journal) broadcast() {
	close(j.changed)
	j.changed = make(chan struct{})
}

// next returns a channel that is closed at the next change.
func (j *journal) next() <-chan struct{} {
	j.Lock()
	defer j.Unlock()
	return j.changed
}

func (j *journal) snapshot() []Request {
	j.Lock()
	defer j.Unlock()
	requests := make([]Request, len(j.requests))
	for i, entry := range j.requests {
		requests[i] = *entry
	}
	return requests
}
