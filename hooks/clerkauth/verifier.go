package clerkauth

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// categorySessionToken is the header cat of Clerk's session tokens. Template
// tokens have cl_B7d4PD222AAA and machine tokens cl_B7d4PD333AAA.
const categorySessionToken = "cl_B7d4PD111AAA"

// Verifier turns session tokens of one Clerk instance into what they claim.
// It is safe for use by several goroutines.
type Verifier struct {
	issuer  string
	keys    keySource
	keySet  *keySet // the same, where keys are fetched
	parties parties
	known   *memory
	now     func() time.Time
}

// keySource knows the public keys of the instance. An unknown kid is a
// [Refusal], and a key set that cannot be had is [ErrKeysUnavailable].
type keySource interface {
	key(ctx context.Context, kid string) (*rsa.PublicKey, error)
}

var (
	_ keySource = (*keySet)(nil)
	_ keySource = fixedKey{}
)

// NewVerifier returns a verifier for config, which logs through app. The error
// names the field of config that cannot work. Config.Provision is not used.
func NewVerifier(app core.App, config Config) (*Verifier, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	parties, err := newParties(config.AuthorizedParties, config.AllowMissingAzp)
	if err != nil {
		return nil, fmt.Errorf("clerkauth: Config.AuthorizedParties: %w", err)
	}

	verifier := &Verifier{issuer: config.Issuer, parties: parties, known: newMemory(maxRemembered), now: config.Now}
	if config.JWTKey == "" {
		verifier.keySet = newKeySet(config.Backend, config.KeySetTTL, config.Now, app.Logger)
		verifier.keySet.removed = verifier.known.forget
		verifier.keys = verifier.keySet
		return verifier, nil
	}
	key, err := parsePublicKey(config.JWTKey)
	if err != nil {
		return nil, fmt.Errorf("clerkauth: Config.JWTKey: %w", err)
	}
	verifier.keys = fixedKey{key}
	return verifier, nil
}

// KeepKeys keeps the key set fresh until the context ends, so that no token waits
// for it. Without it the set is fetched when a token needs it.
func (v *Verifier) KeepKeys(ctx context.Context) {
	if v.keySet != nil {
		v.keySet.run(ctx)
	}
}

// Wait waits for a fetch of the key set that is under way.
func (v *Verifier) Wait() {
	if v.keySet != nil {
		v.keySet.fetches.Wait()
	}
}

// Close ends what the verifier does in the background and waits for it.
func (v *Verifier) Close() {
	if v.keySet != nil {
		v.keySet.close()
	}
}

// Verify returns the claims of a session token without its scheme.
//
// The error is a [*Refusal] for a token that does not count, and wraps
// [ErrKeysUnavailable] or the context's error where that could not be found
// out.
func (v *Verifier) Verify(ctx context.Context, token string) (Claims, error) {
	claims, _, err := v.verifyForeign(ctx, token)
	return claims, err
}

// verifyForeign is Verify for a token that may be PocketBase's own, which is
// reported instead.
func (v *Verifier) verifyForeign(ctx context.Context, token string) (claims Claims, pocketBase bool, err error) {
	if len(token) > maxTokenBytes {
		return Claims{}, false, errTokenTooLong()
	}
	digest := sha256.Sum256([]byte(token))
	if claims, ok := v.known.recall(digest, v.now()); ok {
		return claims, false, nil
	}
	parsed, err := parseJWS(token)
	if err != nil {
		return Claims{}, false, err
	}
	if parsed.isPocketBase() {
		return Claims{}, true, nil
	}
	generation := v.known.generation()
	claims, err = v.verify(ctx, parsed)
	if err == nil {
		v.known.remember(digest, claims, v.now(), generation)
	}
	return claims, false, err
}

func (v *Verifier) verify(ctx context.Context, token *jws) (Claims, error) {
	// The header comes first, so that no one can cause a fetch of the key set
	// with a token that could not count anyway.
	if err := checkHeader(token.header); err != nil {
		return Claims{}, err
	}
	kid, _ := token.header.text("kid")
	key, err := v.keys.key(ctx, kid)
	if err != nil {
		return Claims{}, err
	}
	// crypto/rsa on the very bytes that were parsed, not a JOSE library that
	// would parse the token again in its own, more generous way.
	digest := sha256.Sum256([]byte(token.signed))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], token.signature); err != nil {
		return Claims{}, &Refusal{ReasonTokenInvalidSignature,
			"The session token was not signed by this Clerk instance. Sign in again."}
	}
	return v.claims(token.payload)
}

// checkHeader judges alg, typ and cat, and refuses every parameter by which a
// token would say how it wants to be verified.
func checkHeader(header object) error {
	if alg, _ := header.text("alg"); alg != "RS256" {
		return &Refusal{ReasonTokenInvalidAlgorithm,
			"The token is not signed the way Clerk signs session tokens. Send the one that Clerk's getToken() returns."}
	}
	for _, name := range [...]string{"crit", "b64", "jwk", "jku", "x5c", "x5u"} {
		if header.has(name) {
			return &Refusal{ReasonTokenInvalid, "The token names its own rules or key. Send the one that Clerk's getToken() returns."}
		}
	}
	if typ, ok := header.text("typ"); header.has("typ") && (!ok || typ != "JWT") {
		return errNoSessionToken()
	}
	if category, ok := header.text("cat"); header.has("cat") && (!ok || category != categorySessionToken) {
		return errNoSessionToken()
	}
	return nil
}
