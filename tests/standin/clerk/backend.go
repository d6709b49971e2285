package clerk

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/jwt"
)

// bindBackend binds the Backend API, as far as Verso asks it.
func (i *Instance) bindBackend(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/jwks", i.authorized(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
			{Key: &i.key.PublicKey, KeyID: i.keyID(), Algorithm: string(jose.RS256), Use: "sig"},
		}})
	}))
	mux.HandleFunc("GET /v1/users/{id}", i.authorized(func(w http.ResponseWriter, r *http.Request) {
		at := slices.IndexFunc(i.people, func(p *person) bool { return p.id == r.PathValue("id") })
		if at < 0 {
			given := refusal(http.StatusNotFound, "resource_not_found", "not found")
			writeJSON(w, given.status, given.resource)
			return
		}
		writeJSON(w, http.StatusOK, i.userJSON(i.people[at]))
	}))
	mux.HandleFunc("GET /v1/users", i.authorized(func(w http.ResponseWriter, r *http.Request) {
		listed := []any{}
		if offset := r.URL.Query().Get("offset"); offset == "" || offset == "0" {
			for _, p := range i.people {
				listed = append(listed, i.userJSON(p))
			}
		}
		writeJSON(w, http.StatusOK, listed)
	}))
}

// authorized asks for the secret key, and holds the instance still meanwhile.
func (i *Instance) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+i.secret {
			given := refusal(http.StatusUnauthorized, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
			writeJSON(w, given.status, given.resource)
			return
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		next(w, r)
	}
}

// token issues a session token for a page at origin, or without a party where there
// is none. A key that was made here signs whatever it is given.
func (i *Instance) token(s *session, origin string) string {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("cat", "cl_B7d4PD111AAA").WithHeader("kid", i.keyID())
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: i.key}, options)
	if err != nil {
		panic(err)
	}
	status := "active"
	if s.task != "" {
		status = "pending"
	}
	now := time.Now()
	claims := map[string]any{
		"iss": i.server.URL, "sub": s.person.id, "sid": s.id, "sts": status,
		"iat": now.Unix(), "nbf": now.Unix() - 10, "exp": now.Unix() + 60, "fva": []int{0, -1}, "v": 2,
	}
	if origin != "" {
		claims["azp"] = origin
	}
	token, err := jwt.Signed(signer).Claims(claims).CompactSerialize()
	if err != nil {
		panic(err)
	}
	return token
}
