package tests

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// commandReaches is how long what another command changed may take to take effect
// in a running service.
const commandReaches = 5 * time.Second

// TestUsersSync runs the command beside a service: who is gone at Clerk loses his
// work, his stream and his documents there, and everybody else nothing.
func TestUsersSync(t *testing.T) {
	clerk := newInstance(t)
	api := newClerkAPI(t, "user_2ada", "user_2bo")
	environment := clerk.env(t, "CLERK_SECRET_KEY", "sk_test_x", "VERSO_PSEUDO_DELAY", "20s")
	environment["CLERK_API_URL"] = api.url
	server := process.Start(t, process.Options{Command: "serve", Env: environment})
	ada, bo := clerk.signIn(t, server, "user_2ada", nil), clerk.signIn(t, server, "user_2bo", nil)
	stream := ada.Subscribe(t, "translation_jobs/*")
	gone := ada.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	stays := bo.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	awaitStatus(t, ada, waitShort, []string{"PROCESSING"}, gone.ID)

	api.forget("user_2ada")
	code, out := process.Run(t, environment, "users", "sync", "--dry-run", "--dir", server.Dir)
	if code != 0 || !strings.Contains(out, "removed user_2ada") {
		t.Fatalf("a dry run ends with %d:\n%s", code, out)
	}
	ada.Get(t, "/status/"+gone.ID).MustBe(t, http.StatusOK)

	code, out = process.Run(t, environment, "users", "sync", "--dir", server.Dir)
	if code != 0 || !strings.Contains(out, "0 created, 0 updated, 1 removed") {
		t.Fatalf("it ends with %d:\n%s", code, out)
	}
	begun := time.Now()
	select {
	case <-stream.Ended():
	case <-time.After(commandReaches):
		t.Error("the stream of a removed user lives on")
	}
	t.Logf("the stream was cut %s after the command", time.Since(begun).Round(time.Millisecond))
	if problem := ada.Get(t, "/api/v1/jobs").MustRefuse(t, http.StatusNotFound); problem.Detail != "User not found in our database. Please re-login." {
		t.Errorf("a removed user is told %q", problem.Detail)
	}
	database := process.OpenDatabase(t, server.Dir)
	if got := database.Text(t, `SELECT status || ' ' || owner_id || filename || source FROM translation_jobs WHERE id = ?`, gone.ID); got != "CANCELLED " {
		t.Errorf("of his job there is left %q", got)
	}
	if got := database.Text(t, `SELECT COUNT(*) FROM translation_segments WHERE job = ?`, gone.ID); got != "0" {
		t.Errorf("%s of his segments are left", got)
	}
	for name := range process.Files(t, server.Dir) {
		if strings.Contains(name, gone.ID) {
			t.Errorf("his file %s is left", name)
		}
	}
	if job := bo.Job(t, stays.ID); job.Status != "PROCESSING" && job.Status != "PENDING" {
		t.Errorf("somebody else's job is %s", job.Status)
	}
	bo.DeleteJob(t, stays.ID)
}

// TestUsersSyncRefuses holds what the command says when it cannot work.
func TestUsersSyncRefuses(t *testing.T) {
	clerk := newInstance(t)
	dir := t.TempDir() + "/data"
	code, out := process.Run(t, clerk.env(t), "users", "sync", "--dir", dir)
	if code == 0 || !strings.Contains(out, "verso serve") {
		t.Errorf("on an empty database it ends with %d:\n%s", code, out)
	}
	mustAddSuperuser(t, dir)
	process.Start(t, process.Options{Command: "serve", Dir: dir, Env: clerk.env(t)})
	code, out = process.Run(t, clerk.env(t), "users", "sync", "--dir", dir)
	if code == 0 || !strings.Contains(out, "CLERK_SECRET_KEY") {
		t.Errorf("without a secret key it ends with %d:\n%s", code, out)
	}
}
