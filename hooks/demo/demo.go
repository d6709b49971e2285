// Package demo lets anybody try the whole service with nothing configured: the
// command "verso demo", with a stand-in for Clerk and two people to sign in as.
//
//	command := demo.NewCommand(app)
//	app.RootCmd.AddCommand(command)
//	standIn, err := demo.Start()
//	// … configure clerkauth and clerksync with standIn.APIURL() and the rest …
//	demo.MustRegister(app, demo.Config{StandIn: standIn})
//
// The stand-in issues real session tokens, signed by a key of its own, and
// serves the key set and the users as Clerk's Backend API does, so everything
// behind it works as it does with Clerk. It listens on loopback only, and
// nothing of it is bound unless this package is registered.
package demo

import (
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// EngineDelay is how long the offline engine takes for a request in the demo,
// unless told otherwise: slow enough to watch a book being translated, quick
// enough not to be boring.
const EngineDelay = 300 * time.Millisecond

// Config configures the plugin.
type Config struct {
	// StandIn is the stand-in for Clerk that people sign in with. Required.
	StandIn *StandIn
}

// MustRegister registers the plugin and panics where Register returns an
// error, which only a wrong Config causes.
func MustRegister(app core.App, config Config) {
	if err := Register(app, config); err != nil {
		panic(err)
	}
}

// Register binds the demo's sign-in routes, and ends the stand-in with the app.
func Register(app core.App, config Config) error {
	if config.StandIn == nil {
		return errors.New("demo: Config.StandIn is missing")
	}
	p := &plugin{standIn: config.StandIn}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		p.bindRoutes(e)
		return e.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		return errors.Join(p.standIn.Close(), e.Next())
	})
	return nil
}

type plugin struct {
	standIn *StandIn
}
