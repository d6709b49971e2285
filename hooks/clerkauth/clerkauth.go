// Package clerkauth answers who is asking: a Clerk session token in the
// Authorization header becomes e.Auth, the record of the collection "users",
// for PocketBase's own routes, rules, files and realtime as for any other.
//
// Example usage:
//
//	clerkauth.MustRegister(app, clerkauth.Config{
//		Issuer:            "https://clerk.example.com",
//		Backend:           clerk.NewBackend(&clerk.BackendConfig{Key: &secretKey}),
//		AuthorizedParties: []string{"https://app.example.com"},
//		Provision:         users.Provision, // creates the user at the first request
//	})
//
//	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
//		e.Router.GET("/api/v1/me", me).Bind(clerkauth.RequireUser())
//		return e.Next()
//	})
//
// A request without a token is a guest's, and so is one with another scheme
// than Bearer. PocketBase's own tokens are left to PocketBase, of which only a
// superuser's counts. Anything else has to be a session token of this Clerk
// instance, or every route answers 401 with the reason in Clerk's vocabulary.
//
// The tokens are verified here and not by jwt.Verify of clerk-sdk-go, because
// that one also accepts a token
//
//   - of any issuer that starts with "https://clerk." or contains
//     ".clerk.accounts"; here the issuer has to be the configured one;
//   - without exp, sub or sid; here all three are needed, and sub has to be a
//     user's;
//   - made for other purposes: OAuth access tokens (typ at+jwt), machine and
//     template tokens (header cat); here only session tokens count;
//   - of a session with pending tasks (sts), which Clerk's own JavaScript
//     backend treats as signed out, and so does this package;
//   - without azp although authorized parties are configured, unless
//     [Config].AllowMissingAzp says that this is meant.
//
// In turn it allows a clock skew of 5 seconds where jwt.Verify allows none.
//
// The SDK's HTTP middleware has a key cache that fifty cold requests fill by
// fifty fetches, that every unknown kid makes fetch once more, and whose entries
// live for ever as long as they are used, so that a key which Clerk removed stays
// valid. Here the key set is fetched at the start and in the background, once for
// whoever waits, at most once in ten seconds because of unknown kids, and it
// counts for an hour at most unless Clerk is out of reach.
//
// A token's signature is verified once and remembered until the token expires;
// what Clerk has ended is refused in between, see [Sessions]. A realtime stream
// ends with its session, and after five minutes in any case, and comes back with
// a fresh token.
package clerkauth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/core"
)

// defaultKeySetTTL is the contract's default of VERSO_JWKS_TTL: how long a key
// that was removed at Clerk may still count.
const defaultKeySetTTL = time.Hour

// Config defines what the plugin accepts and where it learns about keys and
// users.
type Config struct {
	// Issuer is what the claim iss must be, to the letter: the URL of the
	// instance's Frontend API, such as "https://clerk.example.com". Required.
	Issuer string

	// JWTKey is the instance's public key in PEM, with or without its header
	// lines. Where it is set it is the only key, whatever kid a token names,
	// and no key is ever asked of the network.
	JWTKey string

	// Backend is Clerk's Backend API, from which the key set is fetched.
	// Required unless JWTKey is set, and not used for keys where it is.
	Backend clerk.Backend

	// KeySetTTL is how long a fetched key set counts, from its fetch and not
	// from its last use; default 1 hour. It is fetched at the start and whenever
	// half of that is over. While Clerk is out of reach the last set goes on
	// counting for up to 24 hours.
	KeySetTTL time.Duration

	// AuthorizedParties are the origins that the claim azp may name, such as
	// "https://app.example.com". A port may be "*", for any port and none:
	// "http://localhost:*". With no entry azp is not looked at.
	AuthorizedParties []string

	// AllowMissingAzp accepts tokens without azp although AuthorizedParties
	// are set. Clerk leaves azp out of the tokens that its Backend API makes,
	// and of those it makes on some server-side navigations; default false.
	AllowMissingAzp bool

	// Provision returns the record of a user whom the database does not know
	// yet, a fresh one for each call. It returns [records.ErrUserUnknown],
	// wrapped or not, when there is no such user at Clerk either; any other
	// error means that this could not be found out. Default nil: a user whom
	// the database does not know is unknown.
	Provision func(ctx context.Context, clerkUserID string) (*core.Record, error)

	// Sessions learns of sessions that were ended. Default: a value of its own,
	// which nobody tells anything.
	Sessions *Sessions

	// Now tells the time; default [time.Now].
	Now func() time.Time
}

// withDefaults fills in the defaults and reports what cannot work.
func (c Config) withDefaults() (Config, error) {
	if c.Issuer == "" {
		return c, errors.New("clerkauth: Config.Issuer is required")
	}
	if c.JWTKey == "" && c.Backend == nil {
		return c, errors.New("clerkauth: one of Config.JWTKey and Config.Backend is required")
	}
	if c.KeySetTTL < 0 {
		return c, fmt.Errorf("clerkauth: Config.KeySetTTL must not be negative, it is %s", c.KeySetTTL)
	}
	if c.KeySetTTL == 0 {
		c.KeySetTTL = defaultKeySetTTL
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// MustRegister registers the plugin and panics if the configuration cannot
// work.
//
// Example usage:
//
//	clerkauth.MustRegister(app, clerkauth.Config{Issuer: issuer, JWTKey: pem})
func MustRegister(app core.App, config Config) *Guard {
	guard, err := Register(app, config)
	if err != nil {
		panic(err)
	}
	return guard
}

// Register registers the plugin: its middlewares are bound to the root router
// when the app begins to serve. The error names the field of config that
// cannot work.
func Register(app core.App, config Config) (*Guard, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	verifier, err := NewVerifier(app, config)
	if err != nil {
		return nil, err
	}

	if config.Sessions == nil {
		config.Sessions = NewSessions(app)
	}

	p := &plugin{
		verifier:  verifier,
		sessions:  config.Sessions,
		provision: config.Provision,
		failures:  newLimiter(config.Now),
		metrics:   newMetrics(),
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.Bind(p.loadSession())
		e.Router.Bind(refuseBuiltInSignIn())
		p.keepKeys()
		return e.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		p.stopKeys()
		return e.Next()
	})
	p.bindStreams(app)
	return &Guard{p}, nil
}

type plugin struct {
	verifier  *Verifier
	sessions  *Sessions
	provision func(ctx context.Context, clerkUserID string) (*core.Record, error)
	failures  *limiter
	metrics   metrics

	keeping sync.WaitGroup // the goroutine that keeps the key set fresh
	stop    func()         // ends it; nil before the start
}

// keepKeys begins to keep the key set fresh.
func (p *plugin) keepKeys() {
	if p.stop != nil {
		return // the app serves a second time
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	p.keeping.Go(func() { p.verifier.KeepKeys(ctx) })
}

// stopKeys ends that and waits for it.
func (p *plugin) stopKeys() {
	if p.stop != nil {
		p.stop()
	}
	p.verifier.Close()
	p.keeping.Wait()
}
