package docx_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
	"verso/hooks/translation/document/inline"
)

// bodies generates paragraphs of runs of all kinds.
func bodies() *rapid.Generator[string] {
	text := rapid.StringMatching(`[a-zé ]{0,6}`)
	run := rapid.Custom(func(t *rapid.T) string {
		formats := rapid.SampledFrom([]string{
			"", "<w:b/>", "<w:i/>", `<w:lang w:val="fr-FR"/>`, "<w:b/><w:noProof/>", `<w:bCs/><w:sz w:val="30"/>`, `<w:b/><w14:ligatures w14:val="all"/>`, `<w:rtl/>`,
		}).Draw(t, "formats")
		inside := rapid.SampledFrom([]string{"", "<w:tab/>", "<w:br/>", `<w:footnoteReference w:id="1"/>`}).Draw(t, "inside")
		return strings.Replace(r(formats, text.Draw(t, "text")), "</w:r>", inside+`<w:t>`+text.Draw(t, "more")+`</w:t></w:r>`, 1)
	})
	runs := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(run, 0, 4).Draw(t, "runs"), "") })
	around := rapid.Custom(func(t *rapid.T) string {
		inner := runs.Draw(t, "inner")
		return rapid.SampledFrom([]string{
			inner, `<w:hyperlink w:tooltip="tip">` + inner + "</w:hyperlink>", "<w:ins>" + inner + "</w:ins>", "<w:proofErr/>", `<w:bookmarkStart w:name="x"/>`,
			"<w:sdt><w:sdtContent>" + inner + "</w:sdtContent></w:sdt>", "<w:r/>", "<w:del>" + inner + "</w:del>",
			"<w:smartTag><w:smartTagPr/>" + inner + "</w:smartTag>",
			`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + inner + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`,
		}).Draw(t, "around")
	})
	return rapid.Custom(func(t *rapid.T) string {
		var body strings.Builder
		for _, paragraph := range rapid.SliceOfN(rapid.SliceOf(around), 1, 3).Draw(t, "paragraphs") {
			formats := rapid.SampledFrom([]string{"", "<w:pPr/>", "<w:pPr><w:keepNext/><w:jc/></w:pPr>"}).Draw(t, "formats")
			body.WriteString("<w:p>" + formats + strings.Join(paragraph, "") + "</w:p>")
		}
		return body.String() + "<w:p>" + r("", "End") + "</w:p>"
	})
}

// TestGenerated holds any paragraphs to what real documents are held to.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(check *rapid.T) {
		data := small(bodies().Draw(check, "body")).pack(check)
		mustBeFaithful(check, data)
		mustKeepOrder(check, data)
	})
}

// reversed returns a text with its pieces the other way round.
func reversed(text string) string {
	var pieces []string
	depth := 0
	for token := range inline.Cut(text) {
		if depth == 0 {
			pieces = append(pieces, "")
		}
		pieces[len(pieces)-1] += token.Text
		switch token.Kind {
		case inline.Open:
			depth++
		case inline.Close:
			depth--
		}
	}
	slices.Reverse(pieces)
	return strings.Join(pieces, "")
}

// TestReversed holds that nothing is lost or doubled where a translation puts its tags
// in another order.
func TestReversed(t *testing.T) {
	letters := func(text string) string {
		found := []rune(text)
		slices.Sort(found)
		return strings.TrimLeftFunc(string(found), unicode.IsSpace)
	}
	rapid.Check(t, func(check *rapid.T) {
		data := small(bodies().Draw(check, "body")).pack(check)
		doc := doctest.MustParse(check, docx.Format{}, data, document.Options{})
		elements, text := read(check, unpack(check, data)["word/document.xml"])
		wantElements, wantText := elements, text
		elements, text = read(check, unpack(check, doctest.MustBuild(check, doc, document.Output{Translation: doctest.By(doc, reversed)}))["word/document.xml"])
		if letters(text) != letters(wantText) {
			check.Errorf("got %q of %q", text, wantText)
		}
		for _, name := range []string{"p", "tab", "br", "footnoteReference", "hyperlink", "ins", "del", "sdt", "sdtContent", "smartTag<smartTagPr", "fldChar", "bookmarkStart"} {
			one := regexp.MustCompile("<" + name + "[ <>]")
			if got, want := len(one.FindAllString(elements, -1)), len(one.FindAllString(wantElements, -1)); got != want {
				check.Errorf("there are %d of %s and were %d in\n%s\nwhich was\n%s", got, name, want, elements, wantElements)
			}
		}
	})
}
