// Package mailbox is a mail server on loopback that speaks SMTP and keeps what it
// is sent, for tests of what Verso writes to people.
//
//	box := mailbox.Open(t)
//	… // have mail sent to 127.0.0.1 and box.Port
//	mail := box.Next(t, 10*time.Second)
package mailbox

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Mailbox is a mail server.
type Mailbox struct {
	// Port is where it listens on 127.0.0.1.
	Port int

	listener net.Listener
	arrived  chan Mail
	serving  sync.WaitGroup

	mu          sync.Mutex
	open        map[net.Conn]bool
	closed      bool
	mails       []Mail
	onRecipient func(address string) string
	onMail      func(Mail) string
}

// capacity is more mails than any test sends.
const capacity = 10_000

// Open starts a mail server that takes everything. It is gone when the test ends.
func Open(t testing.TB) *Mailbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &Mailbox{
		Port: listener.Addr().(*net.TCPAddr).Port, listener: listener,
		arrived: make(chan Mail, capacity), open: map[net.Conn]bool{},
	}
	b.serving.Go(b.accept)
	t.Cleanup(b.Close)
	return b
}

// Close ends the server and every connection to it.
func (b *Mailbox) Close() {
	_ = b.listener.Close() // it may be closed already
	b.mu.Lock()
	b.closed = true
	for conn := range b.open {
		_ = conn.Close()
	}
	b.mu.Unlock()
	b.serving.Wait()
}

// OnRecipient has fn answer the command that names a recipient. Default: "250 OK".
func (b *Mailbox) OnRecipient(fn func(address string) string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.onRecipient = fn
}

// OnMail has fn answer a mail that has been read to its end. An empty answer hangs
// up without one. Default: "250 OK". The mail counts as arrived in any case.
func (b *Mailbox) OnMail(fn func(Mail) string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.onMail = fn
}

// Mails returns what has arrived so far.
func (b *Mailbox) Mails() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Mail(nil), b.mails...)
}

// Next waits for a mail. Each is given out once.
func (b *Mailbox) Next(t testing.TB, within time.Duration) Mail {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	select {
	case mail := <-b.arrived:
		return mail
	case <-deadline.C:
		t.Fatalf("no mail within %s", within)
		return Mail{}
	}
}

func (b *Mailbox) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		if b.closed {
			b.mu.Unlock()
			_ = conn.Close()
			return
		}
		b.open[conn] = true
		b.mu.Unlock()
		b.serving.Go(func() {
			defer func() {
				_ = conn.Close() // the client may have done so
				b.mu.Lock()
				delete(b.open, conn)
				b.mu.Unlock()
			}()
			b.talk(conn)
		})
	}
}
