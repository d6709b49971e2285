package gemini_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
)

// apiError is an error body of Google's form.
func apiError(code int, status, message string, details ...string) string {
	written, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"error":{"code":%d,"message":%s,"status":%q,"details":[%s]}}`, code, written, status, strings.Join(details, ","))
}

func errorInfo(reason string) string {
	return `{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"` + reason + `","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}`
}

func retryInfo(delay string) string {
	return `{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"` + delay + `"}`
}

// quotaFailure names limits, each as metric, id and value.
func quotaFailure(limits ...[3]string) string {
	var violations []string
	for _, limit := range limits {
		violation := `{"quotaMetric":"generativelanguage.googleapis.com/` + limit[0] + `","quotaId":"` + limit[1] + `"`
		if limit[2] != "" {
			violation += `,"quotaValue":` + limit[2]
		}
		violations = append(violations, violation+`}`)
	}
	return `{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[` + strings.Join(violations, ",") + `]}`
}

const page = "<!DOCTYPE html><html><title>502 Bad Gateway</title></html>"

func TestRefusals(t *testing.T) {
	// In California it is half past twelve, in summer.
	noon := time.Date(2026, 7, 1, 19, 30, 0, 0, time.UTC)
	requestsMinute := [3]string{"generate_content_free_tier_requests", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", `"15"`}
	tokensMinute := [3]string{"generate_content_paid_tier_input_token_count", "GenerateContentPaidTierInputTokensPerModelPerMinute", `"4000000"`}
	requestsDay := [3]string{"generate_content_free_tier_requests", "GenerateRequestsPerDayPerProjectPerModel-FreeTier", `"20"`}
	unvalued := func(limit [3]string) [3]string { return [3]string{limit[0], limit[1], ""} }
	midnight := time.Date(2026, 7, 2, 7, 0, 0, 0, time.UTC)
	const exhausted = "You exceeded your current quota, please check your plan and billing details."

	tests := []struct {
		name   string
		status int
		header string // of Retry-After
		body   string
		want   engine.Error // without Err; Detail is a part of it
	}{
		{"requests a minute", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure(requestsMinute), retryInfo("26s")),
			engine.Error{Kind: engine.RateLimited, RetryAfter: 26 * time.Second, Measure: engine.Requests, Limit: 15}},
		{"tokens a minute", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure(tokensMinute), retryInfo("43.578569677s")),
			engine.Error{Kind: engine.RateLimited, RetryAfter: 43578569677, Measure: engine.InputTokens, Limit: 4_000_000}},
		{"a limit as a number", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure([3]string{requestsMinute[0], requestsMinute[1], "15"})),
			engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, Limit: 15}},
		{"a limit that is no number", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure([3]string{requestsMinute[0], requestsMinute[1], `"many"`})),
			engine.Error{Kind: engine.RateLimited, Measure: engine.Requests}},
		{"a limit that is not told", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure(unvalued(tokensMinute)), retryInfo("7s")),
			engine.Error{Kind: engine.RateLimited, RetryAfter: 7 * time.Second, Measure: engine.InputTokens}},
		{"a limit of an older answer", 429, "", apiError(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Generate Content API requests per minute'",
			`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"GenerateContentRequestsPerMinutePerProjectPerRegion","quota_metric":"generativelanguage.googleapis.com/generate_content_requests","quota_limit_value":"60"}}`),
			engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, Limit: 60}},
		{"the header is longer", 429, "60", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure(requestsMinute), retryInfo("26s")),
			engine.Error{Kind: engine.RateLimited, RetryAfter: time.Minute, Measure: engine.Requests, Limit: 15}},
		{"the header is shorter", 429, "5", apiError(429, "RESOURCE_EXHAUSTED", exhausted, retryInfo("26s")),
			engine.Error{Kind: engine.RateLimited, RetryAfter: 26 * time.Second}},
		{"the header is a date", 429, noon.Add(90 * time.Second).Format(http.TimeFormat), apiError(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
			engine.Error{Kind: engine.RateLimited, RetryAfter: 90 * time.Second}},
		{"the header is over", 429, noon.Add(-time.Hour).Format(http.TimeFormat), "", engine.Error{Kind: engine.RateLimited}},
		{"the header is nonsense", 429, "soon", "", engine.Error{Kind: engine.RateLimited}},
		{"a delay below nothing", 429, "-5", apiError(429, "RESOURCE_EXHAUSTED", exhausted, retryInfo("-3s")), engine.Error{Kind: engine.RateLimited}},
		{"a delay of a thousand years", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, retryInfo("2562047h")), engine.Error{Kind: engine.RateLimited, RetryAfter: 24 * time.Hour}},
		{"no details", 429, "", apiError(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."), engine.Error{Kind: engine.RateLimited}},
		{"a proxy's limit", 429, "12", page, engine.Error{Kind: engine.RateLimited, RetryAfter: 12 * time.Second}},
		{"details of other types", 429, "", `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":1},{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":"x"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":{"seconds":3}}]}}`,
			engine.Error{Kind: engine.RateLimited}},
		{"in a list", 429, "", "[" + apiError(429, "RESOURCE_EXHAUSTED", exhausted, retryInfo("3s")) + "]", engine.Error{Kind: engine.RateLimited, RetryAfter: 3 * time.Second}},

		{"requests a day", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted+"\n* Quota exceeded for metric: generate_content_free_tier_requests, limit: 20, model: gemini-2.5-flash", quotaFailure(requestsDay), retryInfo("39s")),
			engine.Error{Kind: engine.QuotaExhausted, Until: midnight, RetryAfter: 39 * time.Second}},
		{"a day and a minute", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure(requestsMinute, requestsDay)),
			engine.Error{Kind: engine.QuotaExhausted, Until: midnight}},
		{"a day by its metric", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure([3]string{"generate_requests_per_model_per_day", "", ""})),
			engine.Error{Kind: engine.QuotaExhausted, Until: midnight}},
		{"a day and longer", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted, quotaFailure(requestsDay), retryInfo("72000s")),
			engine.Error{Kind: engine.QuotaExhausted, Until: noon.Add(20 * time.Hour), RetryAfter: 20 * time.Hour}},

		{"a plan without the model", 429, "", apiError(429, "RESOURCE_EXHAUSTED", exhausted+"\n* Quota exceeded for metric: a, limit: 0, model: gemini-2.5-pro\n* Quota exceeded for metric: b, limit: 0, model: gemini-2.5-pro\nPlease retry in 20.04466179s.",
			quotaFailure(unvalued(requestsMinute), unvalued(requestsDay)), retryInfo("20s")),
			engine.Error{Kind: engine.ModelRefused, Detail: "plan"}},
		{"one limit of two is zero", 429, "", apiError(429, "RESOURCE_EXHAUSTED", "Quota exceeded: limit: 0, model: m, limit: 100, model: m", quotaFailure(requestsMinute)),
			engine.Error{Kind: engine.RateLimited, Measure: engine.Requests, Limit: 15}},
		{"credit used up", 429, "", apiError(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing."),
			engine.Error{Kind: engine.KeyRefused, Detail: "billing"}},
		{"spending cap", 429, "", apiError(429, "RESOURCE_EXHAUSTED", "Your project has exceeded its monthly spending cap."),
			engine.Error{Kind: engine.KeyRefused, Detail: "billing"}},

		{"a wrong key", 400, "", apiError(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", errorInfo("API_KEY_INVALID")), engine.Error{Kind: engine.KeyRefused}},
		{"a wrong key without a reason", 400, "", apiError(400, "INVALID_ARGUMENT", "API Key not found. Please pass a valid API key."), engine.Error{Kind: engine.KeyRefused}},
		{"an expired key", 400, "", apiError(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", errorInfo("API_KEY_INVALID")), engine.Error{Kind: engine.KeyRefused, Detail: "expired"}},
		{"not signed in", 401, "", apiError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", errorInfo("ACCESS_TOKEN_TYPE_UNSUPPORTED")), engine.Error{Kind: engine.KeyRefused}},
		{"no permission", 403, "", apiError(403, "PERMISSION_DENIED", "The caller does not have permission"), engine.Error{Kind: engine.KeyRefused}},
		{"a leaked key", 403, "", apiError(403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key."), engine.Error{Kind: engine.KeyRefused, Detail: "in public"}},
		{"a suspended key", 403, "", apiError(403, "PERMISSION_DENIED", "Permission denied: Consumer 'api_key:"+testKey+"' has been suspended.", errorInfo("CONSUMER_SUSPENDED")), engine.Error{Kind: engine.KeyRefused, Detail: "suspended"}},
		{"a restricted key", 403, "", apiError(403, "PERMISSION_DENIED", "Requests to this API method are blocked.", errorInfo("API_KEY_SERVICE_BLOCKED")), engine.Error{Kind: engine.KeyRefused, Detail: "restrictions"}},
		{"an API switched off", 403, "", apiError(403, "PERMISSION_DENIED", "Generative Language API has not been used in project 1 before or it is disabled.", errorInfo("SERVICE_DISABLED")), engine.Error{Kind: engine.KeyRefused, Detail: "switched on"}},
		{"to be paid", 402, "", apiError(402, "", "Please set up billing."), engine.Error{Kind: engine.KeyRefused, Detail: "billing"}},
		{"the wrong country", 400, "", apiError(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), engine.Error{Kind: engine.KeyRefused, Detail: "where this server stands"}},
		{"no billing", 400, "", apiError(400, "FAILED_PRECONDITION", "Gemini API free tier is not available in your country. Please enable billing on your project."), engine.Error{Kind: engine.KeyRefused, Detail: "billing"}},
		{"another condition", 400, "", apiError(400, "FAILED_PRECONDITION", "Precondition check failed."), engine.Error{Kind: engine.KeyRefused, Detail: "condition"}},

		{"no such model", 404, "", apiError(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta, or is not supported for generateContent."), engine.Error{Kind: engine.ModelRefused}},
		{"a retired model", 404, "", apiError(404, "NOT_FOUND", "This model models/gemini-2.5-pro is no longer available."), engine.Error{Kind: engine.ModelRefused}},
		{"not a model's name", 400, "", apiError(400, "INVALID_ARGUMENT", "* GenerateContentRequest.model: unexpected model name format"), engine.Error{Kind: engine.ModelRefused}},
		{"a model without JSON", 400, "", apiError(400, "INVALID_ARGUMENT", "JSON mode is not enabled for models/gemma-3-27b-it"), engine.Error{Kind: engine.ModelRefused}},
		{"a model that thinks otherwise", 400, "", apiError(400, "INVALID_ARGUMENT", "Thinking level is not supported for this model."), engine.Error{Kind: engine.ModelRefused}},
		{"a model not open to the key", 403, "", apiError(403, "PERMISSION_DENIED", "You do not have permission to access the model."), engine.Error{Kind: engine.ModelRefused}},

		{"too long", 400, "", apiError(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."), engine.Error{Kind: engine.Unsuitable}},
		{"quoted back", 400, "", apiError(400, "INVALID_ARGUMENT", `Invalid value at 'contents' (Call me <1>Ishmael</1> & \"go\".)`), engine.Error{Kind: engine.Unsuitable}},
		{"too large", 413, "", page, engine.Error{Kind: engine.Unsuitable}},

		{"a server's error", 500, "", apiError(500, "INTERNAL", "An internal error has occurred."), engine.Error{Kind: engine.ServerFailed}},
		{"a gateway's error", 502, "", page, engine.Error{Kind: engine.ServerFailed}},
		{"overloaded", 503, "17", apiError(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), engine.Error{Kind: engine.ServerFailed, RetryAfter: 17 * time.Second}},
		{"too slow", 504, "", apiError(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), engine.Error{Kind: engine.ServerFailed}},
		{"overloaded otherwise", 529, "", "", engine.Error{Kind: engine.ServerFailed}},
		{"given up", 499, "", apiError(499, "CANCELLED", "The operation was cancelled."), engine.Error{Kind: engine.ServerFailed}},
		{"a proxy's 400", 400, "", page, engine.Error{Kind: engine.ServerFailed}},
		{"a proxy's 401", 401, "", page, engine.Error{Kind: engine.ServerFailed}},
		{"a proxy's 403", 403, "", page, engine.Error{Kind: engine.ServerFailed}},
		{"a wrong address", 404, "", "404 page not found", engine.Error{Kind: engine.ServerFailed}},
		{"another API's 404", 404, "", `{"error":"no such route"}`, engine.Error{Kind: engine.ServerFailed}},
		{"a redirect", 302, "", "", engine.Error{Kind: engine.ServerFailed}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := newEngine(t, gemini.Config{
				Now: func() time.Time { return noon },
				Transport: roundTrip(func(*http.Request) (*http.Response, error) {
					refused := answer(test.status, test.body)
					if test.header != "" {
						refused.Header.Set("Retry-After", test.header)
					}
					return refused, nil
				}),
			})
			_, err := e.Translate(within(t), request())
			got := *failureOf(t, err)
			if !strings.Contains(got.Detail, test.want.Detail) || (got.Detail == "") != (test.want.Detail == "") {
				t.Errorf("detail %q", got.Detail)
			}
			if !got.Until.Equal(test.want.Until) {
				t.Errorf("until %v", got.Until)
			}
			if got.Kind != test.want.Kind || got.RetryAfter != test.want.RetryAfter || got.Measure != test.want.Measure || got.Limit != test.want.Limit {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestDaysEndInCalifornia goes through a year's days, two of which do not have
// 24 hours.
func TestDaysEndInCalifornia(t *testing.T) {
	tests := []struct{ now, until string }{
		{"2026-01-15T07:59:59Z", "2026-01-15T08:00:00Z"},
		{"2026-01-15T08:00:00Z", "2026-01-16T08:00:00Z"},
		{"2026-03-08T08:30:00Z", "2026-03-09T07:00:00Z"},
		{"2026-07-01T07:00:00Z", "2026-07-02T07:00:00Z"},
		{"2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z"},
		{"2026-12-31T23:00:00Z", "2027-01-01T08:00:00Z"},
	}
	body := apiError(429, "RESOURCE_EXHAUSTED", "", quotaFailure([3]string{"m", "GenerateRequestsPerDayPerProjectPerModel", ""}))
	for _, test := range tests {
		t.Run(test.now, func(t *testing.T) {
			now, _ := time.Parse(time.RFC3339, test.now)
			until, _ := time.Parse(time.RFC3339, test.until)
			e := newEngine(t, gemini.Config{Now: func() time.Time { return now }, Transport: canned(429, body)})
			_, err := e.Translate(within(t), request())
			if got := failureOf(t, err).Until; !got.Equal(until) {
				t.Errorf("until %v", got.UTC())
			}
		})
	}
}

// TestWhatARefusalSays keeps what an operator needs in the log, on one line.
func TestWhatARefusalSays(t *testing.T) {
	body := apiError(403, "PERMISSION_DENIED", "Consumer 'api_key:"+testKey+"'\nhas been suspended. "+strings.Repeat("x", 500), errorInfo("CONSUMER_SUSPENDED"))
	e := newEngine(t, gemini.Config{Transport: canned(403, body)})
	_, err := e.Translate(within(t), request())
	said := failureOf(t, err).Error()
	for _, want := range []string{"403", "PERMISSION_DENIED", "CONSUMER_SUSPENDED", "api_key:[API key]' has been suspended"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in %q", want, said)
		}
	}
	if len(said) > 450 || strings.Contains(said, "\n") {
		t.Errorf("%d bytes: %q", len(said), said)
	}
}
