package tests

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
)

// frontProxies start each of the proxies that docs/deploying.md sets up, with the very
// file that stands there.
func frontProxies() map[string]func(t *testing.T, upstream string) (url string) {
	return map[string]func(*testing.T, string) string{"nginx": startNginx, "caddy": startCaddy}
}

// TestProxies asks the service through nginx and through Caddy what a proxy can spoil:
// streams, uploads, ranges, and whose address it is.
func TestProxies(t *testing.T) {
	for name, start := range frontProxies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			mustAddSuperuser(t, dir)
			server := process.Start(t, process.Options{Dir: dir, Env: env(
				"VERSO_PSEUDO_DELAY", "1s", "VERSO_JOB_CONCURRENCY", "1", "VERSO_TRUSTED_PROXY_HEADERS", "X-Real-IP")})
			through := &process.Server{URL: start(t, server.URL), Dir: dir}
			t.Run("streams", func(t *testing.T) { proxiedStream(t, through) })
			t.Run("uploads", func(t *testing.T) { proxiedUpload(t, through) })
			t.Run("addresses", func(t *testing.T) { proxiedAddresses(t, through) })
		})
	}
}

// proxiedStream watches a job whose segments take a second each: each message comes
// while the next segment is still on its way. Then the output is fetched in part.
func proxiedStream(t *testing.T, server *process.Server) {
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	text := mobyDick(t)[:10_000]
	job := client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Fields: map[string]string{"segment_size": "2500"}})
	total := 0
	stream.Until(t, waitShort, func(e process.JobEvent) bool {
		total = e.Record.SegmentsTotal
		if e.Record.Status != "PROCESSING" || e.Record.SegmentsDone == 0 {
			return false
		}
		// What is asked now is answered from the books, past the stream.
		if now := client.Job(t, job.ID); now.Status != "PROCESSING" || now.SegmentsDone > e.Record.SegmentsDone+1 {
			t.Errorf("with the message of %d segments the job is %s and has %d", e.Record.SegmentsDone, now.Status, now.SegmentsDone)
		}
		return e.Record.SegmentsDone == total-1
	})
	if total < 3 {
		t.Fatalf("the document has %d segments", total)
	}
	stream.UntilFinished(t, job.ID, waitShort)

	whole := client.Download(t, job.ID)
	part := client.GetWith(t, "/download/"+job.ID, "Range", "bytes=100-299").MustBe(t, http.StatusPartialContent)
	if !bytes.Equal(part.Body, whole[100:300]) || part.Header.Get("Content-Range") != fmt.Sprintf("bytes 100-299/%d", len(whole)) {
		t.Errorf("a range came as %q, %q", part.Header.Get("Content-Range"), part.Body)
	}
}

// proxiedUpload sends 30 MB in two halves. The second begins when the first has reached
// the service's disk, which it never does where a proxy waits for the whole body.
func proxiedUpload(t *testing.T, server *process.Server) {
	const size = 30_000_000
	client := server.SignIn(t, bo)
	storage := filepath.Join(server.Dir, "storage")
	before := sizeOf(t, storage)
	halves := io.MultiReader(&prose{left: size / 2}, readFunc(func([]byte) (int, error) {
		if !process.Holds(waitShort, func() bool { return sizeOf(t, storage) > before+size/4 }) {
			return 0, errors.New("the first half has not reached the service")
		}
		return 0, io.EOF
	}), &prose{left: size / 2})
	job := client.MustUpload(t, process.Upload{Filename: "big.txt", Content: halves, Size: size, Fields: map[string]string{"segment_size": "100000"}})
	if stored := sizeOf(t, storage) - before; stored < size {
		t.Errorf("%d bytes of %d are stored", stored, size)
	}
	client.DeleteJob(t, job.ID)
}

