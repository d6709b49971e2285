package tests

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// takesEffect is how long a command may take to reach what is in flight.
const takesEffect = 2 * time.Second

// TestCommandsReachWhatIsInFlight lets every request hang and holds that pause,
// cancel and deletion end them, by routes and by the dashboard, within two
// seconds.
func TestCommandsReachWhatIsInFlight(t *testing.T) {
	gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Hang}}})
	dir := t.TempDir() + "/data"
	mustAddSuperuser(t, dir)
	server := startWithGeminiIn(t, dir, gemini, "VERSO_JOB_CONCURRENCY", "3")
	client, superuser := server.SignIn(t, ada), server.SignInSuperuser(t, superuserEmail, superuserPassword)

	commands := []struct {
		name, status string
		give         func(id string)
	}{
		{"pause", "PAUSED", func(id string) {
			client.Post(t, "/api/v1/jobs/"+id+"/pause", nil).MustBe(t, http.StatusOK)
		}},
		{"cancel", "CANCELLED", func(id string) {
			client.Post(t, "/api/v1/jobs/"+id+"/cancel", nil).MustBe(t, http.StatusOK)
		}},
		{"a superuser's pause", "PAUSED", func(id string) {
			superuser.SendJSON(t, "PATCH", "/api/collections/translation_jobs/records/"+id, map[string]any{"status": "PAUSED"}).MustBe(t, http.StatusOK)
		}},
		{"a superuser's cancel", "CANCELLED", func(id string) {
			superuser.SendJSON(t, "PATCH", "/api/collections/translation_jobs/records/"+id, map[string]any{"status": "CANCELLED"}).MustBe(t, http.StatusOK)
		}},
		{"delete", "", func(id string) { client.DeleteJob(t, id) }},
	}
	for _, command := range commands {
		t.Run(command.name, func(t *testing.T) {
			before := len(gemini.Translations())
			job := client.MustUpload(t, plainStory(40).upload("segment_size", "500", "target_language", "ko"))
			gemini.MustAwait(t, func(all []standin.Request) bool { return len(standin.Translations(all)) == before+3 })
			given := time.Now()
			command.give(job.ID)
			gemini.MustAwait(t, func(all []standin.Request) bool {
				gone := 0
				for _, request := range standin.Translations(all)[before:] {
					if request.Gone {
						gone++
					}
				}
				return gone == 3
			})
			took := time.Since(given)
			t.Logf("three requests in flight were ended within %s", took.Round(time.Millisecond))
			if took > takesEffect {
				t.Errorf("it took %s, want %s", took, takesEffect)
			}
			if n := len(gemini.Translations()); n != before+3 {
				t.Errorf("%d requests went out after it", n-before-3)
			}
			if command.status == "" {
				client.Get(t, "/status/"+job.ID).MustRefuse(t, http.StatusNotFound)
			} else if status := client.Job(t, job.ID).Status; status != command.status {
				t.Errorf("the job is %s, want %s", status, command.status)
			}
		})
	}
}

// TestControlIsTheOwners holds that nobody else can steer a job, or learn by
// trying that it exists.
func TestControlIsTheOwners(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	owner, other, guest := server.SignIn(t, ada), server.SignIn(t, bo), server.Guest(t)
	stream := owner.Subscribe(t, "translation_jobs/*")
	job := owner.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")})
	stream.UntilFinished(t, job.ID, waitShort)
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{"POST", "/api/v1/jobs/%s/pause", nil},
		{"POST", "/api/v1/jobs/%s/resume", map[string]any{"api_key": "x"}},
		{"POST", "/api/v1/jobs/%s/cancel", nil},
		{"POST", "/api/v1/jobs/%s/retry", map[string]any{"positions": []int{0}}},
		{"PATCH", "/api/v1/jobs/%s/segments/0", map[string]any{"blocks": []map[string]string{{"id": "b1", "text": "x"}}}},
		{"PATCH", "/api/collections/translation_jobs/records/%s", map[string]any{"status": "PENDING"}},
	} {
		t.Run(strings.ReplaceAll(request.method+request.path, "/", " "), func(t *testing.T) {
			theirs := other.SendJSON(t, request.method, fmt.Sprintf(request.path, job.ID), request.body)
			none := other.SendJSON(t, request.method, fmt.Sprintf(request.path, "aaaaaaaaaaaaaaa"), request.body)
			if theirs.Status != none.Status || string(theirs.Body) != string(none.Body) {
				t.Errorf("another's job is told from none: %s; %s", theirs, none)
			}
			if theirs.Status < 400 {
				t.Errorf("another's job was changed: %s", theirs)
			}
			if answer := guest.SendJSON(t, request.method, fmt.Sprintf(request.path, job.ID), request.body); answer.Status < 400 {
				t.Errorf("a guest changed a job: %s", answer)
			}
		})
	}
	after := owner.Job(t, job.ID)
	if segments, _ := owner.Segments(t, job.ID, 0, 10); after.Status != "COMPLETED" || len(segments) != 1 || segments[0].Revision != 1 {
		t.Errorf("the job is %+v with %+v", after, segments)
	}
}

// startWithGeminiIn is startWithGemini on a data directory that there is.
func startWithGeminiIn(t *testing.T, dir string, gemini *standin.Gemini, pairs ...string) *process.Server {
	t.Helper()
	return process.Start(t, withGemini(dir, gemini.URL, pairs...))
}
