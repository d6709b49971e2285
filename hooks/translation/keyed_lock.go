package translation

import (
	"context"
	"sync"
)

// keyedLock is a lock for each key, for as long as somebody wants it. The zero value is
// ready.
type keyedLock struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when it is given back
}

// lock takes a key's lock, unless the context ends before it is free. The error is the
// context's.
func (l *keyedLock) lock(ctx context.Context, key string) (release func(), err error) {
	for {
		l.mu.Lock()
		busy := l.held[key]
		if busy == nil {
			if l.held == nil {
				l.held = map[string]chan struct{}{}
			}
			mine := make(chan struct{})
			l.held[key] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				defer l.mu.Unlock()
				delete(l.held, key)
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
