package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/refusal"
)

// errorDetailPriority stands just outside panic recovery, so that a panic's
// answer has the same form as any other.
const errorDetailPriority = apis.DefaultPanicRecoverMiddlewarePriority - 1

// errorPolicy lets an error do nothing and be shown in nothing, whatever a browser
// takes it for.
const errorPolicy = "default-src 'none'; frame-ancestors 'none'"

// errorAnswer is PocketBase's error with the message once more as "detail",
// which clients of FastAPI services read.
type errorAnswer struct {
	Status  int            `json:"status"`
	Message string         `json:"message"`
	Detail  string         `json:"detail"`
	Data    map[string]any `json:"data"`
}

// errorDetail answers errors, and hands them on so that they are logged.
func errorDetail() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoErrorDetail",
		Priority: errorDetailPriority,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			if err == nil || e.Written() || errors.Is(err, http.ErrAbortHandler) {
				return err
			}
			answer := router.ToApiError(err)
			if answer.Status == http.StatusTooManyRequests && e.Response.Header().Get("Retry-After") == "" {
				answer = tooManyRequests(e)
			}
			data := answer.Data
			if data == nil {
				data = map[string]any{}
			}
			e.Response.Header().Set("Content-Type", "application/json")
			e.Response.Header().Del("Content-Disposition")
			e.Response.Header().Set("Content-Security-Policy", errorPolicy)
			e.Response.WriteHeader(answer.Status)
			if e.Request.Method != http.MethodHead {
				// A client that is gone cannot be told anything.
				_ = json.NewEncoder(e.Response).Encode(errorAnswer{answer.Status, answer.Message, answer.Message, data})
			}
			return err
		},
	}
}

// tooManyRequests says what PocketBase's limits per address leave out: what to do,
// and when at the latest the window of any of them has passed.
func tooManyRequests(e *core.RequestEvent) *router.ApiError {
	longest := int64(1)
	for _, rule := range e.App.Settings().RateLimits.Rules {
		longest = max(longest, rule.Duration)
	}
	e.Response.Header().Set("Retry-After", strconv.FormatInt(longest, 10))
	return refusal.New(http.StatusTooManyRequests, refusal.RateLimited, "Too many requests came from this address. Wait a few seconds, then try again.", nil)
}
