package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/requestid"
)

// securityHeadersPriority stands before CORS, which answers preflights itself.
const securityHeadersPriority = apis.DefaultCorsMiddlewarePriority - 4

// securityHeaders sets the headers that belong on every answer. PocketBase
// sets its own after the token is checked, which is too late for a refusal.
func securityHeaders() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoSecurityHeaders",
		Priority: securityHeadersPriority,
		Func: func(e *core.RequestEvent) error {
			header := e.Response.Header()
			header.Set("X-Content-Type-Options", "nosniff")
			header.Set("X-Frame-Options", "SAMEORIGIN")
			header.Set("X-XSS-Protection", "1; mode=block")
			header.Set("Referrer-Policy", "same-origin")
			return e.Next()
		},
	}
}

// cors replaces PocketBase's CORS, whose answers hide the headers by which a
// client learns why it was refused and when to come back.
func (p *plugin) cors() *hook.Handler[*core.RequestEvent] {
	var origins []string // none means any
	if p.config.AllowedOrigins != nil {
		origins = p.config.AllowedOrigins()
	}
	allowed := originsOf(origins)
	return apis.CORS(apis.CORSConfig{
		AllowOrigins:    origins,
		AllowOriginFunc: allowed,
		AllowMethods: []string{
			http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodPost, http.MethodDelete,
		},
		ExposeHeaders: []string{
			"x-clerk-auth-reason", "WWW-Authenticate", "Retry-After", "Content-Disposition", requestid.Header,
		},
	})
}

// originsOf returns whether an origin is among those, or nil where any is. A
// port of "*" stands for any number and for none; PocketBase's own wildcard
// would let a host name follow.
func originsOf(allowed []string) func(origin string) (bool, error) {
	if len(allowed) == 0 || slices.Contains(allowed, "*") {
		return nil
	}
	return func(origin string) (bool, error) {
		for _, entry := range allowed {
			base, anyPort := strings.CutSuffix(entry, ":*")
			rest, ok := strings.CutPrefix(origin, base)
			port, colon := strings.CutPrefix(rest, ":")
			number, err := strconv.ParseUint(port, 10, 16)
			if ok && (rest == "" || anyPort && colon && err == nil && number > 0) {
				return true, nil
			}
		}
		return false, nil
	}
}
