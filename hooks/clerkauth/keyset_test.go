package clerkauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"

	"verso/hooks/clerkauth"
)

// fixture is a verifier that fetches its keys from a stand-in.
type fixture struct {
	*clock
	clerk    *fakeClerk
	verifier *clerkauth.Verifier
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	c, fake := newClock(), newFakeClerk(t)
	return &fixture{clock: c, clerk: fake, verifier: newVerifier(t, c, func(config *clerkauth.Config) {
		config.JWTKey, config.Backend = "", fake.backend
	})}
}

// verify verifies a token that is good at this moment, signed by the key of
// that id: the rotated key for any but Clerk's first one.
func (f *fixture) verify(t testing.TB, kid string) error {
	t.Helper()
	key := rotatedKey()
	if kid == keyID {
		key = clerkKey()
	}
	_, err := f.verifier.Verify(t.Context(), sign(key, goodHeader().with(set{"kid": kid}), f.goodClaims()))
	return err
}

func (f *fixture) assertFetches(t testing.TB, want int32) {
	t.Helper()
	if n := f.clerk.fetches.Load(); n != want {
		t.Fatalf("%d fetches, want %d", n, want)
	}
}

func mustOK(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustBeUnavailable(t testing.TB, err error) {
	t.Helper()
	var refusal *clerkauth.Refusal
	if !errors.Is(err, clerkauth.ErrKeysUnavailable) || errors.As(err, &refusal) {
		t.Fatalf("got %v, want ErrKeysUnavailable", err)
	}
}

func TestKeySetColdConcurrently(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if err := f.verify(t, keyID); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	f.assertFetches(t, 1)
}

func TestKeySetUnknownKid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	mustOK(t, f.verify(t, keyID))

	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			var refusal *clerkauth.Refusal
			if err := f.verify(t, "made-up"); !errors.As(err, &refusal) || refusal.Reason != clerkauth.ReasonKidMismatch {
				t.Errorf("got %v", err)
			}
		})
	}
	group.Wait()
	f.assertFetches(t, 2)

	// A rotated key is found, but no sooner than the interval allows.
	f.clerk.change(func() { f.clerk.keys = []any{jwkOf("ins_key2", rotatedKey())} })
	f.advance(9 * time.Second)
	assertRefusal(t, f.verify(t, "ins_key2"), clerkauth.ReasonKidMismatch)
	f.advance(time.Second)
	mustOK(t, f.verify(t, "ins_key2"))
	f.assertFetches(t, 3)
	// What was taken out of the set no longer counts.
	assertRefusal(t, f.verify(t, keyID), clerkauth.ReasonKidMismatch)
}

func TestKeySetUnknownKidCold(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	assertRefusal(t, f.verify(t, "made-up"), clerkauth.ReasonKidMismatch)
	f.assertFetches(t, 1)
	assertRefusal(t, f.verify(t, ""), clerkauth.ReasonKidMismatch)
	f.assertFetches(t, 1)
}

func TestKeySetExpires(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	mustOK(t, f.verify(t, keyID))
	f.advance(29 * time.Minute)
	mustOK(t, f.verify(t, keyID))
	f.assertFetches(t, 1)

	// Use does not prolong it, so a removed key ends with the hour.
	f.clerk.change(func() { f.clerk.keys = []any{jwkOf("ins_key2", rotatedKey())} })
	f.advance(31 * time.Minute)
	assertRefusal(t, f.verify(t, keyID), clerkauth.ReasonKidMismatch)
	f.assertFetches(t, 2)
}

// TestKeySetRefreshesBeside holds that nobody waits for the fetch that half a
// lifetime brings, and that a token which was verified with a key that has gone
// by then counts no more.
func TestKeySetRefreshesBeside(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := sign(clerkKey(), goodHeader(), f.goodClaims().with(set{"exp": f.in(7200)}))
	_, err := f.verifier.Verify(t.Context(), token)
	mustOK(t, err)

	waiting := make(chan struct{})
	f.clerk.change(func() {
		f.clerk.waiting = waiting
		f.clerk.keys = []any{jwkOf("ins_key2", rotatedKey())}
	})
	f.advance(31 * time.Minute)
	mustOK(t, f.verify(t, keyID)) // while Clerk does not answer
	_, err = f.verifier.Verify(t.Context(), token)
	mustOK(t, err)
	close(waiting)
	f.verifier.Wait()
	_, err = f.verifier.Verify(t.Context(), token)
	assertRefusal(t, err, clerkauth.ReasonKidMismatch)
	f.assertFetches(t, 3) // once more, because of the unknown kid
}

