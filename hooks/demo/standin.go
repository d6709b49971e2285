package demo

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/jwt"
)

const (
	// tokenLifetime is how long Clerk's session tokens live.
	tokenLifetime = 60 * time.Second
	// notBefore is how long before its issue a token of Clerk's is valid.
	notBefore = 10 * time.Second
	// sessionCategory marks a session token in Clerk's token header.
	sessionCategory = "cl_B7d4PD111AAA"
	// keyBits is the size of Clerk's own keys.
	keyBits = 2048
	// maxSessions bounds the sessions that are remembered.
	maxSessions = 10000
)

// Person is somebody to sign in as.
type Person struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	ImageURL string `json:"image_url"`
}

// people are the demo's users. The addresses are of a domain that exists for
// examples only.
func people() []Person {
	return []Person{
		{ID: "user_demoada", Name: "Ada", Email: "ada@example.org"},
		{ID: "user_demobo", Name: "Bo", Email: "bo@example.org"},
	}
}

// StandIn plays Clerk's part on a loopback port of its own.
type StandIn struct {
	key       *rsa.PrivateKey
	keyID     string
	secretKey string
	created   time.Time
	people    []Person
	listener  net.Listener
	server    *http.Server
	served    chan struct{} // closed when the server has ended

	mu       sync.Mutex
	sessions map[string]string // session id → user id
	order    []string          // of the sessions, oldest first
}

// Start makes a key and begins to listen.
func Start() (*StandIn, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("make the stand-in's key: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the stand-in: %w", err)
	}
	s := &StandIn{
		key:       key,
		keyID:     "ins_" + rand.Text(),
		secretKey: "sk_test_" + rand.Text(),
		created:   time.Now(),
		people:    people(),
		listener:  listener,
		served:    make(chan struct{}),
		sessions:  map[string]string{},
	}
	s.server = &http.Server{Handler: s.backendAPI(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener) // ends with Close
	}()
	return s, nil
}

// APIURL is the base of the Backend API, without its version.
func (s *StandIn) APIURL() string { return "http://" + s.listener.Addr().String() }

// Issuer is the issuer of the tokens.
func (s *StandIn) Issuer() string { return s.APIURL() }

// SecretKey is the key that the Backend API asks for.
func (s *StandIn) SecretKey() string { return s.secretKey }

// Close ends the stand-in.
func (s *StandIn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.server.Shutdown(ctx)
	<-s.served
	return err
}

// SignIn begins a session. It reports false for a person who does not exist.
func (s *StandIn) SignIn(userID string) (sessionID string, ok bool) {
	if _, ok := s.person(userID); !ok {
		return "", false
	}
	sessionID = "sess_" + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) >= maxSessions {
		delete(s.sessions, s.order[0])
		s.order = s.order[1:]
	}
	s.sessions[sessionID] = userID
	s.order = append(s.order, sessionID)
	return sessionID, true
}

// SignOut ends a session.
func (s *StandIn) SignOut(sessionID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, sessionID)
}

var errNoSession = errors.New("there is no such session")

// Token issues a session token as Clerk would for a page at origin.
func (s *StandIn) Token(sessionID, origin string) (string, error) {
	s.mu.Lock()
	userID, ok := s.sessions[sessionID]
	s.mu.Unlock()
	if !ok {
		return "", errNoSession
	}
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("cat", sessionCategory).WithHeader("kid", s.keyID)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: s.key}, options)
	if err != nil {
		return "", fmt.Errorf("make signer: %w", err)
	}
	now := time.Now()
	token, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": s.Issuer(),
		"sub": userID,
		"sid": sessionID,
		"azp": origin,
		"iat": now.Unix(),
		"nbf": now.Add(-notBefore).Unix(),
		"exp": now.Add(tokenLifetime).Unix(),
		"sts": "active",
		"fva": []int{0, -1},
		"v":   2,
	}).CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}

func (s *StandIn) person(id string) (Person, bool) {
	for _, person := range s.people {
		if person.ID == id {
			return person, true
		}
	}
	return Person{}, false
}

// backendAPI answers as Clerk's Backend API does, as far as Verso asks it.
func (s *StandIn) backendAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/jwks", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
			{Key: &s.key.PublicKey, KeyID: s.keyID, Algorithm: string(jose.RS256), Use: "sig"},
		}})
	})
	mux.HandleFunc("GET /v1/users/{id}", func(w http.ResponseWriter, r *http.Request) {
		person, ok := s.person(r.PathValue("id"))
		if !ok {
			writeJSON(w, http.StatusNotFound, clerkError("resource_not_found", "not found"))
			return
		}
		writeJSON(w, http.StatusOK, s.user(person))
	})
	mux.HandleFunc("GET /v1/users", s.listUsers)
	return s.authorized(mux)
}

// listUsers answers with the people, or those of them who are asked for by id. All
// of them fit on the first page.
func (s *StandIn) listUsers(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["user_id"]
	listed := []map[string]any{}
	for _, person := range s.people {
		if len(ids) == 0 || slices.Contains(ids, person.ID) {
			listed = append(listed, s.user(person))
		}
	}
	if offset := r.URL.Query().Get("offset"); offset != "" && offset != "0" {
		listed = listed[:0]
	}
	writeJSON(w, http.StatusOK, listed)
}

func (s *StandIn) authorized(next http.Handler) http.Handler {
	want := []byte("Bearer " + s.secretKey)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			writeJSON(w, http.StatusUnauthorized, clerkError("clerk_key_invalid", "The provided Clerk Secret Key is invalid."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// user returns a person in the form of Clerk's User object.
func (s *StandIn) user(person Person) map[string]any {
	millis := s.created.UnixMilli()
	emailID := "idn_" + person.ID
	return map[string]any{
		"object": "user", "id": person.ID, "username": nil,
		"first_name": person.Name, "last_name": nil,
		"image_url": person.ImageURL, "has_image": false,
		"primary_email_address_id": emailID,
		"email_addresses": []map[string]any{{
			"object": "email_address", "id": emailID, "email_address": person.Email,
			"verification": map[string]any{"status": "verified", "strategy": "email_code"},
		}},
		"banned": false, "locked": false,
		"created_at": millis, "updated_at": millis,
	}
}

func clerkError(code, message string) map[string]any {
	return map[string]any{"errors": []map[string]any{{"code": code, "message": message, "long_message": message}}}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who does not read the answer does not miss it
}
