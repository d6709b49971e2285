package docx_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestGenerated holds any paragraphs to what real documents are held to.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(check *rapid.T) {
		text := rapid.StringMatching(`[a-zé ]{0,6}`)
		run := rapid.Custom(func(t *rapid.T) string {
			formats := rapid.SampledFrom([]string{"", "<w:b/>", "<w:i/>", `<w:lang w:val="fr-FR"/>`, "<w:b/><w:noProof/>"}).Draw(t, "formats")
			inside := rapid.SampledFrom([]string{"", "<w:tab/>", "<w:br/>", `<w:footnoteReference w:id="1"/>`}).Draw(t, "inside")
			return strings.Replace(r(formats, text.Draw(t, "text")), "</w:r>", inside+`<w:t>`+text.Draw(t, "more")+`</w:t></w:r>`, 1)
		})
		runs := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(run, 0, 4).Draw(t, "runs"), "") })
		around := rapid.Custom(func(t *rapid.T) string {
			inner := runs.Draw(t, "inner")
			return rapid.SampledFrom([]string{
				inner, "<w:hyperlink>" + inner + "</w:hyperlink>", "<w:ins>" + inner + "</w:ins>", "<w:proofErr/>", `<w:bookmarkStart w:name="x"/>`,
				"<w:sdt><w:sdtContent>" + inner + "</w:sdtContent></w:sdt>", "<w:r/>", "<w:del>" + inner + "</w:del>",
				`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + inner + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`,
			}).Draw(t, "around")
		})
		var body strings.Builder
		for _, paragraph := range rapid.SliceOfN(rapid.SliceOf(around), 1, 3).Draw(check, "paragraphs") {
			body.WriteString("<w:p>" + strings.Join(paragraph, "") + "</w:p>")
		}
		mustBeFaithful(check, small(body.String()+"<w:p>"+r("", "End")+"</w:p>").pack(check))
	})
}
