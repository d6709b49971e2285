package page

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/process"
	"verso/tests/standin"
)

// mustBeDeleted waits until a job is gone at the server.
func mustBeDeleted(t *testing.T, client *process.Client, jobID string) {
	t.Helper()
	if !process.Holds(patience, func() bool { return client.Get(t, "/api/v1/jobs/"+jobID).Status == http.StatusNotFound }) {
		t.Fatal("the job is still there")
	}
}

// watchRegrets is a script that lets the time for undoing pass when it is told to.
const watchRegrets = `void (() => {
	const begin = window.setTimeout, end = window.clearTimeout, waiting = new Map();
	window.setTimeout = (act, ms, ...rest) => {
		if (ms !== 8000) return begin(act, ms, ...rest);
		const id = begin(() => {}, ms);
		waiting.set(id, act);
		return id;
	};
	window.clearTimeout = (id) => { waiting.delete(id); end(id); };
	window.letTimePass = () => { const acts = [...waiting.values()]; waiting.clear(); for (const act of acts) act(); };
})()`

// letTimePass lets the time pass in which a deletion can be undone.
func (b *browser) letTimePass(t *testing.T) {
	t.Helper()
	b.must(t, "let the time pass", chromedp.Evaluate[chromedp.Void](`void window.letTimePass()`))
	b.settle(t)
}

// TestDeletion deletes a document by keys and has it back, deletes it by a click,
// and holds that the server is told when that cannot be undone any more, which is
// not as long as somebody has the way back before them.
func TestDeletion(t *testing.T) {
	server := process.Start(t, process.Options{})
	ada := server.SignIn(t, "user_demoada")
	old := mustShelve(t, server, ada, manyJobs(3))
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, id("job"))
	b.must(t, "watch the time", chromedp.Evaluate[chromedp.Void](watchRegrets))

	b.must(t, "delete by keys", chromedp.Focus(id("job-delete")), chromedp.KeyEvent(kb.Enter))
	b.wait(t, id("job-gone"), id("job-undo"))
	b.mustRead(t, id("mentioned"), "is deleted")
	b.mustRead(t, id("job-gone"), "Deleted")
	if got := b.focused(t); got != "job-undo" {
		t.Errorf("the focus is on %q: a deletion cannot be undone by the next key", got)
	}
	b.look(t, "list deleted")
	b.letTimePass(t)
	b.wait(t, id("job-undo"))
	ada.Get(t, "/api/v1/jobs/"+old[0]).MustBe(t, http.StatusOK)
	b.must(t, "have it back", chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent(id("job-gone")))
	b.mustRead(t, id("mentioned"), "is kept")
	if got := b.focused(t); got != "job-delete" {
		t.Errorf("the focus is on %q after the deletion was undone", got)
	}

	b.must(t, "leave the keys", chromedp.Evaluate[chromedp.Void](`void document.activeElement.blur()`))
	b.click(t, id("job-delete"))
	b.wait(t, id("job-undo"))
	b.letTimePass(t)
	b.wait(t, id("job-undo")) // the pointer is there yet
	ada.Get(t, "/api/v1/jobs/"+old[0]).MustBe(t, http.StatusOK)
	b.pointAway(t)
	b.letTimePass(t)
	mustBeDeleted(t, ada, old[0])
	b.must(t, "wait until it goes", chromedp.WaitNotPresent(id("job-gone")))
	if n := b.count(t, id("job")); n != 2 {
		t.Errorf("%d documents are left", n)
	}
	b.mustBeContent(t)
}

// TestDeletionAndLeaving holds that who closes the page or signs out has deleted.
func TestDeletionAndLeaving(t *testing.T) {
	server := process.Start(t, process.Options{})
	ada := server.SignIn(t, "user_demoada")
	old := mustShelve(t, server, ada, manyJobs(3))
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.click(t, id("job-delete"))
	b.wait(t, id("job-undo"))
	ada.Get(t, "/api/v1/jobs/"+old[0]).MustBe(t, http.StatusOK)
	b.must(t, "close the page", chromedp.Navigate("about:blank"))
	mustBeDeleted(t, ada, old[0])

	b.must(t, "come back", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("job")))
	if n := b.count(t, id("job")); n != 2 {
		t.Errorf("%d documents are left", n)
	}
	b.click(t, id("job-delete"))
	b.wait(t, id("job-undo"))
	ada.Get(t, "/api/v1/jobs/"+old[1]).MustBe(t, http.StatusOK)
	b.click(t, id("sign-out"))
	mustBeDeleted(t, ada, old[1])
	b.mustBeContent(t)
}

// TestDeletionRefused holds that a document that could not be deleted comes back,
// and says why.
func TestDeletionRefused(t *testing.T) {
	server := process.Start(t, process.Options{})
	mustShelve(t, server, server.SignIn(t, "user_demoada"), manyJobs(3))
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.must(t, "cut the way", chromedp.Evaluate[chromedp.Void](`void (() => {
		const through = window.fetch;
		window.fetch = (path, options) => (options?.method === 'DELETE' ? Promise.reject(new TypeError('cut')) : through(path, options));
	})()`))
	b.click(t, id("job-delete"))
	b.pointAway(t)
	b.wait(t, id("job-refusal"))
	b.mustRead(t, id("job-refusal"), "It could not be deleted. The server cannot be reached")
	if n := b.count(t, id("job")); n != 3 {
		t.Errorf("%d documents are shown", n)
	}
	b.mustBeContent(t)
}

