package page

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/process"
	"verso/tests/standin"
)

// TestKeyRevoked takes the server's key away half way: the page asks for another
// one, is told off for a wrong one, and the job completes with a good one, which
// is kept nowhere.
func TestKeyRevoked(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Latency: 120 * time.Millisecond, Keys: []string{serverKey, anotherKey}},
		map[string]string{"VERSO_JOB_CONCURRENCY": "2"})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	gemini.MustAwait(t, func(requests []standin.Request) bool { return len(standin.Translations(requests)) >= 4 })
	gemini.RevokeKey(serverKey)
	b.wait(t, job("PAUSED"), id("job-resume"))
	b.mustRead(t, id("job"), "The API key was refused")
	b.mustRead(t, id("mentioned"), "is paused")
	if n := b.count(t, id("toast")); n > 0 {
		t.Errorf("%d notices lie over what the row says", n)
	}
	b.look(t, "list paused by key")

	b.must(t, "open the dialog by key", chromedp.Focus(id("job-resume")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(id("renew-dialog")))
	if got := b.focused(t); got != "renew-key" {
		t.Errorf("the focus is on %q, not on the field for the key", got)
	}
	b.look(t, "dialog key")
	b.retype(t, id("renew-key"), "wrong-key")
	b.must(t, "send it", chromedp.KeyEvent(kb.Enter))
	b.wait(t, id("field-problem"))
	b.mustRead(t, id("field-problem"), "Invalid API Key")
	b.look(t, "dialog key refused")
	attributes := ask[[]string](t, b, `(() => { const f = document.querySelector('#renew-key'); return [f.type, f.autocomplete, f.getAttribute('aria-invalid')]; })()`)
	if got := strings.Join(attributes, " "); got != "password off true" {
		t.Errorf("the field for the key is %s", got)
	}
	b.retype(t, id("renew-key"), anotherKey)
	b.must(t, "send it", chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent(id("renew-dialog")))
	b.wait(t, job("COMPLETED"))

	kept := ask[string](t, b, `JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.documentElement.outerHTML`)
	if strings.Contains(kept, anotherKey) {
		t.Error("the key is still in the page or its storage")
	}
	b.mustBeContent(t, "status of 400")
}

// TestQuotaAndModel lets a job run out of its quota and another lose its model,
// and helps both on with another model.
func TestQuotaAndModel(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.QuotaDay, Holding: "harpoon", Model: "gemini-2.5-flash-lite"},
		{Fault: standin.ModelGone, Holding: "whale", Model: "gemini-2.5-flash-lite"},
	}}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")

	t.Run("a model that is gone", func(t *testing.T) {
		b.upload(t, mustWrite(t, "whale.txt", "The whale is gone.\n\nSo is the model."), "fr")
		b.wait(t, job("PAUSED"), id("job-resume"))
		b.mustRead(t, id("job"), "The model is not available")
		b.click(t, id("job-resume"))
		b.wait(t, id("renew-model"))
		b.look(t, "dialog model")
		b.click(t, id("renew-submit"))
		b.wait(t, job("COMPLETED"))
	})
	t.Run("a quota that is used up", func(t *testing.T) {
		b.upload(t, mustWrite(t, "harpoon.txt", "The harpoon is thrown.\n\nThere is no other today."), "fr")
		b.wait(t, job("PAUSED"), id("job-resume"))
		b.mustRead(t, id("job"), "Google’s quota for today is used up")
		b.mustRead(t, job("PAUSED"), "goes on by itself")
		b.mustRead(t, job("PAUSED"), b.resumesAt(t, server))
		b.look(t, "list paused by quota")
		b.click(t, id("job-open"))
		b.wait(t, reader("PAUSED"))
		b.look(t, "reader paused by quota")
		b.click(t, id("job-resume"))
		b.wait(t, id("renew-model"))
		b.look(t, "dialog quota")
		b.must(t, "leave and come again", chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(id("renew-dialog")))
		if got := b.focused(t); got != "job-resume" {
			t.Errorf("after the dialog the focus is on %q", got)
		}
		b.click(t, id("job-resume"))
		b.wait(t, id("renew-model"))
		b.choose(t, id("renew-model"), "gemini/gemini-3.8-flash")
		b.click(t, id("renew-submit"))
		b.wait(t, reader("COMPLETED"), id("reader-block"))
	})
	if models := gemini.Translations(); models[len(models)-1].Model != "gemini-3.8-flash" {
		t.Errorf("the last request went to %s", models[len(models)-1].Model)
	}
	b.mustBeContent(t)
}

