package clerkauth_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// connection is a realtime stream over a real connection.
type connection struct {
	status int
	header http.Header
	id     string
	ended  chan struct{}
}

// connect opens a stream, with a token if there is one.
func connect(t *testing.T, url, token string) *connection {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	c := &connection{status: response.StatusCode, header: response.Header, ended: make(chan struct{})}
	lines := bufio.NewReader(response.Body)
	for c.id == "" && c.status == http.StatusOK {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := strings.CutPrefix(line, "id:"); ok {
			c.id = strings.TrimSpace(id)
		}
	}
	go func() {
		defer close(c.ended)
		defer response.Body.Close()
		_, _ = io.Copy(io.Discard, lines) // until it ends
	}()
	t.Cleanup(func() {
		cancel()
		<-c.ended
	})
	return c
}

func (c *connection) mustEnd(t *testing.T) {
	t.Helper()
	select {
	case <-c.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream lives on")
	}
}

// TestStreamOpenedWithToken holds that a stream which is opened with a token is
// its user's before anything is subscribed to: it counts, it ends with the
// session, and nobody else may take it.
func TestStreamOpenedWithToken(t *testing.T) {
	t.Parallel()
	s, sessions := withSessions(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	subscribe := func(id, token string) answer {
		return s.requestFrom("127.0.0.1", "POST", "/api/realtime", fmt.Sprintf(`{"clientId":%q,"subscriptions":["users/*"]}`, id), token)
	}
	first := connect(t, server.URL, s.goodToken())
	subscribe(first.id, s.token(set{"sub": "user_2bob", "sid": "sess_2bob"})).assert(t, 403, "")
	subscribe(first.id, s.goodToken()).assert(t, 204, "")
	for range 29 {
		if c := connect(t, server.URL, s.goodToken()); c.status != http.StatusOK {
			t.Fatalf("one of the first 30 is answered with %d", c.status)
		}
	}
	if c := connect(t, server.URL, s.goodToken()); c.status != http.StatusTooManyRequests || c.header.Get("Retry-After") == "" {
		t.Errorf("the 31st is answered with %d, Retry-After %q", c.status, c.header.Get("Retry-After"))
	}
	bob := connect(t, server.URL, s.token(set{"sub": "user_2bob", "sid": "sess_2bob"}))
	sessions.End("sess_2ada")
	first.mustEnd(t)
	subscribe(bob.id, s.token(set{"sub": "user_2bob", "sid": "sess_2bob"})).assert(t, 204, "")
}

// TestGuestsStreams holds that guests' streams do not grow without an end, and that
// those of who signs in are not among them.
func TestGuestsStreams(t *testing.T) {
	t.Parallel()
	s, sessions := withSessions(t)
	const most = 50
	sessions.SetMaxUnclaimed(most)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	open := func() int { return s.app.SubscriptionsBroker().TotalClients() }

	ada, guest := connect(t, server.URL, ""), connect(t, server.URL, "")
	s.requestFrom("127.0.0.1", "POST", "/api/realtime", fmt.Sprintf(`{"clientId":%q,"subscriptions":["translation_jobs/*"]}`, ada.id), s.goodToken()).assert(t, 204, "")
	for open() < most+1 {
		connect(t, server.URL, "")
	}
	last := connect(t, server.URL, "")
	guest.mustEnd(t)
	if open := open(); open > most+2 { // its last line may not be through
		t.Errorf("%d streams are open", open)
	}
	for name, c := range map[string]*connection{"the newest": last, "the one that is somebody's": ada} {
		select {
		case <-c.ended:
			t.Errorf("%s ended", name)
		default:
		}
	}
}

// TestTooManyTopics holds that one stream cannot be subscribed to any number of
// topics, but for a superuser's.
func TestTooManyTopics(t *testing.T) {
	t.Parallel()
	s, _ := withSessions(t)
	superuser, err := s.superuser(t).NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		topics []string
		status int
	}{
		"many":       {make([]string, 101), 400},
		"long ones":  {[]string{strings.Repeat("x", 2400), "b", "c"}, 204},
		"much":       {make([]string, 8), 400},
		"the page's": {[]string{"PB_CONNECT", "translation_jobs/*"}, 204},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range c.topics {
				if c.topics[i] == "" {
					c.topics[i] = fmt.Sprintf("%d/", i) + strings.Repeat("x", 20_000/len(c.topics)-10)
				}
			}
			for _, token := range []string{"", s.goodToken(), superuser} {
				client := subscriptions.NewDefaultClient()
				s.app.SubscriptionsBroker().Register(client)
				t.Cleanup(func() { s.app.SubscriptionsBroker().Unregister(client.Id()) })
				body := fmt.Sprintf(`{"clientId":%q,"subscriptions":["%s"]}`, client.Id(), strings.Join(c.topics, `","`))
				want := c.status
				if token == superuser {
					want = 204
				}
				var authorization []string
				if token != "" {
					authorization = []string{token}
				}
				s.request("POST", "/api/realtime", body, authorization...).assert(t, want, "")
			}
		})
	}
}