// state selects where a moving job tells how far it is, as now or as last known.
func state(stale bool) chromedp.CSS {
	return id("job-state") + chromedp.CSS(fmt.Sprintf(`[data-stale="%t"]`, stale))
}

// TestStale kills the server under the page, which says since when it knows
// nothing, and is as it was without a reload when the server is back.
func TestStale(t *testing.T) {
	dir, address := filepath.Join(t.TempDir(), "data"), process.FreeAddress(t)
	options := process.Options{Dir: dir, Args: []string{"--http", address}, Env: map[string]string{
		"VERSO_PSEUDO_DELAY": "450ms", "VERSO_JOB_CONCURRENCY": "1",
	}}
	server := process.Start(t, options)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"), state(false))
	b.must(t, "wait for a section", chromedp.Poll[chromedp.Void](`document.querySelector('[data-testid="job"]').dataset.progress > 0`))
	server.Kill()
	b.wait(t, state(true))
	b.mustRead(t, id("job-state"), ", as of ")
	if words := b.words(t, id("job-state")); len(words) > 80 {
		t.Errorf("it also says %q", words)
	}
	fill := ask[string](t, b, `getComputedStyle(document.querySelector('.bar-fill')).transitionProperty`)
	if fill != "none" && fill != "" {
		if took := ask[string](t, b, `getComputedStyle(document.querySelector('.bar-fill')).transitionDuration`); took != "0s" {
			t.Errorf("the bar moves %s for %s though nobody knows where to", fill, took)
		}
	}
	b.mustRead(t, id("stream"), "Reconnecting")
	b.press(t, id("job-pause"))
	b.mustRead(t, id("job-refusal"), "The server cannot be reached")
	b.look(t, "list stale")

	process.Start(t, options)
	b.wait(t, state(false), job("COMPLETED"))
	if n := b.count(t, id("job-refusal")); n != 0 {
		t.Error("the server is said to be out of reach, and is there")
	}
}

// setOffline takes the network away from the page, and gives it back.
func (b *browser) setOffline(t *testing.T, offline bool) {
	t.Helper()
	_, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	if err == nil {
		_, err = chromedp.Call(b.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: offline, DownloadThroughput: -1, UploadThroughput: -1,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestOfflineAndBack takes the network away for a while and gives it back.
func TestOfflineAndBack(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "450ms", "VERSO_JOB_CONCURRENCY": "1"}})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"))
	b.setOffline(t, true)
	b.wait(t, state(true))
	b.mustRead(t, id("stream"), "No connection")
	b.mustRead(t, id("job-state"), ", as of ")
	b.setOffline(t, false)
	b.wait(t, state(false))
	b.mustRead(t, id("stream"), "")
	b.wait(t, job("COMPLETED"))
}

// TestSleep lets the page's clock jump, as it does when a machine wakes: the page
// gives up the stream that may be dead, and hears all the same.
func TestSleep(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "400ms", "VERSO_JOB_CONCURRENCY": "1"}})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"))
	b.must(t, "sleep an hour", chromedp.Evaluate[chromedp.Void](`void (() => {
		const through = window.fetch, now = Date.now;
		window.subscriptions = 0;
		window.fetch = (path, options) => {
			if (String(path).endsWith('/api/realtime')) window.subscriptions += 1;
			return through(path, options);
		};
		Date.now = () => now() + 3_600_000;
	})()`), chromedp.Poll[chromedp.Void](`window.subscriptions > 0`))
	b.wait(t, state(false), job("COMPLETED"))
	if again := ask[int](t, b, `window.subscriptions`); again > 2 {
		t.Errorf("after one sleep the page subscribed %d times", again)
	}
	b.mustBeContent(t)
}

// TestCost holds that the list says who translates, and what that has cost.
func TestCost(t *testing.T) {
	_, server := startGemini(t, standin.Config{}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("COMPLETED"))
	b.mustRead(t, id("job"), "Gemini 2.5 Flash Lite")
	jobID := ask[string](t, b, `document.querySelector('[data-testid="job"]').dataset.jobId`)
	cost := server.SignIn(t, "user_demoada").Job(t, jobID).Cost(t)
	if cost <= 0 {
		t.Fatalf("it cost %v", cost)
	}
	want := "under $0.01"
	if cost >= 0.01 {
		want = fmt.Sprintf("$%.2f", cost)
	}
	b.mustRead(t, id("job-cost"), want)
	b.look(t, "list cost")
}

