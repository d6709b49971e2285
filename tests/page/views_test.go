package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verso/tests/standin"
)

// view is something that people see: its name, and how one comes to it from
// wherever one is.
type view struct {
	name string
	come func(t *testing.T, s *stage)
}

// What the engine does to the documents of a stage.
func mischief() []standin.Rule {
	return []standin.Rule{
		{Fault: standin.Safety, Holding: "hemlock"},
		{Fault: standin.Safety, Holding: "nightshade"},
		{Fault: standin.Hang, Holding: "on day 3 of"},
		{Fault: standin.QuotaDay, Holding: "harpoon", Model: "gemini-3.5-flash-lite"},
	}
}

const glossary = `[{"term":"Ahab","translation":"Achab","kind":"person","gender":"male"},{"term":"Pequod","translation":"Péquod"}]`

// shelf is a document for each thing that can be seen of one.
func shelf() []ordered {
	short := voyage(2)
	return []ordered{
		{name: "The Voyage, with something left in the original.txt", text: short + "And there was hemlock in it.\n\nThen they came home.\n", fields: map[string]string{"glossary_data": glossary}, becomes: "COMPLETED"},
		{name: "رحلة.md", text: "# The voyage\n\n" + short, fields: map[string]string{"target_language": "ar", "engine": "pseudo", "model_name": "pseudo"}, becomes: "COMPLETED"},
		{name: "moving.txt", text: voyage(6), becomes: "PROCESSING"},
		{name: "paused.txt", text: voyage(5), command: "pause", becomes: "PAUSED"},
		{name: "cancelled.txt", text: voyage(5), command: "cancel", becomes: "CANCELLED"},
		{name: "failed.txt", text: "A letter with nightshade in it.", becomes: "FAILED"},
		{name: "quota.txt", text: "The harpoon is thrown.\n\nThere is no other today.", fields: map[string]string{"model_name": "gemini-3.5-flash-lite"}, becomes: "PAUSED"},
		{name: "budget.txt", text: short, fields: map[string]string{"max_cost_usd": "0.00001"}, becomes: "PAUSED"},
		{name: "review.txt", text: voyage(6), fields: map[string]string{"review": "true", "glossary_data": "", "style_data": ""}, becomes: "PAUSED"},
	}
}

// doorViews are what one sees before one is in.
func doorViews() []view {
	return []view{
		{"sign in", func(t *testing.T, s *stage) {
			s.must(t, "come to the door", chromedp.Navigate(s.server.URL), chromedp.WaitVisible(id("sign-in-user_demoada")))
		}},
		{"cannot open", func(t *testing.T, s *stage) {
			s.block(t, "*://*:*/api/v1/config")
			s.must(t, "open", chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(`main.absent [role="alert"]`)))
		}},
	}
}

// clerkViews are what guests see where people sign in with Clerk, whose components
// are those that it gives.
func clerkViews(frontendAPI string) []view {
	return []view{
		{"landing", func(t *testing.T, s *stage) { s.open(t, ""); s.wait(t, id("landing")) }},
		{"clerk sign in", func(t *testing.T, s *stage) { s.open(t, "sign-in"); s.wait(t, `input[name=identifier]`) }},
		{"clerk sign up", func(t *testing.T, s *stage) { s.open(t, "sign-up"); s.wait(t, `input[name=emailAddress]`) }},
		{"clerk out of reach", func(t *testing.T, s *stage) {
			s.block(t, frontendAPI+"/*")
			s.open(t, "sign-in")
			s.wait(t, id("clerk-failed"))
		}},
	}
}

// deskViews are those of the desk, of somebody who has no documents.
func deskViews() []view {
	laden := func(t *testing.T, s *stage) {
		s.open(t, "#/")
		s.wait(t, id("upload-submit"))
		s.lay(t, mustAbsolute(t, document))
		s.wait(t, id("file-facts"))
	}
	return []view{
		{"desk empty", func(t *testing.T, s *stage) { s.open(t, "#/"); s.wait(t, id("upload-submit")) }},
		{"desk languages", func(t *testing.T, s *stage) {
			s.open(t, "#/")
			s.click(t, id("target-language"))
			s.wait(t, "#target-language-list")
		}},
		{"desk language missing", func(t *testing.T, s *stage) {
			laden(t, s)
			s.click(t, id("upload-submit"))
			s.wait(t, id("field-problem"))
		}},
		{"desk with files and options", func(t *testing.T, s *stage) {
			laden(t, s)
			s.lay(t, mustWrite(t, "picture.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"))
			s.lay(t, mustWrite(t, "A letter from the keeper of the light.txt", "Dear keeper, the light is out."))
			s.choose(t, id("target-language"), "fr")
			s.click(t, id("options-toggle"))
			s.wait(t, item(1, "file-price"), item(3, "file-price"))
		}},
		{"desk paste", func(t *testing.T, s *stage) { s.open(t, "#/"); s.click(t, id("paste")); s.wait(t, id("paste-dialog")) }},
		{"desk names", func(t *testing.T, s *stage) {
			laden(t, s)
			s.choose(t, id("target-language"), "fr")
			s.click(t, id("options-toggle"))
			s.click(t, id("write-names"))
			s.must(t, "read a table", chromedp.SetUploadFiles(id("glossary-csv"), []string{mustWrite(t, "names.csv", "term,translation,kind\nAhab,Achab,person\nPequod\n")}))
			s.wait(t, id("csv-result"))
		}},
		{"no such document", func(t *testing.T, s *stage) { s.open(t, "#/jobs/nosuchdocument0"); s.wait(t, id("reader-absent")) }},
	}
}

