package clerkauth

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/records"
)

// RefuseBuiltInSignInMiddlewareID is the id of the root middleware that
// closes PocketBase's own sign-in to users. Its priority is 0, so it runs
// before the route's own middlewares and behind PocketBase's rate limit.
const RefuseBuiltInSignInMiddlewareID = "clerkRefuseBuiltInSignIn"

// refuseBuiltInSignIn answers 403 on every route by which PocketBase would let
// a user sign in, prove or change an email, or set a password. Superusers'
// own sign-in is not touched.
//
// With every sign-in method off in the collection some of these routes still
// act: request-verification and request-email-change would send mail, the
// confirmations would store what a token says, impersonate would make a token
// that this service then takes for a guest's. It is a middleware and not the
// record hooks, because those fire only for addresses that exist, so that
// their refusal would tell which do.
func refuseBuiltInSignIn() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: RefuseBuiltInSignInMiddlewareID,
		Func: func(e *core.RequestEvent) error {
			if isBuiltInSignIn(e.Request.Pattern) && isUsers(e.App, e.Request.PathValue("collection")) {
				return e.ForbiddenError("Sign in with Clerk: this service has no passwords, codes or mails of its own.", nil)
			}
			return e.Next()
		},
	}
}

// isBuiltInSignIn lists the routes as apis/record_auth.go binds them.
func isBuiltInSignIn(pattern string) bool {
	switch pattern {
	case "POST /api/collections/{collection}/auth-refresh",
		"POST /api/collections/{collection}/auth-with-password",
		"POST /api/collections/{collection}/auth-with-oauth2",
		"POST /api/collections/{collection}/auth-with-otp",
		"POST /api/collections/{collection}/request-otp",
		"POST /api/collections/{collection}/request-password-reset",
		"POST /api/collections/{collection}/confirm-password-reset",
		"POST /api/collections/{collection}/request-verification",
		"POST /api/collections/{collection}/confirm-verification",
		"POST /api/collections/{collection}/request-email-change",
		"POST /api/collections/{collection}/confirm-email-change",
		"POST /api/collections/{collection}/impersonate/{id}":
		return true
	}
	return false
}

// isUsers asks PocketBase which collection is meant, since it takes the id and
// the name in any case.
func isUsers(app core.App, nameOrID string) bool {
	collection, err := app.FindCachedCollectionByNameOrId(nameOrID)
	return err == nil && collection.Name == records.CollectionUsers
}
