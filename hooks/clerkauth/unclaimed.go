package clerkauth

import (
	"container/list"
	"sync"
	"time"
)

const (
	// maxUnclaimed is how many realtime streams may be open that are nobody's: as
	// many pages as may come back in the same moment after a restart, of some 40 KB
	// each. Every stream begins so, because a browser's EventSource sends no token,
	// and is somebody's a moment later.
	maxUnclaimed = 2500
	// claimTime is how long such a stream may be open with nothing subscribed to.
	claimTime = 30 * time.Second
)

// unclaimed are the realtime streams that belong to nobody who has signed in.
// There are maxUnclaimed at most; one more ends the oldest of the address that
// has the most. So whoever opens streams without an end loses his own, and
// everybody else gets in, also from behind the same proxy, where a limit that
// refuses would keep all people out.
type unclaimed struct {
	most int

	mu        sync.Mutex
	addresses map[string]*list.List // of functions that end a stream, the oldest in front
	open      int
}

func newUnclaimed() *unclaimed {
	return &unclaimed{most: maxUnclaimed, addresses: map[string]*list.List{}}
}

// enter lets a stream in, which end ends; it must not block. The returned function
// takes the stream out again: it has ended, or is somebody's now. It may be called
// more than once.
func (u *unclaimed) enter(address string, end func()) (leave func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.open >= u.most {
		u.endOne()
	}
	streams := u.addresses[address]
	if streams == nil {
		streams = list.New()
		u.addresses[address] = streams
	}
	stream := streams.PushBack(end)
	u.open++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.remove(address, stream)
	}
}

// endOne ends the oldest stream of the address that has the most. The caller
// holds mu.
func (u *unclaimed) endOne() {
	address, most := "", 0
	for candidate, streams := range u.addresses {
		if streams.Len() > most {
			address, most = candidate, streams.Len()
		}
	}
	oldest := u.addresses[address].Front()
	end := oldest.Value.(func())
	u.remove(address, oldest)
	end()
}

// remove forgets a stream, unless it is forgotten already. The caller holds mu.
func (u *unclaimed) remove(address string, stream *list.Element) {
	if stream.Value == nil {
		return
	}
	streams := u.addresses[address]
	streams.Remove(stream)
	stream.Value = nil
	u.open--
	if streams.Len() == 0 {
		delete(u.addresses, address)
	}
}
