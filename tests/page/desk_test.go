package page

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/process"
	"verso/tests/standin"
)

// watchQuotes is a script that notes for each quote that is asked for the name of
// the file and the fields that come with it.
const watchQuotes = `
window.quotes = [];
const asked = window.fetch;
window.fetch = (path, options) => {
  if (path === '/api/v1/quote') {
    window.quotes.push([...options.body].map(([name, value]) => name + '=' + (value.name ?? value)).join(' '));
  }
  return asked(path, options);
};`

// expectation is what the service expects a translation to take.
type expectation struct {
	Characters int `json:"characters"`
	CostUSD    struct {
		Low  float64 `json:"low"`
		High float64 `json:"high"`
	} `json:"cost_usd"`
}

// String is how the page writes the cost.
func (e expectation) String() string {
	return fmt.Sprintf("$%.2f to $%.2f", e.CostUSD.Low, e.CostUSD.High)
}

func mustQuote(t *testing.T, server *process.Server, path string, fields map[string]string) (quote expectation) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	server.SignIn(t, "user_demobo").Upload(t, process.Upload{Path: "/api/v1/quote", Filename: "document.txt", Content: file, Fields: fields}).
		MustBe(t, http.StatusOK).Decode(t, &quote)
	return quote
}

// lay lays files on the desk.
func (b *browser) lay(t *testing.T, paths ...string) {
	t.Helper()
	b.must(t, "lay files on the desk", chromedp.SetUploadFiles(id("file-input"), paths), chromedp.WaitVisible(id("upload-item")))
}

// dropFile is a script that lets a file go over an element, and says whether the
// page kept the browser from opening it.
func dropFile(over string) string {
	return fmt.Sprintf(`(() => {
		const dataTransfer = new DataTransfer();
		dataTransfer.items.add(new File(['Ahab,Achab'], 'names.csv', {type: 'text/csv'}));
		return !document.querySelector('[data-testid="%s"]').dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}));
	})()`, over)
}

// item selects the file at a place on the desk, from 1, or something in it.
func item(place int, testID string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf(`.files > :nth-child(%d) [data-testid="%s"]`, place, testID))
}

