package tests

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/tests/process"
)

// order is a document that somebody ordered, and what has become of it as far as its
// owner was told.
type order struct {
	owner  string
	key    string // its Idempotency-Key
	told   story
	job    string
	budget float64 // max_cost_usd; 0 for none

	mu        sync.Mutex
	corrected map[string]string // by block id: a person's own words
	renewed   bool              // something may have been asked for twice on purpose
	cut       bool              // requests may have been cut off, which count with what was sent
	deleted   bool
}

// load is a mixed load on a service that is killed all the while. Whatever is begun is
// repeated until it is answered.
type load struct {
	m      *mirror
	clerk  instance
	stop   chan struct{}
	people int

	mu     sync.Mutex
	orders []*order
	latest map[string]delivery // by user: the newest event about him
	sent   int                 // deliveries taken, doubled ones included
	heard  int                 // realtime messages
	asked  map[string]int      // commands that were obeyed, by name

	running sync.WaitGroup
}

func (l *load) run(t *testing.T, chance *rand.Rand) {
	writers := []func(*testing.T, *rand.Rand){l.upload, l.upload, l.deliver, l.deliver, l.command, l.command, l.listen, l.listen}
	for part, write := range writers {
		own := rand.New(rand.NewPCG(chance.Uint64(), uint64(part)))
		l.running.Go(func() { write(t, own) })
	}
}

func (l *load) pause(chance *rand.Rand, most time.Duration) bool {
	select {
	case <-l.stop:
		return false
	case <-time.After(time.Duration(chance.Int64N(int64(most)))):
		return true
	}
}

// as is a client for somebody, of the service that runs now.
func (l *load) as(t *testing.T, owner string) *process.Client {
	return l.clerk.signIn(t, l.m.current(), owner, func(claims map[string]any) { claims["sid"] = "sess_" + owner })
}

func (l *load) person(chance *rand.Rand) string {
	return fmt.Sprintf("user_load%d", chance.IntN(l.people))
}

// try sends something until it is answered with one of the statuses that settle it, and
// returns the answer.
func (l *load) try(t *testing.T, owner string, send func(ctx context.Context, client *process.Client) (*process.Answer, error)) *process.Answer {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		answer, err := send(ctx, l.as(t, owner))
		cancel()
		if err == nil && answer.Status < 500 && answer.Status != http.StatusTooManyRequests {
			return answer
		}
		time.Sleep(20 * time.Millisecond) // the service is being started
	}
}

// upload uploads documents, each until it is taken.
func (l *load) upload(t *testing.T, chance *rand.Rand) {
	for l.pause(chance, 500*time.Millisecond) {
		l.mu.Lock()
		number := len(l.orders)
		made := &order{owner: l.person(chance), key: fmt.Sprintf("key-%d", number), corrected: map[string]string{}}
		l.orders = append(l.orders, made)
		l.mu.Unlock()
		made.told = plainStory(2 + chance.IntN(40))
		for i := range made.told { // no two blocks are the same in any two documents
			made.told[i] += fmt.Sprintf(" That was in house %d of street %d.", 1000+i, 1000+number)
		}
		fields := []string{"segment_size", "600", "target_language", "ko", "model_name", killModel}
		if chance.IntN(3) == 0 {
			made.budget = 0.002 + chance.Float64()*0.2
			fields = append(fields, "max_cost_usd", fmt.Sprint(made.budget))
		}
		answer := l.try(t, made.owner, func(ctx context.Context, client *process.Client) (*process.Answer, error) {
			upload := made.told.upload(fields...)
			upload.Header = []string{"Idempotency-Key", made.key}
			return client.Send(ctx, upload)
		})
		if answer.Status != http.StatusOK {
			t.Errorf("an upload: %s", answer)
			return
		}
		var job process.Job
		if err := json.Unmarshal(answer.Body, &job); err != nil {
			t.Error(err)
			return
		}
		made.mu.Lock()
		made.job = job.ID
		made.mu.Unlock()
	}
}

