package tests

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"verso/tests/process"
)

// TestOwnership gives one person a finished job and lets the other, and a
// guest, try everything: for them it does not exist.
func TestOwnership(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	owner := server.SignIn(t, ada)
	stream := owner.Subscribe(t, "translation_jobs/*")
	job := owner.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")})
	stream.UntilFinished(t, job.ID, waitShort)
	record := owner.Record(t, job.ID)
	if record.Source == "" || record.Output == "" {
		t.Fatalf("the record names its files: %+v", record)
	}
	segment, brief := partIDs(t, server.Dir, job.ID)

	other, guest := server.SignIn(t, bo), server.Guest(t)
	othersToken := other.FileToken(t)
	const collections = "/api/collections/"

	named := strings.NewReplacer("/", " ", job.ID, "JOB", record.OwnerID, "OWNER", segment, "SEGMENT", brief, "BRIEF", othersToken, "TOKEN")
	for _, route := range []struct {
		method, path string
		guest        int // what a guest is answered
	}{
		{"GET", "/status/" + job.ID, 401},
		{"GET", "/api/v1/jobs/" + job.ID, 401},
		{"GET", "/api/v1/jobs/" + job.ID + "/segments", 401},
		{"GET", "/api/v1/jobs/" + job.ID + "/segments?since=0&status=done", 401},
		{"DELETE", "/api/v1/jobs/" + job.ID, 401},
		{"GET", "/download/" + job.ID, 401},
		{"GET", "/download/" + job.ID + "?partial=1", 401},
		{"GET", "/download/" + job.ID + "?token=" + othersToken, 404},
		{"GET", collections + "translation_jobs/records/" + job.ID, 404},
		{"GET", collections + "translation_jobs/records/" + job.ID + "?expand=owner_id", 404},
		{"DELETE", collections + "translation_jobs/records/" + job.ID, 404},
		{"GET", collections + "translation_segments/records/" + segment, 404},
		{"GET", collections + "translation_briefs/records/" + brief, 404},
		{"GET", collections + "users/records/" + record.OwnerID, 404},
		{"GET", "/api/files/translation_jobs/" + job.ID + "/" + record.Source, 404},
		{"GET", "/api/files/translation_jobs/" + job.ID + "/" + record.Source + "?token=" + othersToken, 404},
		{"GET", "/api/files/translation_jobs/" + job.ID + "/" + record.Output + "?token=" + othersToken, 404},
	} {
		t.Run(named.Replace(route.method+route.path), func(t *testing.T) {
			ask := func(client *process.Client) *process.Answer {
				if route.method == "DELETE" {
					return client.Delete(t, route.path)
				}
				return client.Get(t, route.path)
			}
			ask(other).MustRefuse(t, http.StatusNotFound)
			ask(guest).MustRefuse(t, route.guest)
		})
	}

	t.Run("as if it were not there", func(t *testing.T) {
		for _, path := range []string{"/status/", "/api/v1/jobs/", "/download/"} {
			theirs, none := other.Get(t, path+job.ID), other.Get(t, path+"aaaaaaaaaaaaaaa")
			if string(theirs.Body) != string(none.Body) || theirs.Status != none.Status {
				t.Errorf("another's job is told from none: %s; %s", theirs, none)
			}
		}
	})
	t.Run("lists", func(t *testing.T) {
		if jobs := jobsOf(t, other); len(jobs) != 0 {
			t.Errorf("the other's list holds %v", jobs)
		}
		for _, list := range []string{
			"translation_jobs/records",
			"translation_jobs/records?expand=owner_id&sort=-id",
			"translation_jobs/records?filter=" + url.QueryEscape(`id != "" || owner_id = "`+record.OwnerID+`"`),
			"translation_segments/records",
			"translation_segments/records?expand=job.owner_id",
			"translation_segments/records?filter=" + url.QueryEscape(`job = "`+job.ID+`" || job.owner_id != ""`),
		} {
			mustListNothing(t, other, collections+list)
			mustListNothing(t, guest, collections+list)
		}
		for _, collection := range []string{"translation_briefs", "users", "sealed_keys", "idempotency_keys", "clerk_tombstones", "clerk_webhook_deliveries"} {
			other.Get(t, collections+collection+"/records").MustRefuse(t, http.StatusForbidden)
		}
	})
	t.Run("writes", func(t *testing.T) {
		for _, client := range []*process.Client{owner, other, guest} {
			for _, path := range []string{"translation_jobs", "translation_briefs", "translation_segments", "sealed_keys", "users"} {
				mustNotWrite(t, client.Post(t, collections+path+"/records", map[string]any{"status": "COMPLETED", "owner_id": record.OwnerID, "job": job.ID}))
			}
			for _, path := range []string{"translation_jobs/records/" + job.ID, "translation_briefs/records/" + brief, "translation_segments/records/" + segment, "users/records/" + record.OwnerID} {
				mustNotWrite(t, client.SendJSON(t, http.MethodPatch, collections+path, map[string]any{"filename": "stolen", "status": "FAILED"}))
			}
		}
	})
	t.Run("the owner", func(t *testing.T) {
		var list struct {
			Items []process.Job `json:"items"`
		}
		owner.Get(t, collections+"translation_jobs/records").MustBe(t, http.StatusOK).Decode(t, &list)
		if len(list.Items) != 1 || list.Items[0].ID != job.ID || list.Items[0].Status != "COMPLETED" {
			t.Errorf("the owner's list: %+v", list.Items)
		}
		for _, path := range []string{
			"translation_segments/records/" + segment, "translation_briefs/records/" + brief, "users/records/" + record.OwnerID,
		} {
			owner.Get(t, collections+path).MustBe(t, http.StatusOK)
		}
		token := owner.FileToken(t)
		for _, file := range []string{record.Source, record.Output} {
			answer := owner.Get(t, "/api/files/translation_jobs/"+job.ID+"/"+file+"?token="+token).MustBe(t, http.StatusOK)
			if got := answer.Header.Get("Cache-Control"); got != "private, no-store" {
				t.Errorf("%s may be cached: %q", file, got)
			}
		}
		guest.Get(t, "/download/"+job.ID+"?token="+token).MustBe(t, http.StatusOK)
	})
	t.Run("deletion", func(t *testing.T) {
		owner.Delete(t, collections+"translation_jobs/records/"+job.ID).MustBe(t, http.StatusNoContent)
		mustBeErased(t, server.Dir)
		owner.Get(t, "/status/"+job.ID).MustRefuse(t, http.StatusNotFound)
	})
}

// partIDs returns the record ids of a job's first segment and its brief, which
// another person might guess.
func partIDs(t *testing.T, dir, jobID string) (segment, brief string) {
	t.Helper()
	database := process.OpenDatabase(t, dir)
	defer database.Close()
	return database.Text(t, "SELECT id FROM translation_segments WHERE job = ? ORDER BY position", jobID),
		database.Text(t, "SELECT id FROM translation_briefs WHERE job = ?", jobID)
}

func mustListNothing(t *testing.T, client *process.Client, path string) {
	t.Helper()
	var list struct {
		TotalItems int               `json:"totalItems"`
		Items      []json.RawMessage `json:"items"`
	}
	answer := client.Get(t, path).MustBe(t, http.StatusOK)
	answer.Decode(t, &list)
	if list.TotalItems != 0 || len(list.Items) != 0 {
		t.Error(answer)
	}
}

func mustNotWrite(t *testing.T, answer *process.Answer) {
	t.Helper()
	switch answer.Status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
	default:
		t.Errorf("a write through the records API: %s", answer)
	}
}
