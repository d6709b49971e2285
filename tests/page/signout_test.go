package page

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"verso/tests/process"
)

// answerQuestions is a script that keeps what the page asks, and answers it.
func answerQuestions(yes bool) chromedp.Action[chromedp.Void] {
	answer := "false"
	if yes {
		answer = "true"
	}
	return chromedp.Evaluate[chromedp.Void](`void (() => { window.asked = ''; window.confirm = (question) => { window.asked = question; return ` + answer + `; }; })()`)
}

// mustHaveAsked holds that the page has asked about just one thing.
func (b *browser) mustHaveAsked(t *testing.T, want string) {
	t.Helper()
	if asked := ask[string](t, b, `window.asked`); asked != want {
		t.Errorf("it was asked %q, want %q", asked, want)
	}
}

// TestSignOutAsks signs out with something unfinished: it is asked first, "no" leaves
// all as it was, and "yes" leaves nothing to the next person.
func TestSignOutAsks(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")

	t.Run("a document that is being sent", func(t *testing.T) {
		b.choose(t, id("target-language"), "fr")
		b.lay(t, mustAbsolute(t, document))
		b.must(t, "hold what is sent", chromedp.Evaluate[chromedp.Void](`void (() => {
			const through = XMLHttpRequest.prototype.send;
			XMLHttpRequest.prototype.send = function (body) { window.sendNow = () => through.call(this, body); };
		})()`), answerQuestions(false))
		b.click(t, id("upload-submit"))
		b.wait(t, `[data-testid="upload-item"][data-stage="sending"]`)
		b.click(t, id("sign-out"))
		b.mustHaveAsked(t, "A document is still being sent. Sign out anyway?")
		b.must(t, "let it go", chromedp.Evaluate[chromedp.Void](`void window.sendNow()`))
		b.wait(t, job("COMPLETED"))
	})
	t.Run("a correction", func(t *testing.T) {
		b.click(t, id("job-open"))
		b.wait(t, id("reader-block"))
		address := ask[string](t, b, `location.href`)
		b.must(t, "edit", chromedp.Evaluate[chromedp.Void](`void document.querySelector('.edit').click()`), chromedp.WaitVisible(id("edit-text")))
		b.retype(t, id("edit-text"), "Mine.")
		b.click(t, id("sign-out"))
		b.mustHaveAsked(t, "What you have written is not saved. Sign out anyway?")
		b.settle(t)
		if at := ask[string](t, b, `location.href + ' ' + document.querySelector('[data-testid="edit-text"]')?.value`); at != address+" Mine." {
			t.Errorf("after a No the page is at %s", at)
		}
		if !ask[bool](t, b, dropFile("reader")) {
			t.Error("the browser would leave the document for a file that is let go over it")
		}
		b.must(t, "hold the way to the file", chromedp.Evaluate[chromedp.Void](`void (() => {
			const through = window.fetch;
			window.fetch = async (path, options) => {
				const answer = await through(path, options);
				if (path === '/api/files/token') await new Promise((go) => { window.answerNow = go; });
				return answer;
			};
		})()`))
		b.click(t, id("reader-download"))
		b.poll(t, "it is asked for", `window.answerNow`)
		b.must(t, "agree", answerQuestions(true))
		b.click(t, id("sign-out"))
		b.wait(t, id("sign-in-user_demobo"))
		if at := ask[string](t, b, `location.hash`); strings.Contains(at, "jobs") {
			t.Errorf("the next person comes to %s", at)
		}
		b.click(t, id("sign-in-user_demobo"))
		b.wait(t, id("list-empty"))
		b.must(t, "let the answer come", chromedp.Evaluate[chromedp.Void](`void window.answerNow()`))
		b.settle(t)
		if n := b.count(t, id("toast")); n > 0 {
			t.Errorf("the next person is told of the file: %q", b.words(t, id("toast")))
		}
	})
	b.mustBeContent(t)
}
