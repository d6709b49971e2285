package pipeline_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/pipeline"
)

// moody is an engine that fails whenever a block of the request makes it.
type moody struct {
	answer func(r engine.Request) (engine.Response, error)
	asked  []engine.Request
}

func (m *moody) Info() engine.Info                           { return engine.Info{Name: "scripted", Imitation: true} }
func (m *moody) Check(context.Context, string, string) error { return nil }
func (m *moody) Translate(_ context.Context, r engine.Request) (engine.Response, error) {
	m.asked = append(m.asked, r)
	return m.answer(r)
}

// holds reports whether a block of a request contains a word.
func holds(r engine.Request, word string) bool {
	return slices.ContainsFunc(r.Payload.Blocks, func(b engine.Block) bool { return strings.Contains(b.Text, word) })
}

// failingOn fails with a kind whenever a block contains the word.
func failingOn(word string, kind engine.ErrorKind) func(engine.Request) (engine.Response, error) {
	return func(r engine.Request) (engine.Response, error) {
		if holds(r, word) {
			return engine.Response{}, &engine.Error{Kind: kind}
		}
		return well(r)
	}
}

// manyBlocks returns a work of n blocks; those at the given indexes are poisoned.
func manyBlocks(n int, poisoned ...int) pipeline.Work {
	w := work()
	w.Blocks = nil
	for i := range n {
		text := fmt.Sprintf("Sentence number %d of a chapter about the sea.", 100+i)
		if slices.Contains(poisoned, i) {
			text = "A poisoned sentence of the same chapter."
		}
		w.Blocks = append(w.Blocks, pipeline.Block{ID: document.BlockID(i + 1), Text: text})
	}
	return w
}

// TestLadder holds for each kind of trouble what becomes of a segment and how
// many requests it takes.
func TestLadder(t *testing.T) {
	missing := func(r engine.Request) (engine.Response, error) {
		response, err := well(r)
		response.Blocks = slices.DeleteFunc(response.Blocks, func(b engine.Block) bool { return strings.Contains(b.Text, pseudo.Accent("poisoned")[1:5]) })
		return response, err
	}
	tests := []struct {
		name         string
		answer       func(engine.Request) (engine.Response, error)
		work         pipeline.Work
		fallback     string
		requests     int
		untranslated int
		issue        string
		rungs        string // the names' first letters
	}{
		{name: "all is well", answer: well, work: manyBlocks(10), requests: 1, rungs: "f"},
		{name: "one block missing each time", answer: missing, work: manyBlocks(10, 4), requests: 3, untranslated: 1,
			issue: "missing from the answer: b5.", rungs: "faa"},
		{name: "one block of one", answer: failingOn("poisoned", engine.Malformed), work: manyBlocks(1, 0), requests: 3, untranslated: 1,
			issue: "could not be read: b1.", rungs: "faa"},
		{name: "a blocked block is found by halving", answer: failingOn("poisoned", engine.Blocked), work: manyBlocks(8, 5), requests: 8, untranslated: 1,
			issue: "refused to translate this text: b6.", rungs: "fhhhhahh"},
		{name: "and among four hundred", answer: failingOn("poisoned", engine.Blocked), work: manyBlocks(400, 123), requests: 20, untranslated: 1,
			issue: "b124."},
		{name: "ten among four hundred", answer: failingOn("poisoned", engine.Blocked),
			work: manyBlocks(400, 3, 44, 81, 120, 160, 200, 241, 282, 320, 399), requests: 141, untranslated: 10, issue: "b4, b45"},
		{name: "everything blocked", answer: failingOn("entence", engine.Blocked), work: manyBlocks(400), requests: 14, untranslated: 400,
			issue: "refused to translate this text"},
		{name: "everything nonsense", answer: failingOn("entence", engine.Malformed), work: manyBlocks(100), requests: 14, untranslated: 100,
			issue: "could not be read"},
		{name: "another model has it", answer: func(r engine.Request) (engine.Response, error) {
			if r.Model == "other" {
				return well(r)
			}
			return failingOn("poisoned", engine.Blocked)(r)
		}, work: manyBlocks(2, 1), fallback: "other", requests: 5, rungs: "fhhaf"},
		{name: "another model is refused", answer: func(r engine.Request) (engine.Response, error) {
			if r.Model == "other" {
				return engine.Response{}, &engine.Error{Kind: engine.ModelRefused}
			}
			return failingOn("poisoned", engine.Blocked)(r)
		}, work: manyBlocks(2, 1), fallback: "other", requests: 5, untranslated: 1, issue: "refused to translate this text: b2.", rungs: "fhhaf"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eng := &moody{answer: test.answer}
			test.work.Fallback = test.fallback
			outcome, err := execute(context.Background(), over(eng), test.work)
			if err != nil {
				t.Fatal(err)
			}
			if len(eng.asked) != test.requests || outcome.Requests != test.requests || len(outcome.Rungs) != test.requests {
				t.Errorf("%d requests (%d counted, %d recorded), want %d", len(eng.asked), outcome.Requests, len(outcome.Rungs), test.requests)
			}
			if outcome.Untranslated != test.untranslated || len(outcome.Blocks) != len(test.work.Blocks)-test.untranslated {
				t.Errorf("%d untranslated with %d translations, want %d", outcome.Untranslated, len(outcome.Blocks), test.untranslated)
			}
			if !strings.Contains(outcome.Issue, test.issue) || (outcome.Issue == "") != (test.issue == "") {
				t.Errorf("issue %q, want %q", outcome.Issue, test.issue)
			}
			rungs := ""
			for _, rung := range outcome.Rungs {
				rungs += string(rung.Rung[0])
			}
			if test.rungs != "" && rungs != test.rungs {
				t.Errorf("rungs %s, want %s: %+v", rungs, test.rungs, outcome.Rungs)
			}
		})
	}
}

