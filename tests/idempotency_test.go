package tests

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verso/tests/process"
)

// waitShort is for what takes milliseconds on a machine that is not busy.
const waitShort = 10 * time.Second

// race sends the same upload many times at once.
func race(t *testing.T, client *process.Client, times int, upload func() process.Upload) []*process.Answer {
	t.Helper()
	if _, err := client.Token(); err != nil {
		t.Fatal(err)
	}
	answers, errs := make([]*process.Answer, times), make([]error, times)
	begin := make(chan struct{})
	var racers sync.WaitGroup
	for i := range times {
		racers.Go(func() {
			<-begin
			answers[i], errs[i] = client.Send(t.Context(), upload())
		})
	}
	close(begin)
	racers.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("upload %d: %v", i, err)
		}
	}
	return answers
}

// TestIdempotencyKey repeats uploads as a client does that got no answer.
func TestIdempotencyKey(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m", "VERSO_MAX_ACTIVE_JOBS", "4")})
	client := server.SignIn(t, ada)
	upload := func(text, key string, fields ...string) process.Upload {
		return process.Upload{Content: strings.NewReader(text), Fields: env(fields...), Header: []string{"Idempotency-Key", key}}
	}

	t.Run("the same upload", func(t *testing.T) {
		first := client.MustUpload(t, upload("One.", "a", "segment_size", "600"))
		process.Eventually(t, waitShort, "the job is planned", func() bool {
			return leftovers(t, server.Dir)["translation_segments"] == 1
		})
		mustLeaveNothing(t, server.Dir, func() {
			if again := client.MustUpload(t, upload("One.", "a", "segment_size", "600")); again.ID != first.ID {
				t.Errorf("got another job: %s, %s", first.ID, again.ID)
			}
		})
	})
	for _, test := range []struct {
		name   string
		upload process.Upload
	}{
		{"another document", upload("Two.", "a", "segment_size", "600")},
		{"another field", upload("One.", "a", "segment_size", "700")},
		{"a field more", upload("One.", "a", "segment_size", "600", "target_language", "ja")},
	} {
		t.Run(test.name, func(t *testing.T) {
			mustLeaveNothing(t, server.Dir, func() { client.Upload(t, test.upload).MustRefuse(t, http.StatusConflict) })
		})
	}
	t.Run("another person", func(t *testing.T) {
		other := server.SignIn(t, bo)
		job := other.MustUpload(t, upload("One.", "a", "segment_size", "600"))
		client.Get(t, "/status/"+job.ID).MustRefuse(t, http.StatusNotFound)
	})
	t.Run("eight at once", func(t *testing.T) {
		before := leftovers(t, server.Dir)
		ids := map[string]bool{}
		for _, answer := range race(t, client, 8, func() process.Upload { return upload("Three.", "b") }) {
			var job process.Job
			answer.MustBe(t, http.StatusOK).Decode(t, &job)
			ids[job.ID] = true
		}
		if len(ids) != 1 {
			t.Errorf("eight uploads of one key made %d jobs", len(ids))
		}
		after := leftovers(t, server.Dir)
		if after["translation_jobs"] != before["translation_jobs"]+1 || after["files"] != before["files"]+2 {
			t.Errorf("before %v, after %v", before, after)
		}
	})
	t.Run("eight different ones at once", func(t *testing.T) {
		before := leftovers(t, server.Dir)
		var sent atomic.Int32
		accepted := 0
		for _, answer := range race(t, client, 8, func() process.Upload { return upload(fmt.Sprintf("Text %d.", sent.Add(1)), "c") }) {
			if answer.Status == http.StatusOK {
				accepted++
			} else {
				answer.MustRefuse(t, http.StatusConflict)
			}
		}
		after := leftovers(t, server.Dir)
		if accepted != 1 || after["translation_jobs"] != before["translation_jobs"]+1 || after["files"] != before["files"]+2 {
			t.Errorf("%d were accepted; before %v, after %v", accepted, before, after)
		}
	})
	t.Run("after a restart", func(t *testing.T) {
		server.Kill()
		server := process.Start(t, process.Options{Dir: server.Dir, Env: env("VERSO_PSEUDO_DELAY", "1m")})
		client := server.SignIn(t, ada)
		known := jobsOf(t, client)
		if job := client.MustUpload(t, upload("Three.", "b")); known[job.ID].ID == "" {
			t.Errorf("job %s is a new one", job.ID)
		}
	})
	t.Run("at the limit of jobs", func(t *testing.T) {
		server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m", "VERSO_MAX_ACTIVE_JOBS", "1")})
		client := server.SignIn(t, ada)
		first := client.MustUpload(t, upload("One.", "a"))
		if again := client.MustUpload(t, upload("One.", "a")); again.ID != first.ID {
			t.Errorf("got another job: %s, %s", first.ID, again.ID)
		}
	})
	t.Run("key too long", func(t *testing.T) {
		server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m")})
		mustLeaveNothing(t, server.Dir, func() {
			server.SignIn(t, ada).Upload(t, upload("One.", strings.Repeat("k", 256))).MustRefuse(t, http.StatusBadRequest)
		})
	})
}
