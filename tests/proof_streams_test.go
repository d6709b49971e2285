package tests

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verso/tests/process"
)

const (
	// crowdEach streams has an owner: half on his job's topic, half on all.
	crowdEach = 10
	// probes are the uploads whose first message is timed, once alone and once in the
	// crowd.
	probes = 20
	// streamMemory is what a stream may take of the service's memory.
	streamMemory = 192 << 10
)

// crowd is everybody who watches over real connections.
type crowd struct {
	clerk   instance
	server  *process.Server
	metrics string
	ctx     context.Context
	leave   context.CancelFunc
	clients []*process.Client
	heard   atomic.Int64
	readers sync.WaitGroup
	deaf    []net.Conn
}

// TestStreamsOfACrowd lets hundreds of people watch their jobs over thousands of
// connections, some of which are never read and some dropped. Nobody hears of what is
// another's, everybody hears of his own job's end, and memory and goroutines are
// bounded and given back.
func TestStreamsOfACrowd(t *testing.T) {
	t.Parallel()
	streams := dose(t, 200, 2000)
	owners := streams / crowdEach
	c := &crowd{clerk: newInstance(t), metrics: freeAddress(t)}
	c.ctx, c.leave = context.WithCancel(t.Context())
	defer c.leave()
	c.server = process.Start(t, process.Options{Command: "serve", Dir: filepath.Join(t.TempDir(), "data"), Env: c.clerk.env(t,
		"VERSO_PSEUDO_DELAY", "500ms", "VERSO_JOB_CONCURRENCY", "1", "VERSO_CONCURRENCY", "1000", "VERSO_METRICS_ADDR", c.metrics,
		"VERSO_TRUSTED_PROXY_HEADERS", "X-Forwarded-For")})
	alone := c.probe(t)
	c.limits(t)
	awaitMetric(t, c.metrics, "verso_realtime_streams", 0)
	before := c.figures(t)

	told := plainStory(dose(t, 24, 60))
	jobs := make([]string, owners)
	ended := make([]atomic.Int64, owners)
	for i := range jobs { // they wait until everybody watches
		owner := signedIn(t, c.owner(i))
		jobs[i] = owner.MustUpload(t, process.Upload{Content: strings.NewReader(told.String()), Fields: env("segment_size", "500"),
			Header: []string{"X-Forwarded-For", fmt.Sprintf("10.2.%d.%d", i>>8, i&255)}}).ID
		mustCommand(t, owner, jobs[i], "pause", nil)
	}
	c.join(t, jobs, ended)
	during := c.figures(t)
	for i, job := range jobs {
		mustCommand(t, c.owner(i), job, "resume", nil)
	}
	crowded := c.probe(t)

	listening := crowdEach - 2 // one is deaf, one drops
	process.Eventually(t, 4*time.Minute, "everybody hears of the end of his job", func() bool {
		for i := range ended {
			if ended[i].Load() < int64(listening) {
				return false
			}
		}
		return true
	})
	heard := c.heard.Load()
	c.disperse()
	awaitMetric(t, c.metrics, "verso_realtime_streams", 0)
	process.Eventually(t, waitLonger, "goroutines are given back", func() bool { return c.figures(t).goroutines <= before.goroutines+40 })
	after := c.figures(t)

	t.Logf("%d streams of %d people; %d messages; from an upload to its first message: alone %s (99th of 100: %s), in the crowd %s (%s), %.1f times as long",
		streams, owners, heard, alone.half, alone.most, crowded.half, crowded.most, float64(crowded.half)/float64(alone.half))
	t.Logf("goroutines %d, %d, %d; memory %d, %d, %d MiB; files %d, %d, %d (before, during, after)", before.goroutines, during.goroutines, after.goroutines,
		before.memory/mebibyte, during.memory/mebibyte, after.memory/mebibyte, before.files, during.files, after.files)
	if most := before.memory + streams*streamMemory + 32*mebibyte; during.memory > most {
		t.Errorf("%d streams take the memory to %d MiB, want at most %d", streams, during.memory/mebibyte, most/mebibyte)
	}
	// What stays open are connections to the database, of which some are kept.
	if after.files > before.files+80 {
		t.Errorf("%d files are open, %d before", after.files, before.files)
	}
}

// waitLonger is how long connections may take to be noticed that were dropped.
const waitLonger = 30 * time.Second

// owner is one of the people. His connections are closed when the crowd leaves.
func (c *crowd) owner(i int) *process.Client {
	client := c.server.Bare(func() (string, error) {
		return c.clerk.token(fmt.Sprintf("user_crowd%d", i), func(claims map[string]any) { claims["sid"] = fmt.Sprintf("sess_crowd%d", i) })
	})
	c.clients = append(c.clients, client)
	return client
}

// disperse closes what the crowd holds open.
func (c *crowd) disperse() {
	c.leave()
	for _, conn := range c.deaf {
		conn.Close()
	}
	c.readers.Wait()
	for _, client := range c.clients {
		client.Leave()
	}
}

