package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"verso/tests/process"
)

// BenchmarkPageFirst loads the page in a browser that has never seen it, and once more.
func BenchmarkPageFirst(b *testing.B) {
	server := process.Start(b, process.Options{})
	tab := mustOpenBrowser(b)
	visit := func() loaded {
		mustDo(b, tab, chromedp.Navigate(server.URL),
			chromedp.WaitVisible(chromedp.CSS(`[data-testid="sign-in-user_demoada"]`)),
			chromedp.Poll[chromedp.Void](`performance.getEntriesByName('first-contentful-paint').length > 0`))
		seen, err := chromedp.Run(tab, chromedp.Evaluate[loaded](`(() => {
			const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
			const sum = (what) => all.reduce((total, entry) => total + entry[what], 0);
			return {
				Requests: all.filter((entry) => entry.transferSize > 0).length, Transferred: sum('transferSize'), Unpacked: sum('decodedBodySize'),
				Painted: performance.getEntriesByName('first-contentful-paint')[0].startTime,
			};
		})()`))
		if err != nil {
			b.Fatal(err)
		}
		return seen
	}
	first, again := visit(), visit()
	table.add(pages, "the first load, in bytes", fmt.Sprintf("%.0f KB", float64(first.Transferred)/1024),
		fmt.Sprintf("%.0f KB unpacked, ratio %.2f; %d requests", float64(first.Unpacked)/1024, float64(first.Transferred)/float64(first.Unpacked), first.Requests))
	table.add(pages, "the second load, in bytes", fmt.Sprintf("%.0f KB", float64(again.Transferred)/1024),
		fmt.Sprintf("the first %.0f KB; %d requests", float64(first.Transferred)/1024, again.Requests))
	table.add(pages, "until something is painted, first load", short(first.painted()), "second load "+short(again.painted()))
}

// loaded is what a browser tells of a page that it has loaded.
type loaded struct {
	Requests, Transferred, Unpacked int
	Painted                         float64 // milliseconds after it was asked for
}

func (l loaded) painted() time.Duration { return time.Duration(l.Painted * float64(time.Millisecond)) }

// mustOpenBrowser opens a tab in a new browser.
func mustOpenBrowser(b *testing.B) context.Context {
	b.Helper()
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 860))...)
	b.Cleanup(cancelAllocator)
	tab, cancelTab := chromedp.NewContext(allocator)
	b.Cleanup(cancelTab)
	mustDo(b, tab, chromedp.EmulateViewport(1280, 860))
	return tab
}
