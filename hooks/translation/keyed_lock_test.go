package translation

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// TestKeyedLock has many want the lock of one key, which one of them has at a time, while
// another key's is free; and whoever stops waiting does not get it.
func TestKeyedLock(t *testing.T) {
	var locks keyedLock
	other, err := locks.lock(t.Context(), "other")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	inside := 0 // guarded by the lock, as the race detector sees
	for range 8 {
		all.Go(func() {
			for range 100 {
				release, err := locks.lock(t.Context(), "one")
				if err != nil {
					t.Error(err)
					return
				}
				if inside++; inside != 1 {
					t.Errorf("%d hold the lock", inside)
				}
				inside--
				release()
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := locks.lock(ctx, "other"); !errors.Is(err, context.Canceled) {
		t.Errorf("who stopped waiting got %v", err)
	}
	other()
	if len(locks.held) != 0 {
		t.Errorf("%d keys are left", len(locks.held))
	}
}
