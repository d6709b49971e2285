package tests

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// speak sends bytes over a connection of their own and returns all that is answered
// until the server ends it.
func speak(t *testing.T, server *process.Server, within time.Duration, said string) string {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(connection, said) // the server may end it in the middle
	answers, err := io.ReadAll(connection)
	if err, late := err.(net.Error); late && err.Timeout() {
		t.Errorf("the server has not ended the connection within %s: %.200q", within, answers)
	}
	return string(answers)
}

// TestBounds sends what no honest client sends: headers without an end, headers that
// do not come, and a request hidden in a body that is not read.
func TestBounds(t *testing.T) {
	t.Parallel()
	server := process.Start(t, process.Options{})
	t.Run("large headers", func(t *testing.T) {
		t.Parallel()
		guest := server.Guest(t)
		guest.GetWith(t, "/api/v1/config", "X-Large", strings.Repeat("x", 20<<10)).MustBe(t, http.StatusOK)
		guest.GetWith(t, "/api/v1/config", "X-Large", strings.Repeat("x", 40<<10)).MustBe(t, http.StatusRequestHeaderFieldsTooLarge)
		guest.Get(t, "/api/v1/config?q="+strings.Repeat("x", 40<<10)).MustBe(t, http.StatusRequestHeaderFieldsTooLarge)
	})
	t.Run("many ranges", func(t *testing.T) {
		t.Parallel()
		guest := server.Guest(t)
		whole := guest.Get(t, "/favicon.svg").MustBe(t, http.StatusOK)
		one := guest.GetWith(t, "/favicon.svg", "Range", "bytes=1-2").MustBe(t, http.StatusPartialContent)
		if string(one.Body) != string(whole.Body[1:3]) {
			t.Errorf("one range: %q", one.Body)
		}
		many := guest.GetWith(t, "/favicon.svg", "Range", "bytes=0-0"+strings.Repeat(",1-1", 4000))
		if many.Status != http.StatusOK || len(many.Body) != len(whole.Body) {
			t.Errorf("4001 ranges are answered with %d and %d bytes, the file has %d", many.Status, len(many.Body), len(whole.Body))
		}
	})
	t.Run("slow headers", func(t *testing.T) {
		t.Parallel()
		if answers := speak(t, server, 30*time.Second, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); strings.Contains(answers, " 200 ") {
			t.Errorf("%.200q", answers)
		}
	})
	t.Run("a request in a body", func(t *testing.T) {
		t.Parallel()
		const hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
		body := strings.Repeat(hidden, 20_000)
		for _, line := range []string{
			"POST /uploadfile/", "POST /api/v1/quote", "POST /api/v1/jobs/abcdefghijklmno/resume", "POST /api/realtime",
			"POST /api/collections/users/records", "POST /api/v1/webhooks/clerk", "GET /", "GET /status/abcdefghijklmno", "POST /nowhere",
		} {
			answers := speak(t, server, 20*time.Second, fmt.Sprintf("%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", line, len(body), body))
			// None where the connection broke before the answer was read.
			if n := strings.Count(answers, "HTTP/1.1 "); n > 1 {
				t.Errorf("%s is answered %d times: %.100q", line, n, answers)
			}
		}
	})
}
