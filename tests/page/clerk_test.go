package page

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	svix "github.com/svix/svix-webhooks/go"

	"verso/tests/process"
	"verso/tests/standin/clerk"
)

const (
	readerEmail     = "ada@example.org"
	readerPassword  = "a long enough password"
	hookSecret      = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	developmentKeys = "development keys" // ClerkJS warns of them
)

// startServe starts the service with a stand-in for Clerk, which the real ClerkJS
// speaks to.
func startServe(t *testing.T, env ...string) (*process.Server, *clerk.Instance) {
	t.Helper()
	instance := clerk.Start(t)
	environment := map[string]string{
		"CLERK_SECRET_KEY":      instance.SecretKey(),
		"CLERK_PUBLISHABLE_KEY": instance.PublishableKey(),
		"CLERK_PROXY_URL":       instance.URL(),
		"CLERK_API_URL":         instance.URL(),
		"CLERK_WEBHOOK_SECRET":  hookSecret,
		"VERSO_ENGINES":         "pseudo",
	}
	for i := 0; i+1 < len(env); i += 2 {
		environment[env[i]] = env[i+1]
	}
	return process.Start(t, process.Options{Command: "serve", Env: environment}), instance
}

// book is the book that goes the whole way: a small one, or the one that
// VERSO_TEST_BOOK names.
func book(t *testing.T) (path, delay string) {
	t.Helper()
	if path := os.Getenv("VERSO_TEST_BOOK"); path != "" {
		return mustAbsolute(t, path), "150ms"
	}
	return mustAbsolute(t, "../../hooks/translation/document/epub/testdata/wasteland.epub"), "800ms"
}

// translated is what "verso translate" makes of a book, which goes another way.
func translated(t *testing.T, path string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "translated"+filepath.Ext(path))
	if code, log := process.Run(t, nil, "translate", path, "--to", "fr", "--engine", "pseudo", "--output", out, "--yes"); code != 0 {
		t.Fatalf("verso translate ends with %d:\n%s", code, log)
	}
	return mustRead(t, out)
}

// TestClerkFromSignUpToSignOut goes the whole way with the real ClerkJS and a book.
func TestClerkFromSignUpToSignOut(t *testing.T) {
	path, delay := book(t)
	server, _ := startServe(t, "VERSO_PSEUDO_DELAY", delay, "VERSO_JOB_CONCURRENCY", "1")
	b := mustOpen(t, 1280, 860)
	b.must(t, "land", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("landing")))
	b.look(t, "clerk landing")
	b.must(t, "come to the sign-up", chromedp.Click(id("to-sign-up")), chromedp.WaitVisible(chromedp.CSS(`input[name=emailAddress]`)))
	b.look(t, "clerk sign up")
	b.must(t, "sign up",
		chromedp.SendKeys(chromedp.CSS(`input[name=emailAddress]`), readerEmail),
		chromedp.SendKeys(chromedp.CSS(`input[name=password]`), readerPassword),
		chromedp.Click(chromedp.CSS(`.cl-formButtonPrimary`)),
		chromedp.WaitVisible(chromedp.CSS(`.cl-otpCodeFieldInput, input[autocomplete="one-time-code"]`)),
	)
	b.look(t, "clerk code")
	b.must(t, "type the code", chromedp.SendKeys(chromedp.CSS(`input[autocomplete="one-time-code"]`), clerk.Code),
		chromedp.WaitVisible(id("clerk-UserButton")), chromedp.WaitReady(id("file-input")))
	b.look(t, "clerk desk")

	b.must(t, "watch the bars", chromedp.Evaluate[chromedp.Void](watchBars))
	b.upload(t, path, "fr")
	b.must(t, "pause and resume",
		chromedp.WaitVisible(id("job")+`[data-status="PROCESSING"]`),
		chromedp.Click(id("job-pause")),
		chromedp.WaitVisible(id("job")+`[data-status="PAUSED"]`),
		chromedp.Click(id("job-resume")),
		chromedp.WaitVisible(id("job")+`[data-status="COMPLETED"]`))
	values := ask[[]int](t, b, `window.seen`)
	if len(values) < 3 {
		t.Errorf("the bar was seen at %v: that is not live", values)
	}
	b.must(t, "read", chromedp.Click(id("job-open")), chromedp.WaitVisible(id("reader-block")))
	got := b.mustDownload(t, id("reader-download"))
	if want := translated(t, path); !bytes.Equal(got, want) {
		t.Errorf("downloaded %d bytes, which are not the %d that verso translate makes", len(got), len(want))
	}

	b.must(t, "write", chromedp.Evaluate[chromedp.Void](`void document.querySelector('.edit').click()`), chromedp.WaitVisible(id("edit-text")))
	b.retype(t, id("edit-text"), "Mine.")
	b.must(t, "sign out, and not without it", answerQuestions(false), chromedp.Click(chromedp.CSS(`.cl-userButtonTrigger`)),
		chromedp.Click(chromedp.CSS(`.cl-userButtonPopoverActionButton__signOut`)), chromedp.Poll[chromedp.Void](`window.asked`))
	b.mustHaveAsked(t, "What you have written is not saved. Sign out anyway?")
	b.settle(t)
	b.wait(t, id("edit-text"))
	b.must(t, "sign out all the same", answerQuestions(true), chromedp.Evaluate[chromedp.Void](`void (document.querySelector('.cl-userButtonPopoverActionButton__signOut') ?? document.querySelector('.cl-userButtonTrigger').click())`),
		chromedp.WaitVisible(chromedp.CSS(`.cl-userButtonPopoverActionButton__signOut`)))
	b.shoot(t, "clerk-account")
	b.must(t, "sign out", chromedp.Click(chromedp.CSS(`.cl-userButtonPopoverActionButton__signOut`)),
		chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)))
	if path := ask[string](t, b, `location.pathname + location.search + location.hash`); path != "/sign-in" {
		t.Errorf("signed out, the page is at %s", path)
	}
	b.mustBeContent(t, developmentKeys)
}

