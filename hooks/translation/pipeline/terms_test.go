package pipeline_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// saying answers each block with a text that may depend on the attempt.
func saying(texts map[string][]string) func(engine.Request) (engine.Response, error) {
	times := map[string]int{}
	return func(r engine.Request) (engine.Response, error) {
		var response engine.Response
		for _, block := range r.Payload.Blocks {
			said := texts[block.ID]
			response.Blocks = append(response.Blocks, engine.Block{ID: block.ID, Text: said[min(times[block.ID], len(said)-1)]})
			times[block.ID]++
		}
		return response, nil
	}
}

// whales is a work into French with a glossary of one name.
func whales() pipeline.Work {
	w := work()
	w.SourceLanguage = "en"
	w.Blocks = []pipeline.Block{
		{ID: "b1", Text: "Then Ishmael went down to the sea with all the other men."},
		{ID: "b2", Text: "The ship was old and its sails were grey from the long voyage."},
	}
	w.Glossary = []pipeline.Term{{Term: "Ishmael", Translation: "Ismaël", Kind: "person", Gender: "male"}}
	return w
}

const (
	ship      = "Le navire était vieux et ses voiles étaient grises après le long voyage."
	obedient  = "Puis Ismaël descendit vers la mer avec tous les autres hommes."
	defiantly = "Puis Ichmaël descendit vers la mer avec tous les autres hommes."
)

func TestTermsHaveARungOfTheirOwn(t *testing.T) {
	eng := &scripted{steps: []func(engine.Request) (engine.Response, error){
		saying(map[string][]string{"b1": {defiantly, obedient}, "b2": {ship}}),
	}}
	outcome, err := execute(context.Background(), over(eng), whales())
	if err != nil || outcome.Untranslated > 0 {
		t.Fatal(outcome, err)
	}
	var rungs []pipeline.RungName
	for _, rung := range outcome.Rungs {
		rungs = append(rungs, rung.Rung)
	}
	if !slices.Equal(rungs, []pipeline.RungName{pipeline.RungFirst, pipeline.RungTerms}) || outcome.Rungs[0].Trouble != "glossary" {
		t.Errorf("climbed %+v", outcome.Rungs)
	}
	second := eng.asked[1]
	if len(second.Payload.Blocks) != 1 || !strings.Contains(second.Instructions, `"Ishmael" must be "Ismaël"`) || !strings.Contains(second.Instructions, "binding") {
		t.Errorf("asked again for %v with %s", second.Payload.Blocks, second.Instructions)
	}
	if !strings.Contains(eng.asked[0].Instructions, `"Ishmael" → "Ismaël" ("person", "male")`) {
		t.Errorf("the first instructions: %s", eng.asked[0].Instructions)
	}
}

func TestTermsThatAreNeverObeyed(t *testing.T) {
	eng := &scripted{steps: []func(engine.Request) (engine.Response, error){
		saying(map[string][]string{"b1": {defiantly}, "b2": {ship}}),
	}}
	w := whales()
	w.Earlier = []engine.Block{{ID: "b1", Text: "Puis Ishmael descendit vers la mer."}}
	outcome, err := execute(context.Background(), over(eng), w)
	if err != nil {
		t.Fatal(err)
	}
	if outcome.Untranslated != 1 || !strings.Contains(outcome.Issue, `"Ishmael" must be "Ismaël": b1`) {
		t.Errorf("%d untranslated, the issue: %q", outcome.Untranslated, outcome.Issue)
	}
}

// analyst is an engine that answers analyses by a script.
type analyst struct {
	scripted
	findings []func() (engine.Findings, error)
	tasks    []engine.Analysis
}

func (a *analyst) Analyse(_ context.Context, r engine.Analysis) (engine.Findings, error) {
	a.tasks = append(a.tasks, r)
	return a.findings[min(len(a.tasks), len(a.findings))-1]()
}

func TestAnalysis(t *testing.T) {
	found := func() (engine.Findings, error) {
		return engine.Findings{Style: engine.Style{ToneKeywords: "calm"}, Usage: engine.Usage{InputTokens: 5}}, nil
	}
	malformed := func() (engine.Findings, error) {
		return engine.Findings{Usage: engine.Usage{InputTokens: 1}}, &engine.Error{Kind: engine.Malformed}
	}
	blocked := func() (engine.Findings, error) { return engine.Findings{}, &engine.Error{Kind: engine.Blocked} }
	tests := []struct {
		name    string
		answers []func() (engine.Findings, error)
		asked   int
		tokens  int
		found   bool
	}{
		{"at once", []func() (engine.Findings, error){found}, 1, 5, true},
		{"on second asking", []func() (engine.Findings, error){malformed, found}, 2, 6, true},
		{"never", []func() (engine.Findings, error){malformed}, 2, 2, false},
		{"blocked", []func() (engine.Findings, error){blocked}, 1, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eng := &analyst{findings: test.answers}
			executor := &pipeline.Executor{Engines: map[string]engine.Engine{"scripted": eng}}
			w := pipeline.Work{Engine: "scripted", Model: "m", TargetLanguage: "ko", Task: engine.AnalyseStyle, Text: "Once upon a time."}
			for !w.Done() {
				if err := executor.Step(context.Background(), &w, nil); err != nil {
					t.Fatal(err)
				}
			}
			if len(eng.tasks) != test.asked || w.Climb.Spent.Total().InputTokens != test.tokens || (w.Climb.Findings != nil) != test.found {
				t.Errorf("%d questions, %v, %v", len(eng.tasks), w.Climb.Spent, w.Climb.Findings)
			}
			if payload := eng.tasks[0].Payload; payload.Task != engine.AnalyseStyle || payload.Text != w.Text || strings.Contains(eng.tasks[0].Instructions, w.Text) {
				t.Errorf("the question: %+v", eng.tasks[0])
			}
		})
	}
	t.Run("an engine that is away keeps the question", func(t *testing.T) {
		eng := &analyst{findings: []func() (engine.Findings, error){func() (engine.Findings, error) {
			return engine.Findings{}, &engine.Error{Kind: engine.Unreachable}
		}}}
		w := pipeline.Work{Engine: "scripted", Task: engine.AnalyseGlossary, Text: "x"}
		executor := &pipeline.Executor{Engines: map[string]engine.Engine{"scripted": eng}}
		if err := executor.Step(context.Background(), &w, nil); engine.KindOf(err) != engine.Unreachable || w.Done() {
			t.Errorf("got %v, done %v", err, w.Done())
		}
	})
}

