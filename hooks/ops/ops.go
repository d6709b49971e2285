// Package ops is what operators and their machines ask a running service: is
// it alive, can it work; and what an operator sets up before the first start.
//
//	ops.MustRegister(app, ops.Config{})
package ops

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// Config configures the plugin.
type Config struct {
	// SuperuserEmail and SuperuserPassword create the first superuser, where
	// there is none. Default: none is created.
	SuperuserEmail    string
	SuperuserPassword string
	// TrustedProxyHeaders name the headers that carry the client's address.
	// They are written into PocketBase's settings while those name none, so
	// that what an admin sets in the dashboard stays. Default: none.
	TrustedProxyHeaders []string
	// Reports are told with /readyz, by their names, and do not decide whether the
	// service is ready. Default: none.
	Reports map[string]func(ctx context.Context) any
}

// MustRegister registers the plugin and panics where Register returns an
// error, which only a wrong Config causes.
func MustRegister(app core.App, config Config) {
	if err := Register(app, config); err != nil {
		panic(err)
	}
}

// Register registers the plugin with the app.
func Register(app core.App, config Config) error {
	if (config.SuperuserEmail == "") != (config.SuperuserPassword == "") {
		return errors.New("ops: Config.SuperuserEmail and Config.SuperuserPassword go together")
	}
	p := &plugin{app: app, config: config}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := p.prepare(e); err != nil {
			return err
		}
		// Probes come every few seconds and would drown the request log.
		e.Router.GET("/healthz", p.alive).Bind(apis.SkipSuccessActivityLog())
		e.Router.GET("/readyz", p.ready).Bind(apis.SkipSuccessActivityLog())
		return e.Next()
	})
	return nil
}

type plugin struct {
	app    core.App
	config Config
}