// deliver delivers events about a few users, each until it is taken, in any order and
// some of them twice.
func (l *load) deliver(t *testing.T, chance *rand.Rand) {
	for l.pause(chance, 400*time.Millisecond) {
		user := fmt.Sprintf("user_hook%d", chance.IntN(40))
		l.mu.Lock()
		first := l.m.events.Load()
		batch := make([]delivery, 2+chance.IntN(4))
		for i := range batch {
			batch[i] = l.m.userEvent(user, fmt.Sprintf("Name %d", first+int64(i)), fmt.Sprintf("%s@example.org", strings.TrimPrefix(user, "user_")), 1000+first+int64(i))
		}
		if chance.IntN(12) == 0 {
			batch = append(batch, l.m.userDeleted(user))
		}
		if before, ok := l.latest[user]; !ok || !strings.Contains(before.body, "user.deleted") {
			l.latest[user] = batch[len(batch)-1]
		}
		l.mu.Unlock()
		if chance.IntN(2) == 0 {
			batch = append(batch, batch[chance.IntN(len(batch))])
		}
		chance.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
		for _, d := range batch {
			for d.send(t, l.m.current(), d.signGo(t)) != http.StatusOK {
				time.Sleep(20 * time.Millisecond) // as Svix does, only later
			}
		}
		l.mu.Lock()
		l.sent += len(batch)
		l.mu.Unlock()
	}
}

// command steers, corrects and deletes.
func (l *load) command(t *testing.T, chance *rand.Rand) {
	for l.pause(chance, 120*time.Millisecond) {
		l.mu.Lock()
		var some *order
		if len(l.orders) > 0 {
			some = l.orders[chance.IntN(len(l.orders))]
		}
		l.mu.Unlock()
		if some == nil {
			continue
		}
		some.mu.Lock() // one command on an order at a time
		if some.job != "" && !some.deleted {
			l.commandOn(t, chance, some)
		}
		some.mu.Unlock()
	}
}

func (l *load) commandOn(t *testing.T, chance *rand.Rand, o *order) {
	post := func(name string, body string) *process.Answer {
		return l.do(t, o, http.MethodPost, "/"+name, body)
	}
	name := []string{"pause", "resume", "pause", "resume", "resume", "correct", "correct", "retry", "brief", "cancel", "delete"}[chance.IntN(11)]
	var answer *process.Answer
	o.cut = o.cut || name != "correct"
	switch name {
	case "correct":
		answer = l.correct(t, chance, o)
	case "retry":
		o.renewed = true
		answer = post("retry", "{}")
	case "brief":
		if chance.IntN(3) > 0 {
			return
		}
		o.renewed = true
		answer = l.do(t, o, http.MethodPatch, "/brief", fmt.Sprintf(`{"style_data":{"tone_keywords":"calm %d"}}`, chance.IntN(1000)))
	case "cancel", "delete":
		if chance.IntN(4) > 0 {
			return
		}
		if name == "cancel" {
			answer = post("cancel", "{}")
			break
		}
		o.deleted = true
		answer = l.do(t, o, http.MethodDelete, "", "")
	default:
		answer = post(name, "{}")
	}
	if answer != nil && answer.Status < 300 {
		l.mu.Lock()
		l.asked[name]++
		l.mu.Unlock()
	}
}

func (l *load) do(t *testing.T, o *order, method, path, body string) *process.Answer {
	return l.try(t, o.owner, func(ctx context.Context, client *process.Client) (*process.Answer, error) {
		return client.Do(ctx, method, "/api/v1/jobs/"+o.job+path, strings.NewReader(body), http.Header{"Content-Type": {"application/json"}})
	})
}

