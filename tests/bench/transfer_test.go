package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
	"verso/tests/process"
)

const (
	transferSize  = 20 << 20
	transferTurns = 9
	// crowdUploads of crowdSize come at once: as many as two people may send.
	crowdUploads, crowdSize = 32, 20 << 20
)

// prose returns a text of about that many bytes.
func prose(b *testing.B, size int) []byte {
	b.Helper()
	chapter := bytes.TrimSpace([]byte(mustReadFile(b, "../testdata/moby-dick-1-20.txt")))
	return bytes.Repeat(append(chapter, "\n\n"...), 1+size/len(chapter))[:size]
}

// BenchmarkUpload sends a document of 20 MB to Verso, which looks through it too, to a
// file field of PocketBase's own in the same process, and to a server that copies the
// body to a file and does nothing else; and parses it, in this process.
func BenchmarkUpload(b *testing.B) {
	server, superuser := startUnlimited(b, map[string]string{"VERSO_PSEUDO_DELAY": "1m", "VERSO_CONCURRENCY": "1", "VERSO_MAX_ACTIVE_JOBS": "1000"})
	superuser.Post(b, "/api/collections", map[string]any{
		"name": "plain", "type": "base", "createRule": `@request.auth.id != ""`,
		"fields": []map[string]any{{"name": "file", "type": "file", "maxSelect": 1, "maxSize": 2 * transferSize}},
	}).MustBe(b, http.StatusOK)
	document := prose(b, transferSize)
	ada := server.SignIn(b, "user_demoada")
	var last process.Job
	verso := &contender{name: "Verso", do: func() {
		last = ada.MustUpload(b, process.Upload{Content: bytes.NewReader(document), Fields: unasked()})
	}, after: func() {
		awaitPlan(b, ada, last.ID)
		ada.DeleteJob(b, last.ID)
	}}
	pocketBase := &contender{name: "PocketBase's own file field", do: func() {
		ada.Upload(b, process.Upload{Path: "/api/collections/plain/records", Content: bytes.NewReader(document)}).MustBe(b, http.StatusOK)
	}}
	copied := &contender{name: "io.Copy of the body to a file", do: copying(b, document)}
	parsed := &contender{name: "parsing it", do: func() { mustParse(b, document) }}
	inTurns(b, transferTurns, verso, pocketBase, copied, parsed)
	table.add(transfers, fmt.Sprintf("an upload of %d MB, looked through", transferSize>>20), short(verso.median()),
		pocketBase.times(verso.median())+"; "+copied.times(verso.median())+"; "+parsed.times(verso.median()))
}

// unasked are an upload's fields that leave no question but those about segments.
func unasked() map[string]string {
	return map[string]string{"target_language": "fr", "style_data": "{}", "glossary_data": "[]", "memory": "false"}
}

// awaitPlan waits until a job's segments have been written, which goes on after the
// upload was answered.
func awaitPlan(b *testing.B, client *process.Client, id string) {
	b.Helper()
	process.Eventually(b, benchWait, "the document is planned", func() bool { return client.Job(b, id).SegmentsTotal > 0 })
}

// copying returns what sends a body to a server that copies it to a file.
func copying(b *testing.B, body []byte) func() {
	b.Helper()
	dir := b.TempDir()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := os.CreateTemp(dir, "")
		if err == nil {
			_, err = io.Copy(file, r.Body)
			file.Close()
			os.Remove(file.Name())
		}
		if err != nil {
			b.Error(err)
		}
	}))
	b.Cleanup(server.Close)
	return func() {
		answer, err := server.Client().Post(server.URL, "text/plain", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		answer.Body.Close()
	}
}

