package clerkauth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/records"
)

const (
	// streamLifetime is how long a realtime stream lasts before it has to come back
	// with a fresh token. PocketBase looks at a stream's token once, when something
	// is subscribed to, and Clerk's live a minute; clients reconnect by themselves.
	streamLifetime = 5 * time.Minute
	// maxTopics and maxTopicBytes bound what is subscribed to on one stream, which
	// is held in memory and looked at whenever a record changes. The page has two
	// topics of some twenty bytes.
	maxTopics, maxTopicBytes = 100, 16 << 10
)

// claimsKey is where a request keeps what its session token claims.
const claimsKey = "clerkClaims"

// bindStreams ties realtime streams to the sessions that opened them.
func (p *plugin) bindStreams(app core.App) {
	app.OnRealtimeConnectRequest().Bind(&hook.Handler[*core.RealtimeConnectRequestEvent]{
		Func:     p.connect,
		Priority: 1, // behind whoever replaces the client
	})
	app.OnRealtimeSubscribeRequest().BindFunc(p.subscribe)
	app.OnRecordAfterDeleteSuccess(records.CollectionUsers).BindFunc(func(e *core.RecordEvent) error {
		p.sessions.CutUser(records.NewUser(e.Record).ClerkUserID())
		return e.Next()
	})
}

// connect bounds a stream. One that was opened with a token is its user's at once,
// any other is nobody's until something is subscribed to with one.
func (p *plugin) connect(e *core.RealtimeConnectRequestEvent) error {
	e.MaxTimeout = streamLifetime
	ctx, end := context.WithCancel(e.Request.Context())
	defer end()
	e.Request = e.Request.WithContext(ctx)
	h := &hold{end: end, leave: func() {}}
	e.Client.Set(holdKey, h)
	defer func() { p.sessions.detach(e.Client.Id(), h.ownedBy()) }()

	if e.Auth != nil {
		if err := p.claim(e.RequestEvent, e.Client); err != nil {
			return err
		}
		return e.Next()
	}
	if e.Request.ProtoMajor == 1 { // one that is ended is not to be held as a connection
		e.Response.Header().Set("Connection", "close")
	}
	h.leave = p.sessions.unclaimed.enter(e.RealIP(), end)
	defer h.leave()
	idle := time.AfterFunc(claimTime, func() {
		if h.ownedBy() == "" && len(e.Client.Subscriptions()) == 0 {
			end()
		}
	})
	defer idle.Stop()
	return e.Next()
}

// claim makes a stream the asker's. The error is the answer to who has as many as
// allowed, or asks for somebody else's.
func (p *plugin) claim(e *core.RequestEvent, client subscriptions.Client) error {
	h := holdOf(client)
	h.mu.Lock()
	defer h.mu.Unlock()
	claims, ok := e.Get(claimsKey).(Claims)
	switch {
	case !ok && e.HasSuperuserAuth():
		h.owner = superusers
	case !ok:
		return nil // nobody that this package knows
	case h.owner != "" && h.owner != claims.UserID:
		return e.ForbiddenError("This live connection is somebody else's.", nil)
	case !p.sessions.attach(client.Id(), claims, h.end):
		setRetryAfter(e, streamLifetime/10)
		return router.NewApiError(http.StatusTooManyRequests,
			"Too many live connections are open. Close some windows of this page, then try again.",
			errors.New("limit of realtime streams of a user"))
	default:
		h.owner = claims.UserID
		if err := p.sessions.check(claims); err != nil { // it was ended in between
			p.sessions.cut(map[string]stream{client.Id(): {claims.SessionID, h.end}})
			return p.answer(e, err)
		}
	}
	h.leave()
	return nil
}

// subscribe notes whose a stream is. That a stream stays its first person's is
// PocketBase's to see to.
func (p *plugin) subscribe(e *core.RealtimeSubscribeRequestEvent) error {
	if !e.HasSuperuserAuth() && tooManyTopics(e.Subscriptions) {
		return e.BadRequestError("That are too many subscriptions for one connection. Subscribe to \"*\" in place of many ids.", nil)
	}
	if err := p.claim(e.RequestEvent, e.Client); err != nil {
		return err
	}
	err := e.Next()
	if e.Client.IsDiscarded() { // it had ended before it was claimed
		p.sessions.detach(e.Client.Id(), holdOf(e.Client).ownedBy())
	}
	return err
}

func tooManyTopics(topics []string) bool {
	bytes := 0
	for _, topic := range topics {
		bytes += len(topic)
	}
	return len(topics) > maxTopics || bytes > maxTopicBytes
}
