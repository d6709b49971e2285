package analysis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/analysis"
)

// book is a document of so many paragraphs, in each of which its number stands.
func book(paragraphs int) []document.Block {
	blocks := make([]document.Block, paragraphs)
	for i := range blocks {
		blocks[i] = document.Block{
			ID: document.BlockID(i + 1),
			Text: fmt.Sprintf("Paragraph %06d. The rain fell on the roofs of the town for the whole of the <1>afternoon</1>, "+
				"and nobody went out who had not been told to go.", i),
		}
	}
	return blocks
}

func characters(texts ...string) (n int) {
	for _, text := range texts {
		n += utf8.RuneCountInString(text)
	}
	return n
}

func TestSmallDocument(t *testing.T) {
	sample := analysis.Of([]document.Block{{Text: "One <1>whale</1>."}, {Text: "Two whales."}}, 0)
	if len(sample.Terms) != 1 || sample.Terms[0] != "One whale.\nTwo whales.\n\n" || !strings.Contains(sample.Style, "Two whales.") {
		t.Errorf("got %q", sample)
	}
}

// TestLargeDocument looks at a book of two million characters: what is shown of it
// comes from all of its parts and is no longer than the budget.
func TestLargeDocument(t *testing.T) {
	blocks := book(14_000)
	// A name that stands twice, far from each other, in no passage by chance.
	const name = "Zebulon"
	blocks[3011].Text += " Then " + name + " came."
	blocks[9127].Text += " Nobody but " + name + " had known."
	sample := analysis.Of(blocks, 0)
	shown := strings.Join(sample.Terms, "")
	if n := characters(sample.Terms...); n > 121_000 || n < 100_000 {
		t.Errorf("%d characters are shown", n)
	}
	for _, text := range sample.Terms {
		if n := characters(text); n > 41_000 {
			t.Errorf("a question has %d characters", n)
		}
	}
	if !strings.Contains(shown, name) {
		t.Error("a name that recurs is not shown")
	}
	for tenth := range 10 {
		if !slices.ContainsFunc(blocks[tenth*1400:(tenth+1)*1400], func(b document.Block) bool { return strings.Contains(shown, b.Text[:17]) }) {
			t.Errorf("nothing of the %d. tenth is shown", tenth+1)
		}
	}
	if n := characters(sample.Style); n > 12_100 || n < 11_000 || strings.Contains(sample.Style, "Paragraph 000000") {
		t.Errorf("%d characters are shown for the style", n)
	}
	if strings.Contains(shown, "<1>") {
		t.Error("tags are shown")
	}
}

// TestSampleIsBounded holds that no document makes a sample beyond its budget, or
// loses its characters.
func TestSampleIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"Word ", "Anna ", "said. ", "日本語", "\n", "<1>x</1> ", "—", strings.Repeat("long", 5000), "é"})
		var blocks []document.Block
		for range rapid.IntRange(1, 60).Draw(t, "blocks") {
			blocks = append(blocks, document.Block{Text: strings.Join(rapid.SliceOfN(piece, 1, 30).Draw(t, "pieces"), "")})
		}
		sample := analysis.Of(blocks, 0)
		for _, text := range append(sample.Terms, sample.Style) {
			if !utf8.ValidString(text) {
				t.Fatal("a character was cut in two")
			}
		}
		if n := characters(sample.Terms...); n > 122_000 {
			t.Fatalf("%d characters are shown", n)
		}
	})
}

func TestSettle(t *testing.T) {
	entry := func(term, translation string, aliases ...string) engine.Entry {
		return engine.Entry{Term: term, Translation: translation, Aliases: aliases}
	}
	parts := [][]engine.Entry{
		{entry("Ahab", "Achab", "the captain", "Queequeg"), entry("Nantucket", "Nantucket"), entry(" ", "x"), entry("Pip", "")},
		{{Term: "Ahab", Translation: "Ahab", Kind: "person", Gender: "male"}, entry("Queequeg", "Kwikweg")},
		{entry("ahab", "Achab"), {Term: "Ishmael", Translation: "Ismaël", Kind: "unknown"}, entry("The", "Le")},
	}
	glossary, conflicts := analysis.Settle(parts, "The sea was calm, and the wind was low. Then the boat came.")
	var got []string
	for _, e := range glossary {
		got = append(got, fmt.Sprint(e))
	}
	want := []string{
		"{Ahab Achab person male [the captain]}", "{Nantucket Nantucket   []}", "{Queequeg Kwikweg   []}", "{Ishmael Ismaël   []}",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	if len(conflicts) != 1 || conflicts[0].Chosen != "Achab" || !slices.Equal(conflicts[0].Others, []string{"Ahab"}) {
		t.Errorf("conflicts: %v", conflicts)
	}
}

func TestSettleNothing(t *testing.T) {
	if glossary, conflicts := analysis.Settle(nil); len(glossary)+len(conflicts) > 0 {
		t.Errorf("got %v %v", glossary, conflicts)
	}
}

func BenchmarkSample(b *testing.B) {
	blocks := book(14_000)
	b.ReportAllocs()
	for b.Loop() {
		analysis.Of(blocks, 0)
	}
}
