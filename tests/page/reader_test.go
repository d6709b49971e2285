package page

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/process"
	"verso/tests/standin"
)

// voyage is a document of several sections, in which the captain is named in some.
func voyage(sections int) string {
	var text strings.Builder
	for i := range sections {
		fmt.Fprintf(&text, "Chapter %d\n\n", i+1)
		for line := range 3 {
			fmt.Fprintf(&text, "The sea was calm on day %d of the voyage, and nobody spoke of what was to come at hour %d. ", i+1, line)
			text.WriteString(strings.Repeat("The wind went round and the sails were set anew before the night. ", 5))
			text.WriteString("\n\n")
		}
		if i%3 == 0 {
			text.WriteString("Then Captain Ahab stood upon his deck, and the Pequod turned.\n\n")
		}
	}
	return text.String()
}

// captain is a glossary of the voyage.
const captain = `[{"term":"Ahab","translation":"Achab","kind":"person","gender":"male"},{"term":"Pequod","translation":"Péquod"}]`

// order uploads a document through the API and returns the job's id.
func order(t *testing.T, client *process.Client, name, text string, fields map[string]string) string {
	t.Helper()
	fields["target_language"] = "fr"
	return client.MustUpload(t, process.Upload{Filename: name, Content: strings.NewReader(text), Fields: fields}).ID
}

