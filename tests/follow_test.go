package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// entry is a line of the log as VERSO_LOG=json writes it.
type entry struct {
	Message string `json:"msg"`
	Level   string `json:"level"`
	Request string `json:"request"`
	Job     string `json:"job"`
	Status  string `json:"status"`
	URL     string `json:"url"`
	Meta    struct {
		Request string `json:"request"`
	} `json:"meta"`
	UserIP string `json:"userIP"`
}

// entries are the lines of a server's log, whatever else it has printed left out.
func entries(server *process.Server) (found []entry) {
	for line := range strings.Lines(server.Log()) {
		var e entry
		if strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &fields{&e}) == nil {
			found = append(found, e)
		}
	}
	return found
}

// fields reads an entry whose status may be a job's or a request's.
type fields struct{ *entry }

func (f *fields) UnmarshalJSON(data []byte) error {
	var loose struct {
		entry
		Status any `json:"status"`
	}
	if err := json.Unmarshal(data, &loose); err != nil {
		return err
	}
	*f.entry = loose.entry
	f.Status = fmt.Sprint(loose.Status)
	return nil
}

// TestFollowRequest follows one upload by its id: through its answer, the request
// log, and each turn of the job that came of it, also after a SIGKILL; and a retry by
// the retry's. Neither the name of the document nor an address stands in the log.
func TestFollowRequest(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{
		Rules: []standin.Rule{{Fault: standin.Safety, Holding: poisonWord}}, Latency: time.Second,
	})
	dir := t.TempDir()
	server := startWithGeminiIn(t, dir, gemini, "VERSO_LOG", "json", "VERSO_JOB_CONCURRENCY", "1")
	client := server.SignIn(t, ada)
	told := plainStory(24)
	told[5] = "The " + poisonWord + " danced over the black water and was gone."
	upload := told.upload("target_language", "fr", "segment_size", "500")
	upload.Filename = "diary-of-somebody.txt"
	upload.Header = []string{"X-Request-Id", "upload-1"}
	answer := client.Upload(t, upload).MustBe(t, http.StatusOK)
	if got := answer.Header.Get("X-Request-Id"); got != "upload-1" {
		t.Errorf("the answer has the id %q", got)
	}
	var job process.Job
	answer.Decode(t, &job)
	listed := client.GetWith(t, "/api/v1/jobs?search=diary", "X-Request-Id", "not well formed")
	if got := listed.Header.Get("X-Request-Id"); len(got) < 20 || strings.Contains(got, " ") {
		t.Errorf("the answer has the id %q", got)
	}
	logged(t, server, "PENDING", "upload-1", job.ID)
	logged(t, server, "PROCESSING", "upload-1", job.ID)
	process.Eventually(t, 20*time.Second, "the request log has the id", func() bool {
		return slices.ContainsFunc(entries(server), func(e entry) bool {
			return e.Meta.Request == "upload-1" && strings.Contains(e.URL, "/uploadfile/") && e.Status == "200"
		})
	})
	if job := client.Job(t, job.ID); job.Status != "PROCESSING" {
		t.Fatalf("the job is %s before the service is killed", job.Status)
	}
	server.Kill()
	<-server.Exited()
	written := server.Log()

	server = startWithGeminiIn(t, dir, gemini, "VERSO_LOG", "json")
	client = server.SignIn(t, ada)
	awaitStatus(t, client, time.Minute, finished(), job.ID)
	logged(t, server, "COMPLETED", "upload-1", job.ID)
	if answer, err := client.Do(t.Context(), "POST", "/api/v1/jobs/"+job.ID+"/retry", nil, http.Header{"X-Request-Id": {"retry-1"}}); err != nil || answer.Status != http.StatusOK {
		t.Fatalf("retry: %v, %v", answer, err)
	}
	awaitStatus(t, client, time.Minute, finished(), job.ID)
	logged(t, server, "PENDING", "retry-1", job.ID)
	logged(t, server, "COMPLETED", "retry-1", job.ID)
	written += server.Log()
	for line := range strings.Lines(written) {
		for _, word := range []string{"diary", "127.0.0.1:", `"userIP"`, "harbour"} {
			if strings.HasPrefix(line, "{") && strings.Contains(line, word) {
				t.Errorf("the log tells of somebody (%q): %s", word, line)
			}
		}
	}
}

// logged waits for a job's turn into a status, and for the request it is ascribed to.
func logged(t *testing.T, server *process.Server, status, request, job string) {
	t.Helper()
	process.Eventually(t, 20*time.Second, fmt.Sprintf("the log has the job's turn to %s by %s", status, request), func() bool {
		return slices.ContainsFunc(entries(server), func(e entry) bool {
			return e.Message == "job turned" && e.Status == status && e.Job == job && e.Request == request
		})
	})
}
