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
		"words of a":             {many(1000, func(i int) string { return strings.Repeat("a ", i+1) }), strings.Repeat("a ", 50_000)},
		"identical":              {many(5000, func(int) string { return "whale" }), strings.Repeat("whale ", 16_000)},
		"one first word":         {many(5000, func(i int) string { return fmt.Sprintf("new %d", i) }), strings.Repeat("new york ", 11_000)},
		"empty and punctuation":  {many(5000, func(i int) string { return strings.Repeat(".", i%7) + strings.Repeat("-", i%3) }), strings.Repeat(".- ", 33_000)},
		"characters":             {many(1000, func(i int) string { return strings.Repeat("山", i%60+1) }), strings.Repeat("山", 33_000)},
		"either word":            {many(4000, func(i int) string { return strings.NewReplacer("0", "a ", "1", "as ").Replace(fmt.Sprintf("%012b", i)) }), strings.Repeat("as ", 33_000)},
		"capitals":               {many(4096, func(i int) string { return cased("abcdefghijkl", i) }), strings.Repeat("ABCDEFGHIJKL ", 8_000)},
		"tags":                   {many(10, func(i int) string { return "tag" }), strings.Repeat("<1><", 25_000)},
		"marks":                  {many(10, func(i int) string { return "a\u0301\u0301" }), "a" + strings.Repeat("\u0301", 50_000)},
		"parted":                 {many(10, func(i int) string { return "ab" }), strings.Repeat("a<1/>", 20_000)},
		"abbreviations":          {many(10, func(i int) string { return "a. b." }), strings.Repeat("a.", 50_000)},
		"all of it demanded":     {crowd(5000), strings.Join(strings.Fields(fmt.Sprint(crowd(5000))), " ")[:50_000]},
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

// TestHostile holds time to a bound that only something worse than linear
// breaks.
func TestHostile(t *testing.T) {
	for name, test := range hostile() {
		for _, language := range []string{"tr", "ja"} {
			start := time.Now()
			g := glossary.New(glossary.Pair{Source: language, Target: language}, test.terms)
			made := time.Since(start)
			g.Find(test.text)
			found := time.Since(start) - made
			g.Broken(test.text, test.text)
			g.Broken(test.text, "…")
			took := time.Since(start)
			if took > 5*time.Second {
				t.Errorf("%s in %q took %v to make, %v to find, %v in all", name, language, made, found, took)
			} else if took > 400*time.Millisecond {
				t.Logf("%s in %q took %v to make, %v to find, %v in all", name, language, made, found, took)
			}
		}
	}
}
