package pipeline

import (
	"strings"
	"testing"

	"verso/hooks/translation/engine"
)

// Each check has a table of its own: what it must say no to, and what a good
// translation looks like that it must let pass.

type checkCase struct {
	name, source, translation string
	refused                   bool
}

func runChecks(t *testing.T, check check, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if detail := check(c.source, c.translation); (detail != "") != c.refused {
				t.Errorf("%q → %q: said %q", c.source, c.translation, detail)
			}
		})
	}
}

func TestNotEmpty(t *testing.T) {
	runChecks(t, notEmpty, []checkCase{
		{"something", "One.", "Un.", false},
		{"nothing", "One.", "", true},
		{"white space", "One.", " \n", true},
		{"nothing for nothing", " ", "", false},
	})
}

func TestTagsIntact(t *testing.T) {
	runChecks(t, tagsIntact, []checkCase{
		{"none", "One", "Un", false},
		{"kept", "A <1>big</1> one<2/>", "Un <1>grand</1><2/>", false},
		{"reordered", "<1>a</1> <2>b</2>", "<2>b</2> <1>a</1>", false},
		{"nested", "<1>a <2>b</2></1>", "<1><2>b</2> a</1>", false},
		{"lost", "A <1>big</1> one", "Un grand", true},
		{"half lost", "A <1>big</1> one", "Un <1>grand", true},
		{"doubled", "<1>a</1>", "<1>a</1><1>b</1>", true},
		{"crossed", "<1>a</1> <2>b</2>", "<1>a <2>b</1></2>", true},
		{"invented", "One", "<1>Un</1>", true},
		{"closed before opened", "<1>a</1>", "</1>a<1>", true},
		{"not a tag", "a < b and b > c", "a < b et b > c", false},
	})
}

func TestNotEcho(t *testing.T) {
	runChecks(t, notEcho, []checkCase{
		{"translated", "The sea was calm that night.", "La mer était calme cette nuit-là.", false},
		{"echoed", "The sea was calm that night.", "The sea was calm that night.", true},
		{"echoed with other space around", "The sea was calm that night.", " The sea was calm that night.\n", true},
		{"a name", "Herman Melville", "Herman Melville", false},
		{"a long name", "Johann Wolfgang Von Goethe", "Johann Wolfgang Von Goethe", false},
		{"a number", "1851", "1851", false},
		{"an ornament", "* * *", "* * *", false},
		{"a link", "https://example.org", "https://example.org", false},
		{"echoed Japanese", "吾輩は猫である。名前はまだ無い。", "吾輩は猫である。名前はまだ無い。", true},
		{"a Japanese name", "夏目漱石", "夏目漱石", false},
	})
}

func TestNumbersKept(t *testing.T) {
	runChecks(t, numbersKept, []checkCase{
		{"kept", "In 1851 he wrote 135 chapters.", "En 1851 il écrivit 135 chapitres.", false},
		{"lost", "In 1851 he wrote.", "Il écrivit.", true},
		{"changed", "In 1851 he wrote.", "En 1815 il écrivit.", true},
		{"other separators", "1,234,567.89 whales", "1.234.567,89 baleines", false},
		{"spaces as separators", "1,234,567 whales", "1\u202f234\u202f567 baleines", false},
		{"other digits", "In 1851", "في عام ١٨٥١", false},
		{"full-width digits", "In 1851", "１８５１年", false},
		{"a single digit may be written out", "3 whales", "trois baleines", false},
		{"twice wants twice", "20 and 20", "20", true},
		{"two numbers without a space", "10、11", "10, 11", false},
		{"two numbers become one word", "verses 10, 11", "vers 10,11", false},
		{"one of two is lost", "verses 10, 11", "vers 10", true},
		{"tags are no numbers", "<12>a</12>", "<12>b</12>", false},
	})
}

func TestLengthWithinBounds(t *testing.T) {
	long := strings.Repeat("The sea was calm that night. ", 20)
	runChecks(t, lengthWithinBounds, []checkCase{
		{"alike", long, long, false},
		{"English to Chinese", long, strings.Repeat("那天夜里海面很平静。", 20), false},
		{"cut off", long, "La mer", true},
		{"blown up", "A sentence of some forty-odd characters, say.", long + long, true},
		{"a short one may grow", "OK", "D’accord, c’est entendu.", false},
	})
}

func TestNoRunaway(t *testing.T) {
	runChecks(t, noRunaway, []checkCase{
		{"prose", "The sea was calm.", "La mer était calme.", false},
		{"one word again and again", "The sea was calm.", "La mer " + strings.Repeat("calme ", 9), true},
		{"a phrase again and again", "The sea was calm.", "La mer " + strings.Repeat("était très calme, ", 9), true},
		{"the source does it too", strings.Repeat("ha ", 9), strings.Repeat("hi ", 9), false},
		{"a refrain", "Row, row, row your boat", "Rame, rame, rame, rame, rame", false},
	})
}

func TestVerify(t *testing.T) {
	asked := []Block{{ID: "b1", Text: "One whale."}, {ID: "b2", Text: "Two whales."}, {ID: "b3", Text: "Three whales."}}
	good, problems := verify(asked, []engine.Block{
		{ID: "b1", Text: "Une baleine."},
		{ID: "b2", Text: "Deux"}, {ID: "b2", Text: "baleines."},
		{ID: "b9", Text: "Neuf baleines."},
	})
	if len(good) != 1 || good["b1"] != "Une baleine." {
		t.Errorf("good: %v", good)
	}
	if len(problems) != 2 || problems[0].Block != "b2" || problems[1].Block != "b3" {
		t.Errorf("problems: %v", problems)
	}
}