// TestLadderCutsLongBlocks holds that a block whose translation does not fit
// into an answer is translated in pieces.
func TestLadderCutsLongBlocks(t *testing.T) {
	const most = 600 // characters of an answer
	eng := &moody{answer: func(r engine.Request) (engine.Response, error) {
		response, err := well(r)
		length := 0
		for _, block := range response.Blocks {
			length += utf8.RuneCountInString(block.Text)
		}
		if length > most {
			return engine.Response{}, &engine.Error{Kind: engine.CutOff}
		}
		return response, err
	}}
	w := work()
	sentence := "He saw the <1>white whale</1> near the ship once more, and wept. "
	w.Blocks = []pipeline.Block{{ID: "b1", Text: strings.TrimSpace(strings.Repeat(sentence, 40))}, {ID: "b2", Text: "Short."}}
	outcome, err := execute(context.Background(), over(eng), w)
	if err != nil || outcome.Untranslated != 0 {
		t.Fatalf("%+v, %v", outcome, err)
	}
	got := strings.NewReplacer("[", "", "]", "").Replace(outcome.Blocks[0].Text)
	want := strings.NewReplacer("[", "", "]", "").Replace(pseudo.Accent(w.Blocks[0].Text))
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	t.Logf("%d requests", outcome.Requests)
}

func TestLadderLeavesOthersKept(t *testing.T) {
	w := manyBlocks(3, 1)
	w.Kept = []engine.Block{{ID: "b1", Text: "a person's"}, {ID: "b3", Text: "an earlier one"}}
	eng := &moody{answer: well}
	outcome, err := execute(context.Background(), over(eng), w)
	if err != nil {
		t.Fatal(err)
	}
	if len(eng.asked) != 1 || len(eng.asked[0].Payload.Blocks) != 1 || eng.asked[0].Payload.Blocks[0].ID != "b2" {
		t.Errorf("asked for %+v", eng.asked)
	}
	if len(outcome.Blocks) != 3 || outcome.Blocks[0].Text != "a person's" || outcome.Blocks[2].Text != "an earlier one" {
		t.Errorf("got %+v", outcome.Blocks)
	}
}

func TestLadderFallsBackOnEarlier(t *testing.T) {
	w := manyBlocks(2, 1)
	w.Earlier = []engine.Block{{ID: "b2", Text: "what stood before"}}
	outcome, err := execute(context.Background(), over(&moody{answer: failingOn("poisoned", engine.Blocked)}), w)
	if err != nil || outcome.Untranslated != 0 || outcome.Issue != "" || outcome.Blocks[1].Text != "what stood before" {
		t.Errorf("got %+v, %v", outcome, err)
	}
}

func TestBreakOff(t *testing.T) {
	w := manyBlocks(2, 1)
	eng := &moody{answer: failingOn("poisoned", engine.ServerFailed)}
	for !w.Done() {
		err := over(eng).Step(context.Background(), &w, nil)
		if failed, ok := errorOf(err); ok {
			w.BreakOff(failed)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	outcome := w.Outcome()
	if outcome.Untranslated != 1 || !strings.Contains(outcome.Issue, "broke off each time it was given this text: b2.") {
		t.Errorf("got %+v", outcome)
	}
}

// TestLadderEnds lets chance decide every answer: the ladder ends within its
// bounds, every block is accounted for, and what is kept is what a good answer
// said.
func TestLadderEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "blocks")
		w := manyBlocks(n)
		w.Fallback = rapid.SampledFrom([]string{"", "other"}).Draw(t, "fallback")
		eng := &moody{answer: func(r engine.Request) (engine.Response, error) {
			kind := rapid.SampledFrom([]engine.ErrorKind{0, 0, engine.Malformed, engine.CutOff, engine.Blocked, engine.Unsuitable}).Draw(t, "kind")
			if kind != 0 {
				return engine.Response{}, &engine.Error{Kind: kind}
			}
			response, err := well(r)
			response.Blocks = response.Blocks[rapid.IntRange(0, len(response.Blocks)).Draw(t, "lost"):]
			return response, err
		}}
		outcome, err := execute(context.Background(), over(eng), w)
		if err != nil {
			t.Fatal(err)
		}
		if most := 16 + n/2 + n; len(eng.asked) > most {
			t.Fatalf("%d requests for %d blocks, at most %d", len(eng.asked), n, most)
		}
		if len(outcome.Blocks)+outcome.Untranslated != n || (outcome.Untranslated > 0) != (outcome.Issue != "") {
			t.Fatalf("%d translated and %d not of %d: %q", len(outcome.Blocks), outcome.Untranslated, n, outcome.Issue)
		}
		at := 0
		for _, block := range w.Blocks {
			if at < len(outcome.Blocks) && outcome.Blocks[at].ID == block.ID {
				if outcome.Blocks[at].Text != pseudo.Accent(block.Text) {
					t.Fatalf("block %s became %q", block.ID, outcome.Blocks[at].Text)
				}
				at++
			}
		}
		if at != len(outcome.Blocks) {
			t.Fatalf("the blocks are not in order: %+v", outcome.Blocks)
		}
	})
}
