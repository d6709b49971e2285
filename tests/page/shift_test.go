package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"

	"verso/tests/process"
)

// watchShifts notes everything that moves without anybody having touched the page
// just before, and when something was first to be seen.
const watchShifts = `
window.shifts = [];
new PerformanceObserver((list) => {
	for (const { value, hadRecentInput, sources } of list.getEntries()) {
		const moved = sources.map(({ node, previousRect: a, currentRect: b }) => {
			const element = node?.nodeType === 1 ? node : node?.parentElement;
			return (element?.dataset?.testid || element?.className || element?.localName) + ' ' + [a.x, a.y, a.width, a.height].map(Math.round) + ' to ' + [b.x, b.y, b.width, b.height].map(Math.round);
		});
		window.shifts.push({ value, touched: hadRecentInput, moved });
	}
}).observe({ type: 'layout-shift', buffered: true });`

// maxShift bounds how much of the page may move by itself, as browsers measure it
// (cumulative layout shift). What is called good elsewhere is 0.1.
const maxShift = .02

// TestNothingShifts goes from the door to a document, and holds that what stands
// in the page stays where it is.
func TestNothingShifts(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "150ms", "VERSO_JOB_CONCURRENCY": "2"}})
	for _, size := range [][2]int{{phoneWidth, phoneHeight}, {deskWidth, deskHeight}} {
		t.Run(fmt.Sprint(size[0]), func(t *testing.T) {
			b := mustOpen(t, size[0], size[1])
			b.onEveryPage(t, watchShifts)
			b.must(t, "open", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("sign-in-user_demoada")))
			b.mustStand(t, "load")
			b.click(t, id("sign-in-user_demoada"))
			b.wait(t, id("signed-in-name"), id("upload-submit"))
			b.mustStand(t, "sign-in")
			b.upload(t, mustAbsolute(t, document), "fr")
			b.wait(t, job("PROCESSING"))
			b.wait(t, job("COMPLETED"))
			b.mustStand(t, "upload")
			b.click(t, id("job-open"))
			b.wait(t, id("reader"), id("reader-block"))
			b.poll(t, "all is there", `document.querySelectorAll('.block').length > 100`)
			b.mustStand(t, "reading")
			b.must(t, "come back", chromedp.Reload())
			b.wait(t, id("reader"), id("reader-block"))
			b.mustStand(t, "reload")
		})
	}
}

// mustStand holds that hardly anything has moved since it was last asked.
func (b *browser) mustStand(t *testing.T, step string) {
	t.Helper()
	b.settle(t)
	shifts := ask[[]struct {
		Value   float64
		Touched bool
		Moved   []string
	}](t, b, `window.shifts.splice(0)`)
	var sum, touched float64
	var moved []string
	for _, shift := range shifts {
		if shift.Touched {
			touched += shift.Value
			continue
		}
		sum += shift.Value
		moved = append(moved, shift.Moved...)
	}
	t.Logf("%s: %.4f moved by itself, %.4f by a touch", step, sum, touched)
	if sum > maxShift {
		t.Errorf("%s moves what stands in the page: %.3f; %q", step, sum, moved)
	}
}

// TestFirstPaint holds that something is to be seen before the service has told
// anything of itself, and so before ClerkJS, of which it tells.
func TestFirstPaint(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, deskWidth, deskHeight)
	held := make(chan fetch.RequestID, 8)
	err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			held <- e.RequestID
		}
	})
	if err == nil {
		_, err = chromedp.Call(b.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*/api/v1/config"}}})
	}
	if err != nil {
		t.Fatal(err)
	}
	b.must(t, "open", chromedp.Navigate(server.URL))
	request := <-held
	b.poll(t, "something is painted", `performance.getEntriesByName('first-contentful-paint').length > 0`)
	if shown := ask[string](t, b, `document.body.innerText`); shown == "" {
		t.Error("nothing is to be read while the service is asked about itself")
	}
	if _, err := chromedp.Call(b.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: request}); err != nil {
		t.Fatal(err)
	}
	b.wait(t, id("sign-in-user_demoada"))
	b.mustBeContent(t)
}