// TestMailSwitch holds that mails are offered where the server sends any, and are
// switched off and on from the page.
func TestMailSwitch(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{
		"VERSO_SUPERUSER_EMAIL": "root@example.org", "VERSO_SUPERUSER_PASSWORD": "a-long-password",
	}})
	ada := server.SignIn(t, "user_demoada")
	mustShelve(t, server, ada, manyJobs(5))
	b := mustOpen(t, deskWidth, deskHeight)
	b.must(t, "note what is answered", chromedp.Navigate(server.URL), chromedp.Evaluate[chromedp.Void](`void (() => {
		const through = window.fetch;
		window.fetch = async (path, options) => {
			const response = await through(path, options);
			if (path === '/api/v1/notices') window.preference = (await response.clone().json()).offered;
			return response;
		};
	})()`), chromedp.Click(id("sign-in-user_demoada")), chromedp.Poll[chromedp.Void](`window.preference === false`))
	b.wait(t, id("job"))
	if n := b.count(t, id("mail-switch")); n != 0 {
		t.Error("mails are offered that nobody sends")
	}

	server.SignInSuperuser(t, "root@example.org", "a-long-password").SendJSON(t, http.MethodPatch, "/api/settings", map[string]any{
		"meta": map[string]any{"senderName": "Verso", "senderAddress": "verso@example.com"},
		"smtp": map[string]any{"enabled": true, "host": "127.0.0.1", "port": 1},
	}).MustBe(t, http.StatusOK)
	wants := func() bool {
		var preference struct{ Mail bool }
		ada.Get(t, "/api/v1/notices").MustBe(t, http.StatusOK).Decode(t, &preference)
		return preference.Mail
	}
	b.must(t, "come anew", chromedp.Reload(), chromedp.WaitVisible(id("mail-switch")+`[aria-checked="true"]`))
	b.look(t, "shelf mail")
	b.must(t, "switch it off by keys", chromedp.Focus(id("mail-switch")), chromedp.KeyEvent(" "))
	b.mustRead(t, id("mentioned"), "no more mails")
	if wants() {
		t.Error("mails are still wanted")
	}
	b.must(t, "come anew", chromedp.Reload(), chromedp.WaitVisible(id("mail-switch")+`[aria-checked="false"]`), chromedp.Click(id("mail-switch")))
	b.mustRead(t, id("mentioned"), "You get a mail")
	if !wants() {
		t.Error("mails are not wanted again")
	}
	b.mustBeContent(t)
}

// TestLateAnswer signs out while the answer to a click is on its way. The next person
// hears and sees nothing of it.
func TestLateAnswer(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "1m"}})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"), id("job-pause"))
	server.SignIn(t, "user_demoada").MustUpload(t, process.Upload{Filename: "another.txt", Content: strings.NewReader("A letter."), Fields: map[string]string{"target_language": "fr"}})
	b.poll(t, "the tab tells of both", `document.title === '0% of 2 · Verso'`)
	b.speak(t, "ko")
	b.mustRead(t, id("sign-out"), "로그아웃")
	b.settle(t)
	if title := ask[string](t, b, `document.title`); title != "2개 중 0% · Verso" {
		t.Errorf("in Korean the tab says %q", title)
	}
	b.speak(t, "en")
	b.wait(t, id("job-pause"))
	b.must(t, "hold the answer", chromedp.Evaluate[chromedp.Void](`void (() => {
		const through = window.fetch;
		window.fetch = async (path, options) => {
			const answer = await through(path, options);
			if (String(path).endsWith('/pause')) await new Promise((go) => { window.answerNow = go; });
			return answer;
		};
	})()`))
	b.click(t, id("job-pause"))
	b.must(t, "wait for the answer", chromedp.Poll[chromedp.Void](`window.answerNow`))
	b.click(t, id("sign-out"))
	b.click(t, id("sign-in-user_demobo"))
	b.wait(t, id("list-empty"))
	b.must(t, "let it come, and what follows of it",
		chromedp.Evaluate[chromedp.Void](`void (window.answerNow(), setTimeout(() => { window.came = true; }))`),
		chromedp.Poll[chromedp.Void](`window.came`))
	if n := b.count(t, id("job")); n != 0 {
		t.Errorf("Bo sees %d documents of Ada's", n)
	}
	if said := b.words(t, id("mentioned")); said != "" {
		t.Errorf("Bo hears %q", said)
	}
	b.mustBeContent(t)
}

// TestUndoOfBoth deletes what was cancelled, and has both back.
func TestUndoOfBoth(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "1m"}})
	mustShelve(t, server, server.SignIn(t, "user_demoada"), manyJobs(12))
	b := mustOpen(t, phoneWidth, phoneHeight)
	b.signIn(t, server, "user_demoada")
	b.upload(t, mustAbsolute(t, document), "fr")
	b.wait(t, job("PROCESSING"))
	b.press(t, id("show-moving"))
	b.wait(t, job("PROCESSING"))
	b.mustRead(t, id("job-state"), "0 of ")
	b.press(t, id("job-cancel"))
	b.wait(t, id("job-undo"))
	b.mustRead(t, id("job-state"), "Stopped before it began")
	b.press(t, id("job-delete"))
	b.wait(t, id("job-gone"))
	b.press(t, id("job-undo"))
	b.wait(t, id("job"), id("job-undo"))
	b.press(t, id("job-undo"))
	b.wait(t, job("PROCESSING"))
	b.mustBeContent(t)
}
