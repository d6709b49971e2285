package clerk

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
)

// answer is what a handler of the Frontend API returns: a resource, after which
// the browser is told how it stands.
type answer struct {
	status   int
	resource any
}

func refusal(status int, code, message string) answer {
	return answer{status, map[string]any{"errors": []any{map[string]any{"code": code, "message": message, "long_message": message, "meta": map[string]any{}}}}}
}

// bindFrontend binds the Frontend API. ClerkJS sends everything that changes
// something as POST, with the method that it means in the query.
func (i *Instance) bindFrontend(mux *http.ServeMux) {
	mux.HandleFunc("GET /npm/", i.serveBundle)
	mux.HandleFunc("OPTIONS /", func(w http.ResponseWriter, r *http.Request) {
		allowPage(w, r)
		w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /v1/dev_browser", func(w http.ResponseWriter, r *http.Request) {
		allowPage(w, r)
		writeJSON(w, http.StatusOK, map[string]any{"id": "dvb_" + rand.Text()})
	})
	for _, method := range []string{"GET", "POST"} { // the second where the browser is new
		mux.HandleFunc(method+" /v1/environment", func(w http.ResponseWriter, r *http.Request) {
			allowPage(w, r)
			writeJSON(w, http.StatusOK, environment())
		})
	}
	mux.HandleFunc("GET /v1/client", func(w http.ResponseWriter, r *http.Request) {
		allowPage(w, r)
		i.mu.Lock()
		defer i.mu.Unlock()
		writeJSON(w, http.StatusOK, map[string]any{"response": i.clientJSON(i.browserOf(w, r), r), "client": nil})
	})
	for path, handle := range map[string]func(*browser, *http.Request) answer{
		"POST /v1/client":                                    i.endAll,
		"POST /v1/client/sessions":                           i.endAll,
		"POST /v1/client/sessions/{id}/remove":               i.endOne,
		"POST /v1/client/sessions/{id}/end":                  i.endOne,
		"POST /v1/client/sessions/{id}/touch":                i.touch,
		"POST /v1/client/sign_ins":                           i.createSignIn,
		"POST /v1/client/sign_ins/{id}/prepare_first_factor": i.prepareSignIn,
		"POST /v1/client/sign_ins/{id}/attempt_first_factor": i.attemptSignIn,
		"POST /v1/client/sign_ups":                           i.createSignUp,
		"POST /v1/client/sign_ups/{id}/prepare_verification": i.prepareSignUp,
		"POST /v1/client/sign_ups/{id}/attempt_verification": i.attemptSignUp,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			allowPage(w, r)
			i.mu.Lock()
			defer i.mu.Unlock()
			b := i.browserOf(w, r)
			given := handle(b, r)
			if given.status >= http.StatusBadRequest {
				writeJSON(w, given.status, given.resource)
				return
			}
			writeJSON(w, given.status, map[string]any{"response": given.resource, "client": i.clientJSON(b, r)})
		})
	}
	mux.HandleFunc("POST /v1/client/sessions/{id}/tokens", i.issueToken)
}

