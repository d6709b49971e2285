package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// errorDetailPriority stands just outside panic recovery, so that a panic's
// answer has the same form as any other.
const errorDetailPriority = apis.DefaultPanicRecoverMiddlewarePriority - 1

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
			refusal := router.ToApiError(err)
			data := refusal.Data
			if data == nil {
				data = map[string]any{}
			}
			e.Response.Header().Set("Content-Type", "application/json")
			e.Response.Header().Del("Content-Disposition")
			e.Response.WriteHeader(refusal.Status)
			if e.Request.Method != http.MethodHead {
				// A client that is gone cannot be told anything.
				_ = json.NewEncoder(e.Response).Encode(errorAnswer{refusal.Status, refusal.Message, refusal.Message, data})
			}
			return err
		},
	}
}
