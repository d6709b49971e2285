package page

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/process"
)

// TestPauseAndResume pauses and resumes by a click and by the keyboard alone, in
// the list and in the reader, and cancels for good.
func TestPauseAndResume(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{
		"VERSO_PSEUDO_DELAY": "250ms", "VERSO_JOB_CONCURRENCY": "1",
	}})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"))
	b.look(t, "list running")

	t.Run("by click", func(t *testing.T) {
		b.click(t, id("job-pause"))
		b.wait(t, job("PAUSED"), id("job-resume"))
		b.mustRead(t, id("job"), "By you")
		b.mustRead(t, id("mentioned"), "is paused")
		if got := b.focused(t); got != "job-resume" {
			t.Errorf("the focus is on %q: whoever paused cannot resume by the same key", got)
		}
		b.look(t, "list paused")
		b.click(t, id("job-resume"))
		b.wait(t, job("PROCESSING"), id("job-pause"))
	})

	t.Run("by keyboard, in the reader", func(t *testing.T) {
		b.must(t, "read along", chromedp.Focus(id("job-open")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(id("reader-block")))
		b.must(t, "go to Pause", chromedp.KeyEvent("\t"))
		if got := b.focused(t); got != "job-pause" {
			t.Fatalf("after the title Tab comes to %q", got)
		}
		b.must(t, "pause", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(reader("PAUSED")), chromedp.WaitVisible(id("job-resume")))
		b.look(t, "reader paused")
		b.must(t, "resume", chromedp.KeyEvent(" "), chromedp.WaitVisible(id("job-pause")), chromedp.WaitVisible(reader("PROCESSING")))
		b.look(t, "reader running")
	})

	t.Run("cancelled, undone, and cancelled for good", func(t *testing.T) {
		b.click(t, id("job-cancel"))
		b.wait(t, id("job-undo"))
		b.mustRead(t, id("mentioned"), "is cancelled")
		if got := b.focused(t); got != "job-undo" {
			t.Errorf("the focus is on %q: a cancellation cannot be undone by the next key", got)
		}
		b.must(t, "undo", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(reader("PROCESSING")))
		b.click(t, id("job-cancel"))
		b.wait(t, id("job-undo"))
		b.click(t, id("reader-back"))
		b.wait(t, id("job-undo"))
		b.look(t, "list cancelled undoable")
		b.wait(t, job("CANCELLED"))
		b.mustRead(t, id("job"), "Stopped after")
		b.look(t, "list cancelled")
	})

	t.Run("what is translated can be had", func(t *testing.T) {
		got := b.mustDownload(t, id("job-download"))
		if len(got) == 0 || strings.Contains(string(got[:60]), "Loomings") {
			t.Errorf("the part is %.60q", got)
		}
	})
	b.mustBeContent(t)
}

// TestRefusedCommand holds that the page shows the server's sentence when a job
// is not any more what the page believes it to be.
func TestRefusedCommand(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{
		"VERSO_PSEUDO_DELAY": "400ms", "VERSO_JOB_CONCURRENCY": "1",
	}})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"))
	// A page that hears nothing: its way to the server is cut but for one request.
	b.must(t, "go deaf", chromedp.Evaluate[chromedp.Void](`
		void (() => {
			const through = window.fetch;
			window.asked = 0;
			window.fetch = (path, options) => {
				if (!/\/(pause|cancel)$/.test(path)) return through(path, options);
				window.asked += 1;
				// Somebody else is faster.
				return through(path.replace(/pause$/, 'cancel'), {...options, body: '{}'}).then(() => through(path, options));
			};
		})()`))
	b.must(t, "click twice", chromedp.Evaluate[chromedp.Void](
		`void (() => { const pause = document.querySelector('[data-testid="job-pause"]'); pause.click(); pause.click(); })()`))
	b.wait(t, id("job-refusal"))
	b.mustRead(t, id("job-refusal"), "The job is CANCELLED")
	b.wait(t, job("CANCELLED"))
	b.look(t, "list refused")
	if asked := ask[int](t, b, `window.asked`); asked != 1 {
		t.Errorf("two clicks asked %d times", asked)
	}
	b.mustBeContent(t, "status of 409")
}
