package web

import (
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
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
	return apis.CORS(apis.CORSConfig{
		AllowOrigins: origins,
		AllowMethods: []string{
			http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodPost, http.MethodDelete,
		},
		ExposeHeaders: []string{
			"x-clerk-auth-reason", "WWW-Authenticate", "Retry-After", "Content-Disposition",
		},
	})
}
