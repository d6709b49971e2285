package verify_test

import (
	"strings"
	"sync"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/verify"
)

// Answers may hold anything of any size. The test ends in seconds only if all
// checks take time in proportion.
func TestHugeAnswersAreRead(t *testing.T) {
	t.Parallel()
	checker := verify.New(verify.Pair{Source: "en", Target: "ja"})
	const size = 1 << 20
	source := strings.Repeat("The sea was calm that night in 1851. ", size/37)
	numbers := strings.Repeat("481 miles, 37 km, 1,234,567 and 50. ", size/36)
	for name, piece := range map[string]string{
		"letters": "a", "digits": "7", "tags": "<1>", "brackets": "<", "entities": "&lt;", "quotes": "`", "tag characters": "\U000e0041",
		"marks": "\u0301", "numerals": "一", "prose": "その夜、海は静かだった。", "invalid": "\xff", "kana": "あ", "dots": ".", "mixed": "a1 б２ ", "numbers": "123 45,678 9.01 ", "other numbers": "312 54,876 1.09 99年 20億 ", "units": "77 miles 50 km ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			huge := strings.Repeat(piece, size/len(piece))
			for _, pair := range [][2]string{{source, huge}, {huge, huge}, {huge, source}, {"Short.", huge}, {numbers, huge}, {huge, numbers}} {
				checker.Block(pair[0], pair[1])
			}
		})
	}
}

func FuzzBlock(f *testing.F) {
	f.Add("en", "ko", "The <1>sea</1> in 1851, 1,000 km.", "1851년 <1>바다</1>, 1만 2천.")
	f.Add("", "zh-Hant", "a", "&#39;\u202e＜1＞")
	f.Fuzz(func(t *testing.T, source, target, text, translation string) {
		check, detail := verify.New(verify.Pair{Source: source, Target: target}).Block(text, translation)
		if (check == "") != (detail == "") {
			t.Errorf("check %q with detail %q", check, detail)
		}
	})
}

func TestCheckerServesManyAtOnce(t *testing.T) {
	t.Parallel()
	texts := articles(t)
	checker := verify.New(verify.Pair{Source: "en", Target: "ko"})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, problems := checker.Answer(texts["en"], texts["ko"]); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
	group.Wait()
}

// BenchmarkAnswer checks an answer to 15,000 characters in many blocks.
func BenchmarkAnswer(b *testing.B) {
	texts := articles(b)
	for _, target := range []string{"ko", "fr", "zh-Hans", "ru"} {
		b.Run(target, func(b *testing.B) {
			var asked, answered []engine.Block
			for characters := 0; characters < 15000; {
				for i, block := range texts["en"] {
					id := string(rune('A'+len(asked)/26%26)) + string(rune('a'+len(asked)%26))
					asked = append(asked, engine.Block{ID: id, Text: block.Text})
					answered = append(answered, engine.Block{ID: id, Text: texts[target][i].Text})
					characters += len(block.Text)
				}
			}
			checker := verify.New(verify.Pair{Source: "en", Target: target})
			b.ReportAllocs()
			for b.Loop() {
				checker.Answer(asked, answered)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		verify.New(verify.Pair{Source: "en", Target: "fr"})
	}
}
