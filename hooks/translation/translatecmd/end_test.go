package translatecmd_test

import (
	"context"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/lane"
)

// TestEnds lets the engine end a run in every way, and the next run go on.
func TestEnds(t *testing.T) {
	from := func(first int, kind engine.ErrorKind) func(context.Context, int, engine.Request) (engine.Response, error, bool) {
		return func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
			if n < first {
				return engine.Response{}, nil, false
			}
			return engine.Response{}, &engine.Error{Kind: kind, Until: time.Now().Add(10 * time.Hour)}, true
		}
	}
	tests := []struct {
		name    string
		kind    engine.ErrorKind
		code    int
		message []string
	}{
		{"away", engine.Unreachable, 75, []string{"has not answered anybody", "unreachable", "2 of 4 segments", "again later"}},
		{"at fault", engine.ServerFailed, 75, []string{"engine failed", "again later"}},
		{"the quota of the day", engine.QuotaExhausted, 75, []string{"quota of the day is used up until", "Run the same command again"}},
		{"the key", engine.KeyRefused, 77, []string{"API key is refused", "GEMINI_API_KEY"}},
		{"the model", engine.ModelRefused, 77, []string{"play-1", "--model"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eng := &play{}
			eng.script = from(3, test.kind)
			s := newStage(t, eng, tale(8))
			s.run("--concurrency", "1").must(t, test.code, test.message...)
			if s.exists("book.fr.txt") || !s.exists(sidecarName) {
				t.Error("there is an output, or no sidecar")
			}
			next := &play{}
			s.config.Engines = []engine.Engine{next}
			s.run().must(t, 0)
			if s.read("book.fr.txt") != accented(tale(8)) || len(next.blocks()) != 4 {
				t.Errorf("asked for again: %v", next.blocks())
			}
		})
	}
	t.Run("refused before", func(t *testing.T) {
		for kind, word := range map[engine.ErrorKind]string{engine.KeyRefused: "GEMINI_API_KEY", engine.ModelRefused: "--model"} {
			s := newStage(t, &play{check: &engine.Error{Kind: kind}}, tale(2))
			s.run().must(t, 77, word)
			if s.exists(sidecarName) {
				t.Error("a sidecar is left")
			}
		}
		s := newStage(t, &play{check: &engine.Error{Kind: engine.Unreachable}}, tale(2))
		s.run().must(t, 0) // nobody can tell
	})
}

// TestOthersAreAnswered has one segment on which the engine breaks off again and
// again: it climbs the ladder, and the others are translated.
func TestOthersAreAnswered(t *testing.T) {
	eng := &play{}
	eng.script = func(_ context.Context, _ int, r engine.Request) (engine.Response, error, bool) {
		for _, block := range r.Payload.Blocks {
			if block.ID == "b3" {
				return failure(engine.ServerFailed)
			}
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(8))
	s.config.Patience = time.Minute
	got := s.run().must(t, 3)
	if s.read("book.fr.txt") != accented(tale(8), "b3") || !strings.Contains(got.progress, "broke off each time") {
		t.Errorf("the output is not the translation but for b3: %s", got.progress)
	}
}

// TestLimitsAreWaitedFor answers 429 and says how long to wait.
func TestLimitsAreWaitedFor(t *testing.T) {
	eng := &play{}
	var until time.Time
	eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n == 2 {
			until = time.Now().Add(150 * time.Millisecond)
			return engine.Response{}, &engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, Limit: 6000, RetryAfter: 150 * time.Millisecond}, true
		}
		if time.Now().Before(until) {
			t.Error("asked before the engine wanted to be")
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(8))
	s.run("--concurrency", "1").must(t, 0)
	if len(eng.requests()) != 5 || s.read("book.fr.txt") != accented(tale(8)) {
		t.Errorf("%d requests", len(eng.requests()))
	}
}

