// Package ops is what operators and their machines ask a running service: is
// it alive, can it work; and what an operator sets up before the first start.
//
//	ops.MustRegister(app, ops.Config{})
package ops

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/prometheus/client_golang/prometheus"
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
	// Metrics are told with /metrics, beside what this package counts. Default: none.
	Metrics []prometheus.Collector
	// Log is the form in which the log is written to standard error too, [LogJSON] or
	// [LogText]. Default: it stands in PocketBase's dashboard alone.
	Log string
	// MetricsAddress is where /metrics alone is served to anyone, "127.0.0.1:9464".
	// Default: on the service's own address only, to superusers.
	MetricsAddress string
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
	counted, err := newMetrics(app, config.Metrics)
	if err != nil {
		return fmt.Errorf("ops: %w", err)
	}
	p := &plugin{app: app, config: config, metrics: counted}
	if handler, err := newLogWriter(config.Log, os.Stderr); err != nil {
		return fmt.Errorf("ops: %w", err)
	} else if handler != nil {
		writeLog(app, handler)
	}
	app.OnBackupCreate().Bind(p.backUp())
	watchClock(app)
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := p.prepare(e); err != nil {
			return err
		}
		// Probes come every few seconds and would drown the request log.
		e.Router.GET("/healthz", p.alive).Bind(apis.SkipSuccessActivityLog())
		e.Router.GET("/readyz", p.ready).Bind(apis.SkipSuccessActivityLog())
		e.Router.Bind(followRequests())
		e.Router.Bind(noteRequest())
		e.Router.Bind(counted.countRequests())
		e.Router.Bind(tellNoRoom())
		e.Router.GET("/metrics", apis.WrapStdHandler(counted.handler())).Bind(apis.RequireSuperuserAuth(), apis.SkipSuccessActivityLog())
		return p.serveMetrics(e)
	})
	return nil
}

type plugin struct {
	app     core.App
	config  Config
	metrics *metrics

	freezing atomic.Bool // a backup holds the databases' only writers

	probing sync.Mutex // guards probed
	probed  probed

	mu      sync.Mutex
	unready string // what the last probe found wrong
}

// serveMetrics opens the address of their own that metrics may have.
func (p *plugin) serveMetrics(e *core.ServeEvent) error {
	if p.config.MetricsAddress == "" {
		return e.Next()
	}
	l, err := p.metrics.listen(p.app, p.config.MetricsAddress)
	if err != nil {
		return fmt.Errorf("ops: %w", err)
	}
	p.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		l.close()
		return e.Next()
	})
	return e.Next()
}
