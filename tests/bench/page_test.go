package bench

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	dom "github.com/chromedp/cdproto/memory"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"verso/tests/process"
)

const (
	shelvedJobs = 300
	movingJobs  = 20
	// watched is how long tasks are watched, without anything else going on.
	watched = 20 * time.Second
	// eachSection is how long the offline engine takes for a section: as many
	// messages come of a job as the stream sends at most.
	eachSection = 250 * time.Millisecond
)

// BenchmarkPageList shows the list of 300 documents of which 20 move as fast as the
// stream tells, and measures what holds the page up within 20 s, and what the page
// keeps over another 20 s, or VERSO_BENCH_MOTION.
func BenchmarkPageList(b *testing.B) {
	motion := watched
	if wanted := os.Getenv("VERSO_BENCH_MOTION"); wanted != "" {
		var err error
		if motion, err = time.ParseDuration(wanted); err != nil {
			b.Fatal(err)
		}
	}
	server := process.Start(b, process.Options{Env: map[string]string{
		"VERSO_PSEUDO_DELAY": eachSection.String(), "VERSO_JOB_CONCURRENCY": "1", "VERSO_ENGINES": "pseudo",
	}})
	ada := server.SignIn(b, "user_demoada")
	shelve(b, server, ada, "old", shelvedJobs)
	text := motionText(int((watched+motion)/eachSection)*3/2 + 200)
	for i := range movingJobs {
		ada.MustUpload(b, process.Upload{
			Filename: fmt.Sprintf("moving %02d.txt", i), Content: strings.NewReader(text),
			Fields: map[string]string{"target_language": "fr", "segment_size": "500", "memory": "false"},
		})
	}
	tab := mustOpenPage(b, server)

	for range b.N {
		mustDo(b, tab, chromedp.Evaluate[chromedp.Void](watchMotion))
		before := mustReadBusy(b, tab)
		mustPass(b, tab, watched)
		busy := mustReadBusy(b, tab) - before
		seen, err := chromedp.Run(tab, chromedp.Evaluate[struct{ Longest, LongTasks, Changes, Rows, Moving int }](`({
			Longest: Math.round(Math.max(0, ...window.long)), LongTasks: window.long.length,
			Changes: window.changes, Rows: document.querySelectorAll('[data-testid="job"]').length,
			Moving: document.querySelectorAll('[data-testid="job"][data-status="PROCESSING"]').length,
		})`))
		if err != nil {
			b.Fatal(err)
		}
		table.add(pages, fmt.Sprintf("list of %d rows, %d moving, for %s", seen.Rows, seen.Moving, watched),
			fmt.Sprintf("%d tasks over 50 ms", seen.LongTasks),
			fmt.Sprintf("the longest %d ms; the main thread busy for %.0f %%; %d percentages drawn a second",
				seen.Longest, 100*busy/watched.Seconds(), seen.Changes/int(watched.Seconds())))

		first := mustWeigh(b, tab)
		last := first
		for began := time.Now(); time.Since(began) < motion; {
			mustPass(b, tab, motion/10)
			last = mustWeigh(b, tab)
			b.Logf("after %s: %d KB of heap, %d nodes, %d listeners", time.Since(began).Round(time.Second), last.heap>>10, last.nodes, last.listeners)
		}
		table.add(pages, fmt.Sprintf("heap of that page, after %s", motion), fmt.Sprintf("%d KB", last.heap>>10), fmt.Sprintf("%d KB at first", first.heap>>10))
		table.add(pages, "its nodes and listeners", fmt.Sprintf("%d, %d", last.nodes, last.listeners), fmt.Sprintf("%d, %d at first", first.nodes, first.listeners))
	}
}

// mustPass lets a time pass: motion itself is what is measured.
func mustPass(b *testing.B, tab context.Context, span time.Duration) {
	b.Helper()
	select {
	case <-time.After(span):
	case <-tab.Done():
		b.Fatal(tab.Err())
	}
}

// watchMotion notes tasks that hold up the page, and how often a bar moves.
const watchMotion = `
window.long = []; window.changes = 0;
new PerformanceObserver((list) => { for (const {duration} of list.getEntries()) window.long.push(duration); }).observe({type: 'longtask'});
new MutationObserver((changes) => { window.changes += changes.length; })
	.observe(document.querySelector('[data-testid="jobs"]'), {subtree: true, attributes: true, attributeFilter: ['data-progress']});`

// mustOpenPage signs Ada in in a browser and loads the whole list.
func mustOpenPage(b *testing.B, server *process.Server) context.Context {
	b.Helper()
	tab := mustOpenBrowser(b)
	mustDo(b, tab,
		chromedp.Navigate(server.URL),
		chromedp.Click(chromedp.CSS(`[data-testid="sign-in-user_demoada"]`)),
		chromedp.WaitVisible(chromedp.CSS(`[data-testid="load-more"]`)),
		chromedp.Poll[chromedp.Void](fmt.Sprintf(`(() => {
			document.querySelector('[data-testid="load-more"]')?.click();
			return document.querySelectorAll('[data-testid="job"]').length === %d;
		})()`, shelvedJobs+movingJobs)),
		chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-testid="jobs"]').scrollIntoView()`),
	)
	return tab
}

func mustDo(b *testing.B, tab context.Context, actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(tab, actions...); err != nil {
		b.Fatal(err)
	}
}

// mustReadBusy returns for how many seconds the page's main thread has been at work.
func mustReadBusy(b *testing.B, tab context.Context) float64 {
	b.Helper()
	if _, err := chromedp.Call(tab, performance.Enable, performance.EnableParams{}); err != nil {
		b.Fatal(err)
	}
	metrics, err := chromedp.Call(tab, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		b.Fatal(err)
	}
	for _, metric := range metrics.Metrics {
		if metric.Name == "TaskDuration" {
			return metric.Value
		}
	}
	b.Fatal("the browser does not tell how long tasks take")
	return 0
}

// weight is what a page keeps when it has tidied up.
type weight struct {
	heap             int64
	nodes, listeners int64
}

func mustWeigh(b *testing.B, tab context.Context) weight {
	b.Helper()
	if _, err := chromedp.Call(tab, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		b.Fatal(err)
	}
	heap, err := chromedp.Call(tab, runtime.GetHeapUsage, cdp.Empty{})
	if err != nil {
		b.Fatal(err)
	}
	counted, err := chromedp.Call(tab, dom.GetDOMCounters, cdp.Empty{})
	if err != nil {
		b.Fatal(err)
	}
	return weight{int64(heap.UsedSize), counted.Nodes, counted.JsEventListeners}
}

// motionText is a text of that many sections, each of its own words.
func motionText(sections int) string {
	var text strings.Builder
	for i := range sections {
		fmt.Fprintf(&text, "Passage %d. %s\n\n", i, strings.Repeat("The whale went down and the sea closed over it again. ", 8))
	}
	return text.String()
}