// listViews are those of the list of documents.
func listViews() []view {
	list := func(t *testing.T, s *stage) { s.open(t, "#/"); s.wait(t, id("job")) }
	dialog := func(name string) func(t *testing.T, s *stage) {
		return func(t *testing.T, s *stage) {
			list(t, s)
			s.press(t, chromedp.CSS(fmt.Sprintf(`[data-job-id="%s"] `, s.jobs[name]))+id("job-resume"))
			s.wait(t, id("renew-dialog"))
		}
	}
	return []view{
		{"list", list},
		{"list none found", func(t *testing.T, s *stage) {
			list(t, s)
			s.retype(t, id("job-search"), "no such name")
			s.wait(t, id("list-none"))
		}},
		{"dialog quota", dialog("quota.txt")},
		{"dialog budget", dialog("budget.txt")},
		{"list deleted", func(t *testing.T, s *stage) {
			list(t, s)
			s.press(t, `[data-job-id^="old"] `+id("job-delete")) // leaving, one has deleted
			s.wait(t, id("job-gone"))
		}},
		{"list notice", func(t *testing.T, s *stage) {
			list(t, s)
			s.fill(t, ordered{name: "news.txt", text: "A letter with nightshade in it, and nothing else.", becomes: "FAILED"})
			s.wait(t, id("toast"))
		}},
	}
}

// readerViews are those of the reader.
func readerViews() []view {
	read := func(name string) func(t *testing.T, s *stage) {
		return func(t *testing.T, s *stage) {
			s.open(t, "#/jobs/"+s.jobs[name])
			s.wait(t, id("reader"), id("reader-block"))
		}
	}
	const voyage = "The Voyage, with something left in the original.txt"
	whole := func(t *testing.T, s *stage) {
		read(voyage)(t, s)
		s.poll(t, "all is there", fmt.Sprintf(`document.querySelector('%s') && document.querySelectorAll('%s').length > 8`, id("reader-issue"), id("reader-block")))
	}
	return []view{
		{"reader", whole},
		{"reader only issues", func(t *testing.T, s *stage) {
			whole(t, s)
			s.click(t, id("only-issues"))
			s.wait(t, id("reader-issue"))
		}},
		{"reader editing", func(t *testing.T, s *stage) {
			whole(t, s)
			s.must(t, "edit", chromedp.Focus(`[data-block-id="b2"] `+id("edit-block")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(id("edit-text")))
		}},
		{"reader names", func(t *testing.T, s *stage) {
			whole(t, s)
			s.click(t, id("open-names"))
			s.wait(t, id("names"), `[data-term="Ahab"]`)
		}},
		{"reader term", func(t *testing.T, s *stage) {
			whole(t, s)
			s.poll(t, "the names are marked", `[...CSS.highlights.values()].some(({size}) => size > 0)`)
			s.must(t, "stand where the captain is", chromedp.Evaluate[chromedp.Void](
				`void [...document.querySelectorAll('.translation')].find((p) => p.textContent.includes('Achab')).focus()`))
			s.key(t, "t")
			s.wait(t, id("term-card"))
		}},
		{"reader downloads", func(t *testing.T, s *stage) {
			whole(t, s)
			s.click(t, id("reader-download-menu"))
			s.wait(t, id("reader-download-bilingual"))
		}},
		{"reader settings", func(t *testing.T, s *stage) { whole(t, s); s.key(t, "a"); s.wait(t, id("text-size")) }},
		{"reader keys", func(t *testing.T, s *stage) { whole(t, s); s.key(t, "?"); s.wait(t, id("keys")) }},
		{"reader from right to left", read("رحلة.md")},
		{"reader moving", read("moving.txt")},
		{"reader failed", func(t *testing.T, s *stage) { s.open(t, "#/jobs/"+s.jobs["failed.txt"]); s.wait(t, reader("FAILED")) }},
		{"reader review", func(t *testing.T, s *stage) {
			s.open(t, "#/jobs/"+s.jobs["review.txt"])
			s.wait(t, id("names-review"), `[data-term="Ahab"]`)
		}},
	}
}
