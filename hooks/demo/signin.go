package demo

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// bindRoutes binds what the page needs to sign somebody in with one click.
func (p *plugin) bindRoutes(e *core.ServeEvent) {
	demo := e.Router.Group("/demo")
	demo.BindFunc(onlyLoopback)
	demo.GET("/people", p.listPeople)
	demo.POST("/sessions", p.signIn)
	demo.DELETE("/sessions/{id}", p.signOut)
	demo.POST("/sessions/{id}/tokens", p.issueToken)
}

// onlyLoopback refuses requests that were sent to another name than this
// machine's own: a page elsewhere whose host name was made to point here.
func onlyLoopback(e *core.RequestEvent) error {
	host := e.Request.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]") // an IPv6 address without a port
	if !isOwn(host) {
		return e.ForbiddenError("The demo answers on this machine's own addresses only.", nil)
	}
	return e.Next()
}

func (p *plugin) listPeople(e *core.RequestEvent) error {
	return e.JSON(http.StatusOK, map[string]any{"people": p.standIn.people})
}

func (p *plugin) signIn(e *core.RequestEvent) error {
	var form struct {
		UserID string `json:"user_id" form:"user_id"`
	}
	if err := e.BindBody(&form); err != nil {
		return e.BadRequestError(`Send {"user_id": …} as JSON.`, err)
	}
	sessionID, ok := p.standIn.SignIn(form.UserID)
	if !ok {
		return e.NotFoundError("There is nobody of that id; /demo/people lists who there is.", nil)
	}
	return e.JSON(http.StatusOK, map[string]string{"id": sessionID})
}

func (p *plugin) signOut(e *core.RequestEvent) error {
	p.standIn.SignOut(e.Request.PathValue("id"))
	return e.NoContent(http.StatusNoContent)
}

func (p *plugin) issueToken(e *core.RequestEvent) error {
	origin := e.Request.Header.Get("Origin")
	if origin == "" {
		origin = "http://" + e.Request.Host
	}
	token, err := p.standIn.Token(e.Request.PathValue("id"), origin)
	if errors.Is(err, errNoSession) {
		return e.NotFoundError("There is no such session; sign in again.", nil)
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]string{"jwt": token})
}
