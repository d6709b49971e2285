package translation

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// errBusy says that a user has as many of something under way as allowed.
var errBusy = errors.New("the user has too many of these under way")

// gate lets work in that costs memory or holds a connection: so much at a time,
// for which the rest waits, and so much of one user, beyond which he is turned
// away, so that nobody can hold all places.
type gate struct {
	places  *semaphore.Weighted
	perUser int

	mu     sync.Mutex
	byUser map[string]int
}

func newGate(places int64, perUser int) *gate {
	return &gate{places: semaphore.NewWeighted(places), perUser: perUser, byUser: map[string]int{}}
}

// enter waits for a place. The caller leaves with the returned function.
func (g *gate) enter(ctx context.Context, userID string) (leave func(), err error) {
	if !g.admit(userID) {
		return nil, errBusy
	}
	if err := g.places.Acquire(ctx, 1); err != nil {
		g.release(userID)
		return nil, err
	}
	return func() {
		g.places.Release(1)
		g.release(userID)
	}, nil
}

func (g *gate) admit(userID string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.byUser[userID] >= g.perUser {
		return false
	}
	g.byUser[userID]++
	return true
}

func (g *gate) release(userID string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.byUser[userID]--; g.byUser[userID] == 0 {
		delete(g.byUser, userID)
	}
}
