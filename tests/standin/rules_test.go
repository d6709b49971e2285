package standin_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"verso/tests/standin"
)

// TestEveryFault has each fault strike and the answer come out otherwise.
func TestEveryFault(t *testing.T) {
	list := blocks("The <1>ship</1> left in 1851 for the whale.", "It came back.")
	config := settings("Translate.\n- \"whale\" → \"고래\"")
	calm, quiet := start(t, standin.Config{})
	want, err := quiet.Models.GenerateContent(t.Context(), model, payload(t, translation("ko", list)), config)
	if err != nil {
		t.Fatal(err)
	}
	calm.Close()
	for _, fault := range standin.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: fault, Bytes: 1 << 20}}})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if fault == standin.Hang || fault == standin.SlowDrip {
				go func() {
					_ = server.Await(ctx, func(all []standin.Request) bool { return len(all) == 1 && all[0].Fault == fault })
					cancel()
				}()
			}
			got, err := client.Models.GenerateContent(ctx, model, payload(t, translation("ko", list)), config)
			if noted := server.Requests()[0].Fault; noted != fault {
				t.Errorf("the journal says %q", noted)
			}
			if err == nil && got.Text() == want.Text() && len(got.Candidates) == 1 && got.Candidates[0].FinishReason == "STOP" {
				t.Errorf("answered well: %s", got.Text())
			}
		})
	}
}

func TestConditions(t *testing.T) {
	twice := blocks("One.", "Two.")
	tests := []struct {
		name string
		rule standin.Rule
		want []int // the numbers struck, of five requests
	}{
		{"always", standin.Rule{}, []int{1, 2, 3, 4, 5}},
		{"numbers", standin.Rule{Numbers: []int{2, 5, 9}}, []int{2, 5}},
		{"from", standin.Rule{From: 4}, []int{4, 5}},
		{"to", standin.Rule{To: 2}, []int{1, 2}},
		{"between", standin.Rule{From: 2, To: 3}, []int{2, 3}},
		{"times", standin.Rule{From: 2, Times: 2}, []int{2, 3}},
		{"this model", standin.Rule{Model: model}, []int{1, 2, 3, 4, 5}},
		{"another model", standin.Rule{Model: "gemini-2.5-pro"}, nil},
		{"this key", standin.Rule{Key: key}, []int{1, 2, 3, 4, 5}},
		{"another key", standin.Rule{Key: "other"}, nil},
		{"holding", standin.Rule{Holding: "Two"}, []int{1, 2, 3, 4, 5}},
		{"not holding", standin.Rule{Holding: "Three"}, nil},
		{"over", standin.Rule{Over: 7}, []int{1, 2, 3, 4, 5}},
		{"not over", standin.Rule{Over: 8}, nil},
		{"analyses", standin.Rule{Kind: standin.Analysis}, nil},
		{"anything", standin.Rule{Kind: standin.Anything, From: 5}, []int{5}},
		{"sure", standin.Rule{Chance: 1}, []int{1, 2, 3, 4, 5}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.rule.Fault = standin.Missing
			server, client := start(t, standin.Config{Rules: []standin.Rule{test.rule}})
			for range 5 {
				client.answer(twice)
			}
			if got := numbersStruck(server.Requests()); !slices.Equal(got, test.want) {
				t.Errorf("struck %v, want %v", got, test.want)
			}
		})
	}
}

func numbersStruck(requests []standin.Request) []int {
	var struck []int
	for _, request := range requests {
		if request.Fault != "" {
			struck = append(struck, request.Number)
		}
	}
	return struck
}

func TestFirstRuleWinsAndRulesAreReplaced(t *testing.T) {
	server, client := start(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.EmptyText, Numbers: []int{2}},
		{Fault: standin.Echo, From: 2},
	}})
	list := blocks("One.")
	var got []string
	for range 3 {
		got = append(got, client.answer(list)[0].Text)
	}
	server.Use(standin.Rule{Fault: standin.EmptyText, Numbers: []int{4}})
	for range 2 { // the numbers go on
		got = append(got, client.answer(list)[0].Text)
	}
	well := good(list)[0].Text
	if want := []string{well, "", "One.", "", well}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFaultOfALookup(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Unavailable, Kind: standin.Lookup, Times: 1}}})
	client.answer(blocks("One."))
	if failed := refused(t, second(client.Models.Get(t.Context(), model, nil))); failed.Code != 503 {
		t.Errorf("got %v", failed)
	}
	if _, err := client.Models.Get(t.Context(), model, nil); err != nil {
		t.Error(err)
	}
}

func TestUnknownFaultPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("taken")
		}
	}()
	standin.NewGemini(standin.Config{Rules: []standin.Rule{{Fault: "misspelt"}}})
}

// TestChance asks for many texts, each of them twice.
func TestChance(t *testing.T) {
	const texts, times, chance = 200, 2, 0.2
	run := func(seed uint64, backwards bool) map[string]bool {
		server, client := start(t, standin.Config{Seed: seed, Rules: []standin.Rule{{Fault: standin.EmptyText, Chance: chance}}})
		for i := range texts {
			if backwards {
				i = texts - 1 - i
			}
			for range times {
				client.answer(blocks(fmt.Sprintf("Text number %d.", i)))
			}
		}
		struck, asked := map[string]bool{}, map[string]int{}
		for _, request := range server.Requests() {
			text := request.Payload.Blocks[0].Text
			asked[text]++
			if request.Fault != "" {
				struck[fmt.Sprint(text, asked[text])] = true
			}
		}
		return struck
	}
	first := run(1, false)
	// Five standard deviations of a binomial distribution.
	tolerance := 5 * math.Sqrt(texts*times*chance*(1-chance))
	if n := float64(len(first)); math.Abs(n-texts*times*chance) > tolerance {
		t.Errorf("struck %v of %d times", n, texts*times)
	}
	same := func(a, b map[string]bool) int {
		n := 0
		for key := range a {
			if b[key] {
				n++
			}
		}
		return n
	}
	if again := run(1, true); len(again) != len(first) || same(first, again) != len(first) {
		t.Errorf("the same seed struck %d others", len(first)-same(first, again))
	}
	// Two independent runs share a fifth of what they strike.
	if other := run(2, false); same(first, other) > len(first)/2 {
		t.Errorf("another seed struck %d of the same %d", same(first, other), len(first))
	}
}

func TestParseFaults(t *testing.T) {
	rules, err := standin.ParseFaults(" missing=0.05, unavailable=1 ")
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) != 2 || rules[0].Fault != standin.Missing || rules[0].Chance != 0.05 || rules[1].Fault != standin.Unavailable {
		t.Errorf("rules %+v", rules)
	}
	if rules, err := standin.ParseFaults(""); err != nil || len(rules) != 0 {
		t.Errorf("nothing is %v, %v", rules, err)
	}
	for _, spec := range []string{"misspelt=0.1", "missing", "missing=0", "missing=1.1", "missing=NaN", "missing=x"} {
		if _, err := standin.ParseFaults(spec); err == nil {
			t.Errorf("%q is taken", spec)
		}
	}
}

func TestDelayOfARule(t *testing.T) {
	server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.ServerError, Delay: 30 * time.Millisecond}}})
	_, _ = client.ask(t.Context(), blocks("One."))
	if entry := server.Requests()[0]; entry.Ended.Sub(entry.Arrived) < 30*time.Millisecond {
		t.Errorf("answered after %v", entry.Ended.Sub(entry.Arrived))
	}
}
