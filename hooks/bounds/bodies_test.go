package bounds

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
)

// serve returns a service with the plugin's middleware, whose route /read answers
// with the length of what it read, some time later.
func serve(t *testing.T, within, later time.Duration) (*tests.TestApp, *httptest.Server) {
	t.Helper()
	app, err := tests.NewTestApp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	router.Bind(boundBodies(within))
	router.POST("/read", func(e *core.RequestEvent) error {
		body, err := io.ReadAll(e.Request.Body)
		if err != nil {
			return err
		}
		select {
		case <-time.After(later):
		case <-e.Request.Context().Done():
			return e.String(http.StatusTeapot, "the request was given up")
		}
		return e.String(http.StatusOK, fmt.Sprint(len(body)))
	})
	handler, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(ownBody(handler))
	t.Cleanup(server.Close)
	return app, server
}

func post(t *testing.T, url string, body io.Reader) (status int, answer string) {
	t.Helper()
	response, err := http.Post(url, "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

// TestLargeBody holds that a guest cannot have more read than a webhook needs,
// whether he says its length or not.
func TestLargeBody(t *testing.T) {
	t.Parallel()
	_, server := serve(t, bodyTime, 0)
	large := make([]byte, maxGuestBody+1)
	if status, answer := post(t, server.URL+"/read", bytes.NewReader(large[1:])); status != 200 || answer != fmt.Sprint(maxGuestBody) {
		t.Errorf("the largest is answered with %d %s", status, answer)
	}
	for name, body := range map[string]io.Reader{
		"with its length": bytes.NewReader(large),
		"in chunks":       io.MultiReader(bytes.NewReader(large)),
	} {
		if status, answer := post(t, server.URL+"/read", body); status != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "larger than 2 MB") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
}

// TestBodyNobodyReads holds that what a guest sends to where only superusers may
// write is not read at all.
func TestBodyNobodyReads(t *testing.T) {
	t.Parallel()
	app, server := serve(t, bodyTime, 0)
	collection, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	collection.CreateRule, collection.UpdateRule = nil, nil
	if err := app.Save(collection); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"POST /api/collections/users/records", "PATCH /api/collections/users/records/aaaaaaaaaaaaaaa"} {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		// The body is announced and never sent.
		fmt.Fprintf(connection, "%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n", line)
		_ = connection.SetReadDeadline(time.Now().Add(10 * time.Second))
		head := make([]byte, 12)
		if _, err := io.ReadFull(connection, head); err != nil || string(head) != "HTTP/1.1 403" {
			t.Errorf("%s: %q, %v", line, head, err)
		}
	}
}

// TestDribblingBody holds that a body that does not come to its end is given up.
func TestDribblingBody(t *testing.T) {
	t.Parallel()
	_, server := serve(t, 300*time.Millisecond, 0)
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
	_ = connection.SetReadDeadline(time.Now().Add(10 * time.Second))
	if answer, err := io.ReadAll(connection); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
		t.Errorf("%.40q, %v", answer, err)
	}
}

// TestBodyThatHasCome holds that the time for a body is not a time for its answer.
func TestBodyThatHasCome(t *testing.T) {
	t.Parallel()
	_, server := serve(t, 300*time.Millisecond, time.Second)
	if status, answer := post(t, server.URL+"/read", strings.NewReader("{}")); status != 200 || answer != "2" {
		t.Errorf("%d %s", status, answer)
	}
}

// TestUnreadBody holds that what is left of a body is never taken for a request.
func TestUnreadBody(t *testing.T) {
	t.Parallel()
	_, server := serve(t, bodyTime, 0)
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	const hidden = "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
	body := strings.Repeat(hidden, 1+maxGuestBody/len(hidden))
	fmt.Fprintf(connection, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body) // it may be ended before all is sent
	_ = connection.SetReadDeadline(time.Now().Add(10 * time.Second))
	answers, err := io.ReadAll(connection)
	if n := strings.Count(string(answers), "HTTP/1.1 "); n != 1 || !strings.HasPrefix(string(answers), "HTTP/1.1 413") {
		t.Errorf("one request is answered %d times (%v): %.200q", n, err, answers)
	}
}