// read opens a job in the reader.
func (b *browser) read(t *testing.T, server *process.Server, jobID string) {
	t.Helper()
	b.must(t, "open the document", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (location.hash = '#/jobs/%s')`, jobID)))
	b.wait(t, id("reader"), id("reader-block"))
}

// top returns where an element begins in the view, when what came into sight has
// been laid out.
func (b *browser) top(t *testing.T, selector chromedp.CSS) float64 {
	t.Helper()
	top, err := chromedp.Run(b.ctx, chromedp.Evaluate[float64](fmt.Sprintf(`new Promise((done) => {
		const after = (frames) => (frames ? requestAnimationFrame(() => after(frames - 1)) : done(document.querySelector('%s').getBoundingClientRect().top));
		after(4);
	})`, selector), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("where is %s: %v", selector, err)
	}
	return top
}

// pointAt moves the mouse to the middle of the first mark of a term.
func (b *browser) pointAt(t *testing.T, text string) {
	t.Helper()
	at := ask[[2]float64](t, b, fmt.Sprintf(`(() => {
		const range = [...CSS.highlights.get('term')].find((range) => String(range) === %q);
		range.startContainer.parentElement.scrollIntoView({block: 'center'});
		const box = range.getBoundingClientRect();
		return [box.left + box.width / 2, box.top + box.height / 2];
	})()`, text))
	if _, err := chromedp.Call(b.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1]}); err != nil {
		t.Fatalf("move the mouse: %v", err)
	}
}

// effect is what the server says of a change of names.
type effect struct {
	Positions []int   `json:"positions"`
	Cost      float64 `json:"cost_usd"`
}

// TestNames sees the names marked in the text, changes one, is told before what
// that touches and costs, and sees just that change.
func TestNames(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Latency: 150 * time.Millisecond}, map[string]string{"VERSO_JOB_CONCURRENCY": "2"})
	client := server.SignIn(t, "user_demoada")
	jobID := order(t, client, "voyage.txt", voyage(12), map[string]string{"glossary_data": captain, "segment_size": "1500", "style_data": `{"tone_keywords":"calm"}`})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, job("COMPLETED"))
	b.read(t, server, jobID)

	t.Run("marked in the text", func(t *testing.T) {
		b.poll(t, "both names are marked on both sides", `(() => {
			const marked = new Set([...(CSS.highlights.get('term') ?? [])].map(String));
			return ['Ahab', 'Achab', 'Pequod', 'Péquod'].every((name) => marked.has(name));
		})()`)
		b.pointAt(t, "Achab")
		b.wait(t, id("term-card"))
		b.mustRead(t, id("term-card"), "Ahab")
		b.mustRead(t, id("term-card"), "person · male")
		b.shoot(t, "reader-term-1280")
		b.key(t, kb.Escape)
		b.must(t, "the card closes", chromedp.WaitNotPresent(id("term-card")))
	})
	t.Run("the names of a passage by keys", func(t *testing.T) {
		b.must(t, "stand where the captain is", chromedp.Evaluate[chromedp.Void](
			`void [...document.querySelectorAll('.translation')].find((p) => p.textContent.includes('Achab')).focus()`))
		b.key(t, "t")
		b.wait(t, id("term-card"))
		b.mustRead(t, id("mentioned"), "Ahab: Achab; Pequod: Péquod")
		b.key(t, kb.Escape)
		b.must(t, "the card closes", chromedp.WaitNotPresent(id("term-card")))
		b.key(t, "k")
		b.key(t, "t")
		b.mustRead(t, id("term-card"), "No names of the glossary")
		b.shoot(t, "reader-term-none-1280")
		b.key(t, kb.Escape)
		b.must(t, "the card closes", chromedp.WaitNotPresent(id("term-card")))
	})
	t.Run("a change is told before it is made", func(t *testing.T) {
		b.key(t, "g")
		b.wait(t, id("names"))
		if at := ask[string](t, b, `document.activeElement.id`); at != "names-title" {
			t.Errorf("the panel opens with the focus on %q", at)
		}
		b.retype(t, `[data-term="Ahab"] `+id("name-translation"), "Akhab")
		var told effect
		client.SendJSON(t, http.MethodPatch, "/api/v1/jobs/"+jobID+"/brief?dry_run=1", map[string]any{"glossary": []map[string]string{
			{"term": "Ahab", "translation": "Akhab", "kind": "person", "gender": "male"}, {"term": "Pequod", "translation": "Péquod"},
		}}).MustBe(t, http.StatusOK).Decode(t, &told)
		if len(told.Positions) != 4 || told.Cost <= 0 {
			t.Fatalf("the server says %+v", told)
		}
		b.mustRead(t, id("names-apply"), fmt.Sprintf("Change %d sections · %s", len(told.Positions), dollars(told.Cost)))
		b.mustRead(t, id("names-effect"), "4 sections are translated again.")
		b.look(t, "reader names changed")
		b.poll(t, "one stands where one wrote", `!document.querySelector('dialog:modal') && document.activeElement.closest('[data-term="Ahab"]')`)
		b.click(t, id("names-discard"))
		b.must(t, "nothing is to be changed", chromedp.WaitNotPresent(id("names-apply")))
		if got := ask[string](t, b, `document.querySelector('[data-term="Ahab"] input').value`); got != "Achab" {
			t.Errorf("what was discarded left %q", got)
		}
	})
	t.Run("and then made", func(t *testing.T) {
		b.retype(t, `[data-term="Ahab"] `+id("name-translation"), "Akhab")
		b.mustRead(t, id("names-apply"), "Change 4 sections")
		// What is being written stays while its section is translated again.
		b.must(t, "write in the last", chromedp.Evaluate[chromedp.Void](
			`void [...document.querySelectorAll('.block')].findLast((block) => block.querySelector('.translation')?.textContent.includes('Achab')).querySelector('.edit').click()`))
		b.retype(t, id("edit-text"), "Mine.")
		gemini.Use(standin.Rule{Fault: standin.Unavailable}) // until all has been looked at
		b.click(t, id("names-apply"))
		b.wait(t, id("reader-renewed"), id("edit-save")+`[aria-disabled="true"]`)
		b.mustRead(t, id("names-told"), "4 sections are being translated again.")
		if n := b.count(t, id("reader-renewed")); n < 1 || n > 4 {
			t.Errorf("%d sections are shown as being translated again", n)
		}
		b.look(t, "reader renewed")
		gemini.Use()
		b.must(t, "wait for the last", chromedp.WaitNotPresent(id("reader-renewed")))
		b.wait(t, reader("COMPLETED"), id("edit-save")+`[aria-disabled="false"]`)
		if told := b.words(t, id("names-told")); told != "" {
			t.Errorf("all is done, and it says %q", told)
		}
		if got := ask[string](t, b, `document.querySelector('[data-testid="edit-text"]').value`); got != "Mine." {
			t.Errorf("of what was being written there is %q", got)
		}
		if got := b.focused(t); got == "edit-text" {
			t.Error("the open editor took the focus")
		}
		b.click(t, id("edit-cancel"))
		b.poll(t, "the name is another everywhere", `document.querySelectorAll('.text')[0].textContent.split('Akhab').length === 5 && !document.querySelector('.text').textContent.includes('Achab')`)
		if brief := client.Brief(t, jobID); brief.Glossary[0].Translation != "Akhab" {
			t.Errorf("in force is %+v", brief.Glossary)
		}
	})
	t.Run("a name taken out touches nothing, a new one what holds it", func(t *testing.T) {
		b.click(t, `[data-term="Pequod"] `+id("name-remove"))
		b.mustRead(t, id("names-effect"), "No passage changes")
		b.retype(t, id("name-new-term"), "sails")
		b.retype(t, id("name-new-translation"), "voilures")
		b.click(t, id("name-add"))
		b.mustRead(t, id("names-apply"), "Change 12 sections")
		b.key(t, kb.Escape)
		b.must(t, "the panel closes", chromedp.WaitNotPresent(id("names")))
		b.must(t, "refuse to leave it", chromedp.Evaluate[chromedp.Void](`void (() => { window.asked = 0; window.confirm = () => { window.asked += 1; return false; }; })()`))
		for i, way := range []string{`document.querySelector('[data-testid="reader-back"]').click()`, `document.activeElement.blur(), document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'u', bubbles: true}))`, `history.go(-1 - window.asked)`} {
			b.must(t, "leave", chromedp.Evaluate[chromedp.Void](`void (`+way+`)`))
			b.poll(t, "it is asked, and the document stays", fmt.Sprintf(`window.asked === %d && location.hash === '#/jobs/%s' && document.querySelector('%s')`, i+1, jobID, id("reader")))
		}
		b.settle(t)
		if n := ask[int](t, b, `window.asked`); n != 3 {
			t.Errorf("three ways out asked %d times", n)
		}
		b.click(t, id("open-names"))
		b.wait(t, id("names"))
		b.mustRead(t, id("names-apply"), "Change 12 sections")
		b.click(t, id("names-discard"))
	})
	t.Run("found in the text", func(t *testing.T) {
		b.click(t, `[data-term="Ahab"] `+id("name-find"))
		b.mustRead(t, id("names-told"), "Passage 1 of 4 with Ahab")
		b.shoot(t, "reader-names-told-1280")
		b.poll(t, "it is brought out", `[...CSS.highlights.get('term-near')].map(String).includes('Akhab')`)
		b.click(t, `[data-term="Ahab"] `+id("name-find"))
		b.mustRead(t, id("names-told"), "Passage 2 of 4")
		b.click(t, `[data-term="Pequod"] `+id("name-remove"))
		b.mustRead(t, id("names-effect"), "No passage changes")
		if told := b.words(t, id("names-told")); told != "" {
			t.Errorf("beside what is written now it says %q", told)
		}
		b.click(t, id("names-apply"))
		b.mustRead(t, id("names-told"), "Names and style are saved.")
	})
	t.Run("a change that is cancelled leaves what it has not come to", func(t *testing.T) {
		gemini.Use(standin.Rule{Fault: standin.Hang})
		b.retype(t, `[data-term="Ahab"] `+id("name-translation"), "Acab")
		b.mustRead(t, id("names-apply"), "Change 4 sections")
		b.click(t, id("names-apply"))
		b.wait(t, id("reader-renewed"), reader("PROCESSING"))
		// Where pictures are taken, everything is at rest.
		if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "no-preference"}},
		}); err != nil {
			t.Fatal(err)
		}
		breathes := `getComputedStyle(document.querySelector('.block-renewed .target'), '::after').animationName`
		b.poll(t, "it breathes", breathes+` === 'breathe'`)
		client.Post(t, "/api/v1/jobs/"+jobID+"/pause", map[string]any{}).MustBe(t, http.StatusOK)
		b.wait(t, reader("PAUSED"))
		b.poll(t, "it rests", breathes+` === 'none'`)
		b.must(t, "hear of no section any more", chromedp.Evaluate[chromedp.Void](`void (() => {
			const through = window.fetch;
			window.fetch = (path, options) => (/\/segments/.test(path) ? Promise.resolve(new Response('{"segments":[],"cursor":0}')) : through(path, options));
		})()`))
		client.Post(t, "/api/v1/jobs/"+jobID+"/cancel", map[string]any{}).MustBe(t, http.StatusOK)
		b.must(t, "nothing is awaited", chromedp.WaitNotPresent(reader("PAUSED")), chromedp.WaitNotPresent(id("reader-renewed")))
		b.poll(t, "all can be written again", fmt.Sprintf(`document.querySelectorAll('%s').length === document.querySelectorAll('%s').length`, id("edit-block"), id("reader-block")))
	})
	b.mustBeContent(t)
}

// dollars is an amount as the page writes it.
func dollars(amount float64) string {
	if amount < .01 {
		return "under $0.01"
	}
	return fmt.Sprintf("$%.2f", amount)
}

// TestReview looks over what an analysis found before anything is translated.
func TestReview(t *testing.T) {
	_, server := startGemini(t, standin.Config{}, nil)
	client := server.SignIn(t, "user_demoada")
	jobID := order(t, client, "voyage.txt", voyage(6), map[string]string{"review": "true"})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, job("PAUSED"))
	b.must(t, "open the document", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (location.hash = '#/jobs/%s')`, jobID)))
	b.wait(t, reader("PAUSED"), id("names"), id("names-review"))
	b.wait(t, `[data-term="Ahab"]`)
	b.look(t, "reader review")
	b.poll(t, "the panel stands beside the text again", `!document.querySelector('dialog:modal') && document.activeElement.id === 'names-title'`)
	b.retype(t, `[data-term="Ahab"] `+id("name-translation"), "Achab")
	b.mustRead(t, id("names-effect"), "what comes keeps to it")
	b.mustRead(t, id("names-go-on"), "Save and go on")
	b.click(t, id("names-go-on"))
	b.must(t, "the panel closes", chromedp.WaitNotPresent(id("names")))
	b.wait(t, reader("COMPLETED"), id("reader-block"))
	b.poll(t, "the name is as it was wanted", `document.querySelector('.text')?.textContent.includes('Achab')`)
	b.mustBeContent(t)
}

