package bench

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/clerkauth"
	"verso/hooks/records"
	"verso/hooks/translation"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
)

const (
	authIssuer = "https://clerk.example.org"
	authUser   = "user_2benchmark0000000000000000"
	// authBatches batches of authBatch requests are measured with each token, in
	// turns, so that what the machine does besides falls on both.
	authBatches, authBatch = 20, 250
	// manyTokens is how many distinct tokens are presented.
	manyTokens = 10_000
)

// signedIn is the same service with the same rows, asked with one kind of token:
// Clerk's, or, where the plugin that reads those is left out, PocketBase's own.
type signedIn struct {
	handler http.Handler
	user    *core.Record
	token   string
}

func newSignedIn(b *testing.B, key *rsa.PrivateKey) *signedIn {
	b.Helper()
	app := newApp(b)
	requireUser := &hook.Handler[*core.RequestEvent]{Func: func(e *core.RequestEvent) error {
		if e.Auth == nil {
			return e.UnauthorizedError("", nil)
		}
		return e.Next()
	}}
	if key != nil {
		clerkauth.MustRegister(app, clerkauth.Config{Issuer: authIssuer, JWTKey: publicPEM(b, key)})
		requireUser = clerkauth.RequireUser()
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.App.Settings().RateLimits.Enabled = false // thousands of requests come from one address
		e.Router.GET("/bare", func(e *core.RequestEvent) error { return e.NoContent(http.StatusNoContent) }).Bind(requireUser)
		return e.Next()
	})
	translation.MustRegister(app, translation.Config{
		Formats: document.Formats{txt.Format{}}, Engines: []engine.Engine{pseudo.New(pseudo.Config{})},
		SealingKey: make([]byte, 32), RequireUser: requireUser,
	})
	c := &crowd{app: app, handler: begin(b, app)}
	return &signedIn{handler: c.handler, user: c.mustOwner(b)}
}

// mustOwner makes a user with thirty finished jobs.
func (c *crowd) mustOwner(b *testing.B) *core.Record {
	b.Helper()
	users, err := c.app.FindCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		b.Fatal(err)
	}
	user := records.NewUser(core.NewRecord(users))
	user.SetClerkUserID(authUser)
	user.SetEmail("reader@example.org")
	user.ForbidPassword()
	if err := c.app.Save(user); err != nil {
		b.Fatal(err)
	}
	for n := range 30 {
		_, err := c.app.DB().NewQuery(`INSERT INTO translation_jobs (id, filename, status, progress, owner_id, target_language, engine, model_name, created_at, completed_at)
			VALUES ({:id}, 'book.txt', 'COMPLETED', 100, {:owner}, 'fr', 'pseudo', 'pseudo', {:at}, {:at})`).
			Bind(map[string]any{"id": fmt.Sprintf("job%012d", n), "owner": user.Id, "at": fmt.Sprintf("2026-11-26 12:00:%02d.000Z", n)}).Execute()
		if err != nil {
			b.Fatal(err)
		}
	}
	return user.ProxyRecord()
}

func publicPEM(b *testing.B, key *rsa.PrivateKey) string {
	b.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		b.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// clerkToken returns a session token of Clerk's form that lives for an hour, so
// that one may be used for the whole run.
func clerkToken(b *testing.B, key *rsa.PrivateKey, user string, n int) string {
	b.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	now := time.Now().Unix()
	signed := encode([]byte(`{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":"ins_2bench","typ":"JWT"}`)) + "." +
		encode(fmt.Appendf(nil, `{"azp":"https://app.example.org","exp":%d,"fva":[1,-1],"iat":%d,"iss":%q,"nbf":%d,"sid":"sess_%027d","sts":"active","sub":%q,"v":2}`,
			now+3600, now, authIssuer, now-10, n, user))
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		b.Fatal(err)
	}
	return signed + "." + encode(signature)
}

// ask makes one request and returns how long it took.
func (s *signedIn) ask(b *testing.B, path, token string) time.Duration {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Authorization", token)
	answer := httptest.NewRecorder()
	begun := time.Now()
	s.handler.ServeHTTP(answer, request)
	took := time.Since(begun)
	if answer.Code >= 300 {
		b.Fatalf("%s: %d %s", path, answer.Code, answer.Body)
	}
	return took
}

// figures are what some requests took.
type figures struct {
	times []time.Duration
	cpu   time.Duration
}

func (f *figures) batch(b *testing.B, s *signedIn, path string) {
	before := cpuTime(b)
	for range authBatch {
		f.times = append(f.times, s.ask(b, path, s.token))
	}
	f.cpu += cpuTime(b) - before
}

func (f *figures) String() string {
	slices.Sort(f.times)
	var sum time.Duration
	for _, took := range f.times {
		sum += took
	}
	n := len(f.times)
	return fmt.Sprintf("%.0f a second, p50 %s, p99 %s", float64(n)/sum.Seconds(),
		f.times[n/2].Round(time.Microsecond), f.times[n*99/100].Round(time.Microsecond))
}

// cpuTime returns the CPU time of this process.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkAuth asks for the same with Clerk's session token and with PocketBase's
// own user token, in turns, and then with ten thousand different session tokens.
func BenchmarkAuth(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	clerk, own := newSignedIn(b, key), newSignedIn(b, nil)
	clerk.token = clerkToken(b, key, authUser, 0)
	if own.token, err = own.user.NewAuthToken(); err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{"/bare", "/api/v1/jobs?limit=30"} {
		for _, s := range []*signedIn{clerk, own} { // what the first requests compile and cache
			new(figures).batch(b, s, path)
		}
		var withClerk, withOwn figures
		runtime.GC()
		for range authBatches {
			withClerk.batch(b, clerk, path)
			withOwn.batch(b, own, path)
		}
		n := time.Duration(authBatches * authBatch)
		table.add(requests, path+" with Clerk's token", (withClerk.cpu / n).String(), "CPU a request; "+withClerk.String())
		table.add(requests, path+" with PocketBase's", (withOwn.cpu / n).String(), fmt.Sprintf("CPU a request, ratio %.2f; %s",
			float64(withClerk.cpu)/float64(withOwn.cpu), withOwn.String()))
	}

	tokens := make([]string, manyTokens)
	for n := range tokens {
		tokens[n] = clerkToken(b, key, authUser, n+1)
	}
	runtime.GC()
	before := heapInUse()
	var first, again time.Duration
	for _, token := range tokens {
		first += clerk.ask(b, "/bare", token)
	}
	for _, token := range tokens {
		again += clerk.ask(b, "/bare", token)
	}
	runtime.GC()
	grown := heapInUse() - before
	table.add(requests, fmt.Sprintf("%d distinct tokens", manyTokens), fmt.Sprintf("%.0f a second", manyTokens/first.Seconds()),
		fmt.Sprintf("the second time %.0f a second; the heap grew by %d KB, %d B a token",
			manyTokens/again.Seconds(), grown>>10, grown/manyTokens))
	runtime.KeepAlive(tokens)
}