// signInWithClerk fills in Clerk's form and waits for the desk or the reader.
func (b *browser) signInWithClerk(t *testing.T, until chromedp.CSS) {
	t.Helper()
	b.must(t, "type into Clerk's form",
		chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)),
		chromedp.SendKeys(chromedp.CSS(`input[name=identifier]`), readerEmail),
		chromedp.SendKeys(chromedp.CSS(`input[name=password]`), readerPassword),
		chromedp.Click(chromedp.CSS(`.cl-formButtonPrimary`)))
	b.must(t, "be led in", chromedp.WaitVisible(id("clerk-UserButton")), chromedp.WaitVisible(until))
}

func mustHaveOne(t *testing.T, sessions []string) string {
	t.Helper()
	if len(sessions) != 1 {
		t.Fatalf("the sessions are %v", sessions)
	}
	return sessions[0]
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// hears reports a session's end to the service, as Clerk's webhook does.
func hears(t *testing.T, server *process.Server, event string, data map[string]any) {
	t.Helper()
	delivery := "msg_" + rand.Text()
	body, err := json.Marshal(map[string]any{"type": event, "object": "event", "data": data})
	if err != nil {
		t.Fatal(err)
	}
	webhook, err := svix.NewWebhook(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signature, err := webhook.Sign(delivery, now, body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := server.Guest(t).Request(t.Context(), http.MethodPost, "/api/v1/webhooks/clerk", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("svix-id", delivery)
	request.Header.Set("svix-timestamp", strconv.FormatInt(now.Unix(), 10))
	request.Header.Set("svix-signature", signature)
	answer, err := server.Guest(t).Perform(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.MustBe(t, http.StatusOK)
}

// TestClerkSessionRevoked ends the session from outside while the page is open.
func TestClerkSessionRevoked(t *testing.T) {
	server, instance := startServe(t)
	user := instance.AddPerson("Ada", readerEmail, readerPassword)
	b := mustOpen(t, 1280, 860)
	b.must(t, "open", chromedp.Navigate(server.URL+"/sign-in"))
	b.signInWithClerk(t, id("upload-submit"))
	end := func(id string) {
		t.Helper()
		hears(t, server, "session.revoked", map[string]any{"object": "session", "id": id, "user_id": user, "status": "revoked"})
	}

	// The service alone has heard of it: the page leaves the session at Clerk too.
	end(mustHaveOne(t, instance.Sessions(user)))
	b.must(t, "be told by the service", chromedp.WaitVisible(id("farewell")))
	b.signInWithClerk(t, id("upload-submit"))

	// The stream is cut, and with the next request the page learns why.
	second := mustHaveOne(t, instance.Sessions(user))
	instance.Revoke(second)
	end(second)
	b.must(t, "be told", chromedp.WaitVisible(id("farewell")), chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)))
	b.look(t, "clerk farewell")
	if path := ask[string](t, b, `location.pathname`); path != "/sign-in" {
		t.Errorf("the page is at %s", path)
	}
	b.mustBeContent(t, developmentKeys, "401")
}

// TestClerkLeftOutOfReach is put out while Clerk cannot be told: it is told as soon as
// the page is opened again, so that whoever opens it is not signed in.
func TestClerkLeftOutOfReach(t *testing.T) {
	server, instance := startServe(t)
	user := instance.AddPerson("Ada", readerEmail, readerPassword)
	b := mustOpen(t, 1280, 860)
	b.must(t, "open", chromedp.Navigate(server.URL+"/sign-in"))
	b.signInWithClerk(t, id("upload-submit"))
	session := mustHaveOne(t, instance.Sessions(user))
	b.must(t, "cut the way to Clerk", chromedp.Evaluate[chromedp.Void](`void (Clerk.signOut = () => Promise.reject(new Error('out of reach')))`))
	hears(t, server, "session.revoked", map[string]any{"object": "session", "id": session, "user_id": user, "status": "revoked"})
	b.must(t, "be told", chromedp.WaitVisible(id("farewell")))
	if got := ask[string](t, b, `localStorage['verso.left'] ?? ''`); got != session {
		t.Errorf("the page remembers to have left %q", got)
	}
	mustHaveOne(t, instance.Sessions(user))

	b.must(t, "open again", chromedp.Navigate(server.URL), chromedp.Poll[chromedp.Void](`localStorage['verso.left'] === undefined`))
	if sessions := instance.Sessions(user); len(sessions) != 0 {
		t.Errorf("Clerk has the sessions %v", sessions)
	}
	b.mustBeContent(t, developmentKeys, "401")
}

// TestForeignAddress is led to an address that is a script: nothing comes of it.
func TestForeignAddress(t *testing.T) {
	server, _ := startServe(t)
	b := mustOpen(t, 1280, 860)
	b.watchPolicy(t) // which would forbid it too, and tell of it
	b.must(t, "land", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("landing")),
		chromedp.Poll[chromedp.Void](`window.Clerk?.loaded`),
		chromedp.Evaluate[chromedp.Void](`void window.Clerk.__internal_getOption('routerPush')('javascript:window.ran = true')`))
	b.settle(t)
	if ask[bool](t, b, `window.ran === true`) {
		t.Error("the script has run")
	}
	b.mustBeContent(t, developmentKeys)
}

// TestClerkDeepLink comes with a link to a document and is led to it.
func TestClerkDeepLink(t *testing.T) {
	server, instance := startServe(t)
	instance.AddPerson("Ada", readerEmail, readerPassword)
	b := mustOpen(t, 1280, 860)
	b.must(t, "open", chromedp.Navigate(server.URL+"/sign-in"))
	b.signInWithClerk(t, id("upload-submit"))
	b.upload(t, mustAbsolute(t, document), "fr")
	b.must(t, "read", chromedp.Click(id("job-open")), chromedp.WaitVisible(id("reader-block")))
	link := ask[string](t, b, `location.href`)

	t.Run("a new browser is led through the sign-in to the document", func(t *testing.T) {
		other := mustOpen(t, 1280, 860)
		other.must(t, "open the link", chromedp.Navigate(link))
		other.signInWithClerk(t, id("reader-block"))
		if at := ask[string](t, other, `location.href`); at != link {
			t.Errorf("it is at %s, want %s", at, link)
		}
		other.mustBeContent(t, developmentKeys)
	})
	t.Run("a reload keeps it", func(t *testing.T) {
		b.must(t, "reload", chromedp.Reload(), chromedp.WaitVisible(id("reader-block")))
	})
	b.must(t, "follow a foreign link",
		chromedp.Navigate(server.URL+"/sign-in?redirect_url="+url.QueryEscape("https://evil.example/#/jobs/1")), chromedp.WaitVisible(id("upload-submit")))
	if at := ask[string](t, b, `location.href`); at != server.URL+"/" {
		t.Errorf("a foreign link leads to %s", at)
	}
	// The page is served as a bundle, whose parts cannot be asked one by one; this
	// module needs no other.
	source, err := os.ReadFile("../../pb_public/app/auth/destination.js")
	if err != nil {
		t.Fatal(err)
	}
	b.must(t, "take the module to hand", chromedp.Evaluate[chromedp.Void](
		fmt.Sprintf("(() => { %s; window.module = { destination }; })()", strings.ReplaceAll(string(source), "export ", ""))))
	for wish, want := range map[string]string{
		"/#/jobs/abc": "/#/jobs/abc", server.URL + "/#/jobs/abc": "/#/jobs/abc", "": "/",
		"//evil.example/": "/", `\\evil.example`: "/", `/\evil.example`: "/", "javascript:alert(1)": "/",
		"//evil.example/#/jobs/abc": "/", "https:evil.example": "/", "/.//evil.example": "/", "http://": "/",
	} {
		if got := ask[string](t, b, fmt.Sprintf(`module.destination(%q)`, "?redirect_url="+url.QueryEscape(wish))); got != want {
			t.Errorf("%q leads to %q, want %q", wish, got, want)
		}
	}
	b.mustBeContent(t, developmentKeys)
}

// TestClerkSignOutInAnotherTab signs out in one tab and looks at the other.
func TestClerkSignOutInAnotherTab(t *testing.T) {
	server, instance := startServe(t)
	instance.AddPerson("Ada", readerEmail, readerPassword)
	b := mustOpen(t, 1280, 860)
	b.must(t, "open", chromedp.Navigate(server.URL+"/sign-in"))
	b.signInWithClerk(t, id("upload-submit"))

	tab, cancel := chromedp.NewContext(b.ctx)
	defer cancel()
	if err := chromedp.Do(tab,
		chromedp.Navigate(server.URL),
		chromedp.Click(chromedp.CSS(`.cl-userButtonTrigger`)),
		chromedp.Click(chromedp.CSS(`.cl-userButtonPopoverActionButton__signOut`)),
		chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)),
	); err != nil {
		t.Fatalf("sign out in another tab: %v", err)
	}
	b.must(t, "follow", chromedp.WaitVisible(id("farewell")))
	b.mustBeContent(t, developmentKeys, "401")
}

