// Package clerk stands in for a development instance of Clerk: its Frontend API,
// as far as the real ClerkJS and its components ask it, and its Backend API, as
// far as Verso does. Session tokens are real ones, signed by a key of its own.
//
//	instance := clerk.Start(t)
//	instance.AddPerson("Ada", "ada@example.org", "a long password")
//	server := process.Start(t, process.Options{Command: "serve", Env: map[string]string{
//		"CLERK_PUBLISHABLE_KEY": instance.PublishableKey(),
//		"CLERK_PROXY_URL":       instance.URL(),
//		"CLERK_API_URL":         instance.URL(),
//		"CLERK_SECRET_KEY":      instance.SecretKey(),
//	}})
//
// The page reaches it as it would reach a proxied Frontend API, since a host in a
// publishable key is asked over https alone.
package clerk

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Code is what verifies any email address.
const Code = "424242"

// Instance is a running stand-in.
type Instance struct {
	key     *rsa.PrivateKey
	secret  string
	bundles map[string][]byte // what npm has, by path
	server  *httptest.Server
	began   time.Time

	mu       sync.Mutex
	down     bool
	pending  string // the task that new sessions are given, "" for none
	people   []*person
	browsers map[string]*browser
	// handshakes are the cookies that wait for the server that asks for them.
	handshakes map[string][]string
}

// person is a user of the instance.
type person struct {
	id, name, email, password string
}

// browser is what Clerk calls a client: one browser, with the sessions and the
// attempts in it.
type browser struct {
	id       string
	sessions []*session
	signIn   *attempt
	signUp   *attempt
}

type session struct {
	id     string
	person *person
	task   string
}

// attempt is a sign-in or a sign-up under way.
type attempt struct {
	id, email, password string
	person              *person
	sessionID           string // once it is complete
}

// Start starts a stand-in that ends with the test.
func Start(t testing.TB) *Instance {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &Instance{
		key: key, secret: "sk_test_" + rand.Text(), bundles: mustBundles(t), began: time.Now(),
		browsers: map[string]*browser{}, handshakes: map[string][]string{},
	}
	mux := http.NewServeMux()
	i.bindFrontend(mux)
	i.bindHandshake(mux)
	i.bindBackend(mux)
	i.server = httptest.NewServer(i.reachable(mux))
	t.Cleanup(i.server.Close)
	return i
}

// URL is the address of both of its APIs, without their version.
func (i *Instance) URL() string { return i.server.URL }

// SiteURL is the same for a page on localhost, which browsers take for another site
// than an address: they would keep the cookie back that it knows them by.
func (i *Instance) SiteURL() string { return strings.Replace(i.URL(), "127.0.0.1", "localhost", 1) }

// ScriptURL is where it has a script of a package, for a page that would else ask a
// host for it over https.
func (i *Instance) ScriptURL(name, script string) string {
	for path := range i.bundles {
		if strings.HasPrefix(path, "/npm/"+name+"@") && strings.HasSuffix(path, "/"+script) {
			return i.URL() + path
		}
	}
	return ""
}

// SecretKey is what the Backend API asks for.
func (i *Instance) SecretKey() string { return i.secret }

// PublishableKey is that of a development instance.
func (i *Instance) PublishableKey() string {
	host := strings.TrimPrefix(i.server.URL, "http://")
	return "pk_test_" + base64.StdEncoding.EncodeToString([]byte(host+"$"))
}

// AddPerson adds a user and returns the id.
func (i *Instance) AddPerson(name, email, password string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.add(name, email, password).id
}

func (i *Instance) add(name, email, password string) *person {
	p := &person{id: "user_" + rand.Text(), name: name, email: email, password: password}
	i.people = append(i.people, p)
	return p
}

// SetDown makes it answer nothing, or again.
func (i *Instance) SetDown(down bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.down = down
}

// SetTask gives sessions that begin from now on something to do first, such as
// "setup-mfa", until which they are pending.
func (i *Instance) SetTask(task string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.pending = task
}

// Sessions returns the ids of a user's sessions.
func (i *Instance) Sessions(userID string) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var ids []string
	for _, b := range i.browsers {
		for _, s := range b.sessions {
			if s.person.id == userID {
				ids = append(ids, s.id)
			}
		}
	}
	return ids
}

// UserID returns the id of who has that address, "" where nobody has.
func (i *Instance) UserID(email string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if p := i.personBy(email); p != nil {
		return p.id
	}
	return ""
}

// Revoke ends a session, as an admin does. The webhook that Clerk sends then is
// for the test to send.
func (i *Instance) Revoke(sessionID string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, b := range i.browsers {
		b.end(sessionID)
	}
}

func (b *browser) end(sessionID string) {
	kept := b.sessions[:0]
	for _, s := range b.sessions {
		if s.id != sessionID && sessionID != "" {
			kept = append(kept, s)
		}
	}
	b.sessions = kept
}

func (b *browser) session(id string) *session {
	for _, s := range b.sessions {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (i *Instance) personBy(email string) *person {
	for _, p := range i.people {
		if strings.EqualFold(p.email, email) {
			return p
		}
	}
	return nil
}

// reachable breaks off every request while the instance is down.
func (i *Instance) reachable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		down := i.down
		i.mu.Unlock()
		if down {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// begin opens a session in a browser, for who has completed an attempt.
func (i *Instance) begin(b *browser, p *person) string {
	s := &session{id: "sess_" + rand.Text(), person: p, task: i.pending}
	b.sessions = append(b.sessions, s)
	return s.id
}

// keyID names the key in tokens and in the key set.
func (i *Instance) keyID() string { return fmt.Sprintf("ins_%d", i.began.UnixNano()) }
