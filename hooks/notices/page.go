package notices

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// offPath is where the link of a mail leads.
const offPath = "/api/v1/notices/off"

// The page has one style and no script. Its policy allows that style by digest.
const (
	pageStyle = `:root{color-scheme:light dark;font:18px/1.5 system-ui,sans-serif}main{max-width:30em;margin:15vh auto;padding:0 1em}` +
		`h1{font-size:1.3em}button{font:inherit;padding:.5em 1.2em;cursor:pointer}`
	pageHead = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>Messages about your documents</title><style>` + pageStyle + `</style></head><body><main>`
)

// pagePolicy is the page's Content-Security-Policy.
func pagePolicy() string {
	digest := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// pageView is what the page shows.
type pageView struct {
	Invalid bool // the link is no link of ours
	Asks    bool
	Off     bool
	Token   string
}

// askOff answers GET /api/v1/notices/off with a page that asks, because programs
// follow the links of mails before people do. The page's button posts.
func (p *plugin) askOff(e *core.RequestEvent) error {
	token := e.Request.URL.Query().Get("token")
	if _, ok := p.links.user(token); !ok {
		return p.show(e, http.StatusBadRequest, pageView{Invalid: true})
	}
	return p.show(e, http.StatusOK, pageView{Asks: true, Token: token})
}

// switchMail answers POST /api/v1/notices/off and …/on: the page's button, and mail
// programs that offer the switch themselves (RFC 8058).
func (p *plugin) switchMail(on bool) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		token := e.Request.URL.Query().Get("token")
		user, ok := p.links.user(token)
		if !ok {
			return p.show(e, http.StatusBadRequest, pageView{Invalid: true})
		}
		// Somebody who is not here any more is told the same.
		if err := p.preferences.setMail(context.WithoutCancel(e.Request.Context()), user, on); err != nil {
			return e.InternalServerError("It could not be changed. Try again.", err)
		}
		return p.show(e, http.StatusOK, pageView{Off: !on, Token: token})
	}
}

func (p *plugin) show(e *core.RequestEvent, status int, view pageView) error {
	var page strings.Builder
	if err := p.words.page.Execute(&page, view); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	header := e.Response.Header()
	header.Set("Content-Security-Policy", pagePolicy())
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer") // the address holds the token
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("X-Robots-Tag", "noindex")
	return e.HTML(status, page.String())
}