// TestClerkOutOfReach opens the page while Clerk answers nobody.
func TestClerkOutOfReach(t *testing.T) {
	server, instance := startServe(t)
	instance.AddPerson("Ada", readerEmail, readerPassword)
	instance.SetDown(true)
	b := mustOpen(t, 1280, 860)
	b.must(t, "land all the same", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("landing")),
		chromedp.Click(id("to-sign-in")), chromedp.WaitVisible(id("clerk-failed")))
	b.look(t, "clerk out of reach")
	instance.SetDown(false)
	b.must(t, "try again", chromedp.Click(id("clerk-again")))
	b.must(t, "see the form", chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)))
	b.speak(t, "ko")
	b.must(t, "see Clerk's own words in Korean", chromedp.Poll[chromedp.Void](`document.querySelector('.cl-headerTitle')?.textContent === '로그인'`))
	b.look(t, "clerk korean")
	b.signInWithClerk(t, id("upload-submit"))
	b.mustBeContent(t, developmentKeys, "net::ERR")
}

// TestClerkPending signs in where something is to be done before the session
// counts: the page asks nothing of the service until it is.
func TestClerkPending(t *testing.T) {
	server, instance := startServe(t)
	instance.AddPerson("Ada", readerEmail, readerPassword)
	instance.SetTask("reset-password")
	b := mustOpen(t, 1280, 860)
	b.must(t, "sign in", chromedp.Navigate(server.URL+"/sign-in"),
		chromedp.WaitVisible(chromedp.CSS(`input[name=identifier]`)),
		chromedp.SendKeys(chromedp.CSS(`input[name=identifier]`), readerEmail),
		chromedp.SendKeys(chromedp.CSS(`input[name=password]`), readerPassword),
		chromedp.Click(chromedp.CSS(`.cl-formButtonPrimary`)),
		chromedp.Poll[chromedp.Void](`location.pathname.startsWith('/sign-in/tasks')`),
		chromedp.WaitVisible(chromedp.CSS(`.cl-headerTitle`)))
	b.look(t, "clerk task")
	b.must(t, "come to the door", chromedp.Navigate(server.URL), chromedp.Poll[chromedp.Void](`location.pathname.startsWith('/sign-in')`))
	b.mustBeContent(t, developmentKeys)
}

