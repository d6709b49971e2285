package web

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// redactPriority stands just inside the activity logger, which writes the
// request's address into the log when everything else is done.
const redactPriority = apis.DefaultActivityLoggerMiddlewarePriority + 1

// secretParameters are in the name of a query parameter whose value is as good as a key,
// or somebody's own words. "token" is documented, and what begins with "__clerk_" Clerk
// adds to the page's address (invitations, handshakes); what is looked for are the
// names of documents; the others are mistakes that people make.
var secretParameters = regexp.MustCompile(`(?i)token|key|secret|password|jwt|session|authorization|email|^__clerk_|^search$|^filter$`)

// webToken is what every token of Clerk's and PocketBase's looks like.
var webToken = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)

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
	if e.Request.URL.RawQuery == "" && e.Request.Referer() == "" && !webToken.MatchString(e.Request.URL.Path) {
		return
	}
	clean := e.Request.Clone(e.Request.Context())
	redactAddress(clean.URL)
	if referer, err := url.Parse(clean.Referer()); err != nil {
		clean.Header.Del("Referer")
	} else if clean.Referer() != "" {
		redactAddress(referer)
		clean.Header.Set("Referer", referer.String())
	}
	e.Request = clean
}

// redactAddress blanks secrets, wherever they stand in an address.
func redactAddress(address *url.URL) {
	address.User = nil
	if webToken.MatchString(address.Path) {
		address.Path, address.RawPath = webToken.ReplaceAllString(address.Path, "redacted"), ""
	}
	address.RawQuery = redactQuery(address.RawQuery)
}

// redactQuery blanks secrets. A query that cannot be parsed is dropped whole.
func redactQuery(raw string) string {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return "redacted"
	}
	found := false
	for name, values := range query {
		if secretParameters.MatchString(name) || webToken.MatchString(strings.Join(values, " ")) {
			query.Set(name, "redacted")
			found = true
		}
	}
	if !found {
		return raw
	}
	return query.Encode()
}
