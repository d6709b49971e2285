package clerkauth

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

func tokenDigest(n int) digest { return sha256.Sum256(fmt.Append(nil, "token-", n)) }

func claimsUntil(n int, at time.Time) Claims {
	return Claims{UserID: fmt.Sprintf("user_%027d", n), SessionID: fmt.Sprintf("sess_%027d", n), ExpiresAt: at}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	t.Run("UntilItExpires", func(t *testing.T) {
		t.Parallel()
		m := newMemory(10)
		want := claimsUntil(1, begin.Add(time.Minute))
		m.remember(tokenDigest(1), want, begin, m.generation())
		if got, ok := m.recall(tokenDigest(1), begin.Add(time.Minute+clockSkew-1)); !ok || got != want {
			t.Errorf("got %v, %t", got, ok)
		}
		if _, ok := m.recall(tokenDigest(1), begin.Add(time.Minute+clockSkew)); ok {
			t.Error("it is remembered past its end")
		}
		if _, ok := m.recall(tokenDigest(2), begin); ok {
			t.Error("another token is remembered")
		}
	})
	t.Run("TheNewest", func(t *testing.T) {
		t.Parallel()
		m := newMemory(100)
		for n := range 1000 {
			m.remember(tokenDigest(n), claimsUntil(n, begin.Add(time.Hour)), begin, m.generation())
			m.remember(tokenDigest(n), claimsUntil(n, begin.Add(time.Hour)), begin, m.generation()) // twice at the same time
		}
		for n := range 1000 {
			if _, ok := m.recall(tokenDigest(n), begin); ok != (n >= 900) {
				t.Fatalf("token %d of 1000 is remembered: %t", n, ok)
			}
		}
		if len(m.claims) != 100 || len(m.queue) != 100 {
			t.Errorf("%d claims in a queue of %d", len(m.claims), len(m.queue))
		}
	})
	t.Run("NothingExpired", func(t *testing.T) {
		t.Parallel()
		m := newMemory(1000)
		for n := range 500 {
			m.remember(tokenDigest(n), claimsUntil(n, begin.Add(time.Minute)), begin, m.generation())
		}
		later := begin.Add(2 * time.Minute)
		m.remember(tokenDigest(500), claimsUntil(500, later.Add(time.Minute)), later, m.generation())
		if len(m.claims) != 1 || m.length != 1 {
			t.Errorf("%d claims are kept", len(m.claims))
		}
		m.forget()
		if _, ok := m.recall(tokenDigest(500), later); ok || len(m.claims) != 0 {
			t.Error("something is remembered after it was forgotten")
		}
		m.remember(tokenDigest(501), claimsUntil(501, later.Add(time.Minute)), later, m.generation())
		if _, ok := m.recall(tokenDigest(501), later); !ok {
			t.Error("nothing is remembered after it was forgotten once")
		}
	})
	t.Run("ManyAtOnce", func(t *testing.T) {
		t.Parallel()
		m := newMemory(50)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for n := range 500 {
					m.remember(tokenDigest(n%70), claimsUntil(n%70, begin.Add(time.Minute)), begin, m.generation())
					if got, ok := m.recall(tokenDigest(n%70), begin); ok && got.UserID != claimsUntil(n%70, begin).UserID {
						t.Errorf("token %d is remembered as that of %s", n%70, got.UserID)
					}
				}
			})
		}
		group.Wait()
	})
}

// BenchmarkMemory prints what a full memory costs, and a look into it.
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	now := time.Now()
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := newMemory(maxRemembered)
	for n := range maxRemembered {
		m.remember(tokenDigest(n), claimsUntil(n, now.Add(time.Hour)), now, m.generation())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	digest := tokenDigest(1)
	b.ReportAllocs()
	for b.Loop() {
		m.recall(digest, now)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/maxRemembered, "B/token")
	runtime.KeepAlive(m)
}

// TestRememberedTooLate holds that a token is not remembered whose key was looked
// up before everything was forgotten.
func TestRememberedTooLate(t *testing.T) {
	m := newMemory(10)
	begin := time.Now()
	generation := m.generation()
	m.forget()
	m.remember(tokenDigest(1), claimsUntil(1, begin.Add(time.Hour)), begin, generation)
	if _, ok := m.recall(tokenDigest(1), begin); ok {
		t.Error("it is remembered")
	}
}