// correct writes a block of a settled segment by hand.
func (l *load) correct(t *testing.T, chance *rand.Rand, o *order) *process.Answer {
	var settled struct{ Segments []process.Segment }
	answer := l.do(t, o, http.MethodGet, "/segments?limit=200", "")
	if err := json.Unmarshal(answer.Body, &settled); answer.Status != http.StatusOK || err != nil || len(settled.Segments) == 0 {
		return nil
	}
	segment := settled.Segments[chance.IntN(len(settled.Segments))]
	block := segment.Source[chance.IntN(len(segment.Source))].ID
	text := fmt.Sprintf("사람이 쓴 글 %d", chance.IntN(1_000_000))
	body, err := json.Marshal(map[string]any{"blocks": []process.Block{{ID: block, Text: text}}})
	if err != nil {
		t.Error(err)
		return nil
	}
	answer = l.do(t, o, http.MethodPatch, fmt.Sprintf("/segments/%d", segment.Position), string(body))
	if answer.Status == http.StatusOK {
		o.corrected[block] = text
	} else if answer.Status != http.StatusConflict { // it was taken up again in between
		t.Errorf("a correction: %s", answer)
	}
	return answer
}

// listen keeps a stream open and looks whose jobs come over it.
func (l *load) listen(t *testing.T, chance *rand.Rand) {
	for l.pause(chance, 300*time.Millisecond) {
		owner := l.person(chance)
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		l.hear(t, ctx, owner)
		cancel()
	}
}

// hear reads one stream until it ends, which it does when the service is killed.
func (l *load) hear(t *testing.T, ctx context.Context, owner string) {
	client := l.as(t, owner)
	heard := 0
	_ = eachMessage(ctx, client, "translation_jobs/*", func(topic string, data []byte) {
		heard++
		var message struct {
			Record struct {
				ID string `json:"id"`
			} `json:"record"`
		}
		if err := json.Unmarshal(data, &message); err != nil {
			return // the connection was cut within it
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, other := range l.orders {
			if other.owner != owner && message.Record.ID != "" && other.mu.TryLock() {
				if other.job == message.Record.ID {
					t.Errorf("%s heard of a job of %s", owner, other.owner)
				}
				other.mu.Unlock()
			}
		}
	})
	l.mu.Lock()
	l.heard += heard
	l.mu.Unlock()
}

// eachMessage opens a stream, subscribes to a topic, and hands over its messages until
// the stream or the context ends. It may be called from any goroutine.
func eachMessage(ctx context.Context, client *process.Client, topic string, hand func(topic string, data []byte)) error {
	return eachMessageFrom(ctx, client, topic, func() {}, hand)
}

// eachMessageFrom is eachMessage that says when it has subscribed.
func eachMessageFrom(ctx context.Context, client *process.Client, topic string, subscribed func(), hand func(topic string, data []byte)) error {
	request, err := client.Request(ctx, http.MethodGet, "/api/realtime", nil)
	if err != nil {
		return err
	}
	response, err := client.Open(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("open a stream: %s", response.Status)
	}
	name := ""
	for lines := bufio.NewReader(response.Body); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		field, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		switch string(field) {
		case "event":
			name = string(value)
		case "data":
			if name != "PB_CONNECT" {
				hand(name, value)
				continue
			}
			if err := subscribeTo(ctx, client, value, topic); err != nil {
				return err
			}
			subscribed()
		}
	}
}

// subscribeTo subscribes the stream that began with a message.
func subscribeTo(ctx context.Context, client *process.Client, hello []byte, topic string) error {
	var connected struct{ ClientID string }
	if err := json.Unmarshal(hello, &connected); err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"clientId": connected.ClientID, "subscriptions": []string{topic}})
	if err != nil {
		return err
	}
	answer, err := client.Do(ctx, http.MethodPost, "/api/realtime", io.Reader(bytes.NewReader(body)), http.Header{"Content-Type": {"application/json"}})
	if err == nil && answer.Status != http.StatusNoContent {
		err = fmt.Errorf("subscribe: %s", answer)
	}
	return err
}
