package pgmirror

import (
	"context"
	"net"
	"time"
)

// patientDialer opens connections on which no read and no write takes longer than
// a timeout. A context's deadline does not free a call of lib/pq on a connection
// whose packets nobody answers any more.
type patientDialer struct {
	timeout time.Duration
}

// Dial opens a connection.
func (d patientDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout opens a connection within the shorter of two times.
func (d patientDialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext opens a connection.
func (d patientDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: d.timeout}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &patientConn{Conn: conn, timeout: d.timeout}, nil
}

// patientConn gives each read and write its time.
type patientConn struct {
	net.Conn
	timeout time.Duration
}

// Read reads within the timeout.
func (c *patientConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write writes within the timeout.
func (c *patientConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
