package page

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"verso/tests/process"
	"verso/tests/standin/clerk"
)

// TestNextjsTypes holds the example front end to the types of the routes and of the
// libraries in its lock.
func TestNextjsTypes(t *testing.T) {
	if os.Getenv("VERSO_TEST_NEXTJS") == "1" {
		t.Skip("TestNextjs builds it, with its types")
	}
	t.Parallel()
	example := copyNextjs(t)
	example.install(t, "--omit=optional") // what compiles is not needed
	example.run(t, filepath.Join("node_modules", ".bin", "tsc"), "--noEmit", "--incremental", "false")
}

// TestNextjs builds the example front end as who copies it would, and goes the whole
// way in it: a guest is led to the sign-in and back, the list comes from the server,
// a book goes up, is watched, and comes down. It takes two minutes of CPU, so it runs
// with VERSO_TEST_NEXTJS=1 alone.
func TestNextjs(t *testing.T) {
	if os.Getenv("VERSO_TEST_NEXTJS") != "1" {
		t.Skip("VERSO_TEST_NEXTJS=1 builds the Next.js example")
	}
	_, port, err := net.SplitHostPort(process.FreeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	front := "http://localhost:" + port
	path, delay := book(t)
	server, instance := startServe(t, "CLERK_AUTHORIZED_PARTIES", front, "VERSO_PSEUDO_DELAY", delay, "VERSO_JOB_CONCURRENCY", "1")
	instance.AddPerson("Ada", readerEmail, readerPassword)
	serveNextjs(t, port, nextjsEnvironment(instance, server.URL))

	b := mustOpen(t, 1280, 860)
	b.must(t, "open the start", chromedp.Navigate(front), chromedp.WaitVisible(chromedp.CSS(`main a`)))
	b.look(t, "nextjs start")
	b.must(t, "be led to the sign-in", chromedp.Click(chromedp.CSS(`main a`)), chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)))
	b.look(t, "nextjs sign in")
	b.must(t, "be led there from an address, sign in, and be led back",
		chromedp.Navigate(front+"/documents"),
		chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)),
		chromedp.SendKeys(chromedp.CSS(`input[name=identifier]`), readerEmail),
		chromedp.SendKeys(chromedp.CSS(`input[name=password]`), readerPassword),
		chromedp.Click(chromedp.CSS(`.cl-formButtonPrimary`)),
		chromedp.WaitVisible(chromedp.CSS(`input[type=file]`)),
		chromedp.WaitVisible(chromedp.CSS(`.cl-userButtonTrigger`)))
	if at := ask[string](t, b, `location.pathname`); at != "/documents" {
		t.Errorf("signed in, the page is at %s", at)
	}

	b.watchNextjsUpload(t, path)
	b.mustComeFromServer(t, front, filepath.Base(path))
	got := b.mustDownload(t, chromedp.CSS(`li[data-status=COMPLETED] button`))
	if want := translated(t, path); !bytes.Equal(got, want) {
		t.Errorf("downloaded %d bytes, which are not the %d that verso translate makes", len(got), len(want))
	}
	b.mustComeWithoutParty(t, front, filepath.Base(path))
	b.mustKeepRefusal(t, server.URL)
	// Next.js tells of the icon by a script; without, Chromium looks where icons used to be.
	b.mustBeContent(t, developmentKeys, "/favicon.ico")
}