func TestRepeatsAreMarked(t *testing.T) {
	texts := []string{"A refrain.", "One.", "A refrain.", "Two.", "A refrain.", "One"}
	segments := pipeline.Plan(blocks(texts), 20)
	var got []string
	for _, segment := range segments {
		for _, block := range segment.Blocks {
			got = append(got, block.Repeats)
		}
	}
	if !slices.Equal(got, []string{"", "", "b1", "", "b1", ""}) || !segments[0].Blocks[0].Repeated || segments[0].Blocks[1].Repeated {
		t.Errorf("got %v", got)
	}
}

func TestAwaitedBlocksAreNotAskedFor(t *testing.T) {
	eng := &scripted{steps: []func(engine.Request) (engine.Response, error){well}}
	w := work()
	w.Blocks[2].Repeats, w.Blocks[1].Repeats = "b1", "b77"
	w.Awaited = []string{"b2", "b3"}
	executor := over(eng)
	for !w.Done() {
		if err := executor.Step(context.Background(), &w, nil); err != nil {
			t.Fatal(err)
		}
	}
	if asked := eng.asked[0].Payload.Blocks; len(eng.asked) != 1 || len(asked) != 1 || asked[0].ID != "b1" {
		t.Fatalf("asked for %v", asked)
	}
	w.Adopt(w.Blocks[1], nil)
	w.Adopt(w.Blocks[2], nil)
	outcome := w.Outcome()
	if len(outcome.Blocks) != 2 || outcome.Blocks[1].ID != "b3" || outcome.Untranslated != 1 || !strings.Contains(outcome.Issue, "b77") {
		t.Errorf("got %+v", outcome)
	}
}

func TestEstimateLeavesRepeatsOut(t *testing.T) {
	order := pipeline.Order{SourceLanguage: "en", TargetLanguage: "fr"}
	once := order.Estimate(pipeline.Plan(blocks([]string{strings.Repeat("A long refrain. ", 50)}), 1000))
	often := order.Estimate(pipeline.Plan(blocks(slices.Repeat([]string{strings.Repeat("A long refrain. ", 50)}, 40)), 1000))
	if once.Usage != often.Usage || often.Characters != 40*once.Characters {
		t.Errorf("once %+v, often %+v", once, often)
	}
}

func TestTokens(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{{"", 0}, {"abcd", 1}, {"The quick brown fox jumps.", 7}, {"가나다라마", 3}, {"中文字", 3}, {"привет мир", 4}}
	for _, test := range tests {
		if got := pipeline.Tokens(test.text); got != test.want {
			t.Errorf("%q: %d tokens, want %d", test.text, got, test.want)
		}
	}
}

func TestEstimateCountsAnalysis(t *testing.T) {
	var texts []string
	for i := range 300 {
		texts = append(texts, strings.Repeat("word ", 40)+document.BlockID(i))
	}
	segments := pipeline.Plan(blocks(texts), 5000)
	plain := pipeline.Order{SourceLanguage: "en", TargetLanguage: "ko"}
	found := plain
	found.AnalyseStyle, found.AnalyseGlossary = true, true
	a, b := plain.Estimate(segments), found.Estimate(segments)
	if more := b.Usage.InputTokens - a.Usage.InputTokens; more < 15_000 || more > 30_000 {
		t.Errorf("an analysis of 60,000 characters is estimated at %d tokens", more)
	}
}

// TestPlanDividesNoTag cuts a text without spaces that is full of tags.
func TestPlanDividesNoTag(t *testing.T) {
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, "%s<%d>字字</%d>", strings.Repeat("字", 37), i+1, i+1)
	}
	whole := ""
	for _, segment := range pipeline.Plan(blocks([]string{text.String()}), 500) {
		for _, block := range segment.Blocks {
			if strings.Count(block.Text, "<") != strings.Count(block.Text, ">") {
				t.Errorf("a tag is cut in two: %s", block.Text)
			}
			whole += block.Text
		}
	}
	if whole != text.String() {
		t.Error("the parts are not the whole")
	}
}
