// Package web is what a browser meets: the page in pb_public, the headers of
// every answer, the form of errors, what a page must know of the server, and the
// description of all routes, which stands in package openapi.
//
//	web.MustRegister(app, web.Config{
//		Public:         publicFS,
//		AllowedOrigins: func() []string { return []string{"https://app.example.org"} },
//		Page:           web.Page{…},
//	})
//
// Its middlewares stand around all others, PocketBase's included, so that a
// refusal from any of them has the same headers and the same form:
//
//	−1045 versoSecurityHeaders   on every answer, refusals included
//	−1041 pbCors                 in place of PocketBase's, with exposed headers
//	−1039 versoRedactRequestLog  no tokens in the request log
//	−1031 versoErrorDetail       "detail" beside "message"; around panic recovery
package web

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/web/openapi"
)

// Config configures the plugin.
type Config struct {
	// Public holds the page's files, index.html at its root. Required.
	Public fs.FS
	// AllowedOrigins returns the origins that browsers may call from, as they
	// write them; a port of "*" stands for any and for none, as in
	// "http://localhost:*", and "*" alone for any origin. It is asked when the
	// server starts. Default: any origin, since no cookie is ever read.
	AllowedOrigins func() []string
	// Page is what GET /api/v1/config answers.
	Page Page
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
	if config.Public == nil {
		return errors.New("web: Config.Public is missing")
	}
	files, err := newStatic(config.Public)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	files.policy = pagePolicy(config.Page.FrontendAPI)
	document, err := openapi.Document()
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	p := &plugin{config: config, files: files, document: newAsset("openapi.json", document)}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		p.bind(e)
		return e.Next()
	})
	return nil
}

type plugin struct {
	config   Config
	files    *static
	document *asset // the description of the routes
}

func (p *plugin) bind(e *core.ServeEvent) {
	e.Router.Bind(securityHeaders())
	e.Router.Bind(p.cors())
	e.Router.Bind(redactRequestLog())
	e.Router.Bind(errorDetail())

	e.Router.GET("/api/v1/config", p.pageConfig)
	e.Router.GET("/api/v1/openapi.json", p.describe)
	p.bindViews(e)
	if !e.Router.HasRoute("GET", "/{path...}") {
		e.Router.GET("/{path...}", p.files.serve)
	}
}

// describe answers GET /api/v1/openapi.json. A new binary may have another document,
// so it is asked for each time, and told not to be another by its ETag.
func (p *plugin) describe(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-cache")
	p.document.serve(e.Response, e.Request)
	return nil
}
