package clerkauth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/clerk/clerk-sdk-go/v2"
)

// keySetResponse is the answer of the endpoint jwks, with the keys undecoded:
// a key of a kind that the SDK does not know would otherwise cost all others,
// where RFC 7517, section 5, wants it ignored.
type keySetResponse struct {
	clerk.APIResource
	Keys []json.RawMessage `json:"keys"`
}

// fetchKeys asks Clerk for the keys that session tokens are signed with, by kid.
func fetchKeys(ctx context.Context, backend clerk.Backend) (map[string]*rsa.PublicKey, error) {
	var response keySetResponse
	if err := backend.Call(ctx, clerk.NewAPIRequest(http.MethodGet, "/jwks"), &response); err != nil {
		return nil, fmt.Errorf("fetch key set: %w", err)
	}
	keys := make(map[string]*rsa.PublicKey, len(response.Keys))
	for _, raw := range response.Keys {
		var jwk clerk.JSONWebKey
		if err := jwk.UnmarshalJSON(raw); err != nil {
			continue
		}
		if key := signingKey(&jwk); key != nil && keys[jwk.KeyID] == nil {
			keys[jwk.KeyID] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("fetch key set: it holds no key for RS256")
	}
	return keys, nil
}

// signingKey returns the key if it is one that session tokens are signed with.
func signingKey(jwk *clerk.JSONWebKey) *rsa.PublicKey {
	key, ok := jwk.Key.(*rsa.PublicKey)
	switch {
	case !ok, jwk.KeyID == "", key.N.BitLen() < minKeyBits:
		return nil
	case jwk.Use != "" && jwk.Use != "sig", jwk.Algorithm != "" && jwk.Algorithm != "RS256":
		return nil
	}
	return key
}
