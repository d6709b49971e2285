package web

import "github.com/pocketbase/pocketbase/core"

// bindViews answers with the page itself where it has addresses of its own: the
// two ways in, and what Clerk's components keep beneath them, such as a second
// factor or the way back from another service.
func (p *plugin) bindViews(e *core.ServeEvent) {
	view := func(e *core.RequestEvent) error { return p.files.serveFile(e, indexFile) }
	for _, path := range []string{"/sign-in", "/sign-up"} {
		e.Router.GET(path, view)
		e.Router.GET(path+"/{step...}", view)
	}
}
