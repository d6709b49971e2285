package clerkauth

import (
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/records"
)

// streamLifetime is how long a realtime stream lasts before it has to come back
// with a fresh token. PocketBase looks at a stream's token once, when something is
// subscribed to, and Clerk's live a minute; clients reconnect by themselves.
const streamLifetime = 5 * time.Minute

const (
	// claimsKey is where a request keeps what its session token claims.
	claimsKey = "clerkClaims"
	// streamUserKey is where a realtime client keeps whose stream it is.
	streamUserKey = "clerkStreamUser"
)

// bindStreams ties realtime streams to the sessions that opened them.
func (p *plugin) bindStreams(app core.App) {
	app.OnRealtimeConnectRequest().BindFunc(func(e *core.RealtimeConnectRequestEvent) error {
		e.MaxTimeout = streamLifetime
		defer func() {
			// The client may have been replaced in between.
			if user, _ := e.Client.Get(streamUserKey).(string); user != "" {
				p.sessions.detach(e.Client.Id(), user)
			}
		}()
		return e.Next()
	})
	app.OnRealtimeSubscribeRequest().BindFunc(p.subscribe)
	app.OnRecordAfterDeleteSuccess(records.CollectionUsers).BindFunc(func(e *core.RecordEvent) error {
		p.sessions.CutUser(records.NewUser(e.Record).ClerkUserID())
		return e.Next()
	})
}

// subscribe notes whose a stream is. That a stream stays its first person's is
// PocketBase's to see to.
func (p *plugin) subscribe(e *core.RealtimeSubscribeRequestEvent) error {
	claims, ok := e.Get(claimsKey).(Claims)
	if !ok {
		return e.Next() // a guest or a superuser
	}
	if !p.sessions.attach(e.Client.Id(), claims) {
		setRetryAfter(e.RequestEvent, streamLifetime/10)
		return router.NewApiError(http.StatusTooManyRequests,
			"Too many live connections are open. Close some windows of this page, then try again.",
			errors.New("limit of realtime streams of a user"))
	}
	e.Client.Set(streamUserKey, claims.UserID)
	err := e.Next()
	switch {
	case e.Client.IsDiscarded():
		p.sessions.detach(e.Client.Id(), claims.UserID) // it had ended before it was attached
	case p.sessions.check(claims) != nil:
		p.sessions.cut([]string{e.Client.Id()}) // the session was ended in between
	}
	return err
}
