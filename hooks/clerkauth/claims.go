package clerkauth

import (
	"strings"
	"time"
)

// clockSkew is how far this machine's clock and Clerk's may be apart, as in
// Clerk's JavaScript backend (DEFAULT_CLOCK_SKEW_IN_MS).
const clockSkew = 5 * time.Second

// maxIDBytes bounds the ids taken from a token; the database keeps 255.
const maxIDBytes = 255

// Claims is what a verified session token says.
type Claims struct {
	// UserID is Clerk's id of the user, "user_…".
	UserID string
	// SessionID is Clerk's id of the session, "sess_…".
	SessionID string
	// IssuedAt is when the token was made, and zero where it does not say.
	IssuedAt time.Time
	// ExpiresAt is when the token expires, to the second.
	ExpiresAt time.Time
}

// live reports whether the token has not expired.
func (c Claims) live(now time.Time) bool { return c.ExpiresAt.After(now.Add(-clockSkew)) }

// claims reads and judges what the token claims. The signature must have been
// verified before.
func (v *Verifier) claims(payload object) (Claims, error) {
	var claims Claims
	if err := readIDs(payload, &claims); err != nil {
		return Claims{}, err
	}
	if issuer, _ := payload.text("iss"); issuer != v.issuer {
		return Claims{}, &Refusal{ReasonTokenInvalidIssuer,
			"The session token comes from another Clerk instance. The page and this service need keys of the same one."}
	}
	if err := v.parties.check(payload); err != nil {
		return Claims{}, err
	}
	if err := checkTimes(payload, v.now(), &claims); err != nil {
		return Claims{}, err
	}
	if err := checkStatus(payload); err != nil {
		return Claims{}, err
	}
	return claims, nil
}

// readIDs takes sub and sid. A template token has no sid, and a machine
// token's sub is no user's.
func readIDs(payload object, claims *Claims) error {
	sub, ok := payload.text("sub")
	if !ok {
		return &Refusal{ReasonTokenVerificationFailed, "The session token names no user. Sign in again."}
	}
	if !isID(sub, "user_") {
		return errNoSessionToken()
	}
	if !payload.has("sid") {
		return errNoSessionToken()
	}
	sid, ok := payload.text("sid")
	if !ok || !isID(sid, "sess_") {
		return &Refusal{ReasonTokenVerificationFailed, "The session token names no session. Sign in again."}
	}
	claims.UserID, claims.SessionID = sub, sid
	return nil
}

func errNoSessionToken() error {
	return &Refusal{ReasonTokenTypeMismatch,
		"The token is no session token. Send the one that Clerk's getToken() returns without a template."}
}

// isID reports whether id is a prefix and at least one of the characters that
// Clerk makes ids of.
func isID(id, prefix string) bool {
	rest, ok := strings.CutPrefix(id, prefix)
	if !ok || rest == "" || len(id) > maxIDBytes {
		return false
	}
	return strings.IndexFunc(rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) < 0
}

// checkTimes takes and judges exp, which is needed, and nbf and iat, which are
// not, with the comparisons of Clerk's JavaScript backend.
func checkTimes(payload object, now time.Time, claims *Claims) error {
	var ok bool
	if claims.ExpiresAt, ok = numericDate(payload, "exp"); !ok {
		return errUnreadableTime()
	}
	if !claims.live(now) {
		return &Refusal{ReasonTokenExpired,
			"The session token has expired. Get a fresh one from Clerk and try again."}
	}
	latest := now.Add(clockSkew)
	if payload.has("nbf") {
		notBefore, ok := numericDate(payload, "nbf")
		if !ok {
			return errUnreadableTime()
		}
		if notBefore.After(latest) {
			return &Refusal{ReasonTokenNotActiveYet,
				"The session token is not valid yet. Check the clock of the server, then try again."}
		}
	}
	if payload.has("iat") {
		if claims.IssuedAt, ok = numericDate(payload, "iat"); !ok {
			return errUnreadableTime()
		}
		if claims.IssuedAt.After(latest) {
			return &Refusal{ReasonTokenIatInTheFuture,
				"The session token is from the future. Check the clock of the server, then try again."}
		}
	}
	return nil
}

func errUnreadableTime() error {
	return &Refusal{ReasonTokenVerificationFailed,
		"The session token lacks a readable time of expiry or issue. Sign in again."}
}

// numericDate returns a claim in seconds since 1970 (RFC 7519, section 2).
func numericDate(payload object, name string) (time.Time, bool) {
	// The year 9999, after which the arithmetic on times would not hold.
	const latest = 253402300799
	seconds, ok := payload.number(name)
	if !ok || seconds < 0 || seconds > latest {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}

// checkStatus judges sts. A pending session has tasks left, such as choosing
// an organization, and Clerk treats it as signed out.
func checkStatus(payload object) error {
	if !payload.has("sts") {
		return nil
	}
	if status, ok := payload.text("sts"); !ok || status != "active" {
		return &Refusal{ReasonTokenInvalid,
			"The session is not active yet. Finish signing in with Clerk, then try again."}
	}
	return nil
}