// join opens all streams: of each person's ten, one is never read and one drops at
// once.
func (c *crowd) join(t *testing.T, jobs []string, ended []atomic.Int64) {
	t.Helper()
	places := make(chan struct{}, 32) // to join at once
	joined := make(chan error, len(jobs)*crowdEach)
	for i, job := range jobs {
		client := c.owner(i)
		var told struct {
			Owner string `json:"owner_id"`
		}
		client.Get(t, "/api/v1/jobs/"+job).MustBe(t, http.StatusOK).Decode(t, &told)
		for n := range crowdEach {
			topic := "translation_jobs/*"
			if n%2 == 0 {
				topic = "translation_jobs/" + job
			}
			switch n {
			case 0:
				c.deaf = append(c.deaf, c.ignore(t, client, topic))
				joined <- nil
			case 1:
				c.ignore(t, client, topic).Close()
				joined <- nil
			default:
				c.readers.Go(func() { c.watch(t, client, topic, told.Owner, job, &ended[i], places, joined) })
			}
		}
	}
	for range len(jobs) * crowdEach {
		if err := <-joined; err != nil {
			t.Fatalf("join: %v", err)
		}
	}
}

// watch reads a stream until the crowd leaves, and comes back where the service ends it.
func (c *crowd) watch(t *testing.T, client *process.Client, topic, owner, job string, ended *atomic.Int64, places chan struct{}, joined chan<- error) {
	places <- struct{}{}
	once := sync.OnceFunc(func() { <-places; joined <- nil })
	told := false
	for c.ctx.Err() == nil {
		err := eachMessageFrom(c.ctx, client, topic, once, func(on string, data []byte) {
			if !strings.HasPrefix(on, "translation_jobs") {
				return // a sign of life
			}
			c.heard.Add(1)
			var message struct {
				Record struct {
					ID     string `json:"id"`
					Owner  string `json:"owner_id"`
					Status string `json:"status"`
				} `json:"record"`
			}
			switch err := json.Unmarshal(data, &message); {
			case err != nil:
			case message.Record.Owner != owner:
				t.Errorf("somebody heard of a job of another: %s", data)
			case message.Record.ID == job && message.Record.Status == "COMPLETED" && !told:
				told = true
				ended.Add(1)
			}
		})
		if c.ctx.Err() == nil {
			t.Errorf("a stream ended by itself: %v", err)
			return
		}
	}
}

// ignore opens a stream and subscribes it, and reads no further.
func (c *crowd) ignore(t *testing.T, client *process.Client, topic string) net.Conn {
	t.Helper()
	request, err := client.Request(t.Context(), http.MethodGet, "/api/realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", request.URL.Host)
	if err != nil {
		t.Fatal(err)
	}
	if err := request.Write(conn); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("open a stream: %v %v", response, err)
	}
	for lines := bufio.NewReader(response.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if hello, found := strings.CutPrefix(line, "data:"); found {
			if err := subscribeTo(t.Context(), client, []byte(hello), topic); err != nil {
				t.Fatal(err)
			}
			return conn
		}
	}
}

// limits opens as many streams as one person may have, and one more.
func (c *crowd) limits(t *testing.T) {
	t.Helper()
	const most = 30
	client := c.owner(9999)
	signedIn(t, client)
	var open []net.Conn
	for range most {
		open = append(open, c.ignore(t, client, "translation_jobs/*"))
	}
	ctx, cancel := context.WithTimeout(t.Context(), waitShort)
	defer cancel()
	if err := eachMessage(ctx, client, "translation_jobs/*", func(string, []byte) {}); err == nil || !strings.Contains(err.Error(), "429") {
		t.Errorf("the %d. stream of one person: %v", most+1, err)
	}
	for _, conn := range open {
		conn.Close()
	}
}

// timed are times, by their quantiles.
type timed struct{ half, most time.Duration }

// probe times how long after an upload was sent its owner's stream tells of the job.
func (c *crowd) probe(t *testing.T) timed {
	t.Helper()
	client := signedIn(t, c.owner(8888))
	stream := client.Subscribe(t, "translation_jobs/*")
	defer stream.Close()
	var times []time.Duration
	for range probes {
		begun := time.Now()
		job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
		first := stream.Until(t, waitLonger, func(e process.JobEvent) bool { return e.Record.ID == job.ID })
		times = append(times, first[len(first)-1].At.Sub(begun))
		client.DeleteJob(t, job.ID)
	}
	slices.Sort(times)
	return timed{times[len(times)/2].Round(time.Microsecond), times[len(times)*99/100].Round(time.Microsecond)}
}

// figures are what the service holds.
type figures struct{ goroutines, memory, files int }

func (c *crowd) figures(t *testing.T) figures {
	t.Helper()
	text := scrape(t, c.metrics)
	number := func(name string) int {
		value, err := strconv.ParseFloat(metric(text, name), 64)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return int(value)
	}
	return figures{number("go_goroutines"), number("process_resident_memory_bytes"), number("process_open_fds")}
}

func awaitMetric(t *testing.T, address, name string, want int) {
	t.Helper()
	process.Eventually(t, waitLonger, fmt.Sprintf("%s is %d", name, want), func() bool { return metric(scrape(t, address), name) == strconv.Itoa(want) })
}
