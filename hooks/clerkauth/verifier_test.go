package clerkauth_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"verso/hooks/clerkauth"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	c := newClock()
	verifier := newVerifier(t, c)

	for name, token := range goodTokens(c) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims, err := verifier.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if claims.UserID != userID || claims.SessionID != "sess_2ada" || claims.ExpiresAt.IsZero() {
				t.Errorf("got %+v", claims)
			}
		})
	}
	for _, attack := range attacks(c) {
		t.Run(attack.name, func(t *testing.T) {
			t.Parallel()
			claims, err := verifier.Verify(t.Context(), attack.token)
			assertRefusal(t, err, attack.reason)
			if claims != (clerkauth.Claims{}) {
				t.Errorf("claims of a refused token: %+v", claims)
			}
			assertHoldsNoPart(t, err.Error(), attack.token)
		})
	}
}

func TestVerifyExpiresAt(t *testing.T) {
	t.Parallel()
	c := newClock()
	claims, err := newVerifier(t, c).Verify(t.Context(), c.goodToken())
	if err != nil {
		t.Fatal(err)
	}
	if want := c.now().Add(time.Minute); !claims.ExpiresAt.Equal(want) {
		t.Errorf("expires at %s, want %s", claims.ExpiresAt, want)
	}
}

func TestVerifyParties(t *testing.T) {
	t.Parallel()
	c := newClock()
	withAzp := func(azp any) string { return sign(clerkKey(), goodHeader(), c.goodClaims().with(set{"azp": azp})) }

	for _, test := range []struct {
		name    string
		parties []string
		missing bool
		azp     any
		ok      bool
	}{
		{"NoParties", nil, false, "https://anything.example", true},
		{"NoPartiesNoAzp", nil, false, nil, true},
		{"MissingAllowed", []string{origin}, true, nil, true},
		{"MissingAllowedButWrong", []string{origin}, true, "https://evil.example", false},
		{"MissingAllowedButEmpty", []string{origin}, true, "", false},
		{"TrailingSlash", []string{origin + "/"}, false, origin, true},
		{"UpperCase", []string{"HTTPS://App.Example.com"}, false, origin, true},
		{"OwnPort", []string{origin + ":443"}, false, origin, true},
		{"OtherPort", []string{origin + ":8443"}, false, origin, false},
		{"IPv6", []string{"http://[::1]:*"}, false, "http://[::1]:3000", true},
		{"Extension", []string{"chrome-extension://abcdef"}, false, "chrome-extension://abcdef", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			verifier := newVerifier(t, c, func(config *clerkauth.Config) {
				config.AuthorizedParties, config.AllowMissingAzp = test.parties, test.missing
			})
			_, err := verifier.Verify(t.Context(), withAzp(test.azp))
			if test.ok {
				if err != nil {
					t.Error(err)
				}
				return
			}
			assertRefusal(t, err, clerkauth.ReasonTokenInvalidAuthorizedParties)
		})
	}

	t.Run("MissingNamesTheVariable", func(t *testing.T) {
		t.Parallel()
		_, err := newVerifier(t, c).Verify(t.Context(), withAzp(nil))
		if err == nil || !strings.Contains(err.Error(), "CLERK_ALLOW_MISSING_AZP") {
			t.Errorf("got %v", err)
		}
	})
}

func TestNewVerifierRefusesConfig(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*clerkauth.Config)
		want   string
	}{
		{"NoIssuer", func(c *clerkauth.Config) { c.Issuer = "" }, "Issuer"},
		{"NoKeys", func(c *clerkauth.Config) { c.JWTKey = "" }, "Backend"},
		{"NegativeTTL", func(c *clerkauth.Config) { c.KeySetTTL = -1 }, "KeySetTTL"},
		{"EmptyParty", func(c *clerkauth.Config) { c.AuthorizedParties = []string{""} }, "AuthorizedParties"},
		{"PartyWithPath", func(c *clerkauth.Config) { c.AuthorizedParties = []string{origin + "/app"} }, "AuthorizedParties"},
		{"PartyWithoutScheme", func(c *clerkauth.Config) { c.AuthorizedParties = []string{"app.example.com"} }, "AuthorizedParties"},
		{"HostWildcard", func(c *clerkauth.Config) { c.AuthorizedParties = []string{"https://*.example.com"} }, "AuthorizedParties"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := clerkauth.Config{Issuer: issuer, JWTKey: pemOf(clerkKey())}
			test.change(&config)
			if _, err := clerkauth.NewVerifier(nil, config); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error about %s", err, test.want)
			}
		})
	}
}

// FuzzVerify looks for a token that counts although nobody signed it, and for
// panics.
func FuzzVerify(f *testing.F) {
	c := newClock()
	verifier := newVerifier(f, c)
	good := map[string]bool{}
	for _, token := range goodTokens(c) {
		good[token] = true
		f.Add(token)
	}
	for _, attack := range attacks(c) {
		f.Add(attack.token)
	}
	f.Add("")
	f.Add("e30.e30.AA")

	f.Fuzz(func(t *testing.T, token string) {
		_, err := verifier.Verify(t.Context(), token)
		if err == nil {
			if !good[token] {
				t.Fatal("a token that nobody signed counts")
			}
			return
		}
		var refusal *clerkauth.Refusal
		if !errors.As(err, &refusal) || refusal.Reason == "" || refusal.Message == "" {
			t.Fatalf("got %v", err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	c := newClock()
	verifier, token := newVerifier(b, c), c.goodToken()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verifier.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

func assertRefusal(t testing.TB, err error, want clerkauth.Reason) {
	t.Helper()
	var refusal *clerkauth.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal for %s", err, want)
	}
	if refusal.Reason != want {
		t.Fatalf("got %v, want %s", err, want)
	}
}

// assertHoldsNoPart fails where text repeats what somebody sent as a token.
func assertHoldsNoPart(t testing.TB, text, token string) {
	t.Helper()
	for part := range strings.SplitSeq(token, ".") {
		if len(part) > 5 && strings.Contains(text, part) {
			t.Errorf("%q holds a part of the token", text)
		}
	}
}
