package riverworkers

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// grief is an engine that panics over every question: when it is asked or, where it
// answers, when its answer is looked at.
type grief struct {
	engine.Engine
	answers  bool
	answered bool
}

var griefUsage = engine.Usage{InputTokens: 30, OutputTokens: 4}

func (g *grief) Info() engine.Info {
	if g.answered {
		panic("whoever looks at the answer came to grief")
	}
	return engine.Info{Name: "grief"}
}

func (g *grief) Translate(_ context.Context, asked engine.Request) (engine.Response, error) {
	if !g.answers {
		panic("the engine came to grief")
	}
	g.answered = true
	return engine.Response{Blocks: asked.Payload.Blocks, Usage: griefUsage}, nil
}

// TestPanicOnWorker carries out steps that panic: the worker lives, the service is told
// that asking again is of no use, and what was used by then is counted.
func TestPanicOnWorker(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		engine *grief
		spent  engine.Usage
	}{
		"before the answer": {engine: &grief{}},
		"after the answer":  {engine: &grief{answers: true}, spent: griefUsage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &worker{id: "w", config: WorkerConfig{
				Engines: map[string]engine.Engine{"grief": c.engine}, EngineTimeout: time.Minute, Log: slog.New(slog.DiscardHandler),
			}}
			w.clock.Store(&clock{})
			asked := question{Work: pipeline.Work{
				Engine: "grief", Model: "m", TargetLanguage: "fr", Blocks: []pipeline.Block{{ID: "b1", Text: "One whale."}},
				Climb: pipeline.Climb{Asks: []pipeline.Ask{{Model: "m", Blocks: []string{"b1"}}}},
			}}
			packed, err := pack(asked)
			if err != nil {
				t.Fatal(err)
			}
			if packed, err = pack(w.carryOut(t.Context(), &step{Before: time.Now().Add(time.Hour), Packed: packed})); err != nil {
				t.Fatal(err)
			}
			var came result
			if err := unpack(packed, &came); err != nil {
				t.Fatal(err)
			}
			if err := came.Failed.error(); !errors.Is(err, pipeline.ErrPanicked) {
				t.Errorf("the service is told %v, want %v", err, pipeline.ErrPanicked)
			}
			if !came.Left || came.Worker != "w" || came.Climb.Tries != 1 {
				t.Errorf("it left: %v, from %q, tries counted: %d", came.Left, came.Worker, came.Climb.Tries)
			}
			if came.Usage != c.spent || came.Climb.Spent["m"] != c.spent {
				t.Errorf("used %+v, counted %+v, want %+v", came.Usage, came.Climb.Spent["m"], c.spent)
			}
		})
	}
}
