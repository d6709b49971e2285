// Package clerksync lets the collection "users" follow the users of Clerk: by
// Clerk's webhooks, and at a user's first request, which may come before them.
//
// Example usage:
//
//	users := clerksync.MustRegister(app, clerksync.Config{
//		Backend:        clerk.NewBackend(&clerk.BackendConfig{Key: &secretKey}),
//		WebhookSecrets: []string{"whsec_…"},
//		EndSession:     sessions.End,
//		EndUser:        sessions.EndUser,
//		CutUser:        sessions.CutUser,
//	})
//
//	clerkauth.MustRegister(app, clerkauth.Config{
//		Issuer:    "https://clerk.example.com",
//		JWTKey:    pem,
//		Provision: users.Provision,
//	})
//
// A delivery's svix-id and its effect are written in one transaction, so that it
// has its effect once, however often it is sent.
//
// Two rules hold for whatever changes a user. Clerk's own updated_at decides
// what is newer, never the order in which news arrive. And the true address
// stands in clerk_email, while email, which PocketBase keeps unique, goes to
// the claimant whom Clerk updated last, so that late and crossing news end in
// the same state; users are never joined by their addresses.
package clerksync

import (
	"context"
	"sync"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/core"
	"github.com/prometheus/client_golang/prometheus"
	svix "github.com/svix/svix-webhooks/go"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

// Config defines where users come from.
type Config struct {
	// Backend is Clerk's Backend API. Default nil: users are created from
	// their ids alone, without email, name and picture.
	Backend clerk.Backend

	// WebhookSecrets are Svix's signing secrets, "whsec_…". More than one counts
	// while one is rotated. Default none: deliveries are answered with 500, so
	// that they are sent again.
	WebhookSecrets []string

	// EndSession is told of a session that Clerk has ended, by its id. It may be
	// told several times. Default: nobody is.
	EndSession func(sessionID string)

	// EndUser is told of a user who was banned at Clerk, and since when. It may be
	// told several times. Default: nobody is.
	EndUser func(clerkUserID string, since time.Time)

	// CutUser is told of a user who was deleted at Clerk, and here with it. It may
	// be told several times. Default: nobody is.
	CutUser func(clerkUserID string)

	// Now tells the time; default [time.Now].
	Now func() time.Time
}

// Sync brings users from Clerk into the database. It is safe for use by
// several goroutines.
type Sync struct {
	app        core.App
	backend    clerk.Backend
	webhooks   []*svix.Webhook // one for each secret
	endSession func(sessionID string)
	endUser    func(clerkUserID string, since time.Time)
	cutUser    func(clerkUserID string)
	now        func() time.Time
	pace       *rate.Limiter       // of requests to Clerk for all users
	turn       *semaphore.Weighted // of deliveries
	deliveries *prometheus.CounterVec

	reconciling sync.Mutex // held by the one comparison with Clerk that may run
	background  sync.WaitGroup
	stop        context.CancelFunc // of what runs in the background; nil before

	telling sync.Mutex
	told    map[string]bool // recent endings by id; nil before the first look
	looked  time.Time       // when that was
	// provisioning holds the users being created right now, by Clerk's id.
	provisioning singleflight.Group
}

// MustRegister registers the plugin and panics if the configuration cannot work.
func MustRegister(app core.App, config Config) *Sync {
	s, err := Register(app, config)
	if err != nil {
		panic(err)
	}
	return s
}

// Register binds the webhook's route, and what runs in the background while app
// serves. The error names the field of config that cannot work, and holds no
// secret.
func Register(app core.App, config Config) (*Sync, error) {
	s, err := New(app, config)
	if err != nil {
		return nil, err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		s.bindWebhook(e)
		s.begin()
		return e.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		s.end()
		return e.Next()
	})
	app.OnBackupRestore().BindFunc(s.noteRestore)
	return s, nil
}

// New returns a Sync that writes into app's collection "users" and binds nothing
// to app.
func New(app core.App, config Config) (*Sync, error) {
	webhooks, err := newWebhooks(config.WebhookSecrets)
	if err != nil {
		return nil, err
	}
	s := &Sync{
		app: app, backend: config.Backend, webhooks: webhooks,
		endSession: config.EndSession, endUser: config.EndUser, cutUser: config.CutUser, now: config.Now,
		pace: rate.NewLimiter(requestsPerSecond, 1), turn: semaphore.NewWeighted(1),
		deliveries: newDeliveries(),
	}
	if s.endSession == nil {
		s.endSession = func(string) {}
	}
	if s.endUser == nil {
		s.endUser = func(string, time.Time) {}
	}
	if s.cutUser == nil {
		s.cutUser = func(string) {}
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}
