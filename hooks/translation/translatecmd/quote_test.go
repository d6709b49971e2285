package translatecmd_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestQuestion(t *testing.T) {
	tests := []struct {
		name     string
		terminal bool
		input    string
		flags    []string
		code     int
		asks     bool
	}{
		{"yes", true, "y\n", nil, 0, true},
		{"yes in full", true, "Yes\n", nil, 0, true},
		{"no", true, "n\n", nil, 1, true},
		{"nothing", true, "\n", nil, 1, true},
		{"the end of the input", true, "", nil, 1, true},
		{"nobody there", false, "", nil, 2, false},
		{"told before", false, "", []string{"--yes"}, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eng := &play{paid: true}
			s := newStage(t, paidPlay{eng}, tale(8))
			s.input = test.input
			s.config.IsTerminal = func(any) bool { return test.terminal }
			got := s.run(test.flags...).must(t, test.code)
			if asks := strings.Contains(got.progress, "Translate for about $0.00"); asks != test.asks {
				t.Errorf("asked: %v\n%s", asks, got.progress)
			}
			for _, part := range []string{"book.txt (txt), from English (en) into French (fr)", "characters in 4 segments", "play, play-1: $0.00", "prices of 2026-10-07"} {
				if !strings.Contains(got.progress, part) {
					t.Errorf("%q is not in the quote:\n%s", part, got.progress)
				}
			}
			if began := len(eng.requests()) > 0; began != (test.code == 0) || s.exists("book.fr.txt") != began {
				t.Errorf("it began: %v", began)
			}
			if s.exists("book.fr.txt.verso") {
				t.Error("a sidecar is left")
			}
			if test.code == 2 && !strings.Contains(got.message, "--yes") {
				t.Errorf("the message does not say what to do: %s", got.message)
			}
		})
	}
}

func TestFreeIsNotAskedAbout(t *testing.T) {
	s := newStage(t, &play{}, tale(8))
	got := s.run().must(t, 0)
	if !strings.Contains(got.progress, "play, play-1: free") || strings.Contains(got.progress, "[y/N]") {
		t.Error(got.progress)
	}
	if got.stdout != s.path("book.fr.txt")+"\n" {
		t.Errorf("standard output is %q", got.stdout)
	}
	if s.read("book.fr.txt") != accented(tale(8)) || s.exists("book.fr.txt.verso") || s.exists("book.fr.txt.verso.tmp") {
		t.Error("the output is not the translation, or something is left")
	}
}

func TestUnknownPrice(t *testing.T) {
	eng := &play{paid: true} // and no engine.Priced
	s := newStage(t, eng, tale(4))
	s.run("--max-cost", "1", "--yes").must(t, 2, "--max-cost", "price is not known")
	s.run().must(t, 2, "--yes")
	if got := s.run("--yes").must(t, 0); !strings.Contains(got.progress, "the price of this model is not known") || !strings.Contains(got.progress, "tokens") {
		t.Error(got.progress)
	}
}

func TestQuoteAsJSON(t *testing.T) {
	eng := &play{paid: true}
	s := newStage(t, paidPlay{eng}, tale(8))
	got := s.run("--quote").must(t, 0)
	var quote map[string]any
	if err := json.Unmarshal([]byte(got.stdout), &quote); err != nil {
		t.Fatal(err)
	}
	for _, field := range strings.Fields("format source_language target_language characters segments input_tokens output_tokens thinking_tokens cost_usd prices_of key") {
		if _, ok := quote[field]; !ok {
			t.Errorf("there is no %s", field)
		}
	}
	if len(quote) != 11 || quote["key"] != "ok" || quote["segments"] != 4.0 || len(eng.requests()) > 0 || s.exists("book.fr.txt.verso") {
		t.Errorf("%v", quote)
	}
}
