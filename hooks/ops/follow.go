package ops

import (
	"maps"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/requestid"
)

const (
	// followRequestsPriority stands outside everything else, so that every answer
	// has the id.
	followRequestsPriority = countRequestsPriority - 1
	// noteRequestPriority stands just inside the activity logger, which writes down
	// what it finds when everything else is done.
	noteRequestPriority = apis.DefaultActivityLoggerMiddlewarePriority + 2
)

// followRequests gives every request its id: in its context, and in its answer.
func followRequests() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoFollowRequests",
		Priority: followRequestsPriority,
		Func: func(e *core.RequestEvent) error {
			id := requestid.Of(e.Request.Header.Get(requestid.Header))
			e.Request = e.Request.WithContext(requestid.With(e.Request.Context(), id))
			e.Response.Header().Set(requestid.Header, id)
			return e.Next()
		},
	}
}

// noteRequest has the request log hold the id, beside what PocketBase notes there.
func noteRequest() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoNoteRequest",
		Priority: noteRequestPriority,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			noted := map[string]any{requestid.Attribute: requestid.From(e.Request.Context())}
			if others, ok := e.Get(apis.RequestEventKeyLogMeta).(map[string]any); ok {
				maps.Copy(noted, others)
			}
			e.Set(apis.RequestEventKeyLogMeta, noted)
			return err
		},
	}
}
