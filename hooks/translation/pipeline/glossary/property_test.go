package glossary_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"verso/hooks/translation/pipeline/glossary"
)

// whole says what is wrong with occurrences in a text, "" if nothing is.
func whole(text string, found []glossary.Occurrence, terms int) string {
	at := 0
	for _, o := range found {
		switch {
		case o.Term < 0 || o.Term >= terms:
			return "no such term"
		case o.Start < at:
			return "out of order or overlapping"
		case o.End <= o.Start || o.End > len(text):
			return "empty or outside"
		case utf8.ValidString(text) && (!utf8.RuneStart(text[o.Start]) || o.End < len(text) && !utf8.RuneStart(text[o.End])):
			return "inside a character"
		}
		at = o.End
	}
	return ""
}

func languages() []string {
	return strings.Fields("en ko ja zh ru tr de fr es pl fi ar hi he th el hu uk ka und")
}

func FuzzGlossary(f *testing.F) {
	f.Add("en", "Ahab|New York", "Ahab’s <1>New</1>\u00a0York", "Ахав")
	f.Add("tr", "İstanbul|kitap", "İSTANBUL'da I\u0307 kitabı", "ß")
	f.Add("ja", "アン|京都", "ｱﾝ・東京都", "\xff\xfe")
	f.Add("th", "กา|เก", "เกา<2/>แฟ\u0e33", "กำ")
	f.Add("ar", "القاهرة", "وللقاهرة", "لل")
	f.Fuzz(func(t *testing.T, language, list, text, translation string) {
		all := terms(strings.Split(list, "|")...)
		for i := range all {
			all[i].Translation = translation
			all[i].Aliases = []string{translation}
		}
		g := glossary.New(glossary.Pair{Source: language, Target: language}, all)
		if wrong := whole(text, g.Find(text), len(all)); wrong != "" {
			t.Errorf("%s: %+v", wrong, g.Find(text))
		}
		g.In(text, translation)
		g.Broken(text, translation)
	})
}

// word draws a word that is a term in any language: of letters with case.
func word() *rapid.Generator[string] { return rapid.StringMatching(`[A-Z][b-df-hj-np-rt-z]{5,9}`) }

// TestFindsItself holds that a term between spaces is found where it stands,
// however it is decomposed, tagged and wrapped, and obeyed where it is kept.
func TestFindsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		language := rapid.SampledFrom(languages()).Draw(t, "language")
		words := rapid.SliceOfN(word(), 1, 4).Draw(t, "words")
		term := strings.Join(words, " ")
		g := glossary.New(glossary.Pair{Source: language, Target: language}, []glossary.Term{{Term: term, Translation: term}})
		gap := rapid.SampledFrom([]string{" ", "\n", " \t ", "\u00a0", "</1> ", "<2> "}).Draw(t, "gap")
		before := rapid.SampledFrom([]string{"", "x. ", "« ", "<1>", "12, "}).Draw(t, "before")
		text := before + strings.Join(words, gap) + rapid.SampledFrom([]string{"", ".", " und", "<3/>", "</1>»"}).Draw(t, "after")
		if rapid.Bool().Draw(t, "decomposed") {
			text = norm.NFD.String(text)
		}
		found := g.Find(text)
		if wrong := whole(text, found, 1); wrong != "" {
			t.Fatal(wrong, found)
		}
		if len(found) != 1 || found[0].Start != len(before) {
			t.Fatalf("found %+v in %q", found, text)
		}
		if broken := g.Broken(text, text); len(broken) > 0 {
			t.Fatalf("broken %v in %q", broken, text)
		}
	})
}

// TestWhole holds what is found to the text, whatever both are.
func TestWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		language := rapid.SampledFrom(languages()).Draw(t, "language")
		piece := rapid.StringOf(rapid.SampledFrom([]rune("aAbßéıİ'’-–. \n<1/>山京カアンー가나은กเาำمالوה\u0301\u00ad\u200dи")))
		list := rapid.SliceOfN(piece, 1, 6).Draw(t, "terms")
		text := rapid.StringOf(rapid.SampledFrom([]rune("aAbßéıİ'’-–. \n<1/>山京カアンー가나은กเาำمالوה\u0301\u00ad\u200dи"))).Draw(t, "text")
		var all []glossary.Term
		for _, term := range list {
			all = append(all, glossary.Term{Term: term, Translation: text, Aliases: list[:1]})
		}
		g := glossary.New(glossary.Pair{Source: language, Target: language}, all)
		if wrong := whole(text, g.Find(text), len(all)); wrong != "" {
			t.Fatal(wrong, g.Find(text))
		}
		// What has the whole text as its translation is obeyed by the text.
		if broken := g.Broken(text, text); len(broken) > 0 && strings.TrimSpace(text) != "" {
			t.Fatalf("broken %q by itself %q", broken, text)
		}
	})
}
