package standin_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/tests/standin"
)

func TestJournal(t *testing.T) {
	server, client := start(t, standin.Config{})
	if _, err := client.Models.Get(t.Context(), model, nil); err != nil {
		t.Fatal(err)
	}
	list := blocks("One.", "Two.")
	client.answer(list)
	client.answer(list[1:])

	all := server.Requests()
	if len(all) != 3 || all[0].Kind != standin.Lookup || all[1].Kind != standin.Translation {
		t.Fatalf("%d requests: %+v", len(all), all)
	}
	first, secondOne := all[1], all[2]
	if first.Number != 1 || secondOne.Number != 2 || all[0].Number != 1 {
		t.Errorf("numbers %d, %d, %d", all[0].Number, first.Number, secondOne.Number)
	}
	if first.Path != "/v1beta/models/"+model+":generateContent" || first.Model != model {
		t.Errorf("path %q, model %q", first.Path, first.Model)
	}
	if !first.UsedKey(key) || first.UsedKey("other") || strings.Contains(first.KeyDigest, key) {
		t.Errorf("digest %q", first.KeyDigest)
	}
	if first.System != "Translate." || first.Payload.TargetLanguage != "ko" || first.Payload.SourceLanguage != "en" ||
		!slices.Equal(first.Payload.Blocks, list) {
		t.Errorf("system %q, payload %+v", first.System, first.Payload)
	}
	if !strings.HasPrefix(first.UserAgent, "google-genai-sdk/1.77.0") {
		t.Errorf("user agent %q", first.UserAgent)
	}
	if first.Status != 200 || first.InputTokens == 0 || first.Fault != "" || first.Gone {
		t.Errorf("%+v", first)
	}
	if first.Arrived.IsZero() || first.Ended.Before(first.Arrived) || secondOne.Arrived.Before(first.Ended) {
		t.Errorf("times %v, %v, %v", first.Arrived, first.Ended, secondOne.Arrived)
	}
	if got := server.Translations(); len(got) != 2 || got[0].Number != 1 {
		t.Errorf("%d translations", len(got))
	}
}

// TestInFlight holds ten requests at once and then asks one after another.
func TestInFlight(t *testing.T) {
	server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Hang, To: 10}}})
	ctx, cancel := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 10 {
		asking.Go(func() { _, _ = client.ask(ctx, blocks("One.")) })
	}
	server.MustAwait(t, func(all []standin.Request) bool { return len(all) == 10 })
	cancel()
	asking.Wait()
	server.MustAwait(t, func(all []standin.Request) bool {
		return !slices.ContainsFunc(all, func(r standin.Request) bool { return !r.Gone })
	})
	for range 200 {
		client.answer(blocks("One."))
	}
	if most := server.MostInFlight(); most != 10 {
		t.Errorf("%d in flight at most", most)
	}
	all := server.Requests()
	for i, request := range all[:10] {
		if request.InFlight != i+1 {
			t.Errorf("request %d: %d in flight", i+1, request.InFlight)
		}
	}
	// A client that knows the answer must not find its last request in flight.
	for _, request := range all[10:] {
		if request.InFlight != 1 {
			t.Errorf("request %d: %d in flight", request.Number, request.InFlight)
		}
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	server, _ := start(t, standin.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := server.Await(ctx, func([]standin.Request) bool { return false })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFullestWindow(t *testing.T) {
	begin := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	at := func(second, tokens int) standin.Request {
		return standin.Request{Kind: standin.Translation, Arrived: begin.Add(time.Duration(second) * time.Second), InputTokens: tokens}
	}
	lookup := at(1, 0)
	lookup.Kind = standin.Lookup
	tests := []struct {
		name             string
		requests         []standin.Request
		wantN, wantInput int
	}{
		{"none", nil, 0, 0},
		{"one", []standin.Request{at(0, 5)}, 1, 5},
		{"just outside", []standin.Request{at(0, 5), at(60, 6)}, 1, 6},
		{"just inside", []standin.Request{at(0, 5), at(59, 6)}, 2, 11},
		{"different windows", []standin.Request{at(0, 1), at(10, 1), at(20, 1), at(100, 50)}, 3, 50},
		{"lookups do not count", []standin.Request{at(0, 5), lookup}, 1, 5},
		{"out of order", []standin.Request{at(59, 6), at(0, 5), at(90, 1)}, 2, 11},
	}
	for _, test := range tests {
		n, input := standin.FullestWindow(test.requests, time.Minute)
		if n != test.wantN || input != test.wantInput {
			t.Errorf("%s: %d requests, %d tokens; want %d, %d", test.name, n, input, test.wantN, test.wantInput)
		}
	}
}

func TestEndedIsTold(t *testing.T) {
	ended := make(chan standin.Request, 3)
	_, client := start(t, standin.Config{
		Ended: func(request standin.Request) { ended <- request },
		Rules: []standin.Rule{{Fault: standin.Unavailable, Numbers: []int{2}}},
	})
	client.answer(blocks("One."))
	_, _ = client.ask(t.Context(), blocks("One."))
	for _, want := range []int{200, 503} {
		if got := <-ended; got.Status != want || got.Ended.IsZero() {
			t.Errorf("told %+v", got)
		}
	}
	if len(ended) != 0 {
		t.Error("told more than once")
	}
}
