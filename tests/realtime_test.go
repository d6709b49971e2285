package tests

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// topics are all the ways in which somebody may try to listen to a job.
func topics(t *testing.T, dir, jobID string) []string {
	t.Helper()
	database := process.OpenDatabase(t, dir)
	defer database.Close()
	collection := database.Text(t, "SELECT id FROM _collections WHERE name = 'translation_jobs'")
	options := func(query map[string]string) string {
		encoded, err := json.Marshal(map[string]any{"query": query, "headers": map[string]string{"x-any": "thing"}})
		if err != nil {
			t.Fatal(err)
		}
		return "?options=" + url.QueryEscape(string(encoded))
	}
	return []string{
		"translation_jobs/*",
		"translation_jobs/" + jobID,
		"translation_jobs",
		collection + "/*",
		collection + "/" + jobID,
		"translation_jobs/*" + options(map[string]string{"filter": `id != ""`}),
		"translation_jobs/*" + options(map[string]string{"filter": `owner_id != @request.auth.id`, "fields": "*"}),
		"translation_jobs/" + jobID + options(map[string]string{"expand": "owner_id"}),
		"translation_segments/*",
		"translation_briefs/*",
		"sealed_keys/*",
		"users/*",
	}
}

// TestRealtimeOwnership lets one person and a guest listen in every way while
// another's job runs, ends, and is deleted.
func TestRealtimeOwnership(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "100ms", "VERSO_JOB_CONCURRENCY", "2")})
	owner, other, guest := server.SignIn(t, ada), server.SignIn(t, bo), server.Guest(t)
	own := owner.Subscribe(t, "translation_jobs/*")
	job := owner.MustUpload(t, process.Upload{
		Content: strings.NewReader(mobyDick(t)), Fields: map[string]string{"segment_size": "10000"},
	})
	ears := map[string]*process.Stream{
		"the other person": other.Subscribe(t, topics(t, server.Dir, job.ID)...),
		"a guest":          guest.Subscribe(t, topics(t, server.Dir, job.ID)...),
	}
	own.UntilFinished(t, job.ID, waitShort)
	owner.DeleteJob(t, job.ID)
	own.Until(t, waitShort, func(e process.JobEvent) bool { return e.Action == "delete" })

	// A job of the other's own comes after all of that on his stream.
	his := other.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	heard := map[string]bool{}
	ears["the other person"].Until(t, waitShort, func(e process.JobEvent) bool {
		if e.Record.ID != his.ID {
			t.Errorf("the other person heard on %s: %s", e.Topic, e.Data)
		}
		heard[e.Topic] = true
		return e.Record.Status == "COMPLETED" && heard["translation_jobs/*"]
	})
	ears["a guest"].Silent(t, time.Second)
	for name, stream := range ears {
		if strings.Contains(string(stream.Raw()), job.ID) {
			t.Errorf("%s received something about the job", name)
		}
	}
}

// TestRealtimeOptions subscribes as PocketBase's SDK does with a filter and
// fields.
func TestRealtimeOptions(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	options := url.QueryEscape(`{"query":{"filter":"filename = 'wanted.txt'","fields":"id,status"}}`)
	stream := client.Subscribe(t, "translation_jobs/*?options="+options)
	client.MustUpload(t, process.Upload{Filename: "unwanted.txt", Content: strings.NewReader("One.\n")})
	job := client.MustUpload(t, process.Upload{Filename: "wanted.txt", Content: strings.NewReader("One.\n")})

	for _, event := range stream.UntilFinished(t, job.ID, waitShort) {
		var message struct {
			Record map[string]any `json:"record"`
		}
		if err := json.Unmarshal(event.Data, &message); err != nil {
			t.Fatal(err)
		}
		if message.Record["id"] != job.ID || message.Record["status"] == nil || len(message.Record) != 2 {
			t.Errorf("want the id and status of the wanted job alone: %s", event.Data)
		}
	}
}

// TestRealtimeStrangersClient subscribes through a stream that another opened.
func TestRealtimeStrangersClient(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	owner, other := server.SignIn(t, ada), server.SignIn(t, bo)
	stream, clientID := owner.Connect(t)
	subscribe := map[string]any{"clientId": clientID, "subscriptions": []string{"translation_jobs/*"}}
	owner.Post(t, "/api/realtime", subscribe).MustBe(t, http.StatusNoContent)

	for name, client := range map[string]*process.Client{"another person": other, "a guest": server.Guest(t)} {
		if answer := client.Post(t, "/api/realtime", subscribe); answer.Status != http.StatusForbidden {
			t.Errorf("%s took over a stream: %s", name, answer)
		}
	}
	other.MustUpload(t, process.Upload{Content: strings.NewReader("Not for you.\n")})
	job := owner.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	for _, event := range stream.UntilFinished(t, job.ID, waitShort) {
		if event.Record.ID != job.ID {
			t.Errorf("a message about another's job: %s", event.Data)
		}
	}
}
