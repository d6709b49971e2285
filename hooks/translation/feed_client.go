package translation

import (
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// maxMailbox is how many messages may wait for a client that does not read
// before it is dropped. Messages about jobs replace each other and come to a
// few; the bound is for everything else that PocketBase may send.
const maxMailbox = 1000

// silence is how long a stream is silent before it gets a message that says
// nothing: proxies end connections that rest for half a minute or a minute, and a
// client that has gone away is noticed when it is written to.
const silence = 25 * time.Second

// keepAliveTopic is the name of that message. Nobody subscribes to it, so clients
// drop it without a word.
const keepAliveTopic = "keepalive"

// client is a realtime client with a mailbox. PocketBase's own blocks its
// sender until the connection has taken the message, so that a broadcast to
// clients that do not read keeps a goroutine for each message; and it closes
// its channel under its senders.
type client struct {
	*subscriptions.DefaultClient // for the id, the subscriptions and the store

	workers *sync.WaitGroup // of who waits for the goroutine
	channel chan subscriptions.Message
	gone    chan struct{}

	mu        sync.Mutex
	mailbox   []letter
	emptying  bool
	discarded bool
	quiet     *time.Timer // runs out when the stream has been silent for long
}

var _ subscriptions.Client = (*client)(nil)

// letter is a message that waits to be written.
type letter struct {
	topic   string // of what it replaces; "" if it replaces nothing
	message subscriptions.Message
}

// newClient returns a client in place of one that PocketBase made.
func newClient(replaced subscriptions.Client, workers *sync.WaitGroup) *client {
	c := &client{
		DefaultClient: subscriptions.NewDefaultClient(),
		workers:       workers,
		channel:       make(chan subscriptions.Message),
		gone:          make(chan struct{}),
	}
	c.Set(apis.RealtimeClientIPKey, replaced.Get(apis.RealtimeClientIPKey))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quiet = time.AfterFunc(silence, func() {
		c.Send(subscriptions.Message{Name: keepAliveTopic, Data: []byte("{}")})
	})
	return c
}

// Channel returns the channel from which the connection takes its messages.
func (c *client) Channel() chan subscriptions.Message { return c.channel }

// Send puts a message into the mailbox and returns at once.
func (c *client) Send(message subscriptions.Message) { c.post("", message) }

// post puts a message into the mailbox, in place of an older one about the
// same topic that has not been written yet: only the newest state is news.
func (c *client) post(topic string, message subscriptions.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.discarded {
		return
	}
	if topic != "" {
		for i := range c.mailbox {
			if c.mailbox[i].topic == topic {
				c.mailbox[i].message = message
				return
			}
		}
	}
	if len(c.mailbox) == maxMailbox {
		c.discard()
		return
	}
	c.mailbox = append(c.mailbox, letter{topic, message})
	c.quiet.Reset(silence)
	if !c.emptying {
		c.emptying = true
		c.workers.Go(c.empty)
	}
}

// empty hands the mailbox's letters to the connection, one after another. It
// alone sends and, if it runs, closes the channel.
func (c *client) empty() {
	for {
		c.mu.Lock()
		if c.discarded {
			c.mu.Unlock()
			close(c.channel)
			return
		}
		if len(c.mailbox) == 0 {
			c.emptying = false
			c.mu.Unlock()
			return
		}
		next := c.mailbox[0].message
		c.mailbox = c.mailbox[1:]
		c.mu.Unlock()
		select {
		case c.channel <- next:
		case <-c.gone:
		}
	}
}

// Discard ends the client: nothing is sent any more, and the channel is closed.
func (c *client) Discard() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.discard()
}

func (c *client) discard() {
	if c.discarded {
		return
	}
	c.discarded = true
	c.quiet.Stop()
	c.mailbox = nil
	close(c.gone)
	if !c.emptying {
		close(c.channel)
	}
}

// IsDiscarded reports whether the client was discarded.
func (c *client) IsDiscarded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.discarded
}
