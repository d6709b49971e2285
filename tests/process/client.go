package process

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// tokenAge is when a session token is replaced: it lives 60 s.
const tokenAge = 40 * time.Second

// Client asks a server as one person, or as nobody.
type Client struct {
	server *Server
	http   *http.Client
	fetch  func() (string, error) // nil for a guest

	mu      sync.Mutex
	token   string
	fetched time.Time
}

// SignIn signs somebody in at the demo's stand-in for Clerk.
func (s *Server) SignIn(t testing.TB, userID string) *Client {
	t.Helper()
	guest := s.Guest(t)
	var session struct {
		ID string `json:"id"`
	}
	guest.Post(t, "/demo/sessions", map[string]string{"user_id": userID}).MustBe(t, http.StatusOK).Decode(t, &session)
	return s.As(t, func() (string, error) {
		answer, err := guest.Do(context.Background(), http.MethodPost, "/demo/sessions/"+session.ID+"/tokens", nil, nil)
		if err != nil {
			return "", err
		}
		var issued struct {
			JWT string `json:"jwt"`
		}
		if err := json.Unmarshal(answer.Body, &issued); err != nil || issued.JWT == "" {
			return "", fmt.Errorf("no session token: %s", answer)
		}
		return issued.JWT, nil
	})
}

// SignInSuperuser signs a superuser in, as the dashboard does.
func (s *Server) SignInSuperuser(t testing.TB, email, password string) *Client {
	t.Helper()
	var auth struct {
		Token string `json:"token"`
	}
	s.Guest(t).Post(t, "/api/collections/_superusers/auth-with-password",
		map[string]string{"identity": email, "password": password}).MustBe(t, http.StatusOK).Decode(t, &auth)
	return s.As(t, func() (string, error) { return auth.Token, nil })
}

// Guest returns a client that is nobody.
func (s *Server) Guest(t testing.TB) *Client { return s.As(t, nil) }

// As returns a client whose tokens come from fetch.
func (s *Server) As(t testing.TB, fetch func() (string, error)) *Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &Client{server: s, http: &http.Client{Transport: transport, CheckRedirect: noRedirect}, fetch: fetch}
}

// Bare returns a client that ends when the caller leaves, not with the test.
func (s *Server) Bare(fetch func() (string, error)) *Client {
	transport := &http.Transport{DisableCompression: true}
	return &Client{server: s, http: &http.Client{Transport: transport, CheckRedirect: noRedirect}, fetch: fetch}
}

// Leave closes the client's idle connections.
func (c *Client) Leave() { c.http.CloseIdleConnections() }

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Token returns a session token that lives for some time yet, "" for a guest.
func (c *Client) Token() (string, error) {
	if c.fetch == nil {
		return "", nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && time.Since(c.fetched) < tokenAge {
		return c.token, nil
	}
	token, err := c.fetch()
	if err != nil {
		return "", fmt.Errorf("fetch token: %w", err)
	}
	c.token, c.fetched = token, time.Now()
	return token, nil
}

// Request returns a request to the server with the person's token.
func (c *Client) Request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.server.URL+path, body)
	if err != nil {
		return nil, err
	}
	token, err := c.Token()
	if err != nil {
		return nil, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return request, nil
}

// Do sends a request and reads the answer whole. It may be called from any
// goroutine.
func (c *Client) Do(ctx context.Context, method, path string, body io.Reader, header http.Header) (*Answer, error) {
	request, err := c.Request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	return c.Perform(request)
}

// Open sends a prepared request and leaves the answer's body to the caller.
func (c *Client) Open(request *http.Request) (*http.Response, error) { return c.http.Do(request) }

// Perform sends a prepared request and reads the answer whole.
func (c *Client) Perform(request *http.Request) (*Answer, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read answer of %s: %w", request.URL.Path, err)
	}
	return &Answer{
		Asked: request.Method + " " + request.URL.RequestURI(), Status: response.StatusCode,
		Header: response.Header, Body: content,
	}, nil
}

func (c *Client) must(t testing.TB, method, path string, body io.Reader, header http.Header) *Answer {
	t.Helper()
	answer, err := c.Do(t.Context(), method, path, body, header)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer
}

// Get asks for a path.
func (c *Client) Get(t testing.TB, path string) *Answer {
	t.Helper()
	return c.must(t, http.MethodGet, path, nil, nil)
}

// GetWith asks for a path with headers, given as name, value, name, value.
func (c *Client) GetWith(t testing.TB, path string, header ...string) *Answer {
	t.Helper()
	return c.must(t, http.MethodGet, path, nil, headers(header))
}

// Delete deletes what a path names.
func (c *Client) Delete(t testing.TB, path string) *Answer {
	t.Helper()
	return c.must(t, http.MethodDelete, path, nil, nil)
}

// Post sends a value as JSON.
func (c *Client) Post(t testing.TB, path string, value any) *Answer {
	t.Helper()
	return c.SendJSON(t, http.MethodPost, path, value)
}

// SendJSON sends a value as JSON with any method.
func (c *Client) SendJSON(t testing.TB, method, path string, value any) *Answer {
	t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("encode body of %s %s: %v", method, path, err)
	}
	return c.must(t, method, path, bytes.NewReader(body), headers([]string{"Content-Type", "application/json"}))
}

func headers(pairs []string) http.Header {
	header := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		header.Set(pairs[i], pairs[i+1])
	}
	return header
}

// Answer is a response that was read whole.
type Answer struct {
	Asked  string
	Status int
	Header http.Header
	Body   []byte
}

// String describes the answer for a failed test's message.
func (a *Answer) String() string {
	body := strings.TrimSpace(string(a.Body))
	if len(body) > 500 {
		body = body[:500] + "…"
	}
	return fmt.Sprintf("%s answered %d: %s", a.Asked, a.Status, body)
}

// MustBe fails the test unless the answer has that status.
func (a *Answer) MustBe(t testing.TB, status int) *Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("want %d: %s", status, a)
	}
	return a
}

// Decode reads the answer's JSON.
func (a *Answer) Decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		t.Fatalf("decode (%v): %s", err, a)
	}
}

// Problem is an error as Verso answers it.
type Problem struct {
	Status  int            `json:"status"`
	Message string         `json:"message"`
	Detail  string         `json:"detail"`
	Data    map[string]any `json:"data"`
}

// MustRefuse fails the test unless the answer is an error of that status in
// the contract's form.
func (a *Answer) MustRefuse(t testing.TB, status int) Problem {
	t.Helper()
	a.MustBe(t, status)
	var problem Problem
	a.Decode(t, &problem)
	if problem.Status != status || problem.Message == "" || problem.Detail != problem.Message || problem.Data == nil {
		t.Fatalf("an error holds its status, a message, the same as detail, and data: %s", a)
	}
	return problem
}