// TestSignals interrupts at every request once: what is in flight is answered and
// kept, and the next run goes on.
func TestSignals(t *testing.T) {
	const requests = 4
	for at := range requests {
		signals := make(chan os.Signal)
		eng := &play{}
		eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
			if n == at+1 {
				signals <- os.Interrupt
			}
			return engine.Response{}, nil, false
		}
		s := newStage(t, eng, tale(2*requests))
		s.config.Signals = signals
		got := s.run("--concurrency", "1")
		if s.exists("book.fr.txt") && at > 1 {
			continue // all may be there when the signal is heard
		}
		got.must(t, 130, "Run the same command again")
		settled, err := strconv.Atoi(regexp.MustCompile(`(\d) of 4 segments`).FindStringSubmatch(got.message)[1])
		if err != nil || settled != len(eng.requests()) || settled <= at {
			t.Errorf("interrupted at request %d: %s, after %d", at+1, got.message, len(eng.requests()))
		}
		next := &play{}
		s.config.Engines, s.config.Signals = []engine.Engine{next}, make(chan os.Signal)
		s.run().must(t, 0)
		if len(next.requests()) != requests-settled || s.read("book.fr.txt") != accented(tale(2*requests)) {
			t.Errorf("interrupted at request %d, the next run asks %d times", at+1, len(next.requests()))
		}
	}
}

// TestSecondSignal ends a run at once although the engine hangs.
func TestSecondSignal(t *testing.T) {
	signals := make(chan os.Signal)
	eng := &play{}
	eng.script = func(ctx context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n < 2 {
			return engine.Response{}, nil, false
		}
		signals <- os.Interrupt
		signals <- os.Interrupt
		<-ctx.Done()
		return engine.Response{}, ctx.Err(), true
	}
	s := newStage(t, eng, tale(8))
	s.config.Signals, s.config.Grace = signals, time.Hour
	s.run("--concurrency", "1").must(t, 130, "1 of 4 segments")
}

// TestGrace cuts off what is not answered in time after a signal.
func TestGrace(t *testing.T) {
	signals := make(chan os.Signal)
	eng := &play{}
	eng.script = func(ctx context.Context, _ int, _ engine.Request) (engine.Response, error, bool) {
		signals <- os.Interrupt
		<-ctx.Done()
		return engine.Response{}, ctx.Err(), true
	}
	s := newStage(t, eng, tale(2))
	s.config.Signals, s.config.Grace = signals, 10*time.Millisecond
	s.run().must(t, 130, "0 of 1 segments")
}

// TestBudget stops before the limit is exceeded, and goes on with a higher one.
func TestBudget(t *testing.T) {
	eng := &play{paid: true}
	s := newStage(t, paidPlay{eng}, tale(40))
	got := s.run("--yes", "--max-cost", "0.006").must(t, 78, "--max-cost", "segments are translated, for $0.00")
	spent, err := strconv.ParseFloat(regexp.MustCompile(`for \$([0-9.]+) so far`).FindStringSubmatch(got.message)[1], 64)
	if err != nil || spent > 0.006 || spent == 0 || s.exists("book.fr.txt") {
		t.Errorf("it has spent %v", spent)
	}
	before := len(eng.requests())
	t.Logf("%d of 20 segments for $%v", before, spent)
	s.run("--yes", "--max-cost", "0.006").must(t, 78) // what was spent before counts
	if len(eng.requests()) > before {
		t.Errorf("%d requests more than the money allows", len(eng.requests())-before)
	}
	s.run("--yes", "--max-cost", "$1").must(t, 0)
	if len(eng.requests()) != 20 || s.read("book.fr.txt") != accented(tale(40)) {
		t.Errorf("%d requests", len(eng.requests()))
	}
}

