package clerkauth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
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
	// maxStale is how old a set may become while Clerk is out of reach.
	maxStale = 24 * time.Hour
	// warnInterval is the least time between two warnings about failed fetches.
	warnInterval = time.Minute
)

// keySet is the instance's key set, fetched from Clerk's Backend API when it
// is needed and kept for a while.
type keySet struct {
	backend clerk.Backend
	ttl     time.Duration
	now     func() time.Time
	logger  func() *slog.Logger

	mu           sync.Mutex
	keys         map[string]*rsa.PublicKey // by kid; nil before the first fetch
	fetchedAt    time.Time                 // when the fetch of keys began
	fetching     chan struct{}             // closed when the fetch under way ends; nil without one
	fetchErr     error                     // of the last fetch
	retryAt      time.Time                 // no further fetch of an outdated set before this
	unknownKidAt time.Time                 // the last fetch caused by an unknown kid
	warnedAt     time.Time
}

func newKeySet(backend clerk.Backend, ttl time.Duration, now func() time.Time, logger func() *slog.Logger) *keySet {
	return &keySet{backend: backend, ttl: ttl, now: now, logger: logger}
}

// key returns the key of that id. It waits for a fetch where one is due, no
// longer than ctx allows; the fetch itself goes on for whoever else waits.
func (s *keySet) key(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	if kid == "" {
		return nil, errKidMismatch()
	}
	if fetching := s.fetchFor(ctx, kid); fetching != nil {
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

// fetchFor returns the fetch that a request for kid has to wait for, and
// starts it where none is under way; nil where none is due.
func (s *keySet) fetchFor(ctx context.Context, kid string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.now()
	current := s.keys != nil && now.Sub(s.fetchedAt) < s.ttl
	switch {
	case current && s.keys[kid] != nil:
		return nil
	case s.fetching != nil:
		return s.fetching
	case current && now.Sub(s.unknownKidAt) < unknownKidInterval:
		return nil
	case !current && now.Before(s.retryAt):
		return nil
	}

	if current {
		s.unknownKidAt = now
	}
	s.fetching = make(chan struct{})
	// The fetch is for all who wait, so it must not end with the request that
	// happened to be first.
	go s.fetch(context.WithoutCancel(ctx), now)
	return s.fetching
}

func (s *keySet) fetch(ctx context.Context, began time.Time) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()

	var keys map[string]*rsa.PublicKey
	err := routine.SafeWrap(func() (err error) {
		keys, err = fetchKeys(ctx, s.backend)
		return err
	})()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetchErr = err
	if err == nil {
		s.keys, s.fetchedAt = keys, began
	} else {
		s.failed(err)
	}
	close(s.fetching)
	s.fetching = nil
}

// failed notes a failed fetch, and says so in the log. It needs s.mu.
func (s *keySet) failed(err error) {
	now := s.now()
	pause := coldRetryInterval
	if s.keys != nil {
		pause = warmRetryInterval
	}
	s.retryAt = now.Add(pause)
	if now.Sub(s.warnedAt) < warnInterval {
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

// keySetResponse is the answer of the endpoint jwks, with the keys undecoded:
// a key of a kind that the SDK does not know would otherwise cost all others,
// where RFC 7517, section 5, wants it ignored.
type keySetResponse struct {
	clerk.APIResource
	Keys []json.RawMessage `json:"keys"`
}

func fetchKeys(ctx context.Context, backend clerk.Backend) (map[string]*rsa.PublicKey, error) {
	var response keySetResponse
	if err := backend.Call(ctx, clerk.NewAPIRequest(http.MethodGet, "/jwks"), &response); err != nil {
		return nil, fmt.Errorf("fetch key set: %w", err)
	}
	keys := make(map[string]*rsa.PublicKey, len(response.Keys))
	for _, raw := range response.Keys {
		var jwk clerk.JSONWebKey
		if err := jwk.UnmarshalJSON(raw); err != nil {
			continue
		}
		if key := signingKey(&jwk); key != nil && keys[jwk.KeyID] == nil {
			keys[jwk.KeyID] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("fetch key set: it holds no key for RS256")
	}
	return keys, nil
}

// signingKey returns the key if it is one that session tokens are signed with.
func signingKey(jwk *clerk.JSONWebKey) *rsa.PublicKey {
	key, ok := jwk.Key.(*rsa.PublicKey)
	switch {
	case !ok, jwk.KeyID == "", key.N.BitLen() < minKeyBits:
		return nil
	case jwk.Use != "" && jwk.Use != "sig", jwk.Algorithm != "" && jwk.Algorithm != "RS256":
		return nil
	}
	return key
}