// watchNextjsUpload sends a book through the example's form and sees it translated by
// what realtime tells: the list itself is not asked for again.
func (b *browser) watchNextjsUpload(t *testing.T, path string) {
	t.Helper()
	b.must(t, "upload",
		// The page listens when it has read the list that the connection is a reason to read.
		chromedp.Poll[chromedp.Void](`performance.getEntriesByType('resource').some(({name}) => name.includes('/api/v1/jobs?'))`),
		chromedp.SetUploadFiles(chromedp.CSS(`input[type=file]`), []string{path}),
		chromedp.SetValue(chromedp.CSS(`select`), "fr"))
	b.look(t, "nextjs upload")
	b.must(t, "see it translated",
		chromedp.Evaluate[chromedp.Void](`void (window.values = new Set(), new MutationObserver(() => {
			const bar = document.querySelector('li progress');
			if (bar) window.values.add(bar.value);
		}).observe(document, {subtree: true, childList: true, attributes: true}))`),
		chromedp.Click(chromedp.CSS(`form button`)),
		chromedp.WaitVisible(chromedp.CSS(`li[data-status=PROCESSING]`)),
		chromedp.Evaluate[chromedp.Void](`void performance.clearResourceTimings()`))
	b.look(t, "nextjs progress")
	b.must(t, "wait for the end", chromedp.WaitVisible(chromedp.CSS(`li[data-status=COMPLETED]`)))
	b.look(t, "nextjs done")
	if values := ask[[]int](t, b, `[...window.values]`); len(values) < 3 || !slices.IsSorted(values) {
		t.Errorf("the bar was seen at %v: that is not live", values)
	}
	if asked := ask[[]string](t, b, `performance.getEntriesByType('resource').map(({name}) => name).filter((name) => /jobs|status/.test(name))`); len(asked) != 0 {
		t.Errorf("progress was asked for: %v", asked)
	}
}

// mustComeFromServer opens the documents in a browser that runs no scripts.
func (b *browser) mustComeFromServer(t *testing.T, front, name string) {
	t.Helper()
	b.runScripts(t, false)
	b.must(t, "open without scripts", chromedp.Navigate(front+"/documents"), chromedp.WaitVisible(chromedp.CSS(`li[data-status=COMPLETED]`)))
	if text := b.textOf(t, `li strong`); text != name {
		t.Errorf("the server lists %q, not %q", text, name)
	}
	b.runScripts(t, true)
	b.must(t, "open with scripts", chromedp.Navigate(front+"/documents"), chromedp.WaitVisible(chromedp.CSS(`.cl-userButtonTrigger`)))
}

// mustComeWithoutParty comes back when the session's cookie is over: Clerk makes the
// next one on the way to the page, and it names no authorized party. Verso refuses it
// to the server, and the browser reads the list itself.
func (b *browser) mustComeWithoutParty(t *testing.T, front, name string) {
	t.Helper()
	b.runScripts(t, false)
	b.must(t, "leave", chromedp.Navigate("about:blank"))
	cookies, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{front}})
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range cookies.Cookies {
		if !strings.HasPrefix(cookie.Name, "__session") {
			continue
		}
		if _, err := chromedp.Call(b.ctx, network.DeleteCookies, network.DeleteCookiesParams{Name: cookie.Name, URL: front}); err != nil {
			t.Fatal(err)
		}
	}
	b.must(t, "come back without scripts", chromedp.Navigate(front+"/documents"), chromedp.WaitVisible(chromedp.CSS(`p[role=status]`)))
	b.runScripts(t, true)
	b.must(t, "come back", chromedp.Navigate(front+"/documents"), chromedp.WaitVisible(chromedp.CSS(`li[data-status=COMPLETED]`)))
	if text := b.textOf(t, `li strong`); text != name {
		t.Errorf("the browser lists %q, not %q", text, name)
	}
}

// mustKeepRefusal has a download refused, which is said on the page and not in its
// place, and stays to be read when the list is read anew for what came from elsewhere.
func (b *browser) mustKeepRefusal(t *testing.T, verso string) {
	t.Helper()
	const alert = chromedp.CSS(`p[role=alert]`)
	b.must(t, "have a download refused",
		chromedp.Poll[chromedp.Void](`performance.getEntriesByType('resource').some(({name}) => name.includes('/api/v1/jobs?'))`),
		chromedp.Evaluate[chromedp.Void](`void (() => {
			const through = window.fetch;
			window.fetch = (url, options) => (String(url).includes('/download/')
				? Promise.resolve(Response.json({detail: 'It is being written anew.'}, {status: 409})) : through(url, options));
		})()`),
		chromedp.Click(chromedp.CSS(`li[data-status=COMPLETED] button`)),
		chromedp.WaitVisible(alert))
	b.must(t, "send a document from elsewhere",
		chromedp.Evaluate[chromedp.Void](`void (async () => {
			const form = new FormData();
			form.append('target_language', 'fr');
			form.append('file', new File(['The light is out.'], 'elsewhere.txt'));
			await fetch(`+quoted(verso+"/uploadfile/")+`, {method: 'POST', headers: {Authorization: await window.Clerk.session.getToken()}, body: form});
		})()`),
		chromedp.Poll[chromedp.Void](`document.querySelectorAll('li').length === 2`))
	if said := b.words(t, alert); said != "It is being written anew." {
		t.Errorf("the page says %q", said)
	}
}