func mustParse(b *testing.B, data []byte) {
	b.Helper()
	if _, err := (txt.Format{}).Parse(b.Context(), string(data), document.Options{}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkUploadsAtOnce sends 32 documents of 20 MB at once and looks at the memory
// beside what was sent.
func BenchmarkUploadsAtOnce(b *testing.B) {
	server, _ := startUnlimited(b, map[string]string{"VERSO_PSEUDO_DELAY": "1m", "VERSO_CONCURRENCY": "1", "VERSO_MAX_ACTIVE_JOBS": "1000"})
	document := prose(b, crowdSize)
	people := []*process.Client{server.SignIn(b, "user_demoada"), server.SignIn(b, "user_demobo")}
	for _, person := range people { // the first request makes the user
		person.Get(b, "/api/v1/me").MustBe(b, http.StatusOK)
	}
	idle := memory(b, server)
	one := time.Now()
	job := people[0].MustUpload(b, process.Upload{Content: bytes.NewReader(document), Fields: unasked()})
	alone := time.Since(one)
	awaitPlan(b, people[0], job.ID)
	single := memory(b, server)
	var sending sync.WaitGroup
	begun := time.Now()
	for n := range crowdUploads {
		sending.Go(func() {
			for {
				answer, err := people[n%len(people)].Send(b.Context(), process.Upload{Content: bytes.NewReader(document), Filename: fmt.Sprintf("copy-%d.txt", n), Fields: unasked()})
				switch {
				case err != nil:
					b.Error(err)
				case answer.Status == http.StatusOK:
				case answer.Header.Get("Retry-After") != "":
					time.Sleep(100 * time.Millisecond)
					continue
				default:
					b.Error(answer)
				}
				return
			}
		})
	}
	sending.Wait()
	took := time.Since(begun)
	table.add(transfers, fmt.Sprintf("%d uploads of %d MB at once", crowdUploads, crowdSize>>20), short(took),
		fmt.Sprintf("one alone %s: each %.2f times as long", short(alone), took.Seconds()/crowdUploads/alone.Seconds()))
	table.add(costs, "memory at most meanwhile", fmt.Sprintf("%.0f MB", megabytes(memory(b, server).peak)),
		fmt.Sprintf("%.0f MB after one, %.0f MB before; %d MB were sent", megabytes(single.peak), megabytes(idle.peak), crowdUploads*crowdSize>>20))
}

// BenchmarkDownload fetches a translated document, and the same file from PocketBase's
// own route for files and from Go's file server.
func BenchmarkDownload(b *testing.B) {
	server, _ := startUnlimited(b, map[string]string{"VERSO_PSEUDO_DELAY": "0s", "VERSO_JOB_CONCURRENCY": "32"})
	ada := server.SignIn(b, "user_demoada")
	stream := ada.Subscribe(b, "translation_jobs/*")
	idle := memory(b, server)
	job := ada.MustUpload(b, process.Upload{Content: bytes.NewReader(prose(b, transferSize)), Fields: unasked()})
	stream.UntilFinished(b, job.ID, 5*time.Minute)
	record := ada.Record(b, job.ID)
	paths, err := filepath.Glob(filepath.Join(server.Dir, "storage", "*", job.ID, record.Output))
	if err != nil || len(paths) != 1 || record.Output == "" {
		b.Fatalf("the output is %q, in %v (%v)", record.Output, paths, err)
	}
	files := httptest.NewServer(http.FileServer(http.Dir(filepath.Dir(paths[0]))))
	defer files.Close()

	// All three are read the same way, with a new connection's buffers long filled.
	get := func(client *http.Client, request *http.Request) {
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if n, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK || n < transferSize {
			b.Fatalf("%s: %d, %d bytes, %v", request.URL.Path, answer.StatusCode, n, err)
		}
	}
	request := func(path string) *http.Request {
		request, err := ada.Request(b.Context(), http.MethodGet, path, nil)
		if err != nil {
			b.Fatal(err)
		}
		return request
	}
	client := files.Client()
	collection := filepath.Base(filepath.Dir(filepath.Dir(paths[0])))
	verso := &contender{name: "Verso", do: func() { get(client, request("/download/"+job.ID)) }}
	pocketBase := &contender{name: "PocketBase's own route", do: func() {
		get(client, request(strings.Join([]string{"/api/files", collection, job.ID, record.Output}, "/")+"?token="+ada.FileToken(b)))
	}}
	plain := &contender{name: "http.FileServer", do: func() {
		plain, err := http.NewRequestWithContext(b.Context(), http.MethodGet, files.URL+"/"+record.Output, nil)
		if err != nil {
			b.Fatal(err)
		}
		get(client, plain)
	}}
	inTurns(b, transferTurns, verso, pocketBase, plain)
	table.add(transfers, fmt.Sprintf("a download of %d MB", transferSize>>20), short(verso.median()),
		pocketBase.times(verso.median())+"; "+plain.times(verso.median()))
	table.add(costs, "memory at most, a document of 20 MB", fmt.Sprintf("%.0f MB", megabytes(memory(b, server).peak)),
		fmt.Sprintf("idle %.0f MB; growth %.1f × the document, its translation and its downloads with it", megabytes(idle.now), float64(memory(b, server).peak-idle.now)/transferSize))
}