// speak chooses the language of the page itself.
func (b *browser) speak(t *testing.T, tag string) {
	t.Helper()
	b.must(t, "choose the page's language",
		chromedp.SetValue(id("page-language"), tag),
		// A script's change of a select says nothing to the page by itself.
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
			`void document.querySelector('%s').dispatchEvent(new Event('change', {bubbles: true}))`, id("page-language"))))
}

// TestPageLanguage chooses another language with a document on the desk.
func TestPageLanguage(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, 1280, 860)
	b.signIn(t, server, "user_demoada")
	b.must(t, "lay a document on the desk",
		chromedp.SetUploadFiles(id("file-input"), []string{mustAbsolute(t, document)}),
		chromedp.WaitVisible(id("upload-submit")))
	b.speak(t, "ko")
	b.must(t, "see it in Korean",
		chromedp.Poll[chromedp.Void](`document.documentElement.lang === 'ko' && document.querySelector('.house').textContent.includes('로그아웃')`),
	)
	if laid := ask[string](t, b, `document.body.innerText`); !strings.Contains(laid, "moby-dick-1-20.txt") {
		t.Errorf("the document is not on the desk any more: %s", laid)
	}
	b.look(t, "desk korean")
	b.must(t, "reload", chromedp.Reload(), chromedp.Poll[chromedp.Void](`document.documentElement.lang === 'ko'`), chromedp.WaitVisible(id("sign-out")))
	b.mustBeContent(t)
}