func (b *browser) runScripts(t *testing.T, run bool) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run}); err != nil {
		t.Fatal(err)
	}
}

func (b *browser) textOf(t *testing.T, selector string) string {
	t.Helper()
	quoted, err := json.Marshal(selector)
	if err != nil {
		t.Fatal(err)
	}
	return ask[string](t, b, `document.querySelector(`+string(quoted)+`).textContent`)
}

// nextjs is a copy of the example, in which commands are run.
type nextjs struct {
	dir         string
	environment []string
}

// copyNextjs copies the example, and the types beside it.
func copyNextjs(t *testing.T) *nextjs {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "nextjs-example")
	if err := os.CopyFS(dir, os.DirFS("../../docs/nextjs-example")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, filepath.Base(apiTypes)), mustRead(t, apiTypes), 0o600); err != nil {
		t.Fatal(err)
	}
	return &nextjs{dir: dir, environment: append(os.Environ(), "NEXT_TELEMETRY_DISABLED=1")}
}

func (n *nextjs) command(ctx context.Context, name string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir, command.Env = n.dir, n.environment
	return command
}

func (n *nextjs) run(t *testing.T, name string, arguments ...string) {
	t.Helper()
	if out, err := n.command(t.Context(), name, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
}

// install installs what the lock names.
func (n *nextjs) install(t *testing.T, options ...string) {
	t.Helper()
	n.run(t, "npm", append([]string{"ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"}, options...)...)
}

// nextjsEnvironment is what the example is configured with: what its .env.example
// names, and where the stand-in is in Clerk's place.
func nextjsEnvironment(instance *clerk.Instance, verso string) []string {
	return []string{
		"NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=" + instance.PublishableKey(),
		"CLERK_SECRET_KEY=" + instance.SecretKey(),
		"NEXT_PUBLIC_CLERK_SIGN_IN_URL=/sign-in",
		"NEXT_PUBLIC_CLERK_SIGN_UP_URL=/sign-up",
		"NEXT_PUBLIC_VERSO_URL=" + verso,
		"CLERK_API_URL=" + instance.URL(),
		"NEXT_PUBLIC_CLERK_PROXY_URL=" + instance.SiteURL(),
		"NEXT_PUBLIC_CLERK_JS_URL=" + instance.ScriptURL("@clerk/clerk-js", "clerk.browser.js"),
		"NEXT_PUBLIC_CLERK_UI_URL=" + instance.ScriptURL("@clerk/ui", "ui.browser.js"),
		"NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED=1",
	}
}

// serveNextjs builds the example and serves it until the test ends.
func serveNextjs(t *testing.T, port string, environment []string) {
	t.Helper()
	example := copyNextjs(t)
	example.environment = append(example.environment, environment...)
	example.install(t)
	next := filepath.Join("node_modules", "next", "dist", "bin", "next")
	example.run(t, "node", next, "build")

	ctx, stop := context.WithCancel(context.Background())
	serve := example.command(ctx, "node", next, "start", "-H", "localhost", "-p", port)
	var log bytes.Buffer
	serve.Stdout, serve.Stderr = &log, &log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = serve.Wait() // it was killed
		if t.Failed() {
			t.Logf("next start said:\n%s", &log)
		}
	})
	process.Eventually(t, time.Minute, "the example is served", func() bool {
		answer, err := http.Get("http://localhost:" + port)
		return err == nil && answer.Body.Close() == nil
	})
}
