package page

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"verso/hooks/translation/engine/pseudo"
	"verso/tests/process"
)

const document = "../testdata/moby-dick-1-20.txt"

// watchBars is a script that notes every value that any progress bar takes.
const watchBars = `
window.seen = [];
new MutationObserver(() => {
  for (const bar of document.querySelectorAll('[data-testid="job-bar"]')) {
    const value = Number(bar.getAttribute('aria-valuenow'));
    if (window.seen.at(-1) !== value) window.seen.push(value);
  }
}).observe(document.body, {subtree: true, childList: true, attributes: true});`

// TestTranslateInTheBrowser goes the whole way a person goes: sign in, upload,
// watch, read, download, sign out.
func TestTranslateInTheBrowser(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{
		"VERSO_PSEUDO_DELAY": "200ms", "VERSO_JOB_CONCURRENCY": "2",
	}})
	b := mustOpen(t, 1280, 860)
	b.signIn(t, server, "user_demoada")
	b.must(t, "watch the bars", chromedp.Evaluate[chromedp.Void](watchBars))
	b.upload(t, mustAbsolute(t, document), "fr")

	t.Run("the bar moves live and never falls", func(t *testing.T) {
		b.must(t, "wait for the end", chromedp.WaitVisible(id("job")+`[data-status="COMPLETED"]`))
		values := ask[[]int](t, b, `window.seen`)
		between := 0
		for i, value := range values {
			if i > 0 && value < values[i-1] {
				t.Errorf("the bar fell from %d to %d: %v", values[i-1], value, values)
			}
			if value > 0 && value < 100 {
				between++
			}
		}
		if between < 3 {
			t.Errorf("the bar was seen at %v: that is not live", values)
		}
		b.shoot(t, "jobs-1280")
	})

	blocks := mustParagraphs(t)
	t.Run("every paragraph stands beside its translation", func(t *testing.T) {
		b.must(t, "read",
			chromedp.Click(id("job-open")),
			chromedp.WaitVisible(id("reader")),
			chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelectorAll('%s').length >= %d`, id("reader-block"), len(blocks))),
		)
		shown := ask[[]struct{ ID, Source, Translation string }](t, b, fmt.Sprintf(`[...document.querySelectorAll('%s')].map(block => ({
			ID: block.dataset.blockId,
			Source: block.querySelector('%s').textContent.trim(),
			Translation: block.querySelector('%s').textContent.trim(),
		}))`, id("reader-block"), id("reader-source"), id("reader-translation")))
		if len(shown) != len(blocks) {
			t.Fatalf("%d blocks are shown, the document has %d", len(shown), len(blocks))
		}
		for i, block := range shown {
			if want := fmt.Sprintf("b%d", i+1); block.ID != want {
				t.Fatalf("block %d is %q, want %q", i, block.ID, want)
			}
			if block.Source != blocks[i] || block.Translation != pseudo.Accent(blocks[i]) {
				t.Fatalf("block %d shows\n%q\n%q\nwant\n%q", i, block.Source, block.Translation, blocks[i])
			}
		}
		b.shoot(t, "reader-1280")
	})

	t.Run("the download is the translated file", func(t *testing.T) {
		got := b.mustDownload(t, id("reader-download"))
		want := server.SignIn(t, "user_demoada").Download(t, b.jobID(t))
		if !bytes.Equal(got, want) || len(want) == 0 {
			t.Errorf("downloaded %d bytes, the service gives %d", len(got), len(want))
		}
		b.click(t, id("reader-download-menu"))
		both := b.mustDownload(t, id("reader-download-bilingual"))
		if source := []byte("Call me Ishmael."); bytes.Contains(got, source) || !bytes.Contains(both, source) || len(both) <= len(got) {
			t.Errorf("in both languages it is %d bytes, in one %d", len(both), len(got))
		}
	})

	t.Run("a reload keeps the place and the person", func(t *testing.T) {
		b.must(t, "reload", chromedp.Reload(),
			chromedp.WaitVisible(id("reader")),
			chromedp.WaitVisible(id("reader-block")))
	})

	t.Run("another person does not see it", func(t *testing.T) {
		b.must(t, "change person",
			chromedp.Click(id("sign-out")),
			chromedp.WaitVisible(id("sign-in-user_demobo")),
			chromedp.Click(id("sign-in-user_demobo")),
			chromedp.WaitVisible(id("list-empty")), // and not before the list has come
		)
		if jobs := ask[int](t, b, fmt.Sprintf(`document.querySelectorAll('%s').length`, id("job"))); jobs != 0 {
			t.Errorf("Bo sees %d jobs of Ada's", jobs)
		}
	})
	b.mustBeContent(t)
}

// TestKeyboard signs in, uploads and opens the reader by keys alone.
func TestKeyboard(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, 1280, 860)
	b.must(t, "sign in by keys",
		chromedp.Navigate(server.URL),
		chromedp.WaitVisible(id("sign-in-user_demoada")),
		chromedp.Focus(id("sign-in-user_demoada")),
		chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(id("signed-in-name")),
	)
	if at := ask[string](t, b, `document.activeElement.id`); at != "main" {
		t.Errorf("signing in leaves the focus on %q", at)
	}
	b.must(t, "send and read by keys",
		chromedp.SetUploadFiles(id("file-input"), []string{mustAbsolute(t, document)}),
		chromedp.WaitVisible(id("target-language")),
		chromedp.Focus(id("target-language")),
		chromedp.KeyEvent("fr\r"),
		chromedp.Focus(id("upload-submit")),
		chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(id("job-open")),
		chromedp.Focus(id("job-open")),
		chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(id("reader-block")),
	)
	b.must(t, "sign out by keys", chromedp.Focus(id("sign-out")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(id("sign-in-user_demoada")))
	if at := ask[string](t, b, `document.activeElement.className`); at != "threshold-title" {
		t.Errorf("signing out leaves the focus on %q", at)
	}
	b.mustBeContent(t)
}

// TestReachedByTab holds that everything one can click can be reached by the
// Tab key, and shows where it is.
func TestReachedByTab(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, 1280, 860)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.must(t, "wait for the end", chromedp.WaitVisible(id("job")+`[data-status="COMPLETED"]`))

	reached := map[string]bool{}
	for range 60 {
		b.must(t, "press Tab", chromedp.KeyEvent("\t"))
		focused := ask[struct {
			ID      string
			Visible bool
		}](t, b, `(() => {
			const at = document.activeElement, style = getComputedStyle(at);
			return {
				ID: at.dataset.testid ?? '',
				Visible: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
			};
		})()`)
		if focused.ID != "" {
			reached[focused.ID] = true
			if !focused.Visible {
				t.Errorf("%s does not show that it has the focus", focused.ID)
			}
		}
	}
	for _, want := range []string{"sign-out", "file-input", "job-open", "job-download", "job-delete"} {
		if !reached[want] {
			t.Errorf("Tab never comes to %s; it came to %v", want, reached)
		}
	}
}

// TestPhone holds that nothing is wider than a small phone.
func TestPhone(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, 390, 844)
	fits := func(view string) {
		t.Helper()
		wide := ask[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
		if wide > 0 {
			t.Errorf("%s is %d pixels too wide", view, wide)
		}
		b.shoot(t, strings.ReplaceAll(view, " ", "-")+"-390")
	}
	b.must(t, "open", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("sign-in-user_demoada")))
	fits("the sign-in")
	b.signIn(t, server, "user_demoada")
	fits("the empty workspace")
	b.upload(t, mustAbsolute(t, document), "ar")
	b.must(t, "wait for the end", chromedp.WaitVisible(id("job")+`[data-status="COMPLETED"]`))
	fits("the workspace")
	b.must(t, "scroll from under the notices", chromedp.Evaluate[chromedp.Void](`scrollTo(0, document.body.scrollHeight)`))
	b.must(t, "read", chromedp.Click(id("job-open")), chromedp.WaitVisible(id("reader-block")))
	fits("the reader")
	// Edit lies where the last line of a right-to-left text ends.
	if from := ask[float64](t, b, `document.querySelector('.block-ways').getBoundingClientRect().left - document.querySelector('.target').getBoundingClientRect().left`); from < -1 || from > 1 {
		t.Errorf("Edit stands %.0f pixels from where the lines end", from)
	}
	if gutter := ask[string](t, b, `getComputedStyle(document.documentElement).scrollbarGutter + ' ' + getComputedStyle(document.documentElement).overflowY`); gutter != "auto scroll" {
		t.Errorf("the room for the scroll bar is kept by %q, where nothing can be laid over it", gutter)
	}
	b.mustBeContent(t)
}

// TestServerRestart kills the server under the open page, starts it again, and
// expects the page to come back by itself and the job to end.
func TestServerRestart(t *testing.T) {
	dir, address := filepath.Join(t.TempDir(), "data"), process.FreeAddress(t)
	options := process.Options{Dir: dir, Args: []string{"--http", address}, Env: map[string]string{
		"VERSO_PSEUDO_DELAY": "400ms", "VERSO_JOB_CONCURRENCY": "1",
	}}
	server := process.Start(t, options)
	b := mustOpen(t, 1280, 860)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.must(t, "watch", chromedp.Evaluate[chromedp.Void](watchBars),
		chromedp.WaitVisible(id("job")+`[data-status="PROCESSING"]`))
	server.Kill()
	process.Start(t, options)

	b.must(t, "wait for the end", chromedp.WaitVisible(id("job")+`[data-status="COMPLETED"]`))
	values := ask[[]int](t, b, `window.seen`)
	for i := 1; i < len(values); i++ {
		if values[i] < values[i-1] {
			t.Errorf("the bar fell: %v", values)
		}
	}
}

// jobID reads the open job's id from the address.
func (b *browser) jobID(t *testing.T) string {
	t.Helper()
	hash := ask[string](t, b, `location.hash`)
	return hash[strings.LastIndex(hash, "/")+1:]
}

// mustDownload clicks and returns the file that arrives.
func (b *browser) mustDownload(t *testing.T, selector chromedp.CSS) []byte {
	t.Helper()
	folder := t.TempDir()
	arrived := make(chan string, 1)
	if err := chromedp.ListenBrowser(b.ctx, func(event any) {
		if e, ok := event.(*cdpbrowser.EventDownloadProgress); ok && e.State == cdpbrowser.DownloadProgressStateCompleted {
			arrived <- e.GUID
		}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: folder, EventsEnabled: new(true),
	}); err != nil {
		t.Fatal(err)
	}
	b.must(t, "download", chromedp.Click(selector))
	select {
	case guid := <-arrived:
		data, err := os.ReadFile(filepath.Join(folder, guid))
		if err != nil {
			t.Fatal(err)
		}
		return data
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was downloaded within 30 s")
		return nil
	}
}

// mustParagraphs returns the document's paragraphs.
func mustParagraphs(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs []string
	for paragraph := range strings.SplitSeq(string(data), "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			paragraphs = append(paragraphs, paragraph)
		}
	}
	return paragraphs
}

func mustAbsolute(t *testing.T, path string) string {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}
