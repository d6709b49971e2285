package standin_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/genai"

	"verso/tests/standin"
)

// struck starts a stand-in with one rule and asks once.
func struck(t *testing.T, rule standin.Rule) (*standin.Gemini, *genai.GenerateContentResponse, error) {
	t.Helper()
	server, client := start(t, standin.Config{Rules: []standin.Rule{rule}})
	response, err := client.ask(t.Context(), blocks("The ship left in 1851.", "It came back."))
	return server, response, err
}

func TestCandidateFaults(t *testing.T) {
	for fault, reason := range map[standin.Fault]genai.FinishReason{
		standin.Safety:            genai.FinishReasonSafety,
		standin.Recitation:        genai.FinishReasonRecitation,
		standin.ProhibitedContent: genai.FinishReasonProhibitedContent,
		standin.Blocklist:         genai.FinishReasonBlocklist,
		standin.SPII:              genai.FinishReasonSPII,
		standin.LanguageReason:    genai.FinishReasonLanguage,
		standin.OtherReason:       genai.FinishReasonOther,
		standin.EmptyCandidate:    genai.FinishReasonStop,
	} {
		t.Run(string(fault), func(t *testing.T) {
			_, response, err := struck(t, standin.Rule{Fault: fault})
			if err != nil {
				t.Fatal(err)
			}
			if len(response.Candidates) != 1 || response.Candidates[0].FinishReason != reason || response.Text() != "" {
				t.Errorf("candidates %+v", response.Candidates)
			}
			if response.UsageMetadata.PromptTokenCount == 0 {
				t.Error("no usage")
			}
		})
	}
}

func TestNoCandidates(t *testing.T) {
	tests := []struct {
		rule standin.Rule
		want genai.BlockedReason
	}{
		{standin.Rule{Fault: standin.BlockedPrompt}, genai.BlockedReasonProhibitedContent},
		{standin.Rule{Fault: standin.BlockedPrompt, Reason: "SAFETY"}, genai.BlockedReasonSafety},
		{standin.Rule{Fault: standin.NoCandidates}, ""},
	}
	for _, test := range tests {
		_, response, err := struck(t, test.rule)
		if err != nil {
			t.Fatal(err)
		}
		var reason genai.BlockedReason
		if response.PromptFeedback != nil {
			reason = response.PromptFeedback.BlockReason
		}
		if len(response.Candidates) != 0 || reason != test.want {
			t.Errorf("%d candidates, reason %q, want %q", len(response.Candidates), reason, test.want)
		}
	}
}

func TestTextFaults(t *testing.T) {
	tests := []struct {
		fault  standin.Fault
		reason genai.FinishReason
		right  func(text string) bool
	}{
		{standin.TruncatedJSON, genai.FinishReasonStop, func(s string) bool { return strings.HasPrefix(s, `{"blocks":[{`) }},
		{standin.MaxTokens, genai.FinishReasonMaxTokens, func(s string) bool { return strings.HasPrefix(s, `{"blocks":[{`) }},
		{standin.Reasoning, genai.FinishReasonStop, func(s string) bool { return strings.Contains(s, "```json\n{\"blocks\":[{") }},
		{standin.RefusalInstead, genai.FinishReasonStop, func(s string) bool { return strings.HasSuffix(s, ".") }},
		{standin.EmptyAnswer, genai.FinishReasonStop, func(s string) bool { return s == "" }},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			_, response, err := struck(t, standin.Rule{Fault: test.fault})
			if err != nil {
				t.Fatal(err)
			}
			text := response.Text()
			if json.Valid([]byte(text)) || !test.right(text) || response.Candidates[0].FinishReason != test.reason {
				t.Errorf("finish reason %q, text %q", response.Candidates[0].FinishReason, text)
			}
		})
	}
}

// TestMaxTokensOverASize is what lets halving help.
func TestMaxTokensOverASize(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.MaxTokens, Over: 20}}})
	client.answer(blocks("Twenty characters ok"))
	response, err := client.ask(t.Context(), blocks("Twenty characters ok", "!"))
	if err != nil {
		t.Fatal(err)
	}
	if reason := response.Candidates[0].FinishReason; reason != genai.FinishReasonMaxTokens {
		t.Errorf("finish reason %q", reason)
	}
}

func TestStatusFaults(t *testing.T) {
	tests := []struct {
		fault  standin.Fault
		code   int
		status string
	}{
		{standin.Exhausted, 429, "RESOURCE_EXHAUSTED"},
		{standin.ServerError, 500, "INTERNAL"},
		{standin.Unavailable, 503, "UNAVAILABLE"},
		{standin.Timeout504, 504, "DEADLINE_EXCEEDED"},
		{standin.ModelGone, 404, "NOT_FOUND"},
		{standin.TooLong, 400, "INVALID_ARGUMENT"},
		{standin.BadRequest, 400, "INVALID_ARGUMENT"},
		{standin.WrongLocation, 400, "FAILED_PRECONDITION"},
		{standin.BadGateway, 502, "502 Bad Gateway"},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			server, _, err := struck(t, standin.Rule{Fault: test.fault})
			failed := refused(t, err)
			if failed.Code != test.code || failed.Status != test.status {
				t.Errorf("got %d %s", failed.Code, failed.Status)
			}
			if entry := server.Requests()[0]; entry.Status != test.code || entry.Fault != test.fault {
				t.Errorf("noted %d %s", entry.Status, entry.Fault)
			}
		})
	}
}

