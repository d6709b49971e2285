package clerkauth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// maxTokenBytes bounds what is parsed at all. Clerk keeps session tokens
// below the 4 KB that browsers allow a cookie, so 16 KiB leaves ample room.
const maxTokenBytes = 16 << 10

// jws is a token in the compact form of RFC 7515, taken apart and not yet
// verified.
type jws struct {
	header    object
	payload   object
	signed    string // what the signature covers: header and payload as sent
	signature []byte
}

// parseJWS takes a token apart. It is stricter than JOSE libraries are: no
// JSON form, no whitespace, no padding or stray bits in the base64, no name
// twice in an object. So there is one way to read a token that it accepts.
func parseJWS(token string) (*jws, error) {
	if len(token) > maxTokenBytes {
		return nil, errTokenTooLong()
	}
	notJWT := &Refusal{ReasonTokenInvalid,
		"The Authorization header holds no session token. Send the one that Clerk's getToken() returns."}

	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, notJWT
	}
	header, err := decodeObject(parts[0])
	if err != nil {
		return nil, notJWT
	}
	payload, err := decodeObject(parts[1])
	if err != nil {
		return nil, notJWT
	}
	signature, err := decodeBase64(parts[2])
	if err != nil {
		return nil, notJWT
	}
	return &jws{
		header:    header,
		payload:   payload,
		signed:    token[:len(parts[0])+1+len(parts[1])],
		signature: signature,
	}, nil
}

func errTokenTooLong() error {
	return &Refusal{ReasonTokenInvalid, "The session token is too long. Sign in again."}
}

// isPocketBase reports whether the token is one of PocketBase's own, judged
// by its form alone: PocketBase has already said whether it is good.
func (t *jws) isPocketBase() bool {
	alg, ok := t.header.text("alg")
	return ok && alg == "HS256" && t.payload.has("collectionId")
}

// object is a JSON object with its values undecoded. Unlike a struct it keeps
// the names apart that encoding/json would fold, such as "sub" and "SUB".
type object map[string]json.RawMessage

func (o object) has(name string) bool {
	_, ok := o[name]
	return ok
}

// text returns a member that is a string; false for a missing one and for any
// other type, null included.
func (o object) text(name string) (string, bool) {
	raw := o[name]
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var value string
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", false
	}
	return value, true
}

// number returns a member that is a number; false as for text.
func (o object) number(name string) (float64, bool) {
	raw := o[name]
	if len(raw) == 0 || (raw[0] != '-' && (raw[0] < '0' || raw[0] > '9')) {
		return 0, false
	}
	var value float64
	if err := json.Unmarshal(raw, &value); err != nil {
		return 0, false
	}
	return value, true
}

// decodeBase64 decodes one part of a token. The standard decoder skips line
// breaks, which a token must not hold.
func decodeBase64(part string) ([]byte, error) {
	if part == "" || strings.ContainsAny(part, "\r\n") {
		return nil, errors.New("empty part or line break")
	}
	return base64.RawURLEncoding.Strict().DecodeString(part)
}

func decodeObject(part string) (object, error) {
	data, err := decodeBase64(part)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}

	decoder := json.NewDecoder(bytes.NewReader(data))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	members := object{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, ok := name.(string)
		if !ok || members.has(key) {
			return nil, errors.New("member name twice")
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		members[key] = value
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return members, nil
}
