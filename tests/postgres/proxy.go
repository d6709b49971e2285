package postgres

import (
	"bytes"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Proxy stands between a server and who uses it, as a network does.
type Proxy struct {
	port, server int

	mu       sync.Mutex
	listener net.Listener // nil while connections are refused
	open     chan struct{}
	swallows bool
	links    map[*link]bool
	tear     *tear // nil while no answer is to be torn off
	closed   bool
	running  sync.WaitGroup
}

// link is a connection and its continuation to the server.
type link struct {
	lost  bool  // nothing moves on it any more, whatever the proxy does; the proxy's mutex
	asked *tear // whose question was the last one on it; the proxy's mutex

	mu             sync.Mutex
	client, server net.Conn
	cut            chan struct{} // closed when it is to end
}

// Proxy returns a proxy before the server that lets everything pass.
func (s *Server) Proxy(t testing.TB) *Proxy {
	t.Helper()
	p := &Proxy{port: freePort(t), server: s.port, open: make(chan struct{}), links: map[*link]bool{}}
	close(p.open)
	if err := p.listen(); err != nil {
		t.Fatalf("listen: %v", err)
	}
	t.Cleanup(p.close)
	return p
}

// URL returns the address of a database by way of the proxy.
func (p *Proxy) URL(database string) string { return address(p.port, database) }

// Pass lets everything pass. What was held back arrives now.
func (p *Proxy) Pass(t testing.TB) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.swallows {
		p.swallows = false
		close(p.open)
	}
	if p.listener == nil {
		if err := p.listen(); err != nil {
			t.Fatalf("listen again: %v", err)
		}
	}
}

// Swallow lets nothing move any more, in either direction: connections stay open and
// are still accepted, but no byte arrives, and nobody learns of a connection's end.
func (p *Proxy) Swallow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.swallows {
		p.swallows, p.open = true, make(chan struct{})
	}
}

// Lose forgets the connections that there are, as a router does that was started
// anew: they stay open at both ends, and nothing moves on them again. New ones pass.
func (p *Proxy) Lose() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.lost = true
	}
}

// Cut breaks the connections that there are. New ones pass.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.end(true)
	}
}

// tear is an answer that is to be torn off.
type tear struct {
	question, answer []byte
	torn             chan struct{} // closed when that has happened
}

// CutAnswer breaks, once, a connection after a question that holds these bytes has
// reached the server, and before its answer comes, which is to hold those; "" is held by
// all. The channel is closed when that has happened.
func (p *Proxy) CutAnswer(question, answer string) (torn <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tear = &tear{question: []byte(question), answer: []byte(answer), torn: make(chan struct{})}
	return p.tear.torn
}

// mustTear reports whether a link is to be broken before these bytes move on it.
func (p *Proxy) mustTear(l *link, moving []byte, isAnswer bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.tear == nil:
		return false
	case !isAnswer:
		l.asked = nil
		if bytes.Contains(moving, p.tear.question) {
			l.asked = p.tear
		}
		return false
	case l.asked != p.tear || !bytes.Contains(moving, p.tear.answer):
		return false
	}
	close(p.tear.torn)
	p.tear = nil
	return true
}

// Refuse breaks the connections that there are and refuses new ones.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	if p.listener != nil {
		p.listener.Close()
		p.listener = nil
	}
	p.mu.Unlock()
	p.Cut()
}

// Links returns how many connections there are.
func (p *Proxy) Links() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.links)
}

// close ends everything and waits for it.
func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.Refuse()
	p.running.Wait()
}

func (p *Proxy) listen() error {
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(p.port))
	if err != nil {
		return err
	}
	p.listener = listener
	p.running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // it was closed
			}
			p.running.Go(func() { p.serve(client) })
		}
	})
	return nil
}

// serve connects a client to the server and moves bytes between them until one of
// them ends.
func (p *Proxy) serve(client net.Conn) {
	l := &link{client: client, cut: make(chan struct{})}
	p.mu.Lock()
	refused := p.closed || p.listener == nil
	if !refused {
		p.links[l] = true
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.links, l)
		p.mu.Unlock()
		l.end(false)
	}()
	if refused || !p.mayMove(l) {
		return
	}
	server, err := net.DialTimeout("tcp", "127.0.0.1:"+strconv.Itoa(p.server), 10*time.Second)
	if err != nil {
		return // the server does not run
	}
	l.attach(server)
	var pumps sync.WaitGroup
	pumps.Go(func() { p.pump(l, server, client) })
	pumps.Go(func() { p.pump(l, client, server) })
	pumps.Wait()
}

// pump moves bytes in one direction. Their end moves as they do.
func (p *Proxy) pump(l *link, to, from net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if !p.mayMove(l) {
			return
		}
		if n > 0 {
			if p.mustTear(l, buffer[:n], from == l.server) {
				l.end(true)
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				l.end(false)
				return
			}
		}
		if err != nil {
			l.end(false)
			return
		}
	}
}

// mayMove waits until something may move on a link, and reports false for one that
// has been cut.
func (p *Proxy) mayMove(l *link) bool {
	for {
		p.mu.Lock()
		open, lost := p.open, l.lost
		p.mu.Unlock()
		if lost {
			open = nil // for ever
		}
		select {
		case <-l.cut:
			return false
		case <-open:
		}
		p.mu.Lock()
		moves := !p.swallows && !l.lost
		p.mu.Unlock()
		if moves {
			return true
		}
	}
}

// attach gives a link its continuation, unless it has been cut.
func (l *link) attach(server net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.server = server
	select {
	case <-l.cut:
		server.Close()
	default:
	}
}

// end closes a link at both ends: after what was sent, or with a reset, as where the
// other end is not there any more.
func (l *link) end(reset bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.cut:
		return
	default:
		close(l.cut)
	}
	for _, conn := range []net.Conn{l.client, l.server} {
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			continue // there is no continuation yet
		}
		if reset {
			_ = tcp.SetLinger(0) // it is closed in any case
		}
		tcp.Close()
	}
}