// TestDeskAsks holds that whoever comes first is asked for the language, and sees
// what a translation costs before it is sent: what the service answers.
func TestDeskAsks(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.must(t, "watch the quotes", chromedp.Evaluate[chromedp.Void](watchQuotes))
	b.look(t, "desk empty")

	t.Run("the language is asked for", func(t *testing.T) {
		b.lay(t, mustAbsolute(t, document))
		b.mustRead(t, item(1, "file-facts"), "Plain text · English · 199,995 characters · 199 KB")
		b.mustRead(t, id("upload-submit"), "Choose a language")
		b.look(t, "desk language missing")
		b.click(t, id("upload-submit"))
		b.mustRead(t, id("field-problem"), "Choose the language")
		if got := b.focused(t); got != "target-language" {
			t.Errorf("the focus is on %q, not on the language", got)
		}
		b.must(t, "seek it", chromedp.KeyEvent("fran"), chromedp.WaitVisible(chromedp.CSS(`#target-language-list [data-active][data-value="fr"]`)))
		b.look(t, "desk languages")
		b.must(t, "choose it", chromedp.KeyEvent("\r"))
		b.mustRead(t, chromedp.CSS(".language-name"), "Français")
		b.mustRead(t, id("upload-submit"), "Translate")
	})
	t.Run("the cost is what the service says", func(t *testing.T) {
		cheap := mustQuote(t, server, document, map[string]string{"target_language": "fr"})
		b.mustRead(t, item(1, "file-price"), cheap.String())
		b.click(t, id("options-toggle"))
		b.choose(t, id("model"), "gemini/gemini-3.8-flash")
		dear := mustQuote(t, server, document, map[string]string{"target_language": "fr", "model_name": "gemini-3.8-flash"})
		if dear.String() == cheap.String() {
			t.Fatalf("both models cost %s", dear)
		}
		b.mustRead(t, item(1, "file-price"), dear.String())
		b.choose(t, id("model"), "pseudo/pseudo")
		b.mustRead(t, item(1, "file-price"), "free")
		b.choose(t, id("model"), "gemini/gemini-2.5-flash-lite")
		b.lay(t, mustAbsolute(t, document))
		b.mustRead(t, id("total"), fmt.Sprintf("$%.2f to $%.2f", 2*cheap.CostUSD.Low, 2*cheap.CostUSD.High))
		b.look(t, "desk quoted")
	})
	t.Run("what does not matter asks for nothing", func(t *testing.T) {
		before := ask[int](t, b, `window.quotes.length`)
		b.retype(t, id("budget"), "2.50")
		b.choose(t, id("model"), "gemini/gemini-3.8-flash")
		b.mustRead(t, id("upload-item"), "$")
		if !process.Holds(patience, func() bool { return ask[int](t, b, `window.quotes.length`) == before+2 }) {
			t.Errorf("asked %q", ask[[]string](t, b, `window.quotes`)[before:])
		}
		for _, question := range ask[[]string](t, b, `window.quotes`) {
			if strings.Contains(question, "max_cost_usd") {
				t.Errorf("a quote was asked for with the budget: %s", question)
			}
		}
	})
	t.Run("a file that cannot be sent is refused beforehand", func(t *testing.T) {
		b.lay(t, mustWrite(t, "picture.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"))
		b.mustRead(t, chromedp.CSS(`[data-testid="upload-item"][data-stage="refused"]`), "format of this file is not known")
	})

	if n := len(gemini.Translations()); n > 0 {
		t.Errorf("%d translations were asked for before anything was sent", n)
	}
	var list struct{ Jobs []process.Job }
	if server.SignIn(t, "user_demoada").Get(t, "/api/v1/jobs").Decode(t, &list); len(list.Jobs) > 0 {
		t.Errorf("%d jobs were made before anything was sent", len(list.Jobs))
	}

	t.Run("the language is there the next time", func(t *testing.T) {
		b.choose(t, id("model"), "pseudo/pseudo")
		b.click(t, id("upload-submit"))
		b.must(t, "wait until all have left", chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelectorAll('%s').length === 2`, id("job"))))
		b.must(t, "reload", chromedp.Reload(), chromedp.WaitVisible(id("target-language")))
		b.mustRead(t, chromedp.CSS(".language-name"), "Français")
		b.click(t, id("target-language"))
		b.mustRead(t, chromedp.CSS("#target-language-list"), "Used last")
		b.must(t, "leave it by Tab", chromedp.KeyEvent("\t"), chromedp.WaitNotVisible(chromedp.CSS("#target-language-list")))
		b.click(t, id("target-language"))
		b.click(t, `#target-language-list [data-value="de"]`)
		b.mustRead(t, chromedp.CSS(".language-name"), "Deutsch")
	})
	b.mustBeContent(t, "status of 415")
}

// TestDeskPaste makes documents of what is pasted.
func TestDeskPaste(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	paste := func(where, text string) {
		b.must(t, "paste", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (() => {
			const clipboardData = new DataTransfer();
			clipboardData.setData('text/plain', %q);
			document.querySelector(%q).dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
		})()`, text, where)))
	}
	paste("#target-language", "not a document")
	paste("body", "# The keeper: of the light\n\nThe light is *out*.")
	b.mustRead(t, id("upload-item"), "The keeper of the light.md")
	b.mustRead(t, item(1, "file-facts"), "Markdown")

	b.click(t, id("paste"))
	b.wait(t, id("paste-dialog"))
	b.look(t, "desk paste")
	b.click(t, id("paste-submit"))
	b.mustRead(t, id("paste-dialog"), "nothing in it yet")
	b.must(t, "write", chromedp.Focus(id("paste-text")), chromedp.KeyEvent("Dear keeper, the light is out."), chromedp.Click(id("paste-submit")), chromedp.WaitNotPresent(id("paste-dialog")))
	b.mustRead(t, chromedp.CSS(".files > :nth-child(2)"), "Dear keeper, the light is out.txt")
	if n := b.count(t, id("upload-item")); n != 2 {
		t.Errorf("%d documents are on the desk", n)
	}
	b.choose(t, id("target-language"), "ko")
	b.click(t, id("upload-submit"))
	b.wait(t, job("COMPLETED"))

	// What was translated tells how long the next takes.
	paste("body", "The light is out.")
	b.mustRead(t, item(1, "file-price"), "free, a few seconds")
	b.mustBeContent(t)
}

// TestDeskNames reads names from a table, has more of them suggested, edits them,
// and finds them in force.
func TestDeskNames(t *testing.T) {
	_, server := startGemini(t, standin.Config{}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.click(t, id("options-toggle"))
	b.click(t, id("write-names"))
	b.wait(t, id("names-dialog"))
	b.mustRead(t, id("analyze-words"), "lay a document on the desk first")
	b.must(t, "close", chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(id("names-dialog")))
	if got := b.focused(t); got != "write-names" {
		t.Errorf("after the dialog the focus is on %q", got)
	}
	b.lay(t, mustAbsolute(t, document))
	b.choose(t, id("target-language"), "fr")
	b.click(t, id("write-names"))

	t.Run("from a table, line by line", func(t *testing.T) {
		b.must(t, "come too late for the table", chromedp.Evaluate[chromedp.Void](`void (() => {
			const read = File.prototype.arrayBuffer;
			File.prototype.arrayBuffer = () => {
				File.prototype.arrayBuffer = read;
				return Promise.reject(new DOMException('It is gone.', 'NotFoundError'));
			};
		})()`), chromedp.SetUploadFiles(id("glossary-csv"), []string{mustWrite(t, "gone.csv", "Ahab,Achab")}))
		b.mustRead(t, id("csv-problem"), "“gone.csv” could not be read")
		table := "\ufeffterm;translation;kind;aliases\r\nAhab;Achab;person;Captain Ahab | old Ahab\r\nPequod\r\n\"Moby Dick\";\"Moby \"\"le\"\" Dick\";leviathan\r\nahab;Akab;person\r\n'=1+1;'=2\r\n"
		b.must(t, "read the table", chromedp.SetUploadFiles(id("glossary-csv"), []string{mustWrite(t, "names.csv", table)}), chromedp.WaitVisible(id("csv-result")))
		for _, want := range []string{"3 names read. 2 lines left out:", "Line 3: there is one column only", "Line 5: “ahab” stands in line 2 already"} {
			b.mustRead(t, id("csv-result"), want)
		}
		b.mustRead(t, chromedp.CSS(`[data-term="Moby Dick"] small`), "leviathan")
		b.click(t, chromedp.CSS(`[data-term="Moby Dick"] `)+id("name-more"))
		if got := ask[string](t, b, `document.querySelector('[data-term="Moby Dick"] select').selectedOptions[0]?.textContent`); got != "leviathan" {
			t.Errorf("a kind of one's own is offered as %q", got)
		}
		b.look(t, "desk names from a table")
		b.click(t, chromedp.CSS(`[data-term="Moby Dick"] `)+id("name-more"))
	})
	t.Run("suggested, without writing over", func(t *testing.T) {
		b.click(t, id("analyze"))
		b.wait(t, chromedp.CSS(`[data-testid="name"][data-term="Queequeg"]`))
		proposed := b.count(t, id("name")) - 3
		b.mustRead(t, id("analyze-words"), fmt.Sprintf("%d names and a style proposed.", proposed))
		b.look(t, "desk names suggested")
		if got := ask[string](t, b, `document.querySelector('[data-term="=1+1"] input').value`); got != "=2" {
			t.Errorf("what looks like a formula has become %q", got)
		}
		if got := ask[string](t, b, `document.querySelector('[data-term="Ahab"] input').value`); got != "Achab" {
			t.Errorf("Ahab has become %q", got)
		}
		b.retype(t, chromedp.CSS(`[data-term="Queequeg"] input`), "Quiqueg")
		b.retype(t, id("style-stylistic_rule"), "Keep it salty.")
	})
	t.Run("to be kept as a table", func(t *testing.T) {
		kept := string(b.mustDownload(t, id("glossary-save")))
		for _, want := range []string{"term,translation,kind,gender,aliases\r\n", "Ahab,Achab,person,,Captain Ahab | old Ahab\r\n", "Moby Dick,\"Moby \"\"le\"\" Dick\",leviathan,,\r\n", "Queequeg,Quiqueg,", "\n'=1+1,'=2,"} {
			if !strings.Contains(kept, want) {
				t.Errorf("the table lacks %q:\n%s", want, kept)
			}
		}
	})
	t.Run("a file let go over the dialog stays outside", func(t *testing.T) {
		before := b.count(t, id("upload-item"))
		if !ask[bool](t, b, dropFile("names-dialog")) {
			t.Error("the browser would leave the page for the file")
		}
		if n := b.count(t, id("upload-item")); n != before {
			t.Errorf("of %d documents on the desk it made %d", before, n)
		}
	})
	b.click(t, id("names-done"))
	b.mustRead(t, id("names-set"), "names and a style")
	t.Run("another language has other names", func(t *testing.T) {
		b.must(t, "watch the quotes", chromedp.Evaluate[chromedp.Void](watchQuotes))
		b.choose(t, id("target-language"), "de")
		b.mustRead(t, id("names-set"), "a style of your own")
		if !process.Holds(patience, func() bool { return ask[int](t, b, `window.quotes.length`) > 0 }) {
			t.Fatal("no quote was asked for")
		}
		for _, question := range ask[[]string](t, b, `window.quotes`) {
			if strings.Contains(question, "Achab") || !strings.Contains(question, "salty") {
				t.Errorf("into German it asks %s", question)
			}
		}
		b.choose(t, id("target-language"), "fr")
		b.mustRead(t, id("names-set"), "names and a style")
	})
	b.click(t, id("review"))
	b.look(t, "desk options")
	b.click(t, id("upload-submit"))
	b.wait(t, job("PAUSED"))
	b.mustRead(t, job("PAUSED"), "Waits for a look")

	ada := server.SignIn(t, "user_demoada")
	var list struct{ Jobs []process.Job }
	ada.Get(t, "/api/v1/jobs").Decode(t, &list)
	brief := ada.Brief(t, list.Jobs[0].ID)
	if brief.MadeBy != "user" || brief.Style["stylistic_rule"] != "Keep it salty." || brief.Style["tone_keywords"] == "" {
		t.Errorf("made by %s, the style is %v", brief.MadeBy, brief.Style)
	}
	in := map[string]string{}
	for _, term := range brief.Glossary {
		in[term.Term] = term.Translation
	}
	if in["Ahab"] != "Achab" || in["Queequeg"] != "Quiqueg" || in["Moby Dick"] != `Moby "le" Dick` || len(in) < 5 {
		t.Errorf("the glossary in force is %v", in)
	}

	t.Run("a big document does not travel for a word", func(t *testing.T) {
		b.must(t, "forget the quotes so far", chromedp.Evaluate[chromedp.Void](`void (window.quotes = [])`))
		asked := func(name string) int {
			return ask[int](t, b, fmt.Sprintf(`window.quotes.filter((asked) => asked.endsWith('file=%s')).length`, name))
		}
		big := mustWrite(t, "big.txt", strings.Repeat("The sea is wide, and nobody is at home on it.\n\n", 100_000))
		b.lay(t, big, mustWrite(t, "small.txt", "The sea is wide."))
		b.mustRead(t, item(1, "file-price"), "$")
		b.mustRead(t, item(2, "file-price"), "$")
		b.click(t, id("write-names"))
		b.wait(t, id("names-dialog"))
		b.retype(t, id("style-stylistic_rule"), "Keep it sweet.")
		if !process.Holds(patience, func() bool { return asked("small.txt") > 1 }) {
			t.Errorf("the small one was asked about %d times", asked("small.txt"))
		}
		if n := asked("big.txt"); n != 1 {
			t.Errorf("the big one was asked about %d times", n)
		}
	})
	b.mustBeContent(t)
}

// TestDeskKey has a key tried while it is typed, keeps it only where that is
// ticked, and sends what may be spent.
func TestDeskKey(t *testing.T) {
	gemini, server := startGemini(t, standin.Config{Keys: []string{serverKey, anotherKey}}, nil)
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.must(t, "watch the quotes", chromedp.Evaluate[chromedp.Void](watchQuotes))
	b.click(t, id("options-toggle"))
	verdict := func(key string) chromedp.CSS {
		return id("key-verdict") + chromedp.CSS(fmt.Sprintf(`[data-key="%s"]`, key))
	}
	kept := func() string {
		return ask[string](t, b, `JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + location.href + JSON.stringify(performance.getEntries().map(({name}) => name))`)
	}

	b.lay(t, mustAbsolute(t, document))
	b.retype(t, id("api-key"), "wrong-key")
	b.wait(t, verdict("refused"))
	b.look(t, "desk key refused while typing")
	b.retype(t, id("api-key"), anotherKey)
	b.wait(t, verdict("ok"))
	if got := b.focused(t); got != "api-key" {
		t.Errorf("the focus went to %q", got)
	}
	for _, question := range ask[[]string](t, b, `window.quotes`) {
		if strings.Contains(question, "api_key") && !strings.Contains(question, "file=word.txt") {
			t.Errorf("a document was sent to try a key: %s", question)
		}
	}
	if strings.Contains(kept(), anotherKey) {
		t.Error("the key is kept, and nobody wanted it")
	}

	b.click(t, id("keep-key"))
	b.must(t, "reload", chromedp.Reload(), chromedp.WaitReady(id("api-key")))
	b.wait(t, verdict("ok"))
	if got := ask[string](t, b, `document.querySelector('#api-key').value`); got != anotherKey {
		t.Errorf("the key that was to be kept is %q", got)
	}
	if !strings.Contains(kept(), anotherKey) {
		t.Error("the key that was to be kept is not")
	}
	b.must(t, "another tab takes it away", chromedp.Evaluate[chromedp.Void](`void (() => {
		const keys = localStorage['verso.api_keys'];
		delete localStorage['verso.api_keys'];
		dispatchEvent(new StorageEvent('storage', {key: 'verso.api_keys'}));
		localStorage['verso.api_keys'] = keys;
	})()`), chromedp.Poll[chromedp.Void](`document.querySelector('#api-key').value === ''`))
	b.must(t, "reload", chromedp.Reload(), chromedp.WaitReady(id("api-key")))
	b.wait(t, id("forget-key"))
	b.must(t, "sign out", chromedp.Click(id("sign-out")), chromedp.WaitReady(id("sign-in-user_demobo")))
	if strings.Contains(kept(), anotherKey) {
		t.Error("the key is kept, although its owner has signed out")
	}
	gemini.RevokeKey(anotherKey)
	b.must(t, "another person", chromedp.Click(id("sign-in-user_demobo")), chromedp.WaitReady(id("api-key")))
	if got := ask[string](t, b, `document.querySelector('#api-key').value`); got != "" {
		t.Errorf("Bo has Ada's key %q", got)
	}
	b.must(t, "Ada again", chromedp.Click(id("sign-out")), chromedp.Click(id("sign-in-user_demoada")), chromedp.WaitReady(id("api-key")))
	b.retype(t, id("api-key"), anotherKey)
	b.click(t, id("keep-key"))
	b.click(t, id("forget-key"))
	if strings.Contains(kept(), anotherKey) {
		t.Error("the key is kept, although it was to be forgotten")
	}

	b.lay(t, mustAbsolute(t, document))
	b.choose(t, id("target-language"), "fr")
	b.retype(t, id("budget"), "much")
	b.click(t, id("options-toggle"))
	b.click(t, id("upload-submit"))
	b.mustRead(t, id("field-problem"), "an amount in US dollars")
	if got := b.focused(t); got != "budget" {
		t.Errorf("the focus is on %q, not on the budget that is refused", got)
	}
	for _, typed := range []string{"1,000", "1.000,50", "1,000.50"} {
		b.retype(t, id("budget"), typed)
		b.must(t, "wait until the objection is gone", chromedp.WaitNotPresent(id("field-problem")))
		b.click(t, id("upload-submit"))
		b.mustRead(t, id("field-problem"), "an amount in US dollars")
	}
	b.retype(t, id("budget"), "0,0001")
	b.click(t, id("upload-submit"))
	b.wait(t, job("PAUSED"))
	b.mustRead(t, job("PAUSED"), "more than you allowed")
	b.mustBeContent(t)
}

// TestDeskSendsAgain cuts the way to the service: what did not arrive is sent again by
// the desk's own button, which does not ask for another document.
func TestDeskSendsAgain(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	b.lay(t, mustWrite(t, "one.txt", "The light is out."), mustWrite(t, "two.txt", "The light is on."))
	b.choose(t, id("target-language"), "fr")
	b.must(t, "cut the way", chromedp.Evaluate[chromedp.Void](`void (() => {
		window.send = XMLHttpRequest.prototype.send;
		XMLHttpRequest.prototype.send = function () { this.onerror(); };
	})()`), chromedp.Click(id("upload-submit")))
	b.wait(t, chromedp.CSS(`.file-failed:nth-child(2)`))
	b.mustRead(t, id("upload-submit"), "Send 2 documents again")
	b.look(t, "desk failed")
	b.must(t, "be told to come later", chromedp.Evaluate[chromedp.Void](`void (XMLHttpRequest.prototype.send = function () {
		Object.defineProperty(this, 'status', {value: 429});
		this.getResponseHeader = () => '60';
		this.onload();
	})`), chromedp.Click(id("upload-submit")))
	b.mustRead(t, id("upload-submit"), "Send again in")
	b.must(t, "wait a minute", chromedp.Evaluate[chromedp.Void](`void (() => {
		const now = Date.now;
		Date.now = () => now() + 61_000;
	})()`))
	b.mustRead(t, id("upload-submit"), "Send 2 documents again")
	b.must(t, "send again", chromedp.Evaluate[chromedp.Void](`void (XMLHttpRequest.prototype.send = window.send)`),
		chromedp.Click(id("upload-submit")), chromedp.WaitNotPresent(id("upload-item")))
	b.wait(t, job("COMPLETED"))
	if n := b.count(t, id("job")); n != 2 {
		t.Errorf("%d documents have arrived", n)
	}
	b.mustBeContent(t)
}

// TestDeskLaden holds that documents lie on the desk in full length as long as they are
// few, and that of many it is said how many they are; and that a phone shows the
// languages that one chooses from.
func TestDeskLaden(t *testing.T) {
	server := process.Start(t, process.Options{})
	b := mustOpen(t, deskWidth, deskHeight)
	b.signIn(t, server, "user_demoada")
	paths := make([]string, 10)
	for i := range paths {
		paths[i] = mustWrite(t, fmt.Sprintf("letter %d.txt", i+1), "The light is out.")
	}
	hidden := func() bool {
		return ask[bool](t, b, `(({scrollHeight, clientHeight}) => scrollHeight > clientHeight)(document.querySelector('.files'))`)
	}
	b.lay(t, paths[:8]...)
	b.choose(t, id("target-language"), "fr")
	b.wait(t, item(8, "file-price"))
	if hidden() || b.count(t, id("files-count")) > 0 {
		t.Error("of eight documents some are out of sight")
	}
	b.look(t, "desk with eight files")
	b.lay(t, paths[8:]...)
	b.mustRead(t, id("files-count"), "10 documents")
	if !hidden() {
		t.Error("the list grows without end")
	}
	b.look(t, "desk with ten files")

	b.must(t, "take up a phone", chromedp.EmulateViewport(phoneWidth, phoneHeight), chromedp.Reload(), chromedp.WaitVisible(id("target-language")))
	b.press(t, id("target-language"))
	b.wait(t, "#target-language-list")
	b.shoot(t, "desk-languages-phone")
	if below := ask[float64](t, b, `document.querySelector('#target-language-list').getBoundingClientRect().bottom - innerHeight`); below > 0 {
		t.Errorf("the list of languages ends %v pixels below the view", below)
	}
	b.mustBeContent(t)
}
