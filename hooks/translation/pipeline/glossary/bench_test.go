package glossary_test

import (
	"fmt"
	"strings"
	"testing"

	"verso/hooks/translation/pipeline/glossary"
)

// crowd returns thousands of terms in a language's letters.
func crowd(n int) []glossary.Term {
	syllables := strings.Fields("ka ri mo ten sul ba ger fin lo dra")
	all := make([]glossary.Term, n)
	for i := range all {
		a, b, c, d := i%10, i/10%10, i/100%10, i/1000%10
		name := syllables[a] + syllables[b] + syllables[c] + syllables[d]
		all[i] = glossary.Term{Term: strings.ToUpper(name[:1]) + name[1:], Translation: name + "o"}
		if i%3 == 0 {
			all[i].Term += " " + all[i/3].Term
		}
	}
	return all
}

// prose is 15,000 characters of a language in which some terms stand.
func prose(sentence string) string {
	var b strings.Builder
	for i := 0; b.Len() < 14900; i++ {
		fmt.Fprintf(&b, sentence, crowd(5000)[i*37%5000].Term)
	}
	return b.String()
}

func BenchmarkNew(b *testing.B) {
	terms := crowd(5000)
	for b.Loop() {
		glossary.New(glossary.Pair{Source: "en", Target: "ru"}, terms)
	}
}

func BenchmarkFind(b *testing.B) {
	for _, test := range []struct{ language, sentence string }{
		{"en", "Towards evening old %s walked down to the harbour, where the ships' lanterns were lit. "},
		{"ru", "К вечеру старый %s пошёл в гавань, где на кораблях уже зажигались фонари и пели. "},
		{"tr", "Akşama doğru yaşlı %s limana indi, gemilerin fenerleri yanıyor, şarkılar söyleniyordu. "},
		{"ko", "저녁 무렵 늙은 %s 항구로 내려갔는데, 배마다 등불이 켜지고 노랫소리가 들려왔다. "},
		{"zh", "傍晚时分，老%s走到港口，船上的灯都点亮了，人们唱着歌。"},
	} {
		b.Run(test.language, func(b *testing.B) {
			g := glossary.New(glossary.Pair{Source: test.language, Target: "en"}, crowd(5000))
			text := prose(test.sentence)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				g.Find(text)
			}
		})
	}
}

func BenchmarkBroken(b *testing.B) {
	g := glossary.New(glossary.Pair{Source: "en", Target: "en"}, crowd(5000))
	text := prose("Towards evening old %s walked down to the harbour, where the ships' lanterns were lit. ")
	for b.Loop() {
		g.Broken(text, text)
	}
}
