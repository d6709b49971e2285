package verify_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/verify"
)

// articles reads the real texts, one block an article, by language.
func articles(t testing.TB) map[string][]engine.Block {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "udhr", "*.txt"))
	if err != nil || len(files) < 27 {
		t.Fatalf("texts: %v, %v", files, err)
	}
	texts := map[string][]engine.Block{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		language := strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(data)) {
			number, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			if !ok {
				t.Fatalf("%s: %q", file, line)
			}
			texts[language] = append(texts[language], engine.Block{ID: "b" + number, Text: text})
		}
	}
	return texts
}

// No check alarms on a real translation, from any of the languages into any
// other, whether the source language is told or not.
func TestRealTranslationsPass(t *testing.T) {
	t.Parallel()
	texts := articles(t)
	for target, answered := range texts {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			for source, asked := range texts {
				if source == target {
					continue
				}
				for _, told := range []string{source, ""} {
					good, problems := verify.Answer(verify.Pair{Source: told, Target: target}, asked, answered)
					for _, problem := range problems {
						t.Errorf("%s (told %q) → %s: %v", source, told, target, problem)
					}
					if len(good) != len(asked) {
						t.Errorf("%s → %s: %d of %d", source, target, len(good), len(asked))
					}
				}
			}
		})
	}
}

// fault spoils a real translation; a text of "" does not fit the fault.
type fault struct {
	name  string
	spoil func(source, translation, wrong string) string
}

func faults() []fault {
	part := func(text string, share float64) string {
		runes := []rune(text)
		return string(runes[:int(float64(len(runes))*share)])
	}
	return []fault{
		{"echo", func(source, _, _ string) string { return source }},
		{"echo with changes", func(source, _, _ string) string {
			words := strings.Fields(source)
			for i := 3; i < len(words); i += 9 {
				words[i] = "thus"
			}
			return strings.Join(words, " ")
		}},
		{"echo after a beginning", func(source, translation, _ string) string {
			if len(strings.Fields(source)) < 40 {
				return ""
			}
			return part(translation, 0.3) + " " + source[strings.IndexByte(source[len(source)/3:], ' ')+len(source)/3:]
		}},
		{"another language", func(_, _, wrong string) string { return wrong }},
		{"cut to a quarter", func(source, translation, _ string) string {
			if len(source) < 240 {
				return ""
			}
			return part(translation, 0.25)
		}},
		{"three times", func(source, translation, _ string) string {
			if len(source) < 240 {
				return ""
			}
			return strings.Repeat(translation+" ", 3)
		}},
		{"runaway", func(_, translation, _ string) string {
			tail := []rune(translation)
			return translation + strings.Repeat(string(tail[len(tail)/2:min(len(tail), len(tail)/2+15)]), 20)
		}},
		{"refusal", func(string, string, string) string { return "I'm sorry, but I cannot translate this content." }},
		{"announced", func(_, translation, _ string) string { return "Here is the translation:\n\n" + translation }},
		{"thinking", func(_, translation, _ string) string { return "<think>Article one…</think>" + translation }},
		{"broken characters", func(_, translation, _ string) string { return part(translation, 0.5) + "\ufffd" + translation }},
		{"empty", func(string, string, string) string { return " " }},
	}
}

// wrongLanguages names for each language one that its model may slip into.
func wrongLanguages() map[string]string {
	return map[string]string{
		"ko": "ja", "ja": "zh-Hans", "zh-Hans": "ja", "fr": "it", "de": "nl", "es": "de", "pt-BR": "it", "it": "de",
		"ru": "el", "uk": "pl", "pl": "de", "cs": "de", "tr": "de", "ar": "he", "he": "ar", "fa": "hi", "th": "vi", "vi": "id",
		"id": "nl", "nl": "sv", "sv": "de", "fi": "sv", "hu": "de", "el": "ru", "ka": "ru", "hi": "fa",
	}
}

// Each fault put into a real translation from English is found.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	texts := articles(t)
	for target, wrong := range wrongLanguages() {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			checker := verify.New(verify.Pair{Source: "en", Target: target})
			for _, fault := range faults() {
				for i, block := range texts["en"] {
					if len(block.Text) < 120 {
						continue // a short article proves little of a language
					}
					spoilt := fault.spoil(block.Text, texts[target][i].Text, texts[wrong][i].Text)
					if spoilt == "" {
						continue
					}
					if check, _ := checker.Block(block.Text, spoilt); check == "" {
						t.Errorf("%s in article %d was not found: %.120q", fault.name, i+1, spoilt)
					}
				}
			}
		})
	}
}

// Translations that slipped to the next id are found by what they hold, even
// though each is a translation of something.
func TestSlippedBlocksAreFound(t *testing.T) {
	t.Parallel()
	texts := articles(t)
	for target := range wrongLanguages() {
		asked, answered := texts["en"], make([]engine.Block, 0, 18)
		for i := range asked {
			text := texts[target][i].Text
			if i >= 4 && i+1 < len(asked) {
				text = texts[target][i+1].Text
			}
			answered = append(answered, engine.Block{ID: asked[i].ID, Text: text})
		}
		good, problems := verify.Answer(verify.Pair{Source: "en", Target: target}, asked, answered)
		if len(good)+len(problems) != len(asked) {
			t.Errorf("%s: %d good and %d problems of %d blocks", target, len(good), len(problems), len(asked))
		}
		slipped := 0
		for _, problem := range problems {
			var n int
			if _, err := fmt.Sscanf(problem.Block, "b%d", &n); err != nil || n <= 3 {
				t.Errorf("%s: %v is in its place", target, problem)
			}
			slipped++
		}
		if slipped < 3 {
			t.Errorf("%s: %d of 13 slipped blocks found", target, slipped)
		}
	}
}
