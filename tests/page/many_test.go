package page

import (
	"database/sql"
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	_ "modernc.org/sqlite" // the database that the service keeps its books in

	"verso/tests/process"
)

// shelved is a job that was there before.
type shelved struct {
	name, status string
	issues       int
}

// mustShelve writes old jobs of a person into a running server's database, the
// first the newest, and returns their ids. Nobody works at them, and they have no
// documents: the reader finds nothing.
func mustShelve(t testing.TB, server *process.Server, client *process.Client, jobs []shelved) []string {
	t.Helper()
	var me struct{ ID string }
	client.Get(t, "/api/v1/me").MustBe(t, http.StatusOK).Decode(t, &me)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(server.Dir, "data.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	ids := make([]string, 0, len(jobs))
	for i, job := range jobs {
		id := fmt.Sprintf("old%012d", i)
		made := time.Now().UTC().Add(-time.Duration(i+1) * time.Hour).Format("2006-01-02 15:04:05.000Z")
		_, err := tx.ExecContext(t.Context(), `
			INSERT INTO translation_jobs (id, owner_id, filename, status, issues_count, segments_total, segments_done,
				progress, source_language, target_language, engine, model_name, created_at, completed_at)
			VALUES (?, ?, ?, ?, ?, 40, 40, 100, 'en', 'fr', 'pseudo', 'pseudo', ?, ?)`,
			id, me.ID, job.name, job.status, job.issues, made, made)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// manyJobs returns old jobs, every tenth of them cancelled, with one of a name of
// its own at the very end.
func manyJobs(n int) []shelved {
	jobs := make([]shelved, n)
	for i := range jobs {
		jobs[i] = shelved{fmt.Sprintf("chapter %03d.txt", i), "COMPLETED", 0}
		if i%10 == 9 {
			jobs[i].status = "CANCELLED"
		}
	}
	jobs[n-2] = shelved{"50%_of it.txt", "FAILED", 3}
	jobs[n-1] = shelved{"the very first.txt", "COMPLETED", 2}
	return jobs
}

// listed returns the names in the list, in their order.
func (b *browser) listed(t *testing.T) []string {
	t.Helper()
	return ask[[]string](t, b, `[...document.querySelectorAll('[data-testid="jobs"] h3')].map((title) => title.textContent)`)
}

// mustList waits until the list holds just these.
func (b *browser) mustList(t *testing.T, want ...string) {
	t.Helper()
	if !process.Holds(patience, func() bool { return slices.Equal(b.listed(t), want) }) {
		t.Fatalf("the list holds %q, want %q", b.listed(t), want)
	}
}

// point moves the pointer over an element.
func (b *browser) point(t *testing.T, selector chromedp.CSS) {
	t.Helper()
	at := ask[[]float64](t, b, fmt.Sprintf(`(() => {
		const element = document.querySelector('%s');
		element.scrollIntoView({block: 'nearest'});
		const box = element.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`, selector))
	b.must(t, "point", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
}

// pointAway moves the pointer out of the list.
func (b *browser) pointAway(t *testing.T) {
	t.Helper()
	b.must(t, "point away", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
}

// TestManyDocuments finds documents that the list has not loaded, by how they stand
// and by name, and finds the list again as it was.
func TestManyDocuments(t *testing.T) {
	server := process.Start(t, process.Options{})
	ada := server.SignIn(t, "user_demoada")
	mustShelve(t, server, ada, manyJobs(300))
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, id("job-search"))
	if n := b.count(t, id("job")); n != 20 {
		t.Errorf("%d documents are loaded at first", n)
	}
	b.look(t, "list many")

	t.Run("by how they stand", func(t *testing.T) {
		b.click(t, id("show-issues"))
		b.mustList(t, "50%_of it.txt", "the very first.txt")
		b.mustRead(t, id("found"), "2 documents shown")
		b.look(t, "list issues")
		b.click(t, id("show-paused"))
		b.wait(t, id("list-none"))
		b.look(t, "shelf none")
		b.click(t, id("show-everything"))
		b.wait(t, id("load-more"))
		if got := ask[string](t, b, `document.activeElement.id`); got != "shelf-title" {
			t.Errorf("the focus is on %q", got)
		}
	})

	t.Run("by name", func(t *testing.T) {
		b.retype(t, id("job-search"), "VERY first")
		b.mustList(t, "the very first.txt")
		b.retype(t, id("job-search"), "%_")
		b.mustList(t, "50%_of it.txt")
		b.retype(t, id("job-search"), "chapter 12")
		b.mustList(t, strings.Split("chapter 120.txt,chapter 121.txt,chapter 122.txt,chapter 123.txt,chapter 124.txt,chapter 125.txt,chapter 126.txt,chapter 127.txt,chapter 128.txt,chapter 129.txt", ",")...)
		b.click(t, id("show-issues"))
		b.wait(t, id("list-none"))
		b.click(t, id("show-finished"))
		b.mustRead(t, id("found"), "10 documents shown")
	})

	t.Run("found again", func(t *testing.T) {
		again := func(how string) {
			t.Helper()
			b.mustRead(t, id("found"), "10 documents shown")
			state := ask[string](t, b, `document.querySelector('[aria-pressed="true"]').dataset.testid + ' ' + document.querySelector('[data-testid="job-search"]').value`)
			if state != "show-finished chapter 12" {
				t.Errorf("%s shows %q", how, state)
			}
		}
		b.must(t, "read", chromedp.Click(id("job-open")), chromedp.WaitVisible(id("reader-back")), chromedp.Click(id("reader-back")))
		again("coming back")
		b.must(t, "reload", chromedp.Reload(), chromedp.WaitVisible(id("job-search")))
		again("a reload")
		b.must(t, "change person", chromedp.Click(id("sign-out")), chromedp.Click(id("sign-in-user_demobo")), chromedp.WaitVisible(id("list-empty")))
		if kept := ask[string](t, b, `JSON.stringify({...sessionStorage})`); strings.Contains(kept, "chapter") {
			t.Errorf("the next person has %s", kept)
		}
	})
	b.mustBeContent(t, "/brief")
}

// TestStandsAgain holds that whoever comes back from a document far down the list
// finds its title where it was, on a phone too.
func TestStandsAgain(t *testing.T) {
	server := process.Start(t, process.Options{})
	mustShelve(t, server, server.SignIn(t, "user_demoada"), manyJobs(60))
	b := mustOpen(t, phoneWidth, phoneHeight)
	b.signIn(t, server, "user_demoada")
	b.press(t, id("load-more"))
	b.must(t, "load more", chromedp.WaitNotPresent(id("load-more")))
	const title = `[data-job-id="old000000000041"] a`
	top := func() float64 {
		return ask[float64](t, b, `document.querySelector('`+title+`').getBoundingClientRect().top`)
	}
	b.must(t, "scroll down", chromedp.Evaluate[chromedp.Void](`document.querySelector('`+title+`').scrollIntoView({block: 'center'})`),
		chromedp.Poll[chromedp.Void](`document.querySelector('`+title+`').checkVisibility({contentVisibilityAuto: true})`))
	// Rows that have come into view have their own height by now.
	b.must(t, "scroll to it again", chromedp.Evaluate[chromedp.Void](`document.querySelector('`+title+`').scrollIntoView({block: 'center'})`))
	before := top()
	b.must(t, "read", chromedp.Focus(chromedp.CSS(title)), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(id("reader-back")), chromedp.Click(id("reader-back")))
	b.must(t, "come back", chromedp.WaitVisible(chromedp.CSS(title)))
	if !process.Holds(patience, func() bool { return math.Abs(top()-before) < 3 }) {
		t.Errorf("the title stood at %.0f and stands at %.0f", before, top())
	}
	if got := ask[string](t, b, `document.activeElement.textContent`); got != "chapter 041.txt" {
		t.Errorf("the focus is on %q", got)
	}
	b.mustBeContent(t, "/brief")
}

// TestRowsDrawn holds that a job that moves draws its own row anew and no other's.
func TestRowsDrawn(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "150ms", "VERSO_JOB_CONCURRENCY": "1"}})
	ada := server.SignIn(t, "user_demoada")
	mustShelve(t, server, ada, manyJobs(120))
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, id("load-more"))
	for range 2 {
		n := b.count(t, id("job"))
		b.press(t, id("load-more"))
		b.must(t, "load more",
			chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelectorAll('%s').length > %d`, id("job"), n)))
	}
	if n := b.count(t, id("job")); n != 120 {
		t.Fatalf("%d rows are loaded", n)
	}
	b.must(t, "scroll back", chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"))
	b.must(t, "note what is drawn", chromedp.Evaluate[chromedp.Void](`
		window.drawn = {};
		new MutationObserver((changes) => {
			for (const {target} of changes.filter((change) => change.target.isConnected)) {
				const row = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement).closest('[data-job-id]');
				const name = row ? row.dataset.jobId : 'the list';
				window.drawn[name] = (window.drawn[name] ?? 0) + 1;
			}
		}).observe(document.querySelector('[data-testid="jobs"]'), {subtree: true, childList: true, attributes: true, characterData: true});`))
	b.wait(t, job("COMPLETED")+":first-child")
	drawn := ask[map[string]int](t, b, `window.drawn`)
	if len(drawn) != 1 {
		t.Errorf("one job moved, and drawn were %v", drawn)
	}
	b.mustBeContent(t)
}

// TestNothingMovesUnderThePointer holds that rows keep their places while the list
// is pointed at, whatever ends, is deleted or arrives elsewhere.
func TestNothingMovesUnderThePointer(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "300ms", "VERSO_JOB_CONCURRENCY": "1"}})
	ada := server.SignIn(t, "user_demoada")
	old := mustShelve(t, server, ada, manyJobs(8))
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, id("job-search"))
	places := func() string {
		return ask[string](t, b, `JSON.stringify([...document.querySelectorAll('[data-job-id]')].map((row) => [row.dataset.jobId, row.getBoundingClientRect().top + scrollY]))`)
	}

	t.Run("what comes from elsewhere waits", func(t *testing.T) {
		before := places()
		arrived := ada.MustUpload(t, process.Upload{Filename: "elsewhere.txt", Content: strings.NewReader("One.\n\nTwo.\n")})
		b.wait(t, id("arrived"))
		b.mustRead(t, id("arrived"), "1 new document")
		if after := places(); after != before {
			t.Errorf("the rows were at %s and are at %s", before, after)
		}
		b.look(t, "shelf arrived")
		b.click(t, id("arrived"))
		b.wait(t, chromedp.CSS(fmt.Sprintf(`[data-job-id="%s"]:first-child`, arrived.ID)))
		if n := b.count(t, id("arrived")); n != 0 {
			t.Error("it is listed and announced")
		}
		if got := ask[string](t, b, `document.activeElement.textContent`); got != "elsewhere.txt" {
			t.Errorf("the focus is on %q", got)
		}
		b.must(t, "leave the list", chromedp.Evaluate[chromedp.Void](`void document.activeElement.blur()`))
	})

	t.Run("what is deleted elsewhere keeps its place", func(t *testing.T) {
		b.point(t, chromedp.CSS(fmt.Sprintf(`[data-job-id="%s"]`, old[1])))
		before := places()
		ada.Delete(t, "/api/v1/jobs/"+old[0]).MustBe(t, http.StatusNoContent)
		b.wait(t, id("job-gone"))
		if after := places(); after != before {
			t.Errorf("the rows were at %s and are at %s", before, after)
		}
		b.pointAway(t)
		b.must(t, "wait until it goes", chromedp.WaitNotPresent(id("job-gone")))
	})

	t.Run("nor does it leave from under the keys", func(t *testing.T) {
		b.must(t, "come by keys", chromedp.Focus(`[data-job-id="`+chromedp.CSS(old[3])+`"] `+id("job-open")), chromedp.KeyEvent("\t"))
		before := places()
		ada.Delete(t, "/api/v1/jobs/"+old[2]).MustBe(t, http.StatusNoContent)
		b.wait(t, id("job-gone"))
		if after := places(); after != before {
			t.Errorf("the rows were at %s and are at %s", before, after)
		}
		b.must(t, "go on to the filter", chromedp.Focus(id("job-search")), chromedp.WaitNotPresent(id("job-gone")))
	})

	t.Run("what ends keeps its place", func(t *testing.T) {
		b.click(t, id("show-moving"))
		b.wait(t, id("list-none"))
		text := strings.Join(mustParagraphs(t), "\n\n")
		for name, content := range map[string]string{"moby.txt": text, "longer.txt": text + "\n\n" + strings.ToUpper(text)} {
			ada.MustUpload(t, process.Upload{Filename: name, Content: strings.NewReader(content), Fields: map[string]string{"target_language": "fr"}})
		}
		b.must(t, "come anew", chromedp.Reload(), chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelectorAll('%s').length === 2`, id("job"))))
		b.point(t, id("job"))
		before := places()
		b.wait(t, job("COMPLETED"))
		if after := places(); after != before {
			t.Errorf("the rows were at %s and are at %s", before, after)
		}
		b.pointAway(t)
		b.must(t, "wait until it goes", chromedp.WaitNotPresent(job("COMPLETED")))
	})
	b.mustBeContent(t)
}
