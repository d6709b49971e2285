package clerkauth

import (
	"strconv"
	"testing"
	"time"
)

// This test is inside the package because how much a limiter remembers cannot
// be seen from outside.
func TestLimiter(t *testing.T) {
	t.Parallel()

	newTestLimiter := func() (*limiter, *time.Time) {
		now := time.Date(2026, 10, 7, 12, 0, 0, 0, time.UTC)
		return newLimiter(func() time.Time { return now }), &now
	}

	t.Run("ClockSetBack", func(t *testing.T) {
		t.Parallel()
		l, now := newTestLimiter()
		for range 31 {
			l.fail("a")
		}
		l.fail("b")
		*now = now.Add(-time.Hour)
		if wait := l.fail("a"); wait != 0 {
			t.Errorf("after the clock was set back the address waits %s", wait)
		}
		if n := len(l.addresses); n != 1 {
			t.Errorf("%d addresses are remembered, of which one failed since", n)
		}
	})

	t.Run("SlidingWindow", func(t *testing.T) {
		t.Parallel()
		l, now := newTestLimiter()
		for i := range 30 {
			if wait := l.fail("a"); wait != 0 {
				t.Fatalf("failure %d waits %s", i+1, wait)
			}
			*now = now.Add(200 * time.Millisecond)
		}
		// 6 s have passed since the first one.
		if wait := l.fail("a"); wait != 4*time.Second {
			t.Errorf("wait %s, want 4s", wait)
		}
		if wait := l.fail("b"); wait != 0 {
			t.Errorf("another address waits %s", wait)
		}
		*now = now.Add(4 * time.Second)
		if wait := l.fail("a"); wait != 0 {
			t.Errorf("wait %s after the first failure is forgotten", wait)
		}
		if wait := l.fail("a"); wait != 200*time.Millisecond {
			t.Errorf("wait %s for the second failure to be forgotten", wait)
		}
	})

	t.Run("ForgetsQuietAddresses", func(t *testing.T) {
		t.Parallel()
		l, now := newTestLimiter()
		for i := range 1000 {
			l.fail(strconv.Itoa(i))
		}
		*now = now.Add(failureWindow)
		l.fail("a")
		if len(l.addresses) != 1 || l.byLast.Len() != 1 {
			t.Errorf("%d and %d addresses, want 1", len(l.addresses), l.byLast.Len())
		}
	})

	t.Run("Bounded", func(t *testing.T) {
		t.Parallel()
		l, _ := newTestLimiter()
		for range maxFailures {
			l.fail("first")
		}
		for i := range maxAddresses + 100 {
			if i%100 == 0 {
				l.fail("first") // refused, and no news
			}
			l.fail(strconv.Itoa(i))
		}
		if len(l.addresses) != maxAddresses || l.byLast.Len() != maxAddresses {
			t.Errorf("%d and %d addresses, want %d", len(l.addresses), l.byLast.Len(), maxAddresses)
		}
	})
}
