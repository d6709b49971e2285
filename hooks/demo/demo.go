// Package demo lets anybody try the whole service with nothing configured: the
// command "verso demo", with a stand-in for Clerk and two people to sign in as.
//
//	command := demo.NewCommand(app)
//	app.RootCmd.AddCommand(command)
//	standIn, err := demo.Start()
//	// … configure clerkauth and clerksync with standIn.APIURL() and the rest …
//	demo.MustRegister(app, demo.Config{StandIn: standIn, Model: "Gemini is asked"})
//
// The stand-in issues real session tokens, signed by a key of its own, and
// serves the key set and the users as Clerk's Backend API does, so everything
// behind it works as it does with Clerk. It listens on loopback only, and
// nothing of it is bound unless this package is registered.
package demo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
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
	// Model says in the banner what translates, as a sentence without a full
	// stop about what is real of it. Required.
	Model string
	// Out is where the banner is printed. Default: the standard output.
	Out io.Writer
}

// MustRegister registers the plugin and panics where Register returns an
// error, which only a wrong Config causes.
func MustRegister(app core.App, config Config) {
	if err := Register(app, config); err != nil {
		panic(err)
	}
}

// Register binds the demo's sign-in routes, prints the banner when it serves, and
// ends the stand-in with the app.
func Register(app core.App, config Config) error {
	if config.StandIn == nil {
		return errors.New("demo: Config.StandIn is missing")
	}
	if config.Model == "" {
		return errors.New("demo: Config.Model is missing")
	}
	if config.Out == nil {
		config.Out = os.Stdout
	}
	p := &plugin{standIn: config.StandIn}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		p.bindRoutes(e)
		if err := e.Next(); err != nil {
			return err
		}
		if e.Listener != nil { // none where a test asks the router directly
			banner(config.Out, e.Listener.Addr(), app.DataDir(), config.Model)
		}
		return nil
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		return errors.Join(p.standIn.Close(), e.Next())
	})
	return nil
}

type plugin struct {
	standIn *StandIn
}

func banner(out io.Writer, address net.Addr, dataDir, model string) {
	fmt.Fprintf(out, `
  Verso demo: http://%s

  Not real here:  Clerk. A stand-in on this machine signs anybody in as one of
                  two people.
  The model:      %s.
  Real:           everything else. Documents and jobs are kept in %s.

  Dashboard:      http://%s/_/ (first: verso superuser create EMAIL PASSWORD --dir %s)
  Stop:           Ctrl-C

`, address, model, dataDir, address, dataDir)
}