// TestIssues leaves passages in the source language, and asks for them alone the
// next time.
func TestIssues(t *testing.T) {
	eng := &play{}
	eng.script = func(_ context.Context, _ int, r engine.Request) (engine.Response, error, bool) {
		for _, block := range r.Payload.Blocks {
			if block.ID == "b4" {
				return engine.Response{}, &engine.Error{Kind: engine.Blocked, Detail: "the model's safety filter stopped it"}, true
			}
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(8))
	got := s.run().must(t, 3, "book.fr.txt is written", "1 segment", "Run the same command again")
	for _, part := range []string{"Segment 2: Not translated, because the model's safety filter stopped it: b4.", "b4: Queequeg sailed on day 4"} {
		if !strings.Contains(got.progress, part) {
			t.Errorf("%q is not said: %s", part, got.progress)
		}
	}
	if got.stdout != s.path("book.fr.txt")+"\n" || s.read("book.fr.txt") != accented(tale(8), "b4") || !s.exists(sidecarName) {
		t.Errorf("the output: %q, %q", got.stdout, s.read("book.fr.txt"))
	}
	next := &play{}
	s.config.Engines = []engine.Engine{next}
	s.run().must(t, 0)
	if asked := next.blocks(); len(asked) != 1 || asked["b4"] != 1 {
		t.Errorf("asked for %v", asked)
	}
	if s.read("book.fr.txt") != accented(tale(8)) || s.exists(sidecarName) {
		t.Error("the output is not whole, or the sidecar is left")
	}
}

// TestNothingTranslated writes no file that is none.
func TestNothingTranslated(t *testing.T) {
	eng := &play{}
	eng.script = func(context.Context, int, engine.Request) (engine.Response, error, bool) {
		return failure(engine.Blocked)
	}
	s := newStage(t, eng, tale(2))
	s.run().must(t, 1, "No part of")
	if s.exists("book.fr.txt") || s.exists(sidecarName+".tmp") {
		t.Error("there is an output")
	}
}

// TestRepeats asks for a text that stands several times once, also where the run
// is interrupted in between.
func TestRepeats(t *testing.T) {
	text := tale(3) + strings.Repeat("And so it went on for the whole of that long day, and of the next one too.\n\n", 3) + tale(9)
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	different := map[string]bool{}
	for _, paragraph := range paragraphs {
		different[paragraph] = true
	}
	signals := make(chan os.Signal)
	eng := &play{}
	eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n == 3 {
			signals <- os.Interrupt
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, text)
	s.config.Signals = signals
	s.run("--concurrency", "1").must(t, 130)
	s.run().must(t, 0)
	asked := map[string]int{}
	for _, request := range eng.requests() {
		for _, block := range request.Payload.Blocks {
			asked[block.Text]++
		}
	}
	for text, times := range asked {
		if times > 1 {
			t.Errorf("%q was asked for %d times", text, times)
		}
	}
	if len(asked) != len(different) || s.read("book.fr.txt") != accented(text) {
		t.Errorf("%d texts were asked for, there are %d", len(asked), len(different))
	}
}

// TestPanic says in a sentence that the program is at fault, and keeps what there is.
func TestPanic(t *testing.T) {
	eng := &play{}
	eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n == 2 {
			panic("the text of the document")
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(8))
	got := s.run("--concurrency", "1").must(t, 1, "error in Verso", "TestPanic")
	if strings.Contains(got.message+got.progress, "the text of") {
		t.Error(got.message)
	}
	s.run().must(t, 0)
	if len(eng.requests()) != 5 || s.read("book.fr.txt") != accented(tale(8)) {
		t.Errorf("%d requests", len(eng.requests()))
	}
}

// TestBrief finds a brief, prints it, and gives every segment the terms that are in
// it.
func TestBrief(t *testing.T) {
	eng := &play{}
	s := newStage(t, readingPlay{eng}, tale(8))
	got := s.run("--brief").must(t, 0)
	for _, part := range []string{`"tone_keywords": "calm"`, `"term": "Ishmael"`, `"made_by": "analysis"`} {
		if !strings.Contains(got.stdout, part) {
			t.Errorf("%s is not in the brief %s", part, got.stdout)
		}
	}
	if again := s.run("--brief").must(t, 0); again.stdout != got.stdout || len(eng.tasks) != 2 || len(eng.requests()) > 0 {
		t.Errorf("%d questions and %d requests for a brief", len(eng.tasks), len(eng.requests()))
	}
	s.run().must(t, 0)
	for _, request := range eng.requests() {
		if named := strings.Contains(request.Payload.Blocks[0].Text, "Ishmael"); named != (len(request.Terms) == 1) || !strings.Contains(request.Instructions, "calm") {
			t.Errorf("%v with the terms %v", request.Payload.Blocks, request.Terms)
		}
	}
	if len(eng.tasks) != 2 || s.exists(sidecarName) {
		t.Errorf("%d questions about the document", len(eng.tasks))
	}

	t.Run("given", func(t *testing.T) {
		eng := &play{}
		s := newStage(t, readingPlay{eng}, tale(8))
		s.write("style.json", `{"tone_keywords":"wild"}`)
		s.write("names.csv", "term,translation,kind,gender,aliases\nAhab,Achab,person,male,captain|old man\n\"Starbuck\",Starbuque\n")
		s.run("--style", s.path("style.json"), "--glossary", s.path("names.csv")).must(t, 0)
		output := s.read("book.fr.txt")
		if len(eng.tasks) > 0 || strings.Count(output, "Achab") != 2 || strings.Count(output, "Starbuque") != 2 || !strings.Contains(eng.requests()[0].Instructions, "wild") {
			t.Errorf("%d questions; %s", len(eng.tasks), output)
		}
	})
	t.Run("unwanted", func(t *testing.T) {
		eng := &play{}
		newStage(t, readingPlay{eng}, tale(8)).run("--no-analysis").must(t, 0)
		if len(eng.tasks) > 0 {
			t.Errorf("%d questions", len(eng.tasks))
		}
	})
}

// TestPlannedSize cuts segments that the limit of tokens has room for, and goes on
// with the same ones under another limit.
func TestPlannedSize(t *testing.T) {
	signals := make(chan os.Signal)
	eng := &play{}
	eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n == 1 {
			signals <- os.Interrupt
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(16))
	s.config.Limits, s.config.Signals = map[string]lane.Limits{"play": {InputTokens: 2000}}, signals
	s.run("--segment-size", "9000", "--concurrency", "1").must(t, 130, "of 4 segments")
	s.config.Limits = nil
	s.run("--segment-size", "9000").must(t, 0)
	if len(eng.requests()) != 4 || s.read("book.fr.txt") != accented(tale(16)) {
		t.Errorf("%d requests", len(eng.requests()))
	}
}

// TestRepeatsSideBySide has later segments done long before the one whose text they
// repeat.
func TestRepeatsSideBySide(t *testing.T) {
	refrain := "And so it went on for the whole of that long day, and of the next one too.\n\n"
	var text strings.Builder
	for i := range 12 {
		text.WriteString(strings.Repeat(refrain, 1) + strings.SplitAfter(tale(12), "\n\n")[i])
	}
	others, eng := make(chan struct{}), &play{}
	eng.script = func(_ context.Context, n int, r engine.Request) (engine.Response, error, bool) {
		if n == 4 {
			close(others)
		}
		if r.Payload.Blocks[0].ID == "b1" {
			<-others
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, text.String())
	s.run("--concurrency", "4").must(t, 0)
	asked := 0
	for _, request := range eng.requests() {
		for _, block := range request.Payload.Blocks {
			if block.Text+"\n\n" == refrain {
				asked++
			}
		}
	}
	if asked != 1 || s.read("book.fr.txt") != accented(text.String()) {
		t.Errorf("the refrain was asked for %d times", asked)
	}
}

// TestBriefQuestion asks about the price of the brief alone.
func TestBriefQuestion(t *testing.T) {
	eng := &play{paid: true}
	s := newStage(t, paidReadingPlay{paidPlay{eng}, readingPlay{eng}}, tale(8))
	s.input = "y\n"
	s.config.IsTerminal = func(any) bool { return true }
	if got := s.run("--brief").must(t, 0); !strings.Contains(got.progress, "Look for style and terms for about $0.00") || len(eng.tasks) != 2 {
		t.Error(got.progress)
	}
}

// TestBilingual sets the source below each translation.
func TestBilingual(t *testing.T) {
	s := newStage(t, &play{}, tale(2))
	s.run("--bilingual").must(t, 0)
	first, _, _ := strings.Cut(tale(2), "\n")
	if output := s.read("book.fr.txt"); !strings.Contains(output, pseudo.Accent(first)) || !strings.Contains(output, first) {
		t.Error(output)
	}
}

// TestSignalsWhileWaiting interrupts twice while nothing is in flight, because a
// limit is waited for.
func TestSignalsWhileWaiting(t *testing.T) {
	signals := make(chan os.Signal, 2)
	eng := &play{}
	eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n > 1 {
			return engine.Response{}, &engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, Limit: 6000, RetryAfter: time.Hour}, true
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(8))
	s.config.Signals = signals
	s.waits = func() { signals <- os.Interrupt; signals <- os.Interrupt }
	s.run("--concurrency", "1").must(t, 130, "1 of 4 segments")
}