// readFunc is a reader made of its one method.
type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// proxiedAddresses guesses a superuser's password from one address until it has to
// wait, whatever address it claims to have. Another address does not feel it.
func proxiedAddresses(t *testing.T, server *process.Server) {
	guess := func(from, claimed string) int {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		transport := &http.Transport{DialContext: dialer.DialContext}
		defer transport.CloseIdleConnections()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/collections/_superusers/auth-with-password",
			strings.NewReader(`{"identity":"`+superuserEmail+`","password":"a wrong one"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		if claimed != "" {
			request.Header.Set("X-Real-IP", claimed)
		}
		response, err := (&http.Client{Transport: transport}).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode
	}
	status := 0
	for attempt := 0; attempt < 12 && status != http.StatusTooManyRequests; attempt++ {
		status = guess("127.0.0.2", fmt.Sprintf("203.0.113.%d", attempt))
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the last of twelve attempts is answered with %d", status)
	}
	if status := guess("127.0.0.3", ""); status != http.StatusBadRequest {
		t.Errorf("another address is answered with %d", status)
	}
}

// TestProxyTimeouts reads that nothing in the proxies' files ends a stream before its
// five minutes are over.
func TestProxyTimeouts(t *testing.T) {
	const stream = 5 * time.Minute
	nginx := deployFile(t, "nginx.conf")
	for _, directive := range []string{"proxy_read_timeout", "proxy_send_timeout"} {
		found := regexp.MustCompile(`(?m)^\s*` + directive + `\s+(\d+)s;`).FindStringSubmatch(nginx)
		if found == nil {
			t.Errorf("nginx.conf has no %s, whose default is 60 s", directive)
			continue
		}
		if seconds, _ := strconv.Atoi(found[1]); time.Duration(seconds)*time.Second <= stream {
			t.Errorf("nginx.conf: %s is %s s, and a stream lives for %s", directive, found[1], stream)
		}
	}
	// Caddy sets none by itself.
	if found := regexp.MustCompile(`(?m)^\s*(\w*timeout|stream_\w+)`).FindString(deployFile(t, "Caddyfile")); found != "" {
		t.Errorf("the Caddyfile sets %s", found)
	}
}

// deployFile reads a file of docs/deploy.
func deployFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "docs", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// startNginx starts nginx with docs/deploy/nginx.conf on plain HTTP.
func startNginx(t *testing.T, upstream string) string {
	dir, address := t.TempDir(), process.FreeAddress(t)
	config := deployFile(t, "nginx.conf")
	for _, change := range []struct{ from, to string }{
		{`server 127\.0\.0\.1:8090;`, "server " + strings.TrimPrefix(upstream, "http://") + ";"},
		{`(?s)server \{\s+listen 80;.*?\n\}\n`, ""}, // sends to https
		{`listen \[::\]:443 ssl http2;`, ""},
		{`listen 443 ssl http2;`, "listen " + address + ";"},
		{`ssl_certificate\w* [^;]+;`, ""},
	} {
		changed := regexp.MustCompile(change.from).ReplaceAllString(config, change.to)
		if changed == config {
			t.Fatalf("nginx.conf has no %s", change.from)
		}
		config = changed
	}
	main := "daemon off; pid " + dir + "/pid; error_log stderr; worker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"
	if os.Getuid() == 0 {
		main = "user root;\n" + main // else its worker cannot look into this folder
	}
	for _, temporary := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		main += temporary + "_temp_path " + dir + "/" + temporary + ";\n"
	}
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(main+config+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	nginx := "nginx"
	if _, err := exec.LookPath(nginx); err != nil {
		nginx = "/usr/sbin/nginx" // not everybody's PATH has it
	}
	return startProxy(t, address, exec.Command(nginx, "-p", dir, "-e", "stderr", "-c", path))
}

// startCaddy starts Caddy with docs/deploy/Caddyfile, which takes names and addresses
// from the environment.
func startCaddy(t *testing.T, upstream string) string {
	dir, address := t.TempDir(), process.FreeAddress(t)
	path := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(path, []byte("{\n\tadmin off\n}\n"+deployFile(t, "Caddyfile")), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", path)
	command.Env = []string{"HOME=" + dir, "VERSO_HOST=http://" + address, "VERSO_UPSTREAM=" + strings.TrimPrefix(upstream, "http://")}
	return startProxy(t, address, command)
}

// startProxy starts a proxy and returns where it answers.
func startProxy(t *testing.T, address string, command *exec.Cmd) string {
	t.Helper()
	var wrote bytes.Buffer // read after the end
	command.Stdout, command.Stderr = &wrote, &wrote
	if err := command.Start(); err != nil {
		t.Fatalf("start the proxy (apt-get install nginx-light caddy): %v", err)
	}
	exited, gone := context.WithCancel(context.Background())
	go func() {
		defer gone()
		_ = command.Wait() // what it wrote says more
	}()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		<-exited.Done()
		if t.Failed() {
			t.Logf("the proxy wrote:\n%s", &wrote)
		}
	})
	process.Eventually(t, waitShort, "the proxy answers", func() bool {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return exited.Err() != nil // the next request tells
		}
		return connection.Close() == nil
	})
	return "http://" + address
}
