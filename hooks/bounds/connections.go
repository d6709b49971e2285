package bounds

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// maxConnections is how many connections may be open: far more than people, since
// each of those has a page or two, and some 10 KB each.
const maxConnections = 10_000

// connections are all that are open. Where there are more than allowed, the one
// that has been silent for longest is ended: it has sent no request yet, or not
// all of its headers, or rests after one. So whoever opens connections to hold
// them loses them to who uses his.
type connections struct {
	most int

	mu     sync.Mutex
	open   int
	silent *list.List // of net.Conn, the longest in front
	places map[net.Conn]*list.Element
}

func newConnections(most int) *connections {
	return &connections{most: most, silent: list.New(), places: map[net.Conn]*list.Element{}}
}

// changed is told what becomes of a connection, as [http.Server.ConnState] is.
func (c *connections) changed(connection net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open++
		c.rest(connection)
		if c.open > c.most {
			c.endOne()
		}
	case http.StateIdle:
		c.rest(connection)
	case http.StateActive:
		c.wake(connection)
	case http.StateClosed, http.StateHijacked:
		c.wake(connection)
		c.open--
	}
}

// rest notes that a connection is silent from now on. The caller holds mu.
func (c *connections) rest(connection net.Conn) {
	c.wake(connection)
	c.places[connection] = c.silent.PushBack(connection)
}

// wake notes that it is not. The caller holds mu.
func (c *connections) wake(connection net.Conn) {
	if place, found := c.places[connection]; found {
		c.silent.Remove(place)
		delete(c.places, connection)
	}
}

// endOne closes the connection that has been silent for longest, which may be the
// newest. Its own goroutine sees that and says so. The caller holds mu.
func (c *connections) endOne() {
	connection := c.silent.Front().Value.(net.Conn)
	c.wake(connection)
	_ = connection.Close()
}
