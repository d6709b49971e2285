// Package notices sends a person one mail when a job of his is completed, has
// failed, or is paused for something that only he can mend: through PocketBase's
// own mail settings, never more than one a job and event, and none to who has
// switched them off.
//
//	mails := notices.MustRegister(app, notices.Config{
//		Key:         key, // 32 bytes
//		RequireUser: clerkauth.RequireUser(),
//		PublicURL:   "https://verso.example.org",
//	})
//	…
//	mails.Wake() // something may have happened to a job
//
// What happened is noted by a trigger of the database, in the transaction in which
// it happened, so nothing that is sent did not happen and nothing is forgotten.
//
// A mail is claimed before it is sent, and the claim is committed. What a crash
// leaves claimed may have been sent, so it is not sent again: a mail too few is a
// nuisance, one twice a broken promise. It is tried again only where it surely was
// not accepted: nobody listened, or the mail server itself said "not now".
//
// Where PocketBase's settings name no mail server or no sender, what happens is
// skipped and not kept for later.
package notices

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/prometheus/client_golang/prometheus"
)

// Config configures the plugin.
type Config struct {
	// Key is the 32-byte key that signs the links by which mails are switched off.
	// With another key the links of earlier mails stop working. Required.
	Key []byte
	// RequireUser is the middleware that refuses guests. Required.
	RequireUser *hook.Handler[*core.RequestEvent]
	// PublicURL is where people reach the service, for the links in mails. Default:
	// the application's URL in PocketBase's settings.
	PublicURL string
	// Poll is how often is looked for what nobody has woken it for. Default: 15
	// seconds.
	Poll time.Duration
	// Now tells the time. Default: [time.Now].
	Now func() time.Time
}

// MustRegister registers the plugin and panics where Register returns an
// error, which only a wrong Config causes.
func MustRegister(app core.App, config Config) *Notices {
	notices, err := Register(app, config)
	if err != nil {
		panic(err)
	}
	return notices
}

// Register registers the plugin with the app. Mails are sent while the app serves.
func Register(app core.App, config Config) (*Notices, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	words, err := english()
	if err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	p := &plugin{
		app:         app,
		config:      config,
		words:       words,
		outbox:      &outbox{app: app, now: config.Now},
		preferences: &preferences{app: app},
		links:       links{key: config.Key},
		wake:        make(chan struct{}, 1),
		attempts:    newAttempts(),
	}
	p.bindTrigger()
	p.bindLifecycle()
	return &Notices{p}, nil
}

// Notices are the mails about jobs.
type Notices struct{ plugin *plugin }

// Wake says that something may have happened to a job. It never blocks, and may
// be called before the app serves.
func (n *Notices) Wake() {
	select {
	case n.plugin.wake <- struct{}{}:
	default: // it will look anyway
	}
}

type plugin struct {
	app         core.App
	config      Config
	words       *language
	outbox      *outbox
	preferences *preferences
	links       links
	wake        chan struct{}
	attempts    *prometheus.CounterVec

	turn sync.Mutex // held while mails are sent: one at a time

	mu   sync.Mutex
	stop func() // ends the worker and waits for it; nil while there is none
}

const keyBytes = 32

func (c *Config) complete() error {
	switch {
	case len(c.Key) != keyBytes:
		return fmt.Errorf("Config.Key has %d bytes; it takes %d", len(c.Key), keyBytes)
	case c.RequireUser == nil:
		return errors.New("Config.RequireUser is missing")
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.Poll <= 0 {
		c.Poll = 15 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return nil
}

// bindRoutes lists the plugin's routes.
func (p *plugin) bindRoutes(e *core.ServeEvent) {
	routes := e.Router.Group("/api/v1/notices")
	routes.GET("", p.viewPreference).Bind(p.config.RequireUser)
	routes.PATCH("", p.changePreference).Bind(p.config.RequireUser)

	// These are for whoever holds the link of a mail, signed in or not.
	routes.GET("/off", p.askOff)
	routes.POST("/off", p.switchMail(false))
	routes.POST("/on", p.switchMail(true))
}