// TestOnlyIssues goes through the issues by keys, and sees them alone.
func TestOnlyIssues(t *testing.T) {
	_, server := startGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety, Holding: "hemlock"}}}, nil)
	client := server.SignIn(t, "user_demoada")
	jobID := order(t, client, "poison.txt", poisoned(t), map[string]string{"glossary_data": "[]", "style_data": "{}"})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, job("COMPLETED"))
	b.read(t, server, jobID)
	b.poll(t, "the issues are there", fmt.Sprintf(`document.querySelectorAll('%s').length === 2`, id("reader-issue")))
	for _, step := range []struct{ key, want string }{{"n", "1 of 2"}, {"n", "2 of 2"}, {"p", "1 of 2"}, {"p", "2 of 2"}} {
		b.key(t, step.key)
		b.mustRead(t, id("next-issue"), step.want)
		if got := b.focused(t); got != "reader-issue" {
			t.Errorf("after %s the focus is on %q", step.key, got)
		}
	}
	b.click(t, id("previous-issue"))
	b.mustRead(t, id("next-issue"), "1 of 2")

	all := b.count(t, id("reader-block"))
	b.key(t, "i")
	b.poll(t, "only what is left is shown", fmt.Sprintf(`document.querySelectorAll('%s').length === document.querySelectorAll('.block-left').length`, id("reader-block")))
	if n := b.count(t, id("reader-block")); n != 2 {
		t.Errorf("%d passages are shown, two are left in the original", n)
	}
	b.look(t, "reader only issues")
	// What is corrected stays before one's eyes, and the count falls.
	b.must(t, "write one", chromedp.Focus(`.block-left `+id("edit-block")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(id("edit-text")))
	b.retype(t, id("edit-text"), "De la cigüe.")
	b.click(t, id("edit-save"))
	b.mustRead(t, id("reader"), "1 section not wholly translated")
	if n := b.count(t, id("reader-block")); n != 2 {
		t.Errorf("after a correction %d passages are shown", n)
	}
	b.must(t, "leave the text", chromedp.Evaluate[chromedp.Void](`void document.activeElement.blur()`))
	b.key(t, kb.Escape)
	b.poll(t, "all is shown again", fmt.Sprintf(`document.querySelectorAll('%s').length === %d`, id("reader-block"), all))
	b.mustBeContent(t)
}

