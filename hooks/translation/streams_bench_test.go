package translation

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	streamOwners  = 200
	streamsEach   = 10 // of an owner: half on the job's topic, half on all
	deafStreams   = 100
	streamRounds  = 40
	streamPause   = progressInterval + 50*time.Millisecond // so that no message waits for its turn
	serverBuffers = 4 << 10                                // of a connection: small, so that who does not read is noticed
)

// BenchmarkStreams lets two thousand clients watch two hundred jobs over real
// connections, a hundred of which nobody reads, and prints what a settled segment
// takes, how long its message is on its way, and what is left when all have gone.
func BenchmarkStreams(b *testing.B) {
	s := mustServe(b, nil)
	settings := s.app.Settings()
	settings.RateLimits.Enabled = false // they all come from one address
	server := httptest.NewUnstartedServer(s.handler)
	server.Listener = narrow{server.Listener}
	server.Start()
	defer server.Close()
	before := runtime.NumGoroutine()

	crowd := &audience{server: server, settledAt: map[string][]time.Time{}}
	jobs := make([]string, streamOwners)
	owners := make([]*core.Record, streamOwners)
	for i := range jobs {
		s.owner = mustUser(b, s.app, fmt.Sprint("user_", i))
		owners[i], jobs[i] = s.owner, s.mustJob(b, streamRounds)
		crowd.settledAt[jobs[i]] = make([]time.Time, streamRounds+1)
	}
	for i, job := range jobs {
		for n := range streamsEach {
			topic := "translation_jobs/*"
			if n%2 == 0 {
				topic = "translation_jobs/" + job
			}
			crowd.join(b, owners[i].Id, job, topic, n == 0 && i < deafStreams)
		}
	}
	during := runtime.NumGoroutine()

	var settles []time.Duration
	for round := range streamRounds {
		begun := time.Now()
		for i, job := range jobs {
			work, outcome := settled(job, round)
			at := time.Now()
			crowd.note(job, round+1, at)
			if err := s.ledger.settle(context.Background(), settlementOf(work, outcome)); err != nil {
				b.Fatal(err)
			}
			s.plugin.feed.changed(job, owners[i].Id)
			settles = append(settles, time.Since(at))
		}
		time.Sleep(time.Until(begun.Add(streamPause)))
	}
	deaf := time.Now()
	for s.app.SubscriptionsBroker().TotalClients() > streamOwners*streamsEach-deafStreams && time.Since(deaf) < 2*writeTimeout {
		time.Sleep(50 * time.Millisecond)
	}
	left := s.app.SubscriptionsBroker().TotalClients()
	crowd.leave()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}

	quantiles(b, settles, "settle")
	quantiles(b, crowd.delays, "delivery")
	b.ReportMetric(float64(len(crowd.delays)), "delivered")
	b.ReportMetric(float64(left), "clients-left")
	b.ReportMetric(float64(during-before), "goroutines-during")
	b.ReportMetric(float64(runtime.NumGoroutine()-before), "goroutines-after")
	b.ReportMetric(0, "ns/op") // the rounds are paced
}

func quantiles(b *testing.B, times []time.Duration, what string) {
	slices.Sort(times)
	if len(times) == 0 {
		b.Fatalf("no %s was measured", what)
	}
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), what+"-p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), what+"-p99-µs")
}

// audience is everybody who watches.
type audience struct {
	server  *httptest.Server
	readers sync.WaitGroup
	conns   []net.Conn

	mu        sync.Mutex
	settledAt map[string][]time.Time // by job, then by segments done
	delays    []time.Duration
}

func (a *audience) note(job string, done int, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.settledAt[job][done] = at
}

// join opens a stream and subscribes it. A deaf one is not read any more then.
func (a *audience) join(b *testing.B, owner, job, topic string, deaf bool) {
	b.Helper()
	conn, err := net.Dial("tcp", a.server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	if deaf {
		_ = conn.(*net.TCPConn).SetReadBuffer(serverBuffers)
	}
	a.conns = append(a.conns, conn)
	fmt.Fprintf(conn, "GET /api/realtime HTTP/1.1\r\nHost: verso\r\n%s: %s\r\n\r\n", asUser, owner)
	reader := bufio.NewReader(conn)
	var hello struct{ ClientID string }
	if err := json.Unmarshal(nextData(reader), &hello); err != nil || hello.ClientID == "" {
		b.Fatalf("a stream does not begin: %v", err)
	}
	body, _ := json.Marshal(map[string]any{"clientId": hello.ClientID, "subscriptions": []string{topic}})
	request, _ := http.NewRequest(http.MethodPost, a.server.URL+"/api/realtime", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(asUser, owner)
	answer, err := a.server.Client().Do(request)
	if err != nil || answer.StatusCode != http.StatusNoContent {
		b.Fatalf("subscribe: %v, %v", answer, err)
	}
	answer.Body.Close()
	if deaf {
		return
	}
	a.readers.Go(func() {
		for data := nextData(reader); data != nil; data = nextData(reader) {
			now := time.Now()
			var news struct {
				Record struct {
					ID   string `json:"id"`
					Done int    `json:"segments_done"`
				} `json:"record"`
			}
			if json.Unmarshal(data, &news) == nil && news.Record.ID == job {
				a.mu.Lock()
				a.delays = append(a.delays, now.Sub(a.settledAt[job][news.Record.Done]))
				a.mu.Unlock()
			}
		}
	})
}

// nextData returns the data of the next message, nil at the end.
func nextData(reader *bufio.Reader) []byte {
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return nil
		}
		if data, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			return bytes.TrimSpace(data)
		}
	}
}

func (a *audience) leave() {
	for _, conn := range a.conns {
		conn.Close()
	}
	a.readers.Wait()
	a.server.Client().CloseIdleConnections()
}

// narrow is a listener whose connections hold little.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(serverBuffers)
	}
	return conn, err
}
