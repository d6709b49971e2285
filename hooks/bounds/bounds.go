// Package bounds says what a connection and a request may cost, whoever sends them:
//
//	bounds.MustRegister(app)
//
// Headers, bodies and silence have a time, and as many connections are open as the
// process has files for, of which those that are silent go first. A body that is
// nobody's, or that nobody is going to read, is not taken in. What one person may
// have at a time of what costs more (uploads, quotes, streams) is bounded where it
// is done.
package bounds

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// headerTime is how long a request's headers may take, and an opened connection
	// be silent: a round trip on a bad line, many times over.
	headerTime = 15 * time.Second
	// idleTime is how long a connection is kept for the next request. Proxies reuse
	// theirs for a minute, and one that the server ends first costs them an error.
	idleTime = 2 * time.Minute
	// maxHeader is the most that a request's line and headers may take, as with
	// most proxies; Go's own default is a megabyte for each connection.
	maxHeader = 32 << 10
	// headerSlop is what net/http reads beyond MaxHeaderBytes.
	headerSlop = 4 << 10
)

// MustRegister registers the plugin.
func MustRegister(app core.App) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.Bind(boundBodies(bodyTime))
		e.Router.Bind(oneRange())
		if e.Server == nil { // a test that asks the router directly
			return e.Next()
		}
		e.Server.ReadHeaderTimeout = headerTime
		e.Server.IdleTimeout = idleTime
		e.Server.MaxHeaderBytes = maxHeader - headerSlop
		e.Server.ConnState = newConnections(mostConnections()).changed
		if err := e.Next(); err != nil {
			return err
		}
		e.Server.Handler = ownBody(e.Server.Handler)
		return nil
	})
}
