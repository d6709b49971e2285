package clerk

import (
	"crypto/rand"
	"crypto/sha1" // Clerk's choice, for a name
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
)

// bindHandshake binds the way in which a page's server learns who is there when the
// cookies that came to it do not tell: it sends the browser to the Frontend API,
// which sends it back with a nonce, for which the Backend API has the cookies.
func (i *Instance) bindHandshake(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/client/handshake", func(w http.ResponseWriter, r *http.Request) {
		back, err := url.Parse(r.FormValue("redirect_url"))
		if err != nil || !back.IsAbs() {
			given := refusal(http.StatusBadRequest, "invalid_url", "redirect_url is no absolute address.")
			writeJSON(w, given.status, given.resource)
			return
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		nonce := rand.Text()
		i.handshakes[nonce] = i.pageCookies(i.browserOf(w, r))
		query := back.Query()
		query.Set("__clerk_handshake_nonce", nonce)
		back.RawQuery = query.Encode()
		http.Redirect(w, r, back.String(), http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("GET /v1/clients/handshake_payload", i.authorized(func(w http.ResponseWriter, r *http.Request) {
		nonce := r.FormValue("nonce")
		cookies, ok := i.handshakes[nonce]
		if !ok {
			given := refusal(http.StatusNotFound, "resource_not_found", "not found")
			writeJSON(w, given.status, given.resource)
			return
		}
		delete(i.handshakes, nonce)
		writeJSON(w, http.StatusOK, map[string]any{"directives": cookies})
	}))
}

// pageCookies are the cookies of a page, as headers set them: who the browser is,
// which a server of a development instance asks to see, since when somebody is signed
// in, and the session's token. That is made for a navigation, in which browsers send
// no Origin, so it names no authorized party.
func (i *Instance) pageCookies(b *browser) []string {
	const week = 7 * 24 * 3600
	since, token, lives := int64(0), "", 0
	if len(b.sessions) > 0 {
		since, token, lives = i.began.Unix(), i.token(b.sessions[len(b.sessions)-1], ""), week
	}
	digest := sha1.Sum([]byte(i.PublishableKey()))
	var cookies []string
	for _, suffix := range []string{"", "_" + base64.URLEncoding.EncodeToString(digest[:])[:8]} {
		cookies = append(cookies,
			fmt.Sprintf("__clerk_db_jwt%s=dvb_%s; Path=/; Max-Age=%d; SameSite=Lax", suffix, b.id, week),
			fmt.Sprintf("__client_uat%s=%d; Path=/; Max-Age=%d; SameSite=Lax", suffix, since, week),
			fmt.Sprintf("__session%s=%s; Path=/; Max-Age=%d; SameSite=Lax", suffix, token, lives))
	}
	return cookies
}
