package riverworkers

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// answerWait bounds one read of a connection, and one write. It is longer than the time
// between two signs of life that River gives where it listens.
const answerWait = 10 * time.Second

// patient makes a connection one that nobody waits for in vain. River looks for work
// without a time of its own: on a connection that the network has forgotten it would
// take no more until the kernel gives it up, which is after minutes, or never.
func patient(_ context.Context, _ *pgconn.Config, conn net.Conn) (net.Conn, error) {
	return &patientConn{Conn: conn, wait: answerWait}, nil
}

// patientConn gives each read and write its time.
type patientConn struct {
	net.Conn
	wait time.Duration

	mu sync.Mutex
	// until is what pgx has set, by which it ends a question with its context.
	until time.Time
}

// SetDeadline keeps to the sooner of pgx's deadline and ours.
func (c *patientConn) SetDeadline(until time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = until
	return c.Conn.SetDeadline(until)
}

// Read reads within the time.
func (c *patientConn) Read(p []byte) (int, error) {
	if err := c.bound(c.Conn.SetReadDeadline); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write writes within the time.
func (c *patientConn) Write(p []byte) (int, error) {
	if err := c.bound(c.Conn.SetWriteDeadline); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *patientConn) bound(set func(time.Time) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := time.Now().Add(c.wait)
	if !c.until.IsZero() && c.until.Before(at) {
		at = c.until
	}
	return set(at)
}