// TestReaderByKeys reads, corrects, undoes and looks around without a mouse.
func TestReaderByKeys(t *testing.T) {
	server := process.Start(t, process.Options{})
	client := server.SignIn(t, "user_demoada")
	jobID := order(t, client, "voyage.txt", voyage(8), map[string]string{})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.wait(t, job("COMPLETED"))
	b.must(t, "cut the answers", chromedp.Evaluate[chromedp.Void](`void (() => {
		const through = window.fetch;
		window.fetch = (path, options) => (/\/segments/.test(path) ? Promise.resolve(new Response('{"segments":[{"pos')) : through(path, options));
		window.mend = () => { window.fetch = through; };
	})()`), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (location.hash = '#/jobs/%s')`, jobID)))
	b.mustRead(t, id("pages-note"), "The server’s answer did not arrive whole. Try again.")
	b.must(t, "mend them", chromedp.Evaluate[chromedp.Void](`void window.mend()`), chromedp.Click(id("pages-again")))
	b.read(t, server, jobID)
	b.poll(t, "all is there", fmt.Sprintf(`document.querySelectorAll('%s').length > 30`, id("reader-block")))
	at := func() string {
		return ask[string](t, b, `document.activeElement.closest('[data-block-id]')?.dataset.blockId ?? ''`)
	}
	walk := func(keys, want string) {
		t.Helper()
		b.key(t, keys)
		if got := at(); got != want {
			t.Fatalf("after %q one stands at %q, not at %q", keys, got, want)
		}
	}
	walk("j", "b1")
	walk("j", "b2")
	walk("j", "b3")
	walk("k", "b2")
	walk(kb.ArrowDown, "b3")
	walk(kb.ArrowUp, "b2")
	if stops := b.count(t, `.text [tabindex="0"], .text :is(button, a, input):not([tabindex="-1"])`); stops != 1 {
		t.Errorf("the text has %d stops for the Tab key", stops)
	}
	if n := b.count(t, `[data-block-id="b2"] `+id("edit-block")+`[tabindex="0"]`); n != 1 {
		t.Error("the stop for the Tab key is not where one stands")
	}

	before := b.words(t, `[data-block-id="b2"] `+id("reader-translation"))
	b.key(t, "e")
	b.wait(t, id("editor"))
	b.retype(t, id("edit-text"), "jkengd?")
	if got := ask[string](t, b, `document.querySelector('[data-testid="edit-text"]').value`); got != "jkengd?" {
		t.Errorf("letters in a field are commands: it holds %q", got)
	}
	b.must(t, "save", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.WaitNotPresent(id("editor")))
	b.mustRead(t, `[data-block-id="b2"] `+id("reader-translation"), "jkengd?")
	if style := ask[string](t, b, `document.activeElement.dataset.testid + ' ' + document.activeElement.tabIndex + ' ' + getComputedStyle(document.activeElement).outlineStyle`); style != "edit-block 0 solid" {
		t.Errorf("after a correction the focus is on %q", style)
	}
	b.look(t, "reader undo")
	b.key(t, "\t")
	if got := b.focused(t); got != "undo-edit" {
		t.Errorf("after a correction Tab comes to %q", got)
	}
	b.key(t, kb.Enter)
	b.mustRead(t, `[data-block-id="b2"] `+id("reader-translation"), before)
	b.mustRead(t, id("mentioned"), "former text")
	segments, _ := client.Segments(t, jobID, 0, 200)
	if got := segments[len(segments)-1].Translation[1].Text; got != before {
		t.Errorf("the server keeps %q", got)
	}

	b.key(t, "d")
	b.wait(t, id("reader-download-bilingual"))
	if got := b.focused(t); got != "reader-download-one" {
		t.Errorf("the menu opens with the focus on %q", got)
	}
	b.look(t, "reader downloads")
	b.key(t, kb.ArrowDown)
	if got := b.focused(t); got != "reader-download-bilingual" {
		t.Errorf("an arrow leads to %q", got)
	}
	b.key(t, kb.Escape)
	b.must(t, "the menu closes", chromedp.WaitNotPresent(id("reader-download-bilingual")))
	if got := b.focused(t); got != "reader-download-menu" {
		t.Errorf("the menu leaves the focus on %q", got)
	}

	b.key(t, "?")
	b.wait(t, id("keys"))
	b.look(t, "reader keys")
	b.must(t, "switch letters off", chromedp.Focus(id("keys-letters")), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(id("keys")))
	b.must(t, "reload", chromedp.Reload(), chromedp.WaitVisible(id("reader-block")))
	b.must(t, "stand in the text", chromedp.Focus(`[data-block-id="b3"] `+id("edit-block")))
	b.key(t, "j")
	b.key(t, "g")
	b.key(t, "?")
	if got := at(); got != "b3" || b.count(t, id("names")) != 0 || b.count(t, id("keys")) != 0 {
		t.Errorf("letters that are switched off lead to %q", got)
	}
	walk(kb.ArrowDown, "b4")
	b.mustBeContent(t)
}

// TestDownloadOfPart takes what there is while the rest is being translated.
func TestDownloadOfPart(t *testing.T) {
	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "300ms", "VERSO_JOB_CONCURRENCY": "1"}})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	client := server.SignIn(t, "user_demoada")
	jobID := order(t, client, "voyage.txt", voyage(60), map[string]string{"segment_size": "1500", "glossary_data": captain})
	b.read(t, server, jobID)
	b.mustRead(t, id("reader-download"), "Download part")
	b.look(t, "reader part")
	named := make(chan string, 8)
	if err := chromedp.ListenBrowser(b.ctx, func(event any) {
		if e, ok := event.(*cdpbrowser.EventDownloadWillBegin); ok {
			named <- e.SuggestedFilename + " from " + e.URL
		}
	}); err != nil {
		t.Fatal(err)
	}
	part := string(b.mustDownload(t, id("reader-download")))
	if !strings.Contains(part, "[Çĥàþťéŕ 1]") || !strings.Contains(part, "Chapter 60") {
		t.Errorf("the part is %.200q…", part)
	}
	if got := <-named; !strings.HasPrefix(got, "voyage_translated.txt from "+server.URL+"/download/"+jobID+"?token=") {
		t.Errorf("it is %s", got)
	}
	b.click(t, id("reader-download-menu"))
	both := string(b.mustDownload(t, id("reader-download-bilingual")))
	if !strings.Contains(both, "[Çĥàþťéŕ 1]") || !strings.Contains(both, "Chapter 1\n") {
		t.Errorf("in both languages it is %.200q…", both)
	}

	// A change of what does not go on is refused in the server's own words.
	client.Post(t, "/api/v1/jobs/"+jobID+"/cancel", map[string]any{}).MustBe(t, http.StatusOK)
	b.wait(t, reader("CANCELLED"))
	b.press(t, id("open-names"))
	b.wait(t, id("names"))
	b.retype(t, `[data-term="Ahab"] `+id("name-translation"), "Akhab")
	b.mustRead(t, id("names-problem"), "The job is CANCELLED")
	if b.count(t, id("names-apply")+`[aria-disabled="false"]`) > 0 {
		t.Error("what was refused can be ordered")
	}
	b.mustBeContent(t, "status of 409")
}

// TestReadingComfort sets the text larger and without its source: the place stays
// where it is, and all of it is remembered.
func TestReadingComfort(t *testing.T) {
	server := process.Start(t, process.Options{})
	text := strings.Join(mustParagraphs(t)[:120], "\n\n")
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	jobID := order(t, server.SignIn(t, "user_demoada"), "moby.txt", text, map[string]string{"segment_size": "800"})
	b.wait(t, job("COMPLETED"))
	b.read(t, server, jobID)
	b.poll(t, "all is there", fmt.Sprintf(`document.querySelectorAll('%s').length >= 120`, id("reader-block")))

	farID := ask[string](t, b, `document.querySelectorAll('[data-block-id]')[90].dataset.blockId`)
	far := chromedp.CSS(fmt.Sprintf(`[data-block-id="%s"]`, farID))
	top := func() float64 { return b.top(t, far) }
	// The browser's own search finds what is not laid out.
	if !ask[bool](t, b, fmt.Sprintf(`window.find(%q)`, mustParagraphs(t)[118][:30])) {
		t.Error("the browser finds nothing")
	}
	b.must(t, "go far", chromedp.Evaluate[chromedp.Void](`void document.querySelector('`+string(far)+`').scrollIntoView({block: 'start'})`))
	top()
	b.must(t, "read on", chromedp.Evaluate[chromedp.Void](
		`void scrollBy(0, document.querySelector('`+string(far)+`').getBoundingClientRect().top - document.querySelector('.reader-head').getBoundingClientRect().bottom + 20)`))
	before := top()
	stays := func(after string) {
		t.Helper()
		if now := top(); now < before-3 || now > before+3 {
			t.Errorf("after %s the passage stands at %.0f, before at %.0f", after, now, before)
		}
	}
	b.press(t, id("reading"))
	b.press(t, id("text-larger"))
	b.mustRead(t, id("text-size"), "115%")
	stays("larger text")
	b.press(t, id("text-larger"))
	stays("still larger text")
	b.press(t, id("read-only"))
	b.must(t, "the source goes", chromedp.WaitNotVisible(far+" "+id("reader-source")))
	stays("the source went")
	b.key(t, kb.Escape)
	b.poll(t, "the place is remembered", `JSON.parse(localStorage.getItem('verso.places.user_demoada') ?? '{}')['`+jobID+`']?.id === '`+farID+`'`)

	b.must(t, "reload", chromedp.Reload(), chromedp.WaitVisible(id("reader")), chromedp.WaitVisible(far))

	b.poll(t, "one stands where one stood", fmt.Sprintf(`Math.abs(document.querySelector('%s').getBoundingClientRect().top - %f) < 4`, far, before))
	b.press(t, id("reading"))
	b.mustRead(t, id("text-size"), "135%")
	if !ask[bool](t, b, `document.querySelector('[data-testid="read-only"]').checked`) {
		t.Error("that only the translation is wanted is forgotten")
	}
	b.look(t, "reader only translation")
	b.key(t, kb.Escape)
	// Turned and turned back.
	b.must(t, "read on", chromedp.Evaluate[chromedp.Void](
		`void scrollBy(0, document.querySelector('`+string(far)+`').getBoundingClientRect().top - document.querySelector('.reader-head').getBoundingClientRect().bottom + 20)`))
	before = top()
	b.poll(t, "the place is known", `JSON.parse(localStorage.getItem('verso.places.user_demoada') ?? '{}')['`+jobID+`']?.below === -20`)
	b.must(t, "turn the view", chromedp.EmulateViewport(900, 700))
	stays("a turn")
	b.mustBeContent(t)
}

// TestArrivingAbove reads the end of a document while its beginning arrives.
func TestArrivingAbove(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Unavailable, Holding: "on day 2 of"}}}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	jobID := order(t, server.SignIn(t, "user_demoada"), "voyage.txt", voyage(12), map[string]string{"glossary_data": "[]", "style_data": "{}", "segment_size": "1500"})
	b.read(t, server, jobID)
	b.poll(t, "the end is there and the beginning is not", `document.querySelector('.text').textContent.includes('on day 12 of') && !document.querySelector('.text').textContent.includes('on day 2 of')`)
	b.must(t, "read the end", chromedp.Evaluate[chromedp.Void](`void (() => {
		const reading = [...document.querySelectorAll('.block')].find((block) => block.textContent.includes('on day 11 of'));
		reading.classList.add('reading');
		reading.scrollIntoView({block: 'start'});
	})()`))
	before := b.top(t, ".reading")
	gemini.Use()
	b.poll(t, "the beginning arrives", `document.querySelector('.text').textContent.includes('on day 2 of')`)
	if after := b.top(t, ".reading"); after < before-3 || after > before+3 {
		t.Errorf("what one reads was moved from %.0f to %.0f", before, after)
	}
	b.mustBeContent(t)
}
