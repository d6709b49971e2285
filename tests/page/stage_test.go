package page

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"verso/tests/process"
	"verso/tests/standin"
)

// stage is a browser, a service and the documents in it, by what they show.
type stage struct {
	*browser
	server *process.Server
	jobs   map[string]string
}

// newStage starts the service and a browser that tells of every violation of the
// page's Content-Security-Policy. What the rules let the engine do to documents is
// set; they are laid in by lay.
func newStage(t *testing.T, rules []standin.Rule) *stage {
	t.Helper()
	return stageWith(t, standin.Config{Rules: rules})
}

// stageWith is a stage with an engine of one's own.
func stageWith(t *testing.T, engine standin.Config) *stage {
	t.Helper()
	_, server := startGemini(t, engine, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.watchPolicy(t)
	return &stage{browser: b, server: server, jobs: map[string]string{}}
}

// watchPolicy makes every violation of the page's Content-Security-Policy a
// complaint, and leaves pages without asking whether that is meant.
func (b *browser) watchPolicy(t *testing.T) {
	t.Helper()
	const binding = "tellOfViolation"
	asked := make(chan struct{}, 16)
	err := chromedp.Listen(b.ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventBindingCalled:
			if e.Name == binding {
				b.complain("Content-Security-Policy: " + e.Payload)
			}
		case *page.EventJavascriptDialogOpening:
			asked <- struct{}{}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			select {
			case <-b.ctx.Done():
				return
			case <-asked:
				_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}
		}
	}()
	if _, err := chromedp.Call(b.ctx, runtime.AddBinding, runtime.AddBindingParams{Name: binding}); err != nil {
		t.Fatal(err)
	}
	b.onEveryPage(t, `addEventListener('securitypolicyviolation', (event) => `+binding+`(event.violatedDirective + ' by ' + (event.blockedURI || event.sample) + ' in ' + event.sourceFile));`)
}

// onEveryPage runs a script before those of every page.
func (b *browser) onEveryPage(t *testing.T, script string) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
}

// settle waits until what the page was last told of is drawn: two frames.
func (b *browser) settle(t *testing.T) {
	t.Helper()
	b.poll(t, "it is drawn", `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true)))))`)
}

// open comes to an address of the page as if for the first time, as the person
// that is signed in.
func (s *stage) open(t *testing.T, hash string) {
	t.Helper()
	s.must(t, "open "+hash, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (() => {
		const person = sessionStorage['verso.session'];
		localStorage.clear();
		sessionStorage.clear();
		if (person) sessionStorage['verso.session'] = person;
		history.replaceState(null, '', '/' + %q);
	})()`, hash)), chromedp.Reload())
}

// speak chooses the language of the page.
func (s *stage) speak(t *testing.T, locale string) {
	t.Helper()
	if ask[string](t, s.browser, `document.documentElement.lang`) == locale {
		return
	}
	if s.count(t, id("page-language")) == 0 {
		s.must(t, "come again", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (localStorage['verso.words'] = %q)`, locale)), chromedp.Reload())
	} else {
		s.choose(t, id("page-language"), locale)
	}
	s.poll(t, "the page speaks "+locale, fmt.Sprintf(`document.documentElement.lang === %q`, locale))
}

// block answers nothing to requests for an address.
func (s *stage) block(t *testing.T, pattern string) {
	t.Helper()
	params := network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: pattern, Block: true}}}
	if _, err := chromedp.Call(s.ctx, network.SetBlockedURLs, params); err != nil {
		t.Fatal(err)
	}
}

// ordered is a document on a stage.
type ordered struct {
	name, text string
	fields     map[string]string
	command    string // sent when it is there
	becomes    string
}

// fill has Ada order documents, and waits until each shows what it is there for.
func (s *stage) fill(t *testing.T, orders ...ordered) {
	t.Helper()
	ada := s.server.SignIn(t, "user_demoada")
	for _, order := range orders {
		fields := map[string]string{"target_language": "fr", "glossary_data": "[]", "style_data": "{}", "segment_size": "1500"}
		maps.Copy(fields, order.fields)
		maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
		job := ada.MustUpload(t, process.Upload{Filename: order.name, Content: strings.NewReader(order.text), Fields: fields})
		s.jobs[order.name] = job.ID
		if order.command != "" {
			ada.Post(t, "/api/v1/jobs/"+job.ID+"/"+order.command, map[string]any{}).MustBe(t, http.StatusOK)
		}
	}
	for _, order := range orders {
		var last process.Job
		if !process.Holds(patience, func() bool { last = ada.Job(t, s.jobs[order.name]); return last.Status == order.becomes }) {
			t.Fatalf("%s is %s: %+v", order.name, last.Status, last)
		}
	}
}

// TestPolicyIsWatched holds that a violation of the Content-Security-Policy is
// heard of.
func TestPolicyIsWatched(t *testing.T) {
	s := newStage(t, nil)
	s.must(t, "open", chromedp.Navigate(s.server.URL), chromedp.WaitVisible(id("sign-in-user_demoada")))
	s.mustBeContent(t)
	s.must(t, "add what the policy forbids", chromedp.Evaluate[chromedp.Void](`void (() => {
		const script = document.createElement('script');
		script.textContent = 'window.ran = true';
		document.head.append(script);
	})()`))
	heard := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.ContainsFunc(s.complaints, func(complaint string) bool {
			return strings.HasPrefix(complaint, "Content-Security-Policy: script-src")
		})
	}
	if !process.Holds(patience, heard) {
		t.Errorf("nobody heard of it: %q", s.complaints)
	}
	if ask[bool](t, s.browser, `'ran' in window`) {
		t.Error("a script in the page ran")
	}
}
