package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	watchers, watchersEach = 100, 20
)

// BenchmarkStreamMemory opens two thousand streams of a hundred people to a serving
// process, and looks at its memory before and with them.
func BenchmarkStreamMemory(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	server, _ := startUnlimitedAs(b, "serve", map[string]string{
		"CLERK_JWT_KEY": publicPEM(b, key), "CLERK_ISSUER": authIssuer, "CLERK_API_URL": "http://127.0.0.1:1", "VERSO_ENGINES": "pseudo",
	})
	fillSQLite(b, openWritable(b, server.Dir), watchers, 1)
	ctx, leave := context.WithCancel(b.Context())
	var reading sync.WaitGroup
	defer reading.Wait()
	defer leave()
	join := func(person int) {
		token := clerkToken(b, key, fmt.Sprintf("user_%027d", person), person)
		stream := &watcher{client: &http.Client{Transport: &http.Transport{}}, url: server.URL + "/api/realtime", token: token}
		for range watchersEach {
			if err := stream.open(ctx, &reading); err != nil {
				b.Fatal(err)
			}
		}
	}
	join(0) // what the first request makes
	before := memory(b, server)
	begun := time.Now()
	for person := 1; person < watchers; person++ {
		join(person)
	}
	const more = (watchers - 1) * watchersEach
	joined := time.Since(begun)
	with := memory(b, server)
	table.add(realtime, fmt.Sprintf("memory for %d streams more", more), fmt.Sprintf("%.0f MB", megabytes(with.now-before.now)),
		fmt.Sprintf("%.0f KB a stream; %.0f MB before them; opened and subscribed at %.0f a second", float64(with.now-before.now)/more/1024, megabytes(before.now), more/joined.Seconds()))
}

// watcher is somebody who opens streams.
type watcher struct {
	client     *http.Client
	url, token string
}

// open opens a stream, subscribes it and reads it until the context ends.
func (w *watcher) open(ctx context.Context, reading *sync.WaitGroup) error {
	answer, err := w.ask(ctx, http.MethodGet, nil)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(answer.Body)
	var hello struct {
		ClientID string `json:"clientId"`
	}
	for hello.ClientID == "" && lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
			if err := json.Unmarshal([]byte(data), &hello); err != nil {
				return err
			}
		}
	}
	body, err := json.Marshal(map[string]any{"clientId": hello.ClientID, "subscriptions": []string{"translation_jobs/*"}})
	if err != nil {
		return err
	}
	subscribed, err := w.ask(ctx, http.MethodPost, body)
	if err != nil {
		return err
	}
	subscribed.Body.Close()
	reading.Go(func() {
		defer answer.Body.Close()
		for lines.Scan() { // until it ends
		}
	})
	return nil
}

func (w *watcher) ask(ctx context.Context, method string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, w.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", w.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := w.client.Do(request)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		answer.Body.Close()
		err = fmt.Errorf("%s %s: %s", method, w.url, answer.Status)
	}
	return answer, err
}