func TestQuotaFaults(t *testing.T) {
	tests := []struct {
		rule                    standin.Rule
		quota, value, delay, by string
	}{
		{standin.Rule{Fault: standin.RateLimitedMinute}, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "10", "26s", "requests"},
		{standin.Rule{Fault: standin.RateLimitedTokens, Quota: 99}, "GenerateContentInputTokensPerModelPerMinute-FreeTier", "99", "26s", "input_token_count"},
		{standin.Rule{Fault: standin.QuotaDay, RetryDelay: 1500 * time.Millisecond}, "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250", "1.500s", "requests"},
	}
	for _, test := range tests {
		t.Run(string(test.rule.Fault), func(t *testing.T) {
			_, _, err := struck(t, test.rule)
			failed := refused(t, err)
			if failed.Code != 429 || failed.Status != "RESOURCE_EXHAUSTED" {
				t.Fatalf("got %d %s", failed.Code, failed.Status)
			}
			violation := detail(t, failed, "QuotaFailure")["violations"].([]any)[0].(map[string]any)
			metric, _ := violation["quotaMetric"].(string)
			if violation["quotaId"] != test.quota || violation["quotaValue"] != test.value || !strings.HasSuffix(metric, test.by) {
				t.Errorf("violation %v", violation)
			}
			if delay := detail(t, failed, "RetryInfo")["retryDelay"]; delay != test.delay {
				t.Errorf("delay %v", delay)
			}
		})
	}
}

// TestRetryAfter looks at the header past the SDK, which drops it.
func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		delay time.Duration
		want  string
	}{{0, ""}, {1500 * time.Millisecond, "2"}} {
		server := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Unavailable, RetryDelay: test.delay, Kind: standin.Lookup}}})
		response := get(t, server.URL+"/v1beta/models?key="+key)
		if got := response.Header.Get("Retry-After"); response.StatusCode != 503 || got != test.want {
			t.Errorf("status %d, Retry-After %q, want %q", response.StatusCode, got, test.want)
		}
	}
}

func TestConnectionFaults(t *testing.T) {
	tests := []struct {
		fault standin.Fault
		right func(error) bool
	}{
		{standin.Reset, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) }},
		{standin.ResetInBody, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{standin.HalfBody, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{standin.NotJSON, func(err error) bool { return strings.Contains(err.Error(), "invalid character '<'") }},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			_, _, err := struck(t, standin.Rule{Fault: test.fault})
			if err == nil || !test.right(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHangUntilTheClientGoes(t *testing.T) {
	server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Hang}}})
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() { asked <- second(client.ask(ctx, blocks("One."))) }()
	server.MustAwait(t, func(all []standin.Request) bool { return len(all) == 1 && all[0].Fault == standin.Hang })
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	server.MustAwait(t, func(all []standin.Request) bool { return all[0].Gone && all[0].Status == 0 && !all[0].Ended.IsZero() })
}

// TestCloseEndsWhatHangs closes while requests hang in every way there is.
func TestCloseEndsWhatHangs(t *testing.T) {
	for _, config := range []standin.Config{
		{Rules: []standin.Rule{{Fault: standin.Hang}}},
		{Rules: []standin.Rule{{Fault: standin.SlowDrip, Delay: time.Hour}}},
		{Latency: time.Hour},
	} {
		server, client := start(t, config)
		asked := make(chan error)
		for range 5 {
			go func() { asked <- second(client.ask(t.Context(), blocks("One."))) }()
		}
		server.MustAwait(t, func(all []standin.Request) bool { return len(all) == 5 })
		server.Close()
		for range 5 {
			if err := <-asked; err == nil {
				t.Error("answered")
			}
		}
		for _, request := range server.Requests() {
			if request.Gone || request.Ended.IsZero() {
				t.Errorf("noted gone %v, ended %v", request.Gone, request.Ended)
			}
		}
		server.Close() // a second time does no harm
	}
}

func TestSlowDrip(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.SlowDrip, Delay: time.Microsecond}}})
	list := blocks("One.")
	if got := client.answer(list); got[0] != good(list)[0] {
		t.Errorf("got %v", got)
	}
}

func TestHugeAnswer(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.HugeAnswer, Bytes: 3 << 20}}})
	list := blocks("One.", "Two.")
	got := client.answer(list)
	if len(got) != 2 || len(got[0].Text) < 3<<20 || got[1] != good(list)[1] {
		t.Errorf("%d blocks", len(got))
	}
}
