package page

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	_ "modernc.org/sqlite" // to make a document old

	"verso/hooks/refusal"
	"verso/tests/process"
)

// TestExpired reads a document until its time is over, and finds it so again: the
// page says beforehand how long documents are kept, and afterwards that this one is
// gone, in the list as in the reader, where there is nothing to fetch or to retry.
func TestExpired(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	options := process.Options{Dir: dir, Env: map[string]string{"VERSO_KEEP_DAYS": "30", "VERSO_PSEUDO_DELAY": "0s",
		"VERSO_SUPERUSER_EMAIL": "root@example.org", "VERSO_SUPERUSER_PASSWORD": "correct horse battery"}}
	server := process.Start(t, options)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.mustRead(t, id("kept-for"), "Documents are deleted 30 days after they are done.")
	jobID := order(t, server.SignIn(t, "user_demoada"), "voyage.txt", voyage(2), map[string]string{})
	b.wait(t, job("COMPLETED"))
	b.look(t, "desk kept for")
	b.read(t, server, jobID)

	// The page hears of it as of any change of a job.
	db, err := sql.Open("sqlite", filepath.Join(dir, "data.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE translation_jobs SET completed_at = ? WHERE id = ?`,
		time.Now().AddDate(0, 0, -31).UTC().Format("2006-01-02 15:04:05.000Z"), jobID); err != nil {
		t.Fatal(err)
	}
	server.SignInSuperuser(t, "root@example.org", "correct horse battery").Post(t, "/api/crons/versoRetention", nil).MustBe(t, http.StatusNoContent)
	b.mustRead(t, id("pages-note"), "deleted 30 days after it was done. To have it again, send the document again.")
	b.must(t, "nothing is to be fetched", chromedp.WaitNotPresent(id("reader-download")), chromedp.WaitNotPresent(id("open-names")))
	b.mustBeAccessible(t, "reader expired")
	b.look(t, "reader expired")
	b.must(t, "come to the list", chromedp.Evaluate[chromedp.Void](`void (location.hash = '#/')`), chromedp.Reload())
	b.mustRead(t, id("job-expired"), "Its documents were deleted 30 days after it was done")
	if b.count(t, id("job-download")) != 0 || b.count(t, id("job-retry")) != 0 {
		t.Error("what is gone can be fetched or retried")
	}
	b.look(t, "list expired")
	b.choose(t, id("page-language"), "ko")
	b.mustRead(t, id("job-expired"), "30일이 지나")
	b.mustRead(t, id("kept-for"), "30일이 지나면 문서를 삭제해요")
	b.mustBeAccessible(t, "list expired ko")
	b.look(t, "list expired ko")
	b.click(t, id("job-open"))
	b.mustRead(t, id("pages-note"), "30일이 지나")
	b.look(t, "reader expired ko")

	problem := server.SignIn(t, "user_demoada").Get(t, "/download/"+jobID).MustRefuse(t, http.StatusGone)
	if code := problem.Data["code"]; code != string(refusal.Expired) {
		t.Errorf("the refusal is called %q", code)
	}
	b.mustBeContent(t)
}
