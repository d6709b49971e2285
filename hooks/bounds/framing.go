package bounds

import "net/http"

// ownBody gives every request its own body back when it has been answered.
//
// PocketBase puts a wrapper in the body's place and closes what is beneath. net/http
// then does not see that a body was left unread, keeps the connection, and takes the
// rest of the body for the next request on it: behind a proxy that reuses its
// connections, one person's body would be answered as another's request.
func ownBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		defer func() { r.Body = body }()
		next.ServeHTTP(w, r)
	})
}
