package clerkauth_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"go.uber.org/goleak"

	"verso/hooks/clerkauth"
	_ "verso/migrations"
)

const (
	issuer    = "https://clerk.example.com"
	origin    = "https://app.example.com"
	secretKey = "sk_test_standin"
	keyID     = "ins_key1"
	userID    = "user_2ada"
	category  = "cl_B7d4PD111AAA"
)

// The keys are made once: two of Clerk's, and one of an attacker's.
var (
	clerkKey    = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	rotatedKey  = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	attackerKey = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	shortKey    = sync.OnceValue(func() *rsa.PrivateKey { return newKey(1024) })
)

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// migratedDir is a data directory with the schema in it. Each test works on a
// copy: applying the migrations takes most of a second.
var migratedDir string

func TestMain(m *testing.M) {
	code, err := runMigrated(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runMigrated(m *testing.M) (code int, err error) {
	empty, err := os.MkdirTemp("", "clerkauth")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(empty)
	app, err := tests.NewTestApp(empty)
	if err != nil {
		return 0, err
	}
	defer app.Cleanup()
	if err := app.ResetBootstrapState(); err != nil { // closes the databases
		return 0, err
	}
	migratedDir = app.DataDir()
	code = m.Run()
	if code == 0 {
		err = goleak.Find(
			// PocketBase's watcher of the data directory and its log writer
			// live as long as the process.
			goleak.IgnoreAnyFunction("github.com/pocketbase/pocketbase/tools/routine.FireAndForget.func1"),
			goleak.IgnoreAnyFunction("github.com/fsnotify/fsnotify.(*inotify).readEvents"),
		)
	}
	return code, err
}

func newApp(t testing.TB) *tests.TestApp {
	t.Helper()
	app, err := tests.NewTestApp(migratedDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	return app
}

// clock is a time that passes when a test says so.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanos.Store(time.Date(2026, 10, 7, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.nanos.Load()) }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

// in returns the time in so many seconds as a claim.
func (c *clock) in(seconds int64) int64 { return c.now().Unix() + seconds }

// set is a JSON object, of a header or of claims.
type set map[string]any

// with returns a copy with some members changed; a nil one is taken out.
func (s set) with(changes set) set {
	changed := maps.Clone(s)
	for name, value := range changes {
		if value == nil {
			delete(changed, name)
		} else {
			changed[name] = value
		}
	}
	return changed
}

func goodHeader() set {
	return set{"alg": "RS256", "typ": "JWT", "kid": keyID, "cat": category}
}

func (c *clock) goodClaims() set {
	return set{
		"iss": issuer, "sub": userID, "sid": "sess_2ada", "azp": origin, "sts": "active", "v": 2,
		"iat": c.in(0), "nbf": c.in(-10), "exp": c.in(60), "fva": []int{0, -1},
	}
}

func (c *clock) goodToken() string { return sign(clerkKey(), goodHeader(), c.goodClaims()) }

// sign makes a token with RS256, whatever its header says.
func sign(key *rsa.PrivateKey, header, claims set) string {
	return signRaw(key, mustJSON(header), mustJSON(claims))
}

func signRaw(key *rsa.PrivateKey, header, claims []byte) string {
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + encode(signature)
}

func signRS512(key *rsa.PrivateKey, header, claims set) string {
	signed := encode(mustJSON(header)) + "." + encode(mustJSON(claims))
	digest := sha512.Sum512([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA512, digest[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + encode(signature)
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func mustJSON(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return data
}

func pemOf(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func jwkOf(kid string, key *rsa.PrivateKey) set {
	return set{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
		"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}
}

// newVerifier returns a verifier with a fixed key, changed by the options.
func newVerifier(t testing.TB, c *clock, options ...func(*clerkauth.Config)) *clerkauth.Verifier {
	t.Helper()
	config := clerkauth.Config{
		Issuer:            issuer,
		JWTKey:            pemOf(clerkKey()),
		AuthorizedParties: []string{origin, "http://localhost:*"},
		Now:               c.now,
	}
	for _, option := range options {
		option(&config)
	}
	// A verifier only logs through the app, so it need not run.
	verifier, err := clerkauth.NewVerifier(core.NewBaseApp(core.BaseAppConfig{}), config)
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// fakeClerk stands in for Clerk's Backend API, as far as key sets go.
type fakeClerk struct {
	backend clerk.Backend
	fetches atomic.Int32

	mu      sync.Mutex
	keys    []any
	down    bool
	waiting chan struct{} // a fetch waits for its end; nil for none
}

func newFakeClerk(t testing.TB) *fakeClerk {
	t.Helper()
	fake := &fakeClerk{keys: []any{jwkOf(keyID, clerkKey())}}
	server := httptest.NewServer(http.HandlerFunc(fake.serve))
	t.Cleanup(server.Close)
	fake.backend = clerk.NewBackend(&clerk.BackendConfig{
		URL:        clerk.String(server.URL + "/v1"),
		Key:        clerk.String(secretKey),
		HTTPClient: server.Client(),
	})
	return fake
}

func (f *fakeClerk) serve(w http.ResponseWriter, r *http.Request) {
	f.fetches.Add(1)
	f.mu.Lock()
	keys, down, waiting := f.keys, f.down, f.waiting
	f.mu.Unlock()
	if waiting != nil {
		select {
		case <-waiting:
		case <-r.Context().Done():
		}
	}
	switch {
	case r.URL.Path != "/v1/jwks" || r.Header.Get("Authorization") != "Bearer "+secretKey:
		w.WriteHeader(http.StatusTeapot)
	case down:
		w.WriteHeader(http.StatusBadGateway)
	default:
		_ = json.NewEncoder(w).Encode(set{"keys": keys})
	}
}

func (f *fakeClerk) change(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}
