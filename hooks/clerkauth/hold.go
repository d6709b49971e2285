package clerkauth

import (
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// holdKey is where a realtime client keeps its hold.
const holdKey = "clerkHold"

// hold is what this package has on a realtime connection.
type hold struct {
	end   func() // ends its request
	leave func() // takes it out of those that are nobody's

	mu    sync.Mutex
	owner string // Clerk's id of the user, or superusers; "" for nobody yet
}

// superusers own their streams together: nothing is counted of them.
const superusers = "_superusers"

// holdOf returns a client's hold. One that did not come by a connection, as
// another plugin's may, has a hold that holds nothing.
func holdOf(client subscriptions.Client) *hold {
	if h, ok := client.Get(holdKey).(*hold); ok {
		return h
	}
	h := &hold{end: func() {}, leave: func() {}}
	client.Set(holdKey, h)
	return h
}

// ownedBy returns whose the connection is, "" for nobody's.
func (h *hold) ownedBy() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.owner
}
