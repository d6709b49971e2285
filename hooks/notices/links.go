package notices

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// links signs and reads the tokens in the links of mails. A token says who, and by
// its signature that this service wrote it; it never expires, since old mails are
// to keep their switch. All it can do is switch one person's mails off and on.
type links struct{ key []byte }

// tokenSubject keeps the key's signatures apart from any others it might make.
const tokenSubject = "verso notices switch\x00"

// maxToken is longer than any token.
const maxToken = 200

func (l links) token(userID string) string {
	return userID + "." + base64.RawURLEncoding.EncodeToString(l.sign(userID))
}

// user returns whose token it is. Who has none learns nothing by trying: nobody is
// looked up before the signature is right.
func (l links) user(token string) (id string, ok bool) {
	id, signature, found := strings.Cut(token, ".")
	if !found || id == "" || len(token) > maxToken {
		return "", false
	}
	given, err := base64.RawURLEncoding.Strict().DecodeString(signature)
	if err != nil || !hmac.Equal(given, l.sign(id)) {
		return "", false
	}
	return id, true
}

func (l links) sign(userID string) []byte {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(tokenSubject + userID)) // never fails
	return mac.Sum(nil)
}
