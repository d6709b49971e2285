package bounds

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestConnections holds that those who open connections and say nothing, or half of
// a request, or nothing more, lose them to those who ask; and that nobody who is
// being answered loses his.
func TestConnections(t *testing.T) {
	t.Parallel()
	answer := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		if r.URL.Path == "/slow" {
			<-answer
		}
		_, _ = io.WriteString(w, "answered") // the client says whether it came
	}))
	const most = 5
	open := newConnections(most)
	server.Config.ConnState = open.changed
	server.Start()
	defer server.Close()

	dial := func(said string) net.Conn {
		t.Helper()
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		if _, err := io.WriteString(connection, said); err != nil {
			t.Fatal(err)
		}
		return connection
	}
	ended := func(connection net.Conn) bool {
		_ = connection.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err := connection.Read(make([]byte, 1))
		return err == io.EOF || err != nil && strings.Contains(err.Error(), "reset")
	}
	answered := dial("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	reader := bufio.NewReader(answered)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("%q, %v", line, err)
	}
	silent, half := dial(""), dial("GET / HTTP/1.1\r\nHost:")
	for range most {
		response, err := http.Get(server.URL) // each over a connection of its own, while earlier ones rest
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != "answered" {
			t.Errorf("%q, %v", body, err)
		}
		dial("")
	}
	if !ended(silent) || !ended(half) {
		t.Error("a silent connection is kept")
	}
	close(answer)
	if rest, err := io.ReadAll(io.LimitReader(reader, 1<<10)); !strings.Contains(string(rest), "answered") {
		t.Errorf("who was being answered lost his connection: %q, %v", rest, err)
	}
	open.mu.Lock()
	defer open.mu.Unlock()
	if open.open > most {
		t.Errorf("%d are open", open.open)
	}
}