// TestKeySetRun lets nobody ask: the set is fetched at the start and at half of
// each lifetime, and more often while Clerk is out of reach.
func TestKeySetRun(t *testing.T) {
	app := newApp(t)
	synctest.Test(t, func(t *testing.T) {
		backend := &keysBackend{keys: []any{jwkOf(keyID, clerkKey())}}
		verifier, err := clerkauth.NewVerifier(app, clerkauth.Config{Issuer: issuer, Backend: backend, Now: time.Now})
		mustOK(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { verifier.KeepKeys(ctx) })
		defer running.Wait()
		defer cancel()
		assert := func(after time.Duration, want int32) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			if n := backend.fetches.Load(); n != want {
				t.Fatalf("%d fetches, want %d", n, want)
			}
		}
		assert(0, 1)
		assert(29*time.Minute, 1)
		assert(time.Minute, 2)
		backend.down.Store(true)
		assert(30*time.Minute, 3)
		assert(10*time.Second, 4)
		assert(10*time.Second, 5)
		backend.down.Store(false)
		assert(10*time.Second, 6)
		assert(29*time.Minute, 6)
		assert(time.Minute, 7)
	})
}

// keysBackend is Clerk's Backend API without a network, which a test's own time
// could not pass over.
type keysBackend struct {
	keys    []any
	fetches atomic.Int32
	down    atomic.Bool
}

func (b *keysBackend) Call(_ context.Context, _ *clerk.APIRequest, into clerk.ResponseReader) error {
	b.fetches.Add(1)
	if b.down.Load() {
		return errors.New("out of reach")
	}
	return json.Unmarshal(mustJSON(set{"keys": b.keys}), into)
}

// TestKeySetUnknownKidsAtOnce holds that a thousand made-up kids cause one fetch,
// and keep nobody waiting whose key is known.
func TestKeySetUnknownKidsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	mustOK(t, f.verify(t, keyID))
	waiting := make(chan struct{})
	f.clerk.change(func() { f.clerk.waiting = waiting })
	var group sync.WaitGroup
	for i := range 1000 {
		token := sign(attackerKey(), goodHeader().with(set{"kid": fmt.Sprint("made-up-", i)}), f.goodClaims())
		group.Go(func() {
			if _, err := f.verifier.Verify(t.Context(), token); err == nil {
				t.Error("a made-up key counts")
			}
		})
	}
	mustOK(t, f.verify(t, keyID)) // the fetch has not been answered
	close(waiting)
	group.Wait()
	f.assertFetches(t, 2)
}

func TestKeySetOutageCold(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.clerk.change(func() { f.clerk.down = true })
	mustBeUnavailable(t, f.verify(t, keyID))
	mustBeUnavailable(t, f.verify(t, keyID))
	f.assertFetches(t, 1)

	f.clerk.change(func() { f.clerk.down = false })
	f.advance(time.Second)
	mustOK(t, f.verify(t, keyID))
	f.assertFetches(t, 2)
}

func TestKeySetOutageWarm(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	mustOK(t, f.verify(t, keyID))
	f.clerk.change(func() { f.clerk.down = true })

	// An unknown kid may be good: nobody can tell.
	mustBeUnavailable(t, f.verify(t, "ins_key2"))
	mustBeUnavailable(t, f.verify(t, "ins_key2"))
	f.assertFetches(t, 2)

	f.advance(2 * time.Hour)
	mustOK(t, f.verify(t, keyID))
	mustOK(t, f.verify(t, keyID))
	f.assertFetches(t, 3)

	f.advance(21*time.Hour + 59*time.Minute)
	mustOK(t, f.verify(t, keyID))
	f.advance(time.Minute)
	mustBeUnavailable(t, f.verify(t, keyID))

	f.clerk.change(func() { f.clerk.down = false })
	f.advance(10 * time.Second)
	mustOK(t, f.verify(t, keyID))
}

func TestKeySetCallerGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	waiting := make(chan struct{})
	f.clerk.change(func() { f.clerk.waiting = waiting })

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.verifier.Verify(ctx, f.goodToken()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// The fetch that he began serves the next.
	close(waiting)
	mustOK(t, f.verify(t, keyID))
	f.assertFetches(t, 1)
}

func TestKeySetTakesOnlySigningKeys(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		keys []any
		ok   bool
	}{
		{"AlgAndUseMissing", []any{jwkOf(keyID, clerkKey()).with(set{"alg": nil, "use": nil})}, true},
		{"AmongOthers", []any{nil, set{"kty": "new-kind"}, set{"kty": "oct", "kid": keyID, "k": "c2VjcmV0"}, jwkOf(keyID, clerkKey())}, true},
		{"FirstOfAKid", []any{jwkOf(keyID, clerkKey()), jwkOf(keyID, attackerKey())}, true},
		{"ForEncryption", []any{jwkOf(keyID, clerkKey()).with(set{"use": "enc"})}, false},
		{"ForAnotherAlgorithm", []any{jwkOf(keyID, clerkKey()).with(set{"alg": "RS512"})}, false},
		{"Short", []any{jwkOf(keyID, shortKey())}, false},
		{"WithoutKid", []any{jwkOf("", clerkKey())}, false},
		{"None", []any{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.clerk.change(func() { f.clerk.keys = test.keys })
			err := f.verify(t, keyID)
			if test.ok {
				mustOK(t, err)
			} else {
				mustBeUnavailable(t, err)
			}
		})
	}
}
