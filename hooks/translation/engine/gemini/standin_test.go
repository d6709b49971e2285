package gemini_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
	"verso/tests/standin"
)

// against starts a stand-in for Google and an engine that asks it.
func against(t testing.TB, config standin.Config) (*gemini.Engine, *standin.Gemini) {
	t.Helper()
	server := standin.StartGemini(t, config)
	return newEngine(t, gemini.Config{BaseURL: server.URL}), server
}

// TestModelsOnOffer asks each of them, because the stand-in refuses what a
// model does not take.
func TestModelsOnOffer(t *testing.T) {
	e, server := against(t, standin.Config{ThoughtTokens: 11})
	known := append(e.Info().Models, "gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.5-flash")
	for _, model := range known {
		t.Run(model, func(t *testing.T) {
			if err := e.Check(within(t), model, testKey); err != nil {
				t.Error(err)
			}
			question := request()
			question.Model = model
			got, err := e.Translate(within(t), question)
			if err != nil || len(got.Blocks) != 2 || got.Blocks[0].ID != "b1" || got.Usage.InputTokens == 0 || got.Usage.OutputTokens == 0 {
				t.Fatalf("got %+v, %v", got, err)
			}
			if without := model == "gemini-2.5-flash" || model == "gemini-2.5-flash-lite"; (got.Usage.ThinkingTokens == 0) != without {
				t.Errorf("%d tokens for thoughts", got.Usage.ThinkingTokens)
			}
			if got.Blocks[0].Text != standin.Translate("ko", question.Payload.Blocks[0].Text) {
				t.Errorf("got %q", got.Blocks[0].Text)
			}
		})
	}
	for _, asked := range server.Requests() {
		if !asked.UsedKey(testKey) {
			t.Errorf("%s was asked with another key", asked.Path)
		}
	}
}

// TestFaults meets the stand-in's faults that concern an engine. Those of the
// blocks are the pipeline's to find.
func TestFaults(t *testing.T) {
	kinds := map[standin.Fault]engine.ErrorKind{
		standin.TruncatedJSON: engine.Malformed, standin.Reasoning: engine.Malformed, standin.RefusalInstead: engine.Malformed,
		standin.EmptyAnswer: engine.Malformed, standin.EmptyCandidate: engine.Malformed, standin.NoCandidates: engine.Malformed,
		standin.OtherReason: engine.Malformed, standin.MaxTokens: engine.CutOff,
		standin.Safety: engine.Blocked, standin.Recitation: engine.Blocked, standin.ProhibitedContent: engine.Blocked,
		standin.Blocklist: engine.Blocked, standin.SPII: engine.Blocked, standin.LanguageReason: engine.Blocked, standin.BlockedPrompt: engine.Blocked,
		standin.RateLimitedMinute: engine.RateLimited, standin.RateLimitedTokens: engine.RateLimited, standin.Exhausted: engine.RateLimited,
		standin.QuotaDay: engine.QuotaExhausted, standin.ServerError: engine.ServerFailed, standin.Unavailable: engine.ServerFailed,
		standin.Timeout504: engine.ServerFailed, standin.BadGateway: engine.ServerFailed, standin.NotJSON: engine.ServerFailed,
		standin.HugeAnswer: engine.ServerFailed, standin.ModelGone: engine.ModelRefused, standin.TooLong: engine.Unsuitable,
		standin.BadRequest: engine.Unsuitable, standin.WrongLocation: engine.KeyRefused, standin.WrongKey: engine.KeyRefused,
		standin.ExpiredKey: engine.KeyRefused, standin.LeakedKey: engine.KeyRefused, standin.SuspendedKey: engine.KeyRefused,
		standin.BlockedKey: engine.KeyRefused, standin.Hang: engine.Unreachable, standin.SlowDrip: engine.Unreachable,
		standin.Reset: engine.Unreachable, standin.ResetInBody: engine.Unreachable, standin.HalfBody: engine.Unreachable,
	}
	for fault, kind := range kinds {
		t.Run(string(fault), func(t *testing.T) {
			e, server := against(t, standin.Config{Rules: []standin.Rule{{Fault: fault}}})
			ctx := within(t)
			if fault == standin.Hang || fault == standin.SlowDrip {
				short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
				ctx = short
			}
			got, err := e.Translate(ctx, request())
			failed := failureOf(t, err)
			if failed.Kind != kind {
				t.Errorf("kind %v: %v", failed.Kind, err)
			}
			if kind == engine.Blocked && (failed.Detail == "" || got.Usage.InputTokens == 0) {
				t.Errorf("detail %q, usage %+v", failed.Detail, got.Usage)
			}
			if asked := len(server.Requests()); asked != 1 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

// TestLimitsAreTold reads back what the stand-in was told to say.
func TestLimitsAreTold(t *testing.T) {
	e, _ := against(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.RateLimitedMinute, Numbers: []int{1}, Quota: 15, RetryDelay: 26 * time.Second},
		{Fault: standin.RateLimitedTokens, Numbers: []int{2}, Quota: 250_000, RetryDelay: 1500 * time.Millisecond},
		{Fault: standin.Unavailable, Numbers: []int{3}, RetryDelay: 9 * time.Second},
	}})
	wants := []engine.Error{
		{Kind: engine.RateLimited, RetryAfter: 26 * time.Second, Measure: engine.Requests, Limit: 15},
		{Kind: engine.RateLimited, RetryAfter: 1500 * time.Millisecond, Measure: engine.InputTokens, Limit: 250_000},
		{Kind: engine.ServerFailed, RetryAfter: 9 * time.Second},
	}
	for _, want := range wants {
		_, err := e.Translate(within(t), request())
		got := *failureOf(t, err)
		if got.Err = nil; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, err := e.Translate(within(t), request()); err != nil {
		t.Error(err)
	}
}

// BenchmarkTranslate sends a segment of 15,000 characters in a hundred blocks
// over a loopback connection.
func BenchmarkTranslate(b *testing.B) {
	question := request()
	question.Payload.Blocks = nil
	for range 100 {
		text := strings.Repeat("Call me <1>Ishmael</1>. ", 7)[:150]
		question.Payload.Blocks = append(question.Payload.Blocks, engine.Block{ID: "b1", Text: text})
	}
	document := `{"blocks":[` + strings.TrimSuffix(strings.Repeat(`{"id":"b1","text":"`+strings.Repeat("이슈마엘이라 불러라. ", 8)+`"},`, 100), ",") + `]}`
	answered := []byte(response(document, "STOP"))
	e := serveBytes(b, answered)
	b.ReportAllocs()
	b.SetBytes(15_000)
	for b.Loop() {
		if _, err := e.Translate(b.Context(), question); err != nil {
			b.Fatal(err)
		}
	}
}
