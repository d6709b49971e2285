package tests

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/jwt"

	"verso/tests/process"
)

// issuer is a Clerk instance that exists in these tests alone.
const issuer = "https://clerk.example.org"

// instance is a Clerk instance of which only the key is known.
type instance struct{ key *rsa.PrivateKey }

func newInstance(t *testing.T) instance {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return instance{key}
}

// env returns the environment of a service that needs no network: no address
// in it exists.
func (i instance) env(t *testing.T, more ...string) map[string]string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&i.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	environment := env(more...)
	environment["CLERK_JWT_KEY"] = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	environment["CLERK_ISSUER"] = issuer
	environment["CLERK_API_URL"] = "http://127.0.0.1:1"
	if environment["VERSO_ENGINES"] == "" {
		environment["VERSO_ENGINES"] = "pseudo"
	}
	return environment
}

// sign signs as Clerk does.
func (i instance) sign(signed string) ([]byte, error) {
	digest := sha256.Sum256([]byte(signed))
	return rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, digest[:])
}

// token returns a session token as Clerk makes them, changed by edit.
func (i instance) token(userID string, edit func(claims map[string]any)) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", "ins_whatever")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: i.key}, options)
	if err != nil {
		return "", err
	}
	now := time.Now()
	claims := map[string]any{
		"iss": issuer, "sub": userID, "sid": "sess_2abc", "azp": "https://app.example.org", "v": 2, "sts": "active",
		"iat": now.Unix(), "nbf": now.Add(-10 * time.Second).Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	if edit != nil {
		edit(claims)
	}
	return jwt.Signed(signer).Claims(claims).CompactSerialize()
}

// signIn returns a client with tokens of this instance.
func (i instance) signIn(t *testing.T, server *process.Server, userID string, edit func(map[string]any)) *process.Client {
	return server.As(t, func() (string, error) { return i.token(userID, edit) })
}

// TestServeWithoutNetwork runs the real command with nothing but Clerk's
// public key.
func TestServeWithoutNetwork(t *testing.T) {
	clerk := newInstance(t)
	server := process.Start(t, process.Options{Command: "serve", Env: clerk.env(t, "VERSO_PSEUDO_DELAY", "0s")})

	t.Run("translates", func(t *testing.T) {
		client := clerk.signIn(t, server, "user_2nobody", nil)
		stream := client.Subscribe(t, "translation_jobs/*")
		job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")})
		stream.UntilFinished(t, job.ID, waitShort)
		if got := string(client.Download(t, job.ID)); got != accented("One.\n\nTwo.\n") {
			t.Errorf("got %q", got)
		}
		var user struct {
			ClerkUserID string `json:"clerk_user_id"`
			Email       string `json:"email"`
		}
		client.Get(t, "/api/collections/users/records/"+job.OwnerID).MustBe(t, http.StatusOK).Decode(t, &user)
		if user.ClerkUserID != "user_2nobody" || user.Email != "" {
			t.Errorf("the user made from the token: %+v", user)
		}
	})
	t.Run("one user for many requests", func(t *testing.T) {
		client := clerk.signIn(t, server, "user_2atonce", nil)
		for _, answer := range race(t, client, 12, func() process.Upload { return process.Upload{Content: strings.NewReader("One.\n")} }) {
			answer.MustBe(t, http.StatusOK)
		}
		database := process.OpenDatabase(t, server.Dir)
		if n := database.Text(t, "SELECT COUNT(*) FROM users WHERE clerk_user_id = 'user_2atonce'"); n != "1" {
			t.Errorf("%s users", n)
		}
	})
	for _, test := range []struct {
		name, reason string
		edit         func(map[string]any)
	}{
		{"expired", "token-expired", func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() }},
		{"another issuer", "token-invalid-issuer", func(c map[string]any) { c["iss"] = issuer + ".evil.example" }},
		{"no expiry", "token-verification-failed", func(c map[string]any) { delete(c, "exp") }},
		{"pending", "token-invalid", func(c map[string]any) { c["sts"] = "pending" }},
	} {
		t.Run("refuses/"+test.name, func(t *testing.T) {
			answer := clerk.signIn(t, server, "user_2nobody", test.edit).Get(t, "/api/v1/jobs")
			answer.MustRefuse(t, http.StatusUnauthorized)
			if got := answer.Header.Get("x-clerk-auth-reason"); got != test.reason {
				t.Errorf("x-clerk-auth-reason: %q, want %q", got, test.reason)
			}
		})
	}
	t.Run("refuses/another key", func(t *testing.T) {
		newInstance(t).signIn(t, server, "user_2nobody", nil).Get(t, "/api/v1/jobs").MustRefuse(t, http.StatusUnauthorized)
	})
	t.Run("has no demo routes", func(t *testing.T) {
		guest := server.Guest(t)
		guest.Get(t, "/demo/people").MustBe(t, http.StatusNotFound)
		guest.Post(t, "/demo/sessions", map[string]string{"user_id": ada}).MustBe(t, http.StatusNotFound)
		guest.Post(t, "/demo/sessions/sess_1/tokens", nil).MustBe(t, http.StatusNotFound)
	})
	t.Run("prints no secret", func(t *testing.T) {
		for _, sign := range []string{"eyJ", "_/#/pbinstal"} {
			if strings.Contains(server.Log(), sign) {
				t.Errorf("the output holds %q", sign)
			}
		}
	})
}

