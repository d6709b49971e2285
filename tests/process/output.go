package process

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

// ready finds the line by which a server says where it can be reached: the
// demo's banner or PocketBase's.
var ready = regexp.MustCompile(`(?m)(?:Verso demo:|Server started at) (http://\S+)\s*$`)

// output keeps what a process writes and watches for its banner.
type output struct {
	mu      sync.Mutex
	written bytes.Buffer
	url     string
	onReady func(url string)
}

// Write keeps p. Both streams of a process are written here, one at a time.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.written.Write(p)
	if o.url == "" && bytes.IndexByte(p, '\n') >= 0 {
		if match := ready.FindSubmatch(o.written.Bytes()); match != nil {
			o.url = string(match[1])
			o.onReady(o.url)
		}
	}
	return len(p), nil
}

// String returns everything that was written.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.String()
}

// tail returns the last lines, for a failed test's message.
func (o *output) tail(most int) string {
	lines := strings.Split(strings.TrimRight(o.String(), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
