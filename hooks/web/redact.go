package web

import (
	"net/url"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// redactPriority stands just inside the activity logger, which writes the
// request's address into the log when everything else is done.
const redactPriority = apis.DefaultActivityLoggerMiddlewarePriority + 1

// secretParameters lists query parameters whose values are as good as a key.
// Only "token" is a documented one; the others are mistakes that people make.
func secretParameters() []string {
	return []string{"token", "api_key", "key", "jwt", "password", "__session", "authorization"}
}

// redactRequestLog takes secrets out of the address before it is logged. The
// handlers have seen the true one by then.
func redactRequestLog() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoRedactRequestLog",
		Priority: redactPriority,
		Func: func(e *core.RequestEvent) error {
			defer redact(e)
			return e.Next()
		},
	}
}

func redact(e *core.RequestEvent) {
	if e.Request.URL.RawQuery == "" && e.Request.Referer() == "" {
		return
	}
	clean := e.Request.Clone(e.Request.Context())
	clean.URL.RawQuery = redactQuery(clean.URL.RawQuery)
	if referer, err := url.Parse(clean.Referer()); err != nil {
		clean.Header.Del("Referer")
	} else if referer.RawQuery != "" {
		referer.RawQuery = redactQuery(referer.RawQuery)
		clean.Header.Set("Referer", referer.String())
	}
	e.Request = clean
}

// redactQuery blanks secrets. A query that cannot be parsed is dropped whole.
func redactQuery(raw string) string {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return "redacted"
	}
	found := false
	for _, name := range secretParameters() {
		if query.Has(name) {
			query.Set(name, "redacted")
			found = true
		}
	}
	if !found {
		return raw
	}
	return query.Encode()
}
