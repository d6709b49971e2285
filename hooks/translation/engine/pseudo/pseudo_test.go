package pseudo_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
)

func ExampleAccent() {
	fmt.Println(pseudo.Accent("Call me <1>Ishmael</1>, said he in 1851."))
	// Output: [Çàĺĺ ṁé <1>Îšĥṁàéĺ</1>, šàîđ ĥé îñ 1851.]
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name, model, key string
		refused          bool
	}{
		{"its own model", "pseudo", "", false},
		{"a model it stands in for", "gemini-2.5-flash-lite", "AIza", false},
		{"an unknown model", "babel-fish", "", true},
		{"a key made to be refused", "pseudo", "invalid-key", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := pseudo.New(pseudo.Config{}).Check(context.Background(), test.model, test.key)
			if engine.KindOf(err).Refused() != test.refused {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSameQuestionSameAnswer(t *testing.T) {
	faulty := pseudo.New(pseudo.Config{Faults: pseudo.Faults{pseudo.FaultEcho: 0.5, pseudo.FaultMissing: 0.5}})
	for i := range 50 {
		request := engine.Request{Attempt: 1, Payload: engine.Payload{Blocks: []engine.Block{{ID: fmt.Sprint("b", i), Text: "One."}}}}
		first, _ := faulty.Translate(context.Background(), request)
		second, _ := faulty.Translate(context.Background(), request)
		if fmt.Sprint(first) != fmt.Sprint(second) {
			t.Fatalf("%v, then %v", first, second)
		}
	}
}

// TestFaultsStrikeAsOften draws each kind of fault a thousand times: a chance
// that never or always strikes would make every test that uses it idle.
func TestFaultsStrikeAsOften(t *testing.T) {
	faulty := pseudo.New(pseudo.Config{Faults: pseudo.Faults{pseudo.FaultUnavailable: 0.3}})
	struck := 0
	for i := range 1000 {
		_, err := faulty.Translate(context.Background(), engine.Request{
			Attempt: 1, Payload: engine.Payload{Blocks: []engine.Block{{ID: fmt.Sprint("b", i), Text: "One."}}},
		})
		if engine.KindOf(err) == engine.Unreachable {
			struck++
		}
	}
	if struck < 230 || struck > 370 {
		t.Errorf("a chance of 0.3 struck %d times in 1000", struck)
	}
}

func TestParseFaults(t *testing.T) {
	faults, err := pseudo.ParseFaults("missing=0.1, echo=1")
	if err != nil || faults[pseudo.FaultMissing] != 0.1 || faults[pseudo.FaultEcho] != 1 {
		t.Errorf("got %v, %v", faults, err)
	}
	for _, wrong := range []string{"missing", "missing=2", "missing=-1", "missing=NaN", "meteor=0.1", "=1"} {
		if _, err := pseudo.ParseFaults(wrong); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
}

func TestJournal(t *testing.T) {
	var journal bytes.Buffer
	watched := pseudo.New(pseudo.Config{Journal: &journal})
	_, err := watched.Translate(context.Background(), engine.Request{Payload: engine.Payload{
		Blocks: []engine.Block{{ID: "b1", Text: "secret"}, {ID: "b2", Text: "secret"}},
	}})
	if err != nil || journal.String() != "b1 b2 2\n" {
		t.Errorf("journal %q, %v", journal.String(), err)
	}
}
