package tests

import (
	"crypto/rand"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// refusedKeyOrModel is what the contract answers to both.
const refusedKeyOrModel = "Invalid API Key or unsupported model."

// TestGeminiKeysAtUpload sends keys and models that are refused, and one that
// nobody can ask about.
func TestGeminiKeysAtUpload(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Keys: []string{serverKey, "good-key"}})
	for key, fault := range map[string]standin.Fault{
		"expired-key": standin.ExpiredKey, "leaked-key": standin.LeakedKey, "suspended-key": standin.SuspendedKey, "blocked-key": standin.BlockedKey,
	} {
		gemini.SpoilKey(key, fault)
	}
	server := startWithGemini(t, gemini)
	client := server.SignIn(t, ada)
	for _, c := range []struct{ name, key, model string }{
		{"unknown key", "bad-key", ""}, {"expired key", "expired-key", ""}, {"leaked key", "leaked-key", ""},
		{"suspended key", "suspended-key", ""}, {"key for another API", "blocked-key", ""},
		{"unknown model", "good-key", "gemini-9-ultra"}, {"unknown model with the server's key", "", "gemini-9-ultra"},
		{"what is no model's name", "good-key", "../files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			mustLeaveNothing(t, server.Dir, func() {
				answer := client.Upload(t, plainStory(3).upload("api_key", c.key, "model_name", c.model))
				if problem := answer.MustRefuse(t, http.StatusBadRequest); problem.Message != refusedKeyOrModel {
					t.Errorf("the refusal says %q", problem.Message)
				}
			})
		})
	}
	if n := len(gemini.Translations()); n != 0 {
		t.Errorf("%d translations were asked for", n)
	}
}

// TestGeminiAwayAtUpload uploads while the engine is out of reach: that is no
// reason to refuse, and the job goes on when it is there.
func TestGeminiAwayAtUpload(t *testing.T) {
	t.Parallel()
	address := process.FreeAddress(t)
	client := process.Start(t, withGemini("", "http://"+address)).SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	told := plainStory(12)
	began := time.Now()
	job := client.MustUpload(t, told.upload("api_key", "any-key", "segment_size", "500"))
	t.Logf("the upload was accepted after %s", time.Since(began).Round(time.Millisecond))

	gemini := standin.NewGemini(standin.Config{})
	if err := gemini.Listen(address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gemini.Close)
	ended := watch(t, stream, time.Minute, job.ID)[job.ID]
	if ended.Status != "COMPLETED" || string(client.Download(t, job.ID)) != told.translated("ko", nil) {
		t.Errorf("the job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
}

// TestGeminiKeyRevoked takes a key away in the middle of a job. The answers of
// the engine quote it; nothing of the service ever does.
func TestGeminiKeyRevoked(t *testing.T) {
	t.Parallel()
	secret, better := "AIza+"+rand.Text()+"/&%="+rand.Text(), "AIza"+rand.Text()+rand.Text()
	dir := filepath.Join(t.TempDir(), "data")
	mustAddSuperuser(t, dir)
	gemini := standin.StartGemini(t, standin.Config{Keys: []string{secret, better}, Latency: 20 * time.Millisecond})
	server := process.Start(t, withGemini(dir, gemini.URL))
	client, superuser := server.SignIn(t, ada), server.SignInSuperuser(t, superuserEmail, superuserPassword)
	stream, all := client.Subscribe(t, "translation_jobs/*"), superuser.Subscribe(t, "translation_jobs/*", "sealed_keys/*")
	told := plainStory(80)

	answer := client.Upload(t, told.upload("api_key", secret, "segment_size", "500")).MustBe(t, http.StatusOK)
	mustNotHold(t, "the answer to the upload", answer.Body, secret)
	var job process.Job
	answer.Decode(t, &job)
	gemini.MustAwait(t, func(all []standin.Request) bool { return len(standin.Translations(all)) > 12 })
	gemini.SpoilKey(secret, standin.SuspendedKey)
	paused := watch(t, stream, waitShort, job.ID)[job.ID]
	if paused.Status != "PAUSED" || paused.PauseReason == nil || *paused.PauseReason != "key" {
		t.Fatalf("the job is %s because of %v", paused.Status, paused.PauseReason)
	}
	// What was answered in the moment of the pause is still being written: the two have to
	// agree at a moment in which nothing is.
	var done map[int]process.Segment
	var standing process.Job
	process.Holds(waitShort, func() bool {
		standing, done = client.Job(t, job.ID), allSegments(t, client, job.ID)
		return len(done) == standing.SegmentsDone
	})
	mustBeTrue(t, "ko", done)
	mustStand(t, standing, done)
	refusals := 0
	for _, request := range gemini.Translations() {
		if request.Status == http.StatusForbidden {
			refusals++
		}
	}
	t.Logf("paused after %d of %d segments; %d requests were refused", len(done), paused.SegmentsTotal, refusals)

	for name, body := range map[string]map[string]string{"the same key": nil, "a bad key": {"api_key": "AIza-bad"}, "an unknown model": {"api_key": better, "model_name": "gemini-9"}} {
		refused := command(t, client, job.ID, "resume", body)
		if problem := refused.MustRefuse(t, http.StatusBadRequest); problem.Message != refusedKeyOrModel {
			t.Errorf("resume with %s: %q", name, problem.Message)
		}
		mustNotHold(t, "a refusal", refused.Body, secret)
		if now := client.Job(t, job.ID); now.Status != "PAUSED" || *now.PauseReason != "key" {
			t.Errorf("after a resume with %s the job is %s", name, now.Status)
		}
	}
	mustNotHold(t, "what a superuser sees", superuserAnswers(t, superuser), secret)

	before := len(gemini.Requests())
	mustCommand(t, client, job.ID, "resume", map[string]string{"api_key": better})
	if ended := awaitStatus(t, client, waitShort, finished(), job.ID)[job.ID]; ended.Status != "COMPLETED" || ended.IssuesCount != 0 {
		t.Errorf("resumed with a good key, the job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
	asked := askedFor(told, standin.Translations(gemini.Requests()[before:]))
	for _, segment := range done {
		for _, block := range segment.Source {
			if asked[block.ID] > 0 {
				t.Errorf("block %s was done and was asked for again", block.ID)
			}
		}
	}
	if got, want := string(client.Download(t, job.ID)), told.translated("ko", nil); got != want {
		t.Errorf("the output is not the translation: %s", firstDifference(got, want))
	}

	mustSeeInLogs(t, superuser, "/resume")
	seen := superuserAnswers(t, superuser)
	if n := leftovers(t, dir)["sealed_keys"]; n != 0 {
		t.Errorf("%d sealed keys of a finished job", n)
	}
	server.Stop(t)
	for name, key := range map[string]string{"the revoked key": secret, "the good key": better} {
		mustNotHold(t, name+": what a superuser sees", seen, key)
		mustNotHold(t, name+": the owner's messages", stream.Raw(), key)
		mustNotHold(t, name+": a superuser's messages", all.Raw(), key)
		mustNotHold(t, name+": the process's output", []byte(server.Log()), key)
		mustNotLieAbout(t, dir, key)
	}
}