func (i *Instance) serveBundle(w http.ResponseWriter, r *http.Request) {
	data, ok := i.bundles[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	allowPage(w, r)
	w.Header().Set("Content-Type", "application/javascript; charset=utf-8")
	_, _ = w.Write(data)
}

// allowPage lets any page ask, as a development instance does.
func allowPage(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	if origin := r.Header.Get("Origin"); origin != "" {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
		header.Set("Access-Control-Expose-Headers", "Authorization, x-country")
		header.Set("Access-Control-Allow-Methods", "GET, POST")
	}
}

// clientCookie is how Clerk knows a browser.
const clientCookie = "__client"

// browserOf returns the browser that a request comes from, and makes itself known
// to one that is new.
func (i *Instance) browserOf(w http.ResponseWriter, r *http.Request) *browser {
	if cookie, err := r.Cookie(clientCookie); err == nil && i.browsers[cookie.Value] != nil {
		return i.browsers[cookie.Value]
	}
	b := &browser{id: "client_" + rand.Text()}
	i.browsers[b.id] = b
	http.SetCookie(w, &http.Cookie{Name: clientCookie, Value: b.id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return b
}

func (i *Instance) endAll(b *browser, r *http.Request) answer {
	if r.URL.Query().Get("_method") == "DELETE" {
		b.end("")
	}
	return answer{http.StatusOK, i.clientJSON(b, r)}
}

func (i *Instance) endOne(b *browser, r *http.Request) answer {
	s := b.session(r.PathValue("id"))
	if s == nil {
		return noSession()
	}
	b.end(s.id)
	gone := i.sessionJSON(s, r)
	gone["status"] = "removed"
	return answer{http.StatusOK, gone}
}

func (i *Instance) touch(b *browser, r *http.Request) answer {
	s := b.session(r.PathValue("id"))
	if s == nil {
		return noSession()
	}
	return answer{http.StatusOK, i.sessionJSON(s, r)}
}

func noSession() answer {
	return refusal(http.StatusUnauthorized, "authentication_invalid", "Unable to authenticate the session.")
}

func (i *Instance) createSignIn(b *browser, r *http.Request) answer {
	email := r.FormValue("identifier")
	p := i.personBy(email)
	if p == nil {
		return refusal(http.StatusUnprocessableEntity, "form_identifier_not_found", "Couldn't find your account.")
	}
	b.signIn = &attempt{id: "sia_" + rand.Text(), email: email, person: p}
	if password := r.FormValue("password"); password != "" {
		return i.attemptSignIn(b, r)
	}
	return answer{http.StatusOK, b.signIn.signInJSON()}
}

func (i *Instance) prepareSignIn(b *browser, _ *http.Request) answer {
	if b.signIn == nil {
		return refusal(http.StatusNotFound, "resource_not_found", "There is no sign-in.")
	}
	return answer{http.StatusOK, b.signIn.signInJSON()}
}

func (i *Instance) attemptSignIn(b *browser, r *http.Request) answer {
	switch {
	case b.signIn == nil:
		return refusal(http.StatusNotFound, "resource_not_found", "There is no sign-in.")
	case r.FormValue("code") == Code, r.FormValue("password") == b.signIn.person.password:
	default:
		return refusal(http.StatusUnprocessableEntity, "form_password_incorrect", "Password is incorrect. Try again, or use another method.")
	}
	b.signIn.sessionID = i.begin(b, b.signIn.person)
	done := b.signIn.signInJSON()
	b.signIn = nil
	return answer{http.StatusOK, done}
}

func (i *Instance) createSignUp(b *browser, r *http.Request) answer {
	email := r.FormValue("email_address")
	if i.personBy(email) != nil {
		return refusal(http.StatusUnprocessableEntity, "form_identifier_exists", "That email address is taken. Please try another.")
	}
	b.signUp = &attempt{id: "sua_" + rand.Text(), email: email, password: r.FormValue("password")}
	return answer{http.StatusOK, b.signUp.signUpJSON()}
}

func (i *Instance) prepareSignUp(b *browser, _ *http.Request) answer {
	if b.signUp == nil {
		return refusal(http.StatusNotFound, "resource_not_found", "There is no sign-up.")
	}
	return answer{http.StatusOK, b.signUp.signUpJSON()}
}

func (i *Instance) attemptSignUp(b *browser, r *http.Request) answer {
	if b.signUp == nil {
		return refusal(http.StatusNotFound, "resource_not_found", "There is no sign-up.")
	}
	if r.FormValue("code") != Code {
		return refusal(http.StatusUnprocessableEntity, "form_code_incorrect", "Incorrect code")
	}
	name, _, _ := strings.Cut(b.signUp.email, "@")
	b.signUp.person = i.add(name, b.signUp.email, b.signUp.password)
	b.signUp.sessionID = i.begin(b, b.signUp.person)
	done := b.signUp.signUpJSON()
	b.signUp = nil
	return answer{http.StatusOK, done}
}

func (i *Instance) issueToken(w http.ResponseWriter, r *http.Request) {
	allowPage(w, r)
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.browserOf(w, r).session(r.PathValue("id"))
	if s == nil {
		given := noSession()
		writeJSON(w, given.status, given.resource)
		return
	}
	writeJSON(w, http.StatusOK, i.tokenJSON(s, r))
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who does not read the answer does not miss it
}
