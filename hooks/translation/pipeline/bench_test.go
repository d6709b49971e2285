package pipeline_test

import (
	"context"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/pipeline"
)

// BenchmarkStep measures what a segment of 15,000 characters costs beside
// the engine's own time: the request and the verification of its answer.
func BenchmarkStep(b *testing.B) {
	paragraph := strings.Repeat("In 1851, at 25 years, he saw the white whale near the ship once more. ", 6)
	var texts []string
	for range 15000/len(paragraph) + 1 {
		texts = append(texts, strings.TrimSpace(paragraph))
	}
	w := work()
	w.Blocks = nil
	for i, text := range texts {
		w.Blocks = append(w.Blocks, pipeline.Block{ID: document.BlockID(i + 1), Text: text})
	}
	eng := pseudo.New(pseudo.Config{})
	response, err := eng.Translate(context.Background(), engine.Request{Payload: engine.Payload{Blocks: payload(w.Blocks)}})
	if err != nil {
		b.Fatal(err)
	}
	executor := &pipeline.Executor{Engines: map[string]engine.Engine{
		"scripted": &scripted{steps: []func(engine.Request) (engine.Response, error){
			func(engine.Request) (engine.Response, error) { return response, nil },
		}},
	}}
	b.ReportAllocs()
	for b.Loop() {
		if outcome, err := execute(context.Background(), executor, w); err != nil || outcome.Untranslated > 0 {
			b.Fatal(outcome, err)
		}
	}
}

func payload(blocks []pipeline.Block) []engine.Block {
	out := make([]engine.Block, len(blocks))
	for i, block := range blocks {
		out[i] = engine.Block{ID: block.ID, Text: block.Text}
	}
	return out
}
