package clerkauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"verso/hooks/clerkauth"
)

func TestJWTKey(t *testing.T) {
	t.Parallel()
	c := newClock()
	text := pemOf(clerkKey())
	bare := strings.Join(strings.Split(strings.TrimSpace(text), "\n")[1:], "\n")
	bare = bare[:strings.LastIndex(bare, "\n")]
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&clerkKey().PublicKey)}))

	for name, key := range map[string]string{
		"PEM":            text,
		"WindowsLines":   strings.ReplaceAll(text, "\n", "\r\n"),
		"WrittenNewline": strings.ReplaceAll(text, "\n", `\n`),
		"OneLine":        strings.ReplaceAll(text, "\n", " "),
		"Indented":       "\n  " + strings.ReplaceAll(text, "\n", "\n  "),
		"Bare":           bare,
		"BareOneLine":    strings.ReplaceAll(bare, "\n", ""),
		"PKCS1":          pkcs1,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verifier := newVerifier(t, c, func(config *clerkauth.Config) { config.JWTKey = key })
			if _, err := verifier.Verify(t.Context(), c.goodToken()); err != nil {
				t.Error(err)
			}
		})
	}

	t.Run("AnyKidAndNoNetwork", func(t *testing.T) {
		t.Parallel()
		fake := newFakeClerk(t)
		verifier := newVerifier(t, c, func(config *clerkauth.Config) { config.Backend = fake.backend })
		for _, kid := range []any{"another", nil} {
			token := sign(clerkKey(), goodHeader().with(set{"kid": kid}), c.goodClaims())
			if _, err := verifier.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		}
		if n := fake.fetches.Load(); n != 0 {
			t.Errorf("%d fetches, want none", n)
		}
	})

	elliptic, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecDER, err := x509.MarshalPKIXPublicKey(&elliptic.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	private := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(clerkKey())}))
	for name, key := range map[string]string{
		"Garbage":    "hello",
		"Space":      " ",
		"PrivateKey": private,
		"NoEndLine":  strings.Replace(text, "-----END PUBLIC KEY-----", "", 1),
		"TwoKeys":    text + text,
		"Short":      pemOf(shortKey()),
		"Elliptic":   string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: ecDER})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := clerkauth.NewVerifier(nil, clerkauth.Config{Issuer: issuer, JWTKey: key})
			if err == nil || !strings.Contains(err.Error(), "JWTKey") {
				t.Fatalf("got %v", err)
			}
			for line := range strings.Lines(key) {
				if strings.Contains(err.Error(), strings.TrimSpace(line)) && len(strings.TrimSpace(line)) > 5 {
					t.Errorf("%q holds a part of the key", err)
				}
			}
		})
	}
}
