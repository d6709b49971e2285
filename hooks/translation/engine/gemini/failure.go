package gemini

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"verso/hooks/translation/engine"
)

// outcome says what became of a request: nil where an answer arrived whole, the
// context's error where the caller gave up, and an [*engine.Error] otherwise.
// said is what was asked, of which nothing may come back in an error.
func (e *Engine) outcome(ctx context.Context, sent *exchange, err error, said string) error {
	switch {
	case err == nil && sent.received > 0:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case sent.status == 0:
		return &engine.Error{Kind: engine.Unreachable, Err: cause(err, sent.key)}
	case !sent.succeeded():
		return e.refused(sent, said)
	case errors.Is(sent.broken, errTooLong):
		return &engine.Error{Kind: engine.ServerFailed, Err: errTooLong}
	case sent.broken != nil:
		return &engine.Error{Kind: engine.Unreachable, Err: withoutKey(sent.broken, sent.key)}
	}
	// A whole body that is not the API's JSON comes from somebody in between,
	// such as a proxy's page, and says nothing about the text. The SDK's error
	// would quote it.
	return &engine.Error{Kind: engine.ServerFailed, Err: fmt.Errorf("the answer with status %d is not of the API's form", sent.status)}
}

// refused says what an answer that is not a success means. Only what is in
// Google's form can say anything about the key, the model or the request; what
// is not was written by somebody in between, and a wrong address or a proxy's
// page is no reason to refuse a key.
func (e *Engine) refused(sent *exchange, said string) error {
	refusal := parseRefusal(sent.refusal)
	failure := &engine.Error{Err: refusal.describe(sent, said)}
	switch {
	case sent.status == http.StatusTooManyRequests || refusal.status == "RESOURCE_EXHAUSTED":
		e.limited(failure, sent, refusal)
	case sent.status == http.StatusRequestEntityTooLarge:
		failure.Kind = engine.Unsuitable
	case sent.status < 400 || sent.status >= 500 || !refusal.google:
		failure.Kind = engine.ServerFailed
	default:
		failure.Kind, failure.Detail = refusal.meaning(sent.status)
	}
	if failure.Kind.Passing() {
		failure.RetryAfter = e.retryAfter(sent.header, refusal)
	}
	return failure
}

// meaning says what a refusal in Google's form with a status from 400 to 499
// means.
func (r refusal) meaning(status int) (engine.ErrorKind, string) {
	switch {
	case r.blamesKey():
		return engine.KeyRefused, r.keyDetail()
	case r.blamesModel(status):
		return engine.ModelRefused, ""
	case status == http.StatusUnauthorized || status == http.StatusForbidden ||
		status == http.StatusPaymentRequired || r.status == "FAILED_PRECONDITION":
		return engine.KeyRefused, r.keyDetail()
	case status == http.StatusRequestTimeout || status == http.StatusConflict || status == 499:
		// The server gave up on it, or on the caller; 499 is Google's CANCELLED.
		return engine.ServerFailed, ""
	}
	return engine.Unsuitable, ""
}

// blamesKey reports whether the refusal says in so many words that it is about
// the key, which comes with 400 as well as with 401 and 403.
func (r refusal) blamesKey() bool {
	return strings.HasPrefix(r.reason, "API_KEY_") || strings.HasPrefix(r.reason, "CONSUMER_") ||
		r.says("API key not valid", "API key expired", "API key not found", "API key was reported", "pass a valid API key")
}

// blamesModel reports whether the refusal is about the model: that there is
// none of the name, that it is not open to the key, or that it cannot do what
// every question here asks for, such as answering in JSON.
func (r refusal) blamesModel(status int) bool {
	switch status {
	case http.StatusNotFound:
		return true
	case http.StatusForbidden:
		return r.says("to access model", "to access the model", "to access tuned model", "access to the model")
	case http.StatusBadRequest:
		return r.says("unexpected model name", "is not found for API version", "is not supported for generateContent",
			"is not enabled for", "only works in thinking mode", "not supported for this model", "not supported by this model",
			"is not supported by the model")
	}
	return false
}

// keyDetail says for the key's owner what to look after, where more is known
// than that the key was refused.
func (r refusal) keyDetail() string {
	switch {
	case r.says("reported as leaked"):
		return "Google has blocked the key because it was found in public"
	case r.says("API key expired"):
		return "the key has expired"
	case r.reason == "CONSUMER_SUSPENDED":
		return "Google has suspended the key's project"
	case r.reason == "SERVICE_DISABLED":
		return "the Gemini API is not switched on in the key's project"
	case r.reason == "API_KEY_SERVICE_BLOCKED", r.reason == "API_KEY_IP_ADDRESS_BLOCKED", r.reason == "API_KEY_HTTP_REFERRER_BLOCKED":
		return "the key's restrictions do not allow this use"
	case r.says("location is not supported"):
		return "Google does not offer the Gemini API where this server stands"
	case r.reason == "BILLING_DISABLED", r.says("billing", "prepayment credits", "spending cap"):
		return "billing of the key's project needs attention"
	case r.status == "FAILED_PRECONDITION":
		return "the key's project does not meet a condition of the Gemini API"
	}
	return ""
}
