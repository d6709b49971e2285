package clerkauth

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// minKeyBits is the least that RFC 7518, section 3.3, allows for RS256, and
// what Clerk's keys have.
const minKeyBits = 2048

// fixedKey is the one key of an instance that was configured, for any kid:
// Clerk shows the PEM without the kid.
type fixedKey struct{ public *rsa.PublicKey }

func (k fixedKey) key(context.Context, string) (*rsa.PublicKey, error) { return k.public, nil }

// parsePublicKey reads an RSA public key as people paste it into an
// environment variable: PEM, or its base64 alone, in lines, in one line, or
// with "\n" written out. The error never holds any of it.
func parsePublicKey(text string) (*rsa.PublicKey, error) {
	text = strings.ReplaceAll(text, `\n`, "\n")
	if before, rest, ok := strings.Cut(text, "-----BEGIN "); ok {
		label, body, ok := strings.Cut(rest, "-----")
		if !ok || strings.TrimSpace(before) != "" {
			return nil, errors.New("cannot be read as PEM")
		}
		if label != "PUBLIC KEY" && label != "RSA PUBLIC KEY" {
			return nil, errors.New("holds something else than a public key; copy the one that Clerk's dashboard calls JWKS public key")
		}
		body, rest, ok = strings.Cut(body, "-----END "+label+"-----")
		if !ok || strings.TrimSpace(rest) != "" {
			return nil, errors.New("cannot be read as PEM: the END line is missing or not the last")
		}
		text = body
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)

	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(der) == 0 {
		return nil, errors.New("cannot be read as PEM: the base64 is broken")
	}
	key, err := parseDER(der)
	if err != nil {
		return nil, err
	}
	if bits := key.N.BitLen(); bits < minKeyBits {
		return nil, fmt.Errorf("has only %d bits, at least %d are needed", bits, minKeyBits)
	}
	return key, nil
}

func parseDER(der []byte) (*rsa.PublicKey, error) {
	if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return key, nil
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errors.New("holds no public key")
	}
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("holds no RSA key")
	}
	return key, nil
}

// CheckJWTKey says what is wrong with a value for [Config].JWTKey, or nil. The
// error never holds any of it.
func CheckJWTKey(text string) error {
	_, err := parsePublicKey(text)
	return err
}
