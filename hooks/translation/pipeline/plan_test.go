package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

func TestPlan(t *testing.T) {
	tests := []struct {
		name  string
		texts []string
		size  int
		want  [][]string // the ids of each segment's blocks
	}{
		{"one block", []string{"abc"}, 10, [][]string{{"b1"}}},
		{"as many as fit", []string{"abcd", "efgh", "ijkl"}, 8, [][]string{{"b1", "b2"}, {"b3"}}},
		{"characters, not bytes", []string{"日本語日", "語日本語"}, 8, [][]string{{"b1", "b2"}}},
		{"a long block is cut at sentences", []string{"One is. Two is. Three is."}, 16, [][]string{{"b1.1"}, {"b1.2"}}},
		{"a long sentence between words", []string{"alpha beta gamma"}, 11, [][]string{{"b1.1"}, {"b1.2"}}},
		{"a word without end", []string{strings.Repeat("-", 25)}, 10, [][]string{{"b1.1"}, {"b1.2"}, {"b1.3"}}},
		{"parts share segments with other blocks", []string{"One is. Two is.", "x"}, 8, [][]string{{"b1.1"}, {"b1.2", "b2"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got [][]string
			for i, segment := range pipeline.Plan(blocks(test.texts), test.size) {
				if segment.Position != i {
					t.Errorf("segment %d has the position %d", i, segment.Position)
				}
				var ids []string
				for _, block := range segment.Blocks {
					ids = append(ids, block.ID)
				}
				got = append(got, ids)
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("\n got %v\nwant %v", got, test.want)
			}
		})
	}

	t.Run("at most 400 blocks", func(t *testing.T) {
		segments := pipeline.Plan(blocks(strings.Split(strings.Repeat("x ", 801), " ")[:801]), 100000)
		if len(segments) != 3 || len(segments[0].Blocks) != 400 {
			t.Errorf("got %d segments, the first of %d blocks", len(segments), len(segments[0].Blocks))
		}
	})
}

// TestPlanLosesNothing holds that whatever is planned and put together again
// untouched is what it was, and that no segment is larger than asked for.
func TestPlanLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"Word ", "end. ", "Ünïcode, ", "…", "123 ", "\n", "x", "Mr. ", "longerword", "—"})
		var texts []string
		for range rapid.IntRange(1, 8).Draw(t, "blocks") {
			text := strings.TrimSpace(strings.Join(rapid.SliceOfN(piece, 1, 60).Draw(t, "pieces"), ""))
			if text != "" {
				texts = append(texts, text)
			}
		}
		size := rapid.IntRange(10, 80).Draw(t, "size")
		assembly := pipeline.NewAssembly("fr")
		for _, segment := range pipeline.Plan(blocks(texts), size) {
			characters := 0
			var answer []engine.Block
			for _, block := range segment.Blocks {
				characters += utf8.RuneCountInString(block.Text)
				answer = append(answer, engine.Block{ID: block.ID, Text: block.Text})
			}
			if characters > size {
				t.Fatalf("a segment of %d characters, at most %d were asked for", characters, size)
			}
			assembly.Add(segment.Blocks, answer)
		}
		for i, text := range texts {
			got, ok := assembly.Text(document.BlockID(i + 1))
			if !ok {
				t.Fatalf("block %d is missing", i+1)
			}
			// A language that writes spaces gets one after a sentence that had none.
			if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(text, " ", "") {
				t.Fatalf("\n got %q\nwant %q", got, text)
			}
		}
	})
}

func TestAssemblyJoins(t *testing.T) {
	parts := func(join string, sentence bool) []pipeline.Block {
		return []pipeline.Block{{ID: "b1.1", Text: "A.", Join: join, Sentence: sentence}, {ID: "b1.2", Text: "B."}}
	}
	tests := []struct {
		name   string
		blocks []pipeline.Block
		target string
		want   string
	}{
		{"a space between sentences", parts(" ", true), "fr", "a.␣b."},
		{"none in Japanese", parts(" ", true), "ja", "a.b."},
		{"one from Chinese to English", parts("", true), "en", "a.␣b."},
		{"none where a word was cut", parts("", false), "en", "a.b."},
		{"a line break stays", parts("\n", true), "zh-Hant", "a.⏎b."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assembly := pipeline.NewAssembly(test.target)
			assembly.Add(test.blocks[:1], []engine.Block{{ID: "b1.1", Text: "a."}})
			assembly.Add(test.blocks[1:], []engine.Block{{ID: "b1.2", Text: "b."}})
			got, _ := assembly.Text("b1")
			if got = strings.NewReplacer(" ", "␣", "\n", "⏎").Replace(got); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}

	t.Run("a part without a translation stands in the source language", func(t *testing.T) {
		assembly := pipeline.NewAssembly("fr")
		assembly.Add(parts(" ", true), []engine.Block{{ID: "b1.2", Text: "b."}})
		if got, _ := assembly.Text("b1"); got != "A. b." || assembly.Translated() != 1 {
			t.Errorf("got %q, %d translated", got, assembly.Translated())
		}
	})
}

func blocks(texts []string) []document.Block {
	blocks := make([]document.Block, len(texts))
	for i, text := range texts {
		blocks[i] = document.Block{ID: document.BlockID(i + 1), Text: text}
	}
	return blocks
}