// TestPort leaves the address to the environment, as hosting platforms do.
func TestPort(t *testing.T) {
	clerk := newInstance(t)
	_, port, err := net.SplitHostPort(process.FreeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	server := process.Start(t, process.Options{Command: "serve", Env: clerk.env(t, "PORT", port)})
	if want := "http://127.0.0.1:" + port; server.URL != want || !strings.Contains(server.Log(), "http://0.0.0.0:"+port) {
		t.Errorf("listens at %s, want all addresses at port %s", server.URL, port)
	}
	server.Guest(t).Get(t, "/healthz").MustBe(t, http.StatusOK)

	t.Run("a flag wins", func(t *testing.T) {
		address := process.FreeAddress(t)
		server := process.Start(t, process.Options{
			Command: "serve", Args: []string{"--http", address}, Env: clerk.env(t, "PORT", port),
		})
		if server.URL != "http://"+address {
			t.Errorf("listens at %s, want %s", server.URL, address)
		}
	})
}

// TestServeBesideCommands runs another command on the data that a service
// serves: only services exclude each other.
func TestServeBesideCommands(t *testing.T) {
	server := process.Start(t, process.Options{Command: "serve", Env: newInstance(t).env(t)})
	mustAddSuperuser(t, server.Dir)
	server.SignInSuperuser(t, superuserEmail, superuserPassword).Get(t, "/api/collections").MustBe(t, http.StatusOK)
}

// TestFirstSuperuser makes the first superuser from the environment.
func TestFirstSuperuser(t *testing.T) {
	clerk := newInstance(t)
	options := process.Options{Command: "serve", Dir: filepath.Join(t.TempDir(), "data"), Env: clerk.env(t,
		"VERSO_SUPERUSER_EMAIL", superuserEmail, "VERSO_SUPERUSER_PASSWORD", superuserPassword,
	)}
	server := process.Start(t, options)
	server.SignInSuperuser(t, superuserEmail, superuserPassword)
	mustNotHold(t, "the process's output", []byte(server.Log()), superuserPassword)
	server.Kill()

	options.Env["VERSO_SUPERUSER_PASSWORD"] = "changed in the environment"
	server = process.Start(t, options)
	server.SignInSuperuser(t, superuserEmail, superuserPassword) // what an admin set stays
	answer, err := server.Guest(t).Do(context.Background(), http.MethodGet, "/api/health", nil, nil)
	if err != nil || answer.Status != http.StatusOK {
		t.Errorf("%v %v", answer, err)
	}
}

// sealingKey is a VERSO_SECRET_KEY.
func sealingKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}