// resumesAt returns when the paused job goes on, as the page says it.
func (b *browser) resumesAt(t *testing.T, server *process.Server) string {
	t.Helper()
	var list struct {
		Jobs []struct {
			ResumesAt time.Time `json:"resumes_at"`
		} `json:"jobs"`
	}
	server.SignIn(t, "user_demoada").Get(t, "/api/v1/jobs?status=PAUSED").MustBe(t, http.StatusOK).Decode(t, &list)
	if len(list.Jobs) != 1 {
		t.Fatalf("%d jobs are paused", len(list.Jobs))
	}
	return localMoment(t, b, list.Jobs[0].ResumesAt)
}

// TestUploadWithKey chooses model and key at the upload. The server has no key
// of its own: it asks for one, and says beside the field that one is wrong.
func TestUploadWithKey(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Keys: []string{anotherKey}}, map[string]string{"GEMINI_API_KEY": ""})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.look(t, "desk with key")
	path := mustWrite(t, "letter.txt", "A letter.\n\nWith two paragraphs.")
	b.choose(t, id("target-language"), "fr")
	b.must(t, "send without a key", chromedp.SetUploadFiles(id("file-input"), []string{path}), chromedp.Click(id("upload-submit")))
	b.mustRead(t, id("field-problem"), "your API key")
	b.retype(t, id("api-key"), "wrong-key")
	b.click(t, id("upload-submit"))
	b.mustRead(t, id("field-problem"), "Invalid API Key")
	if got := b.focused(t); got != "api-key" {
		t.Errorf("the focus is on %q, not on the refused field", got)
	}
	b.look(t, "desk key refused")
	b.choose(t, id("model"), "gemini/gemini-3.5-flash-lite")
	b.retype(t, id("api-key"), anotherKey)
	b.click(t, id("upload-submit"))
	b.wait(t, job("COMPLETED"))
	if asked := gemini.Translations(); len(asked) == 0 || asked[0].Model != "gemini-3.5-flash-lite" {
		t.Errorf("of %d requests the first was not for the model that was chosen", len(asked))
	}

	b.choose(t, id("model"), "pseudo/pseudo")
	if b.count(t, id("api-key")) != 0 {
		t.Error("the offline engine is asked a key for")
	}
	b.mustBeContent(t, "status of 400")
}

// TestBudgetReached lets a job stop at what its owner allowed, and allows more.
func TestBudgetReached(t *testing.T) {
	_, server := startGemini(t, standin.Config{}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	server.SignIn(t, "user_demoada").MustUpload(t, process.Upload{
		Filename: "letter.txt", Content: strings.NewReader(strings.Repeat("A letter with a paragraph and no end of it.\n\nAnd another. ", 60)),
		Fields: map[string]string{"target_language": "fr", "max_cost_usd": "0.0001"},
	})
	b.wait(t, job("PAUSED"), id("job-resume"))
	b.mustRead(t, id("job"), "It would cost more than you allowed")
	b.click(t, id("job-resume"))
	b.wait(t, id("renew-limit"))
	if got := b.focused(t); got != "renew-limit" {
		t.Errorf("the focus is on %q, not on the field for the limit", got)
	}
	b.mustRead(t, id("renew-dialog"), "So far it has cost under $0.01")
	b.look(t, "dialog budget")
	b.retype(t, id("renew-limit"), "0")
	b.click(t, id("renew-submit"))
	b.mustRead(t, id("field-problem"), "already: this takes more than that")
	b.retype(t, id("renew-limit"), "1")
	b.click(t, id("renew-submit"))
	b.wait(t, job("COMPLETED"))
	b.mustBeContent(t)
}
