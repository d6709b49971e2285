package page

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/standin"
)

// poisoned returns a document of some segments, two of which hold a word that
// the engine will not translate.
func poisoned(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	paragraphs := strings.Split(string(text[:bytes.LastIndex(text[:40_000], []byte("\n\n"))]), "\n\n")
	paragraphs[3] += " Here is hemlock."
	paragraphs[len(paragraphs)-3] += " And here is hemlock again."
	return strings.Join(paragraphs, "\n\n")
}

// TestIssues sees what the engine refused, retries it when the engine has thought
// better of it, and sees it gone.
func TestIssues(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety, Holding: "hemlock"}}}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustWrite(t, "Moby-Dick; or, The Whale.txt", poisoned(t)), "fr")
	b.wait(t, job("COMPLETED"))
	b.mustRead(t, id("job"), "2 sections not wholly translated")
	b.look(t, "list with issues")
	b.click(t, id("job-open"))
	b.wait(t, id("reader-block"), id("next-issue"))
	b.must(t, "wait for the text", chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelectorAll('%s').length === 2`, id("reader-issue"))))

	t.Run("from issue to issue", func(t *testing.T) {
		for _, want := range []string{"1 of 2", "2 of 2", "1 of 2"} {
			b.click(t, id("next-issue"))
			b.mustRead(t, id("next-issue"), want)
			if got := b.focused(t); got != "reader-issue" {
				t.Errorf("at %s the focus is on %q", want, got)
			}
		}
		b.mustRead(t, id("reader-issue"), "Not translated, because")
		b.look(t, "reader issue")
	})
	t.Run("still refused", func(t *testing.T) {
		b.click(t, id("retry-segment"))
		b.wait(t, reader("COMPLETED"), id("retry-segment"))
		b.mustRead(t, id("reader-issue"), "Not translated, because")
	})
	t.Run("one, and then the rest", func(t *testing.T) {
		gemini.Use()
		b.click(t, id("retry-segment"))
		b.mustRead(t, id("reader"), "1 section not wholly translated")
		b.wait(t, reader("COMPLETED"), id("job-retry"))
		b.click(t, id("job-retry"))
		b.must(t, "wait until none is left", chromedp.WaitNotPresent(id("next-issue")), chromedp.WaitNotPresent(id("reader-issue")))
		b.wait(t, reader("COMPLETED"))
		b.must(t, "wait for the last", chromedp.WaitNotPresent(id("reader-again")), chromedp.WaitNotPresent(chromedp.CSS(".block-left")))
	})
	b.mustBeContent(t)
}

// TestCorrection corrects a block by hand: it survives a reload and stands in
// the download; what is refused is not lost.
func TestCorrection(t *testing.T) {
	_, server := startGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety, Holding: "poison"}}}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustWrite(t, "letter.txt", "A letter to you.\n\nWith poison in it.\n\nAnd an end."), "fr")
	b.wait(t, job("COMPLETED"))
	b.click(t, id("job-open"))
	b.wait(t, id("reader-issue"))

	const first, second = `[data-block-id="b1"] `, `[data-block-id="b2"] `
	edit := func(block chromedp.CSS) {
		t.Helper()
		b.must(t, "edit", chromedp.Focus(block+id("edit-block")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(id("edit-text")))
		if got := b.focused(t); got != "edit-text" {
			t.Errorf("the focus is on %q, not on the text", got)
		}
	}
	t.Run("left as it was", func(t *testing.T) {
		before := b.words(t, first+id("reader-translation"))
		edit(first)
		b.retype(t, id("edit-text"), "Not this.")
		b.must(t, "leave", chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(id("editor")))
		if after := b.words(t, first+id("reader-translation")); after != before {
			t.Errorf("Escape left %q instead of %q", after, before)
		}
		if got := b.focused(t); got != "edit-block" {
			t.Errorf("after Escape the focus is on %q", got)
		}
		b.look(t, "reader edit")
	})
	t.Run("refused and not lost", func(t *testing.T) {
		edit(first)
		b.retype(t, id("edit-text"), "   ")
		b.click(t, id("edit-save"))
		b.mustRead(t, id("edit-problem"), "Write something")
		b.retype(t, id("edit-text"), "Une <1>lettre</1>.")
		b.must(t, "save what the server refuses", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
		b.mustRead(t, id("edit-problem"), "keep the numbered tags")
		if got := ask[string](t, b, `document.querySelector('[data-testid="edit-text"]').value`); got != "Une <1>lettre</1>." {
			t.Errorf("of what was written %q is left", got)
		}
		b.look(t, "editor refused")
	})
	t.Run("saved by keys", func(t *testing.T) {
		b.retype(t, id("edit-text"), "Une lettre pour vous.")
		b.look(t, "editor")
		b.must(t, "save", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.WaitNotPresent(id("editor")))
		b.mustRead(t, first+id("reader-translation"), "Une lettre pour vous.")
		b.mustRead(t, id("mentioned"), "saved")
	})
	t.Run("what the engine refused, by click", func(t *testing.T) {
		// A mouse is over what it clicks.
		b.must(t, "edit", chromedp.Evaluate[chromedp.Void](`void document.querySelector('[data-block-id="b2"] [data-testid="reader-translation"]').focus()`),
			chromedp.Click(second+id("edit-block")), chromedp.WaitVisible(id("edit-text")))
		b.retype(t, id("edit-text"), "Avec du poison dedans.")
		b.click(t, id("edit-save"))
		b.must(t, "wait until none is left", chromedp.WaitNotPresent(id("reader-issue")), chromedp.WaitNotPresent(id("next-issue")))
	})
	b.must(t, "reload", chromedp.Reload(), chromedp.WaitVisible(id("reader-block")))
	b.mustRead(t, first+id("reader-translation"), "Une lettre pour vous.")
	b.mustRead(t, second+id("reader-translation"), "Avec du poison dedans.")
	got := string(b.mustDownload(t, id("reader-download")))
	if !strings.HasPrefix(got, "Une lettre pour vous.\n\nAvec du poison dedans.\n\n") {
		t.Errorf("the download is %q", got)
	}
	b.mustBeContent(t, "status of 400")
}

// TestFailed says what to do when nothing could be translated, and does it.
func TestFailed(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety}}}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustWrite(t, "letter.txt", "A letter to you."), "fr")
	b.wait(t, job("FAILED"), id("job-retry"))
	b.look(t, "list failed")
	b.click(t, id("job-open"))
	b.wait(t, reader("FAILED"))
	b.look(t, "reader failed")
	gemini.Use()
	b.click(t, id("job-retry"))
	b.wait(t, reader("COMPLETED"), id("reader-block"))
	b.mustBeContent(t)
}
