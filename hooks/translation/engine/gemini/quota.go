package gemini

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"verso/hooks/translation/engine"
)

// limited fills in what a 429 means: a limit a minute, a quota of the day, or
// something that no waiting helps against.
func (e *Engine) limited(failure *engine.Error, sent *exchange, refusal refusal) {
	violations := refusal.violations()
	switch {
	case refusal.says("prepayment credits", "spending cap"):
		failure.Kind, failure.Detail = engine.KeyRefused, refusal.keyDetail()
		return
	case refusal.neverAllowed():
		failure.Kind, failure.Detail = engine.ModelRefused, "the key's plan does not include this model"
		return
	}
	failure.Kind = engine.RateLimited
	for _, limit := range violations {
		if limit.window("PerDay", "per_day") {
			failure.Kind = engine.QuotaExhausted
			failure.Until = e.dayEnds(e.retryAfter(sent.header, refusal))
			return
		}
	}
	for _, limit := range violations {
		if limit.window("PerMinute", "per_minute") {
			failure.Measure, failure.Limit = limit.measure(), limit.value
			return
		}
	}
	if len(violations) > 0 {
		failure.Measure = violations[0].measure()
	}
}

// dayEnds is when quotas of the day begin anew, at midnight in California, or
// after the wait that was asked for, if that is longer.
func (e *Engine) dayEnds(wait time.Duration) time.Time {
	now := e.now()
	year, month, day := now.In(e.midnight).Date()
	ends := time.Date(year, month, day+1, 0, 0, 0, 0, e.midnight)
	if waited := now.Add(wait); waited.After(ends) {
		return waited
	}
	return ends
}

// violation is a limit that was overstepped.
type violation struct {
	metric, id string
	// value is the limit itself, 0 where it is not told.
	value int
}

// violations lists the limits that a refusal names, in QuotaFailure, or in
// ErrorInfo as older answers do.
func (r refusal) violations() (found []violation) {
	if failure, ok := r.detail("QuotaFailure"); ok {
		listed, _ := failure["violations"].([]any)
		for _, each := range listed {
			fields, _ := each.(map[string]any)
			found = append(found, violation{text(fields["quotaMetric"]), text(fields["quotaId"]), number(fields["quotaValue"])})
		}
	}
	if info, ok := r.detail("ErrorInfo"); ok && len(found) == 0 {
		fields, _ := info["metadata"].(map[string]any)
		if id := text(fields["quota_limit"]); id != "" {
			found = append(found, violation{text(fields["quota_metric"]), id, number(fields["quota_limit_value"])})
		}
	}
	return found
}

// window reports whether the limit is one of the time that the parts of names
// stand for.
func (v violation) window(id, metric string) bool {
	return strings.Contains(v.id, id) || strings.Contains(v.metric, metric)
}

func (v violation) measure() engine.Measure {
	names := strings.ToLower(v.metric + " " + v.id)
	switch {
	case strings.Contains(names, "input_token") || strings.Contains(names, "inputtoken"):
		return engine.InputTokens
	case strings.Contains(names, "request"):
		return engine.Requests
	}
	return 0
}

// neverAllowed reports whether every limit that the message names is zero,
// which is how Google says that a plan does not include a model. Such a limit
// comes with a delay like any other, and waiting for it would never end.
func (r refusal) neverAllowed() bool {
	limits := regexp.MustCompile(`limit: (\d+)`).FindAllStringSubmatch(r.message, -1)
	return len(limits) > 0 && !slices.ContainsFunc(limits, func(limit []string) bool {
		return strings.Trim(limit[1], "0") != ""
	})
}

// number returns a decoded JSON value if it is a whole number from 1 on,
// written as one or as a string like protocol buffers write their longer ones.
func number(value any) int {
	if n, err := strconv.ParseInt(fmt.Sprint(value), 10, 32); err == nil && n > 0 {
		return int(n)
	}
	if f, ok := value.(float64); ok && f >= 1 && f <= 1<<31 {
		return int(f)
	}
	return 0
}
