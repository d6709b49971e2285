package standin

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Limits are counted for each key and model apart. A request that exceeds one
// is answered 429 and counts for none.
type Limits struct {
	// RequestsPerMinute and TokensPerMinute bound the generateContent requests
	// and their input tokens within any Window. 0 is no bound.
	RequestsPerMinute, TokensPerMinute int
	// RequestsPerDay bounds the requests between two midnights Pacific time.
	// 0 is no bound.
	RequestsPerDay int
	// Window is how long a "minute" is. Default: a minute.
	Window time.Duration
}

// limiter counts what was let through.
type limiter struct {
	sync.Mutex
	limits Limits
	passed map[project][]passage
	days   map[project]*day
}

type project struct{ key, model string }

type passage struct {
	at     time.Time
	tokens int
}

type day struct {
	ends     time.Time
	requests int
}

// take lets a request through or returns the 429 that tells how long to wait:
// asked again after exactly that time, and alone, it would pass, unless it is
// larger than the limit of tokens itself.
func (l *limiter) take(key, model string, tokens int, now time.Time) *failure {
	l.Lock()
	defer l.Unlock()
	if l.passed == nil {
		l.passed, l.days = map[project][]passage{}, map[project]*day{}
	}
	at := project{key, model}
	today := l.days[at]
	if today == nil || !now.Before(today.ends) {
		today = &day{ends: midnightPacific(now)}
		l.days[at] = today
	}
	if l.limits.RequestsPerDay > 0 && today.requests >= l.limits.RequestsPerDay {
		return exceeded(QuotaDay, model, l.limits.RequestsPerDay, today.ends.Sub(now))
	}

	window := cmp.Or(l.limits.Window, time.Minute)
	recent := slices.DeleteFunc(l.passed[at], func(p passage) bool { return !now.Before(p.at.Add(window)) })
	l.passed[at] = recent
	if limit := l.limits.RequestsPerMinute; limit > 0 && len(recent) >= limit {
		free := recent[len(recent)-limit].at.Add(window)
		return exceeded(RateLimitedMinute, model, limit, free.Sub(now))
	}
	if limit := l.limits.TokensPerMinute; limit > 0 {
		if tokens > limit { // it will never pass
			return exceeded(RateLimitedTokens, model, limit, window)
		}
		if free := tokensFree(recent, limit-tokens); !free.IsZero() {
			return exceeded(RateLimitedTokens, model, limit, free.Add(window).Sub(now))
		}
	}
	l.passed[at] = append(recent, passage{now, tokens})
	today.requests++
	return nil
}

// tokensFree returns which passage must leave the window so that what is left
// is within a number of tokens, or zero where it is already.
func tokensFree(recent []passage, room int) time.Time {
	sum := 0
	for _, p := range recent {
		sum += p.tokens
	}
	var last time.Time
	for _, p := range recent {
		if sum <= room {
			break
		}
		sum -= p.tokens
		last = p.at
	}
	return last
}

// midnightPacific returns the next midnight in California. Where the machine
// knows no time zones it is that of standard time, an hour late in summer.
func midnightPacific(now time.Time) time.Time {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		pacific = time.FixedZone("PST", -8*60*60)
	}
	year, month, day := now.In(pacific).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, pacific)
}

// exceeded is Google's 429, which names the limit and says when to come back.
func exceeded(fault Fault, model string, limit int, wait time.Duration) *failure {
	metric, id := "generate_content_free_tier_requests", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
	switch fault {
	case RateLimitedTokens:
		metric, id = "generate_content_free_tier_input_token_count", "GenerateContentInputTokensPerModelPerMinute-FreeTier"
	case QuotaDay:
		id = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
	}
	metric = service + "/" + metric
	return &failure{
		Code: http.StatusTooManyRequests,
		Message: fmt.Sprintf("You exceeded your current quota, please check your plan and billing details. "+
			"For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. "+
			"To monitor your current usage, head to: https://ai.dev/rate-limit. \n"+
			"* Quota exceeded for metric: %s, limit: %d, model: %s\nPlease retry in %s.", metric, limit, model, wait),
		Status: "RESOURCE_EXHAUSTED",
		Details: []map[string]any{
			{
				"@type": "type.googleapis.com/google.rpc.Help",
				"links": []map[string]string{{
					"description": "Learn more about Gemini API quotas",
					"url":         "https://ai.google.dev/gemini-api/docs/rate-limits",
				}},
			},
			{
				"@type": "type.googleapis.com/google.rpc.QuotaFailure",
				"violations": []map[string]any{{
					"quotaMetric":     metric,
					"quotaId":         id,
					"quotaDimensions": map[string]string{"location": "global", "model": model},
					"quotaValue":      strconv.Itoa(limit),
				}},
			},
			{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": protoDuration(wait)},
		},
	}
}

// protoDuration writes a duration as protobuf's JSON does: seconds, with as
// many decimals as it takes, rounded up to the millisecond.
func protoDuration(d time.Duration) string {
	if rest := d % time.Millisecond; rest > 0 {
		d += time.Millisecond - rest
	}
	if d%time.Second == 0 {
		return strconv.FormatInt(int64(d/time.Second), 10) + "s"
	}
	return fmt.Sprintf("%.3fs", d.Seconds())
}
