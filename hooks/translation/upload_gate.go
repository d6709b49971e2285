package translation

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

const (
	// maxUploads bounds the uploads that are being received. Each costs one
	// file handle and a few buffers; the rest wait.
	maxUploads = 64
	// maxUserUploads bounds those of one user, so that nobody can hold all
	// places by sending slowly.
	maxUserUploads = 16
)

// errUploading says that a user has as many uploads under way as allowed.
var errUploading = errors.New("the user has too many uploads under way")

// uploadGate lets uploads in: so many at a time, and so many of one user.
type uploadGate struct {
	places *semaphore.Weighted

	mu     sync.Mutex
	byUser map[string]int
}

func newUploadGate() *uploadGate {
	return &uploadGate{places: semaphore.NewWeighted(maxUploads), byUser: map[string]int{}}
}

// enter waits for a place. The caller leaves with the returned function.
func (g *uploadGate) enter(ctx context.Context, userID string) (leave func(), err error) {
	g.mu.Lock()
	if g.byUser[userID] >= maxUserUploads {
		g.mu.Unlock()
		return nil, errUploading
	}
	g.byUser[userID]++
	g.mu.Unlock()

	leaveUser := func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.byUser[userID]--; g.byUser[userID] == 0 {
			delete(g.byUser, userID)
		}
	}
	if err := g.places.Acquire(ctx, 1); err != nil {
		leaveUser()
		return nil, err
	}
	return func() {
		g.places.Release(1)
		leaveUser()
	}, nil
}
