package glossary_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/pipeline/glossary"
)

// hostile are glossaries and texts made to take long.
func hostile() map[string]struct {
	terms []glossary.Term
	text  string
} {
	many := func(n int, make func(i int) string) []glossary.Term {
		var all []glossary.Term
		for i := range n {
			all = append(all, glossary.Term{Term: make(i), Translation: make(i)})
		}
		return all
	}
	long := strings.Repeat("a", 50_000)
	type hostile = struct {
		terms []glossary.Term
		text  string
	}
	return map[string]hostile{
		"prefixes of each other": {many(1000, func(i int) string { return strings.Repeat("a", i+1) }), long},
		"words of a":             {many(1000, func(i int) string { return strings.Repeat("a ", i+1) }), strings.Repeat("a ", 12_000)},
		"identical":              {many(5000, func(int) string { return "whale" }), strings.Repeat("whale ", 4_000)},
		"one first word":         {many(5000, func(i int) string { return fmt.Sprintf("new %d", i) }), strings.Repeat("new york ", 3_000)},
		"empty and punctuation":  {many(5000, func(i int) string { return strings.Repeat(".", i%7) + strings.Repeat("-", i%3) }), strings.Repeat(".- ", 8_000)},
		"characters":             {many(1000, func(i int) string { return strings.Repeat("山", i%60+1) }), strings.Repeat("山", 8_000)},
		"either word":            {many(4000, func(i int) string { return strings.NewReplacer("0", "a ", "1", "as ").Replace(fmt.Sprintf("%012b", i)) }), strings.Repeat("as ", 8_000)},
		"capitals":               {many(4096, func(i int) string { return cased("abcdefghijkl", i) }), strings.Repeat("ABCDEFGHIJKL ", 2_000)},
		"tags":                   {many(10, func(i int) string { return "tag" }), strings.Repeat("<1><", 8_000)},
		"marks":                  {many(10, func(i int) string { return "a\u0301\u0301" }), "a" + strings.Repeat("\u0301", 50_000)},
		"parted":                 {many(10, func(i int) string { return "ab" }), strings.Repeat("a<1/>", 20_000)},
		"abbreviations":          {many(10, func(i int) string { return "a. b." }), strings.Repeat("a.", 50_000)},
		"all of it demanded":     {crowd(5000), strings.Join(strings.Fields(fmt.Sprint(crowd(5000))), " ")[:12_000]},
	}
}

func cased(word string, bits int) string {
	b := []byte(word)
	for i := range b {
		if bits>>i&1 == 1 {
			b[i] -= 0x20
		}
	}
	return string(b)
}

// TestHostile goes through what takes far longer than a test may where anything is
// worse than linear.
func TestHostile(t *testing.T) {
	for name, test := range hostile() {
		for _, language := range []string{"tr", "ja"} {
			start := time.Now()
			g := glossary.New(glossary.Pair{Source: language, Target: language}, test.terms)
			made := time.Since(start)
			found := g.Find(test.text)
			at := 0
			for _, occurrence := range found {
				if occurrence.Start < at || occurrence.End <= occurrence.Start || occurrence.End > len(test.text) {
					t.Fatalf("%s in %q: an occurrence at %d to %d, after %d", name, language, occurrence.Start, occurrence.End, at)
				}
				at = occurrence.End
			}
			g.Broken(test.text, test.text)
			g.Broken(test.text, "…")
			t.Logf("%s in %q: %d occurrences, %v to make, %v in all", name, language, len(found), made, time.Since(start))
		}
	}
}
