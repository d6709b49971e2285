// Package analysis chooses what a model is shown of a document to find its style
// and its terms, and settles what it found into one glossary.
//
//	sampler := analysis.NewSampler(characters)
//	for _, block := range blocks {
//		sampler.Add(block.Text)
//	}
//	sample := sampler.Sample() // a question for each of its texts
//	glossary, conflicts := analysis.Settle(findings)
//
// A novel is ten times longer than what is worth paying for, and its first pages
// name few of its people. So passages are taken at even distances over the whole
// document, and beside them a line for each name that recurs and stands in none
// of them. A document that is no longer than that is shown as a whole.
package analysis

const (
	// termsBudget is how many characters are shown to find terms: some 30,000
	// tokens, two per cent of what a long novel's translation takes.
	termsBudget = 120_000
	// questionCharacters is how many of them a question holds. A model's list gets
	// worse with longer ones, and questions side by side are quicker.
	questionCharacters = 40_000
	// windowCharacters is the length of a passage: two pages.
	windowCharacters = 3_000
	// styleWindows is how many passages are shown to find the style.
	styleWindows = 4
	// namesShare is the part of the budget that lines with names may take.
	namesShare = 0.4
)

// Sample is what is shown of a document.
type Sample struct {
	// Style is the text of the question for the style.
	Style string
	// Terms are the texts of the questions for terms.
	Terms []string
}

// Expect returns how many characters the questions for style and for terms show
// of a document of so many, and how many questions for terms there are.
func Expect(characters int) (style, terms, questions int) {
	style = min(characters, styleWindows*windowCharacters)
	terms = min(characters, termsBudget)
	return style, terms, (terms + questionCharacters - 1) / questionCharacters
}
