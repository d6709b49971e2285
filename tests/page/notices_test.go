package page

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"verso/tests/process"
	"verso/tests/standin"
)

// TestNotices holds that news of a document whose row is in view lie over nothing, that
// those of others lie beside the translation that is read, take each other's place
// without taking the focus, and go by themselves, good and bad.
func TestNotices(t *testing.T) {
	_, server := startGemini(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.ModelGone, Holding: "whale", Model: "gemini-2.5-flash-lite"},
	}}, nil)
	b := mustOpen(t, 1280, 800)
	b.signIn(t, server, "user_demoada")
	b.must(t, "note every notice", chromedp.Evaluate[chromedp.Void](`void (() => {
		window.noticed = 0;
		new MutationObserver(() => { window.noticed += 1; }).observe(document.querySelector('.notices'), {childList: true});
	})()`))
	b.upload(t, mustWrite(t, "lighthouse.txt", voyage(3)), "fr")
	b.wait(t, job("COMPLETED"))
	b.mustRead(t, id("mentioned"), "“lighthouse.txt”")
	if n := ask[int](t, b, `window.noticed`); n > 0 {
		t.Errorf("%d notices lay over what the row says", n)
	}

	ada := server.SignIn(t, "user_demoada")
	send := func(name string) process.Job {
		return ada.MustUpload(t, process.Upload{Filename: name, Content: strings.NewReader("The whale is gone.\n\nSo is the model."), Fields: map[string]string{
			"target_language": "fr", "glossary_data": "[]", "style_data": "{}",
		}})
	}
	b.must(t, "read", chromedp.Click(id("job-open")), chromedp.WaitVisible(id("reader-block")))
	whale := send("whale.txt")
	b.mustRead(t, id("toast"), "“whale.txt” is paused.")
	b.shoot(t, "reader-notice-1280")
	if over := ask[float64](t, b, `document.querySelector('[data-testid="toast"]').getBoundingClientRect().right - document.querySelector('.translation').getBoundingClientRect().left`); over > 0 {
		t.Errorf("the notice lies %v pixels over the translation", over)
	}
	b.must(t, "go to it", chromedp.Focus(id("toast")+` button`))
	ada.Post(t, "/api/v1/jobs/"+whale.ID+"/resume", map[string]any{"model_name": "gemini-3.8-flash"}).MustBe(t, http.StatusOK)
	b.mustRead(t, id("toast"), "“whale.txt” is translated.")
	if n := b.count(t, id("toast")); n != 1 {
		t.Errorf("there are %d notices of one document", n)
	}
	if !ask[bool](t, b, fmt.Sprintf(`document.activeElement.matches('%s button')`, id("toast"))) {
		t.Error("the notice that took another's place took the focus away")
	}
	b.must(t, "dismiss it", chromedp.Click(id("toast")+` button`), chromedp.WaitNotPresent(id("toast")))

	b.pointAway(t)
	b.must(t, "have time pass", chromedp.Evaluate[chromedp.Void](`void (() => {
		const after = window.setTimeout;
		window.setTimeout = (call, ms, ...rest) => after(call, ms === 20_000 ? 500 : ms, ...rest);
	})()`))
	send("another.txt")
	b.mustRead(t, id("toast"), "“another.txt” is paused.")
	b.must(t, "wait until it goes", chromedp.WaitNotPresent(id("toast")))
	b.mustBeContent(t)
}
