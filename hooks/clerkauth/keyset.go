package clerkauth

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/tools/routine"
)

const (
	// fetchTimeout bounds one fetch of the key set, which is as long as the
	// SDK's own HTTP client waits.
	fetchTimeout = 5 * time.Second
	// unknownKidInterval is the least time between two fetches that an unknown
	// kid causes: anyone can make up kids, and Clerk's limit is 100 requests in
	// 10 s for a development instance.
	unknownKidInterval = 10 * time.Second
	// coldRetryInterval and warmRetryInterval are the pauses after a failed
	// fetch without and with an older set to go on with.
	coldRetryInterval = time.Second
	warmRetryInterval = 10 * time.Second
	// outageMemory is how long after a failed fetch an outage is assumed, in
	// which nobody waits for another one.
	outageMemory = 2 * (warmRetryInterval + fetchTimeout)
	// maxStale is how old a set may become while Clerk is out of reach.
	maxStale = 24 * time.Hour
	// warnInterval is the least time between two warnings about failed fetches.
	warnInterval = time.Minute
)

// keySet is the instance's key set, fetched from Clerk's Backend API and kept
// for its lifetime. It is fetched anew when half of that is over, so that in the
// ordinary way of things nobody ever waits for it, and a key that was removed at
// Clerk is forgotten in half a lifetime. Past its lifetime it counts in an outage
// alone.
type keySet struct {
	backend clerk.Backend
	ttl     time.Duration
	now     func() time.Time
	logger  func() *slog.Logger
	removed func() // called when a key was removed; without mu

	base    context.Context // of every fetch
	stop    context.CancelFunc
	fetches sync.WaitGroup

	mu           sync.Mutex
	keys         map[string]*rsa.PublicKey // by kid; nil before the first fetch
	fetchedAt    time.Time                 // when the fetch of keys began
	fetching     chan struct{}             // closed when the fetch under way ends; nil without one
	fetchErr     error                     // of the last fetch
	failedAt     time.Time                 // when the last fetch that failed did so
	retryAt      time.Time                 // no further fetch of an outdated set before this
	unknownKidAt time.Time                 // the last fetch caused by an unknown kid
	warnedAt     time.Time
	fetched      int // fetches that succeeded
	failures     int // and those that did not
	closed       bool
}

func newKeySet(backend clerk.Backend, ttl time.Duration, now func() time.Time, logger func() *slog.Logger) *keySet {
	s := &keySet{backend: backend, ttl: ttl, now: now, logger: logger, removed: func() {}}
	s.base, s.stop = context.WithCancel(context.Background())
	return s
}

// close ends a fetch under way and waits for it. Nothing is fetched any more.
func (s *keySet) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.fetches.Wait()
}

// run keeps the set fresh until the context ends, so that neither the first
// request nor the first one after a quiet night waits for it.
func (s *keySet) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.base.Done():
			return
		case <-timer.C:
		}
		if fetching := s.refresh(); fetching != nil {
			select {
			case <-ctx.Done():
				return
			case <-fetching:
			}
		}
		timer.Reset(s.untilRefresh())
	}
}

// refresh returns the fetch under way, which it starts if one is due; nil where
// none is.
func (s *keySet) refresh() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); !s.fresh(now) {
		s.startFetch(now)
	}
	return s.fetching
}

// untilRefresh returns how long it is until a fetch is due.
func (s *keySet) untilRefresh() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := s.fetchedAt.Add(s.ttl / 2)
	if s.retryAt.After(due) {
		due = s.retryAt
	}
	return max(due.Sub(s.now()), 0)
}

// fresh reports whether no fetch is due. The caller holds mu.
func (s *keySet) fresh(now time.Time) bool {
	return s.keys != nil && now.Sub(s.fetchedAt) < s.ttl/2
}

// key returns the key of that id. It waits for a fetch where nothing can be said
// without one, no longer than ctx allows; the fetch goes on for whoever else
// waits.
func (s *keySet) key(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	if kid == "" {
		return nil, errKidMismatch()
	}
	if fetching := s.neededFetch(kid); fetching != nil {
		select {
		case <-fetching:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the key set: %w", ctx.Err())
		}
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now().Sub(s.fetchedAt) < max(s.ttl, maxStale) {
		if key := s.keys[kid]; key != nil {
			return key, nil
		}
	}
	if s.fetchErr != nil {
		// Clerk may have the key by now, so the token is not to blame.
		return nil, fmt.Errorf("%w: %w", ErrKeysUnavailable, s.fetchErr)
	}
	return nil, errKidMismatch()
}

func errKidMismatch() error {
	return &Refusal{ReasonKidMismatch,
		"The session token was signed with a key that this Clerk instance does not have. Sign in again."}
}

// neededFetch returns the fetch that a request for kid has to wait for; nil where
// it need not. It starts what is due.
func (s *keySet) neededFetch(kid string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.now()
	known := s.keys[kid] != nil
	counts := s.keys != nil && now.Sub(s.fetchedAt) < s.ttl
	outage := s.fetchErr != nil && now.Sub(s.failedAt) < outageMemory && now.Sub(s.fetchedAt) < maxStale
	switch {
	case known && (counts || outage):
		// Half a lifetime old, or older in an outage: it is fetched beside.
		if !s.fresh(now) {
			s.startFetch(now)
		}
		return nil
	case !counts:
		s.startFetch(now)
	case s.fetching == nil && now.Sub(s.unknownKidAt) >= unknownKidInterval:
		s.unknownKidAt = now
		s.retryAt = time.Time{}
		s.startFetch(now)
	}
	return s.fetching
}

// startFetch starts a fetch, unless one is under way or the last one failed a
// moment ago. The caller holds mu.
func (s *keySet) startFetch(now time.Time) {
	if s.fetching != nil || s.closed || now.Before(s.retryAt) {
		return
	}
	s.fetching = make(chan struct{})
	// Not under a request's context: it is for all who wait.
	s.fetches.Go(func() { s.fetch(now) })
}

func (s *keySet) fetch(began time.Time) {
	ctx, cancel := context.WithTimeout(s.base, fetchTimeout)
	defer cancel()

	var keys map[string]*rsa.PublicKey
	err := routine.SafeWrap(func() (err error) {
		keys, err = fetchKeys(ctx, s.backend)
		return err
	})()
	if s.take(keys, began, err) {
		s.removed()
	}
}

// take notes how a fetch ended, and reports whether a key has gone with it.
func (s *keySet) take(keys map[string]*rsa.PublicKey, began time.Time, err error) (removed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		close(s.fetching)
		s.fetching = nil
	}()
	s.fetchErr = err
	if err != nil {
		s.failures++
		s.failed(err)
		return false
	}
	s.fetched++
	for kid, key := range s.keys {
		removed = removed || keys[kid] == nil || !key.Equal(keys[kid])
	}
	s.keys, s.fetchedAt, s.retryAt = keys, began, time.Time{}
	return removed
}

// failed notes a failed fetch, and says so in the log. The caller holds mu.
func (s *keySet) failed(err error) {
	now := s.now()
	pause := coldRetryInterval
	if s.keys != nil {
		pause = warmRetryInterval
	}
	s.failedAt, s.retryAt = now, now.Add(pause)
	if now.Sub(s.warnedAt) < warnInterval || errors.Is(err, context.Canceled) {
		return
	}
	s.warnedAt = now
	if s.keys == nil {
		s.logger().Warn("no session token can be verified: the key set of Clerk cannot be had", "error", err)
		return
	}
	s.logger().Warn("session tokens are verified with an older key set: Clerk's cannot be had",
		"error", err, "fetchedAt", s.fetchedAt)
}
