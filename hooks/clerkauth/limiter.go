package clerkauth

import (
	"container/list"
	"sync"
	"time"
)

const (
	// maxFailures in failureWindow are answered with 401 for one address, as
	// the contract has it; what fails beyond gets 429.
	maxFailures   = 30
	failureWindow = 10 * time.Second
	// maxAddresses bounds the memory to some 3 MB. Beyond it the address that
	// has not failed for longest is forgotten.
	maxAddresses = 10_000
)

// limiter counts failed tokens per address. PocketBase's own rate limit runs
// after this package's middleware and never sees them.
//
// Good tokens never ask it: a proxy can stand for many people, and one of them
// must not be able to lock out the others. Each call takes constant time.
type limiter struct {
	now func() time.Time

	mu        sync.Mutex
	addresses map[string]*list.Element
	byLast    *list.List // of *failures, the last to fail in front
}

// failures is a ring of the latest failures of one address.
type failures struct {
	address string
	times   [maxFailures]int64 // Unix nanoseconds; 0 for none
	next    int                // the oldest, and the place of the next one
	last    int64
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, addresses: map[string]*list.Element{}, byLast: list.New()}
}

// fail counts one failure of address. It returns 0 while the address is within
// its limit, and otherwise how long it is until its failures count again;
// those beyond the limit are not counted, so that this is the truth.
func (l *limiter) fail(address string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()

	now := l.now().UnixNano()
	l.forgetOutside(now-int64(failureWindow), now)

	element := l.addresses[address]
	if element == nil {
		if l.byLast.Len() >= maxAddresses {
			l.forget(l.byLast.Back())
		}
		element = l.byLast.PushFront(&failures{address: address})
		l.addresses[address] = element
	}
	f := element.Value.(*failures)
	if oldest := f.times[f.next]; oldest != 0 {
		if wait := time.Duration(oldest - now + int64(failureWindow)); wait > 0 {
			return wait
		}
	}
	f.times[f.next] = now
	f.next = (f.next + 1) % maxFailures
	f.last = now
	l.byLast.MoveToFront(element)
	return 0
}

// forgetOutside drops every address that has not failed since, or failed later than
// now, before the clock was set back. Each is dropped once, so this costs a failure no
// more than its own share.
func (l *limiter) forgetOutside(since, now int64) {
	for {
		back := l.byLast.Back()
		if back == nil {
			return
		}
		if last := back.Value.(*failures).last; last > since && last <= now {
			return
		}
		l.forget(back)
	}
}

func (l *limiter) forget(element *list.Element) {
	l.byLast.Remove(element)
	delete(l.addresses, element.Value.(*failures).address)
}
