package clerkauth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/records"
)

const (
	// LoadSessionMiddlewareID is the id of the root middleware that turns a
	// session token into e.Auth.
	LoadSessionMiddlewareID = "clerkLoadSession"
	// LoadSessionMiddlewarePriority puts it right behind PocketBase's own
	// token loader, whose result it needs, and before everything that looks at
	// e.Auth. PocketBase's rate limit comes later, hence the limiter here.
	LoadSessionMiddlewarePriority = apis.DefaultLoadAuthTokenMiddlewarePriority + 1

	// RequireUserMiddlewareID is the id of the middleware of [RequireUser].
	RequireUserMiddlewareID = "clerkRequireUser"
)

// RequireUser returns a middleware for routes that are not for guests, who
// are answered 401. Whether a superuser may pass is the route's to decide.
func RequireUser() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: RequireUserMiddlewareID,
		Func: func(e *core.RequestEvent) error {
			if e.Auth == nil {
				return unauthorized(e, &Refusal{ReasonSessionTokenMissing,
					"Sign in with Clerk and send its session token in the Authorization header."})
			}
			return e.Next()
		},
	}
}

func (p *plugin) loadSession() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       LoadSessionMiddlewareID,
		Priority: LoadSessionMiddlewarePriority,
		Func: func(e *core.RequestEvent) error {
			if err := p.authenticate(e); err != nil {
				e.Auth = nil
				return p.answer(e, err)
			}
			p.metrics.count(whoAsks(e))
			err := e.Next()
			explain(e, err)
			return err
		},
	}
}

// authenticate sets e.Auth to the user whose session token the request holds,
// and to nil for a guest. A superuser's that PocketBase loaded is kept.
func (p *plugin) authenticate(e *core.RequestEvent) error {
	values := e.Request.Header.Values("Authorization")
	if len(values) == 0 {
		return nil
	}
	if len(values) > 1 {
		// Which one counts would depend on who looks: this service or a proxy.
		return &Refusal{ReasonTokenInvalid, "The request has more than one Authorization header. Send one."}
	}
	token := bearerToken(values[0])
	if token == "" {
		return nil
	}
	if e.HasSuperuserAuth() {
		return nil
	}

	claims, pocketBase, err := p.verifier.verifyForeign(e.Request.Context(), token)
	if err != nil {
		return err
	}
	if pocketBase {
		e.Auth = nil
		return nil
	}
	if err := p.sessions.check(claims); err != nil {
		return err
	}
	e.Set(claimsKey, claims)
	e.Auth, err = p.user(e.Request.Context(), e.App, claims.UserID)
	return err
}

// bearerToken returns the token of an Authorization header: what follows
// Bearer, in any case, or all of it where there is no scheme, as PocketBase's
// SDK sends it; "" for another scheme and for a scheme alone.
func bearerToken(header string) string {
	header = strings.TrimSpace(header)
	scheme, rest, ok := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		if ok {
			return ""
		}
		return header
	}
	return strings.TrimSpace(rest)
}

// user returns a record of its own for each request: realtime clients keep
// theirs and PocketBase changes it.
func (p *plugin) user(ctx context.Context, app core.App, clerkUserID string) (*core.Record, error) {
	record := &core.Record{}
	err := app.RecordQuery(records.CollectionUsers).
		WithContext(ctx).
		AndWhere(dbx.HashExp{"clerk_user_id": clerkUserID}).
		Limit(1).
		One(record)
	if err == nil {
		return record, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find user: %w", err)
	}

	if p.provision == nil {
		return nil, records.ErrUserUnknown
	}
	record, err = p.provision(ctx, clerkUserID)
	if err != nil {
		return nil, fmt.Errorf("provision user: %w", err)
	}
	return record, nil
}
