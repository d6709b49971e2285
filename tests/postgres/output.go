package postgres

import (
	"bytes"
	"strings"
	"sync"
)

// output keeps what a server writes and watches for the line that says that it takes
// connections.
type output struct {
	onReady func()

	mu      sync.Mutex
	written bytes.Buffer
	ready   bool
}

// Write keeps p.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.written.Write(p)
	if !o.ready && bytes.Contains(o.written.Bytes(), []byte("ready to accept connections")) {
		o.ready = true
		o.onReady()
	}
	return len(p), nil
}

// tail returns the last lines, for a failed test's message.
func (o *output) tail(most int) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	lines := strings.Split(strings.TrimRight(o.written.String(), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
