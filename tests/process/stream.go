package process

import (
	"bufio"
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

// Event is a message of a realtime stream.
type Event struct {
	At    time.Time
	Topic string
	Data  []byte
}

// Stream is an open realtime connection. Its events are kept in the order of
// their arrival until they are asked for.
type Stream struct {
	events chan Event
	cancel context.CancelFunc
	ended  chan struct{} // closed when the connection has ended

	mu  sync.Mutex
	raw bytes.Buffer
}

// streamBuffer is more events than any test lets come unread.
const streamBuffer = 1 << 14

// Subscribe opens a stream and subscribes it to topics.
func (c *Client) Subscribe(t testing.TB, topics ...string) *Stream {
	t.Helper()
	s, clientID := c.Connect(t)
	c.Post(t, "/api/realtime", map[string]any{"clientId": clientID, "subscriptions": topics}).MustBe(t, http.StatusNoContent)
	return s
}

// Connect opens a stream without subscriptions and returns its client id.
func (c *Client) Connect(t testing.TB) (*Stream, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := c.Request(ctx, http.MethodGet, "/api/realtime", nil)
	if err != nil {
		cancel()
		t.Fatalf("open stream: %v", err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		cancel()
		t.Fatalf("open stream: %v", err)
	}
	s := &Stream{events: make(chan Event, streamBuffer), cancel: cancel, ended: make(chan struct{})}
	go s.read(response.Body)
	t.Cleanup(s.Close)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("open stream: status %d", response.StatusCode)
	}
	hello := s.Next(t, 5*time.Second)
	var connected struct {
		ClientID string `json:"clientId"`
	}
	if err := json.Unmarshal(hello.Data, &connected); err != nil || hello.Topic != "PB_CONNECT" {
		t.Fatalf("a stream begins with PB_CONNECT, not %s %s (%v)", hello.Topic, hello.Data, err)
	}
	return s, connected.ClientID
}

// Close ends the stream and waits until it is gone.
func (s *Stream) Close() {
	s.cancel()
	<-s.ended
}

// Ended is closed when the connection has ended, by whichever side.
func (s *Stream) Ended() <-chan struct{} { return s.ended }

// Raw returns everything that came over the connection.
func (s *Stream) Raw() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.raw.Bytes())
}

// Events gives the messages; it is closed after the last.
func (s *Stream) Events() <-chan Event { return s.events }

// Next waits for a message.
func (s *Stream) Next(t testing.TB, within time.Duration) Event {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	select {
	case event, ok := <-s.events:
		if !ok {
			t.Fatal("the stream ended while a message was waited for")
		}
		return event
	case <-deadline.C:
		t.Fatalf("no realtime message within %s", within)
		return Event{}
	}
}

// JobEvent is a message about a job.
type JobEvent struct {
	Event
	Action string `json:"action"`
	Record Job    `json:"record"`
}

// Job decodes a message about a job.
func (e Event) Job() (JobEvent, error) {
	job := JobEvent{Event: e}
	if err := json.Unmarshal(e.Data, &job); err != nil {
		return job, fmt.Errorf("decode message on %s: %w: %s", e.Topic, err, e.Data)
	}
	return job, nil
}

// Until reads messages up to and with the first about the job for which done
// answers true, and returns them all.
func (s *Stream) Until(t testing.TB, within time.Duration, done func(JobEvent) bool) []JobEvent {
	t.Helper()
	deadline := time.Now().Add(within)
	var seen []JobEvent
	for {
		event, err := s.Next(t, max(time.Until(deadline), time.Millisecond)).Job()
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, event)
		if done(event) {
			return seen
		}
	}
}

// UntilFinished reads messages until the job has come to its end.
func (s *Stream) UntilFinished(t testing.TB, jobID string, within time.Duration) []JobEvent {
	t.Helper()
	return s.Until(t, within, func(e JobEvent) bool {
		return e.Record.ID == jobID && (e.Record.Status == "COMPLETED" || e.Record.Status == "FAILED" || e.Record.Status == "CANCELLED")
	})
}

// Silent fails the test if a message comes within the time.
func (s *Stream) Silent(t testing.TB, during time.Duration) {
	t.Helper()
	deadline := time.NewTimer(during)
	defer deadline.Stop()
	select {
	case event, ok := <-s.events:
		if ok {
			t.Errorf("got a message on %s: %s", event.Topic, event.Data)
		}
	case <-deadline.C:
	}
}

// read takes the connection apart as the standard for server-sent events says.
func (s *Stream) read(body io.ReadCloser) {
	defer close(s.ended)
	defer close(s.events)
	defer body.Close()
	lines := bufio.NewReader(body)
	event := Event{}
	for {
		line, err := lines.ReadString('\n')
		s.mu.Lock()
		s.raw.WriteString(line)
		s.mu.Unlock()
		if err != nil {
			return
		}
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case name == "event":
			event.Topic = value
		case name == "data":
			event.Data = append(event.Data, value...)
		case name == "" && value == "" && event.Topic != "":
			event.At = time.Now()
			s.events <- event
			event = Event{}
		}
	}
}
