package clerkauth

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/records"
)

// HeaderAuthReason carries a [Reason] in every answer that refuses a token.
// Clerk's own backends use the same header.
const HeaderAuthReason = "X-Clerk-Auth-Reason"

// Reason says why somebody does not count as signed in, in the vocabulary of
// Clerk's JavaScript backend (TokenVerificationErrorReason and
// AuthErrorReason of @clerk/backend 3).
type Reason string

// The reasons this package gives.
const (
	// ReasonSessionTokenMissing is a guest where a user is needed.
	ReasonSessionTokenMissing Reason = "session-token-missing"
	// ReasonTokenInvalid is no JWT in compact form, or one that cannot count.
	ReasonTokenInvalid Reason = "token-invalid"
	// ReasonTokenInvalidAlgorithm is any algorithm but RS256.
	ReasonTokenInvalidAlgorithm Reason = "token-invalid-algorithm"
	// ReasonTokenTypeMismatch is a token that Clerk made for something else.
	ReasonTokenTypeMismatch Reason = "token-type-mismatch"
	// ReasonKidMismatch is a key that is not in Clerk's key set.
	ReasonKidMismatch Reason = "jwk-kid-mismatch"
	// ReasonTokenInvalidSignature is a signature by another key.
	ReasonTokenInvalidSignature Reason = "token-invalid-signature"
	// ReasonTokenVerificationFailed is a needed claim that is missing, or a
	// claim of the wrong type.
	ReasonTokenVerificationFailed Reason = "token-verification-failed"
	// ReasonTokenInvalidIssuer is a token of another Clerk instance.
	ReasonTokenInvalidIssuer Reason = "token-invalid-issuer"
	// ReasonTokenInvalidAuthorizedParties is a token made for another origin.
	ReasonTokenInvalidAuthorizedParties Reason = "token-invalid-authorized-parties"
	// ReasonSessionEnded is a token from before its session was ended, or its
	// user signed out everywhere.
	ReasonSessionEnded Reason = "session-token-iat-before-client-uat"
	// ReasonTokenExpired is a token past its exp.
	ReasonTokenExpired Reason = "token-expired"
	// ReasonTokenNotActiveYet is a token before its nbf.
	ReasonTokenNotActiveYet Reason = "token-not-active-yet"
	// ReasonTokenIatInTheFuture is a token from the future.
	ReasonTokenIatInTheFuture Reason = "token-iat-in-the-future"
)

// Refusal is the error of a token that does not count. Neither field ever
// holds a part of the token, so that it can be shown and logged.
type Refusal struct {
	Reason  Reason
	Message string // a sentence that says what to do
}

var _ error = (*Refusal)(nil)

// Error returns the reason and the message.
func (r *Refusal) Error() string { return string(r.Reason) + ": " + r.Message }

// ErrKeysUnavailable says that the key set could not be had from Clerk, so
// that nothing is known about the token. It may work again at any time.
var ErrKeysUnavailable = errors.New("key set of Clerk cannot be had")

// retryAfterOutage is the Retry-After of an answer that failed because Clerk
// is out of reach. It covers one whole attempt to reach it.
const retryAfterOutage = fetchTimeout

// messageUserUnknown is part of the contract: clients show it as it is.
const messageUserUnknown = "User not found in our database. Please re-login."

// answer turns the error of a signed-in request that cannot go on into the
// one that the router answers with.
func (p *plugin) answer(e *core.RequestEvent, err error) error {
	setRefusalHeaders(e)

	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		if wait := p.failures.fail(e.RealIP()); wait > 0 {
			p.metrics.count(outcomeLimited)
			return tooManyFailures(e, refusal, wait)
		}
		p.metrics.count(string(refusal.Reason))
		return unauthorized(e, refusal)
	case errors.Is(err, records.ErrUserUnknown):
		p.metrics.count(outcomeUnknown)
		return e.NotFoundError(messageUserUnknown, err)
	default:
		p.metrics.count(outcomeUnavailable)
		setRetryAfter(e, retryAfterOutage)
		return router.NewApiError(http.StatusServiceUnavailable,
			"The sign-in cannot be checked right now. Try again in a few seconds.", err)
	}
}

func unauthorized(e *core.RequestEvent, refusal *Refusal) error {
	header := e.Response.Header()
	header.Set("WWW-Authenticate", "Bearer")
	header.Set(HeaderAuthReason, string(refusal.Reason))
	return router.NewApiError(http.StatusUnauthorized, refusal.Message, refusal)
}

// explain says of a guest's refusal by a route of PocketBase's own what ours say.
func explain(e *core.RequestEvent, err error) {
	header := e.Response.Header()
	var refused *router.ApiError
	if e.Auth == nil && header.Get(HeaderAuthReason) == "" && errors.As(err, &refused) && refused.Status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
		header.Set(HeaderAuthReason, string(ReasonSessionTokenMissing))
	}
}

func tooManyFailures(e *core.RequestEvent, refusal *Refusal, wait time.Duration) error {
	e.Response.Header().Set(HeaderAuthReason, string(refusal.Reason))
	setRetryAfter(e, wait)
	return router.NewApiError(http.StatusTooManyRequests,
		"Too many invalid session tokens came from this address. Wait, then sign in again.", refusal)
}

// setRetryAfter rounds up to whole seconds, the unit of the header.
func setRetryAfter(e *core.RequestEvent, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	e.Response.Header().Set("Retry-After", strconv.Itoa(max(seconds, 1)))
}

// setRefusalHeaders sets what PocketBase's security headers middleware would
// have: it runs later than this package's, so it never sees a refusal.
func setRefusalHeaders(e *core.RequestEvent) {
	header := e.Response.Header()
	for name, value := range map[string]string{
		"X-XSS-Protection":       "1; mode=block",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options":        "SAMEORIGIN",
		"Cache-Control":          "no-store",
	} {
		if header.Get(name) == "" {
			header.Set(name, value)
		}
	}
}
