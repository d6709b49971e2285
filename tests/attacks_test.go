package tests

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// pageOrigin is the origin of a page that may ask the service.
const pageOrigin = "https://app.example.org"

// attack is a request's Authorization headers and what it must be answered with.
type attack struct {
	name    string
	headers []string
	// reason is what a 401 must give; "" for a request that counts as a guest's.
	reason string
}

// attacks lists every class of token that must not count. What there is to try
// beside these is in the tests of package clerkauth.
func attacks(t *testing.T, clerk instance, superuser string) []attack {
	t.Helper()
	token := func(edit func(claims map[string]any)) string {
		made, err := clerk.token("user_2ada", edit)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	set := func(claim string, value any) string { return token(func(c map[string]any) { c[claim] = value }) }
	without := func(claim string) string { return token(func(c map[string]any) { delete(c, claim) }) }
	in := func(seconds int64) int64 { return time.Now().Unix() + seconds }
	header := func(fields string) string {
		return clerk.signed(t, `{"alg":"RS256","kid":"ins_x",`+fields+`}`, token(nil))
	}
	good := token(nil)
	parts := strings.Split(good, ".")
	bearer := func(name, sent, reason string) attack { return attack{name, []string{"Bearer " + sent}, reason} }

	return []attack{
		bearer("alg none", encode(`{"alg":"none","typ":"JWT"}`)+"."+parts[1]+"."+parts[2], "token-invalid-algorithm"),
		bearer("HS256 with the public key", clerk.hs256(t, parts[1]), "token-invalid-algorithm"),
		bearer("RS512", encode(`{"alg":"RS512","typ":"JWT"}`)+"."+parts[1]+"."+parts[2], "token-invalid-algorithm"),
		bearer("wrong key", newInstance(t).signed(t, `{"alg":"RS256","kid":"ins_x","typ":"JWT"}`, good), "token-invalid-signature"),
		bearer("changed claims", parts[0]+"."+encode(`{"sub":"user_2eve"}`)+"."+parts[2], "token-invalid-signature"),
		bearer("wrong issuer", set("iss", "https://clerk.evil.example"), "token-invalid-issuer"),
		bearer("look-alike issuer", set("iss", issuer+".clerk.accounts.dev"), "token-invalid-issuer"),
		bearer("expired by 6 s", set("exp", in(-6)), "token-expired"),
		bearer("iat ahead", set("iat", in(8)), "token-iat-in-the-future"),
		bearer("nbf ahead", set("nbf", in(8)), "token-not-active-yet"),
		bearer("missing azp", without("azp"), "token-invalid-authorized-parties"),
		bearer("wrong azp", set("azp", "https://evil.example"), "token-invalid-authorized-parties"),
		bearer("template", header(`"typ":"JWT","cat":"cl_B7d4PD222AAA"`), "token-type-mismatch"),
		bearer("machine", header(`"typ":"JWT","cat":"cl_B7d4PD333AAA"`), "token-type-mismatch"),
		bearer("OAuth", header(`"typ":"at+jwt"`), "token-type-mismatch"),
		bearer("no sid", without("sid"), "token-type-mismatch"),
		bearer("pending", set("sts", "pending"), "token-invalid"),
		bearer("no exp", without("exp"), "token-verification-failed"),
		bearer("non-string sub", set("sub", 7), "token-verification-failed"),
		bearer("20 KB", set("x", strings.Repeat("x", 20<<10)), "token-invalid"),
		bearer("null bytes", encode("\x00"+`{"alg":"RS256"}`)+"."+parts[1]+"."+parts[2], "token-invalid"),
		bearer("garbage", "garbage", "token-invalid"),
		{"duplicated header", []string{"Bearer " + good, "Bearer " + good}, "token-invalid"},
		{"Basic", []string{"Basic dXNlcjpwYXNz"}, ""},
		{"a user's token of PocketBase's kind", []string{pocketBaseToken("_pb_users_auth_", time.Hour)}, ""},
		{"a forged superuser's token", []string{pocketBaseToken("pbc_3142635823", time.Hour)}, ""},
		{"an expired superuser's token", []string{pocketBaseToken("pbc_3142635823", -time.Hour)}, ""},
		{"a superuser's token with a letter changed", []string{changedLetter(superuser)}, ""},
	}
}

// TestAttacks sends every class of token to every kind of route of the running
// service, from a page at another origin. None counts, every refusal says why in
// headers that the page may read, and the dashboard works all the while.
func TestAttacks(t *testing.T) {
	clerk := newInstance(t)
	dir := t.TempDir() + "/data"
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Command: "serve", Dir: dir, Env: clerk.env(t,
		"CLERK_AUTHORIZED_PARTIES", pageOrigin, "VERSO_PSEUDO_DELAY", "0s", "VERSO_TRUSTED_PROXY_HEADERS", "X-Forwarded-For")})
	superuser := server.SignInSuperuser(t, superuserEmail, superuserPassword)
	ada := clerk.signIn(t, server, "user_2ada", nil)
	job := ada.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	awaitStatus(t, ada, waitShort, finished(), job.ID)
	var record struct {
		Source string `json:"source"`
	}
	ada.Get(t, "/api/collections/translation_jobs/records/"+job.ID).MustBe(t, http.StatusOK).Decode(t, &record)

	routes := []struct {
		method, path string
		guest        int // what a guest is answered
	}{
		{"GET", "/status/" + job.ID, http.StatusUnauthorized},
		{"GET", "/download/" + job.ID, http.StatusUnauthorized},
		{"POST", "/uploadfile/", http.StatusUnauthorized},
		{"GET", "/api/collections/translation_jobs/records/" + job.ID, http.StatusNotFound},
		{"POST", "/api/realtime", http.StatusBadRequest},
		{"GET", "/api/files/translation_jobs/" + job.ID + "/" + record.Source, http.StatusNotFound},
		{"GET", "/", http.StatusOK},
	}
	token, err := superuser.Token()
	if err != nil {
		t.Fatal(err)
	}
	address := 0
	for _, attack := range attacks(t, clerk, token) {
		t.Run(attack.name, func(t *testing.T) {
			for _, route := range routes {
				address++ // each from an address of its own, as far as the limit goes
				answer := send(t, server, route.method, route.path, fmt.Sprintf("10.1.%d.%d", address>>8, address&255), attack.headers)
				want := http.StatusUnauthorized
				if attack.reason == "" {
					want = route.guest
				}
				if answer.Status != want {
					t.Errorf("%s %s answers %d, want %d: %s", route.method, route.path, answer.Status, want, answer.Body)
				}
				checkRefusal(t, route.path, attack, answer)
			}
			superuser.Get(t, "/api/collections/translation_jobs/records/"+job.ID).MustBe(t, http.StatusOK)
		})
	}
	t.Run("token in the query", func(t *testing.T) {
		good, err := clerk.token("user_2ada", nil)
		if err != nil {
			t.Fatal(err)
		}
		server.Guest(t).Get(t, "/status/"+job.ID+"?token="+good).MustBe(t, http.StatusUnauthorized)
	})
	t.Run("accepted within the skew", func(t *testing.T) {
		for name, edit := range map[string]func(map[string]any){
			"expired by 3 s": func(c map[string]any) { c["exp"] = time.Now().Unix() - 3 },
			"iat 3 s ahead":  func(c map[string]any) { c["iat"] = time.Now().Unix() + 3 },
		} {
			if answer := clerk.signIn(t, server, "user_2ada", edit).Get(t, "/status/"+job.ID); answer.Status != http.StatusOK {
				t.Errorf("%s: %s", name, answer)
			}
		}
	})
	superuser.Get(t, "/_/").MustBe(t, http.StatusOK)
	if log := server.Log(); strings.Contains(log, "eyJ") {
		t.Error("the log holds a token")
	}
}

// send asks as a browser would for a page at another origin.
func send(t *testing.T, server *process.Server, method, path, address string, authorization []string) *process.Answer {
	t.Helper()
	guest := server.Guest(t)
	request, err := guest.Request(t.Context(), method, path, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	request.Header["Authorization"] = authorization
	request.Header.Set("Origin", pageOrigin)
	request.Header.Set("X-Forwarded-For", address)
	answer, err := guest.Perform(request)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// checkRefusal looks at the headers of an answer to an attack.
func checkRefusal(t *testing.T, path string, attack attack, answer *process.Answer) {
	t.Helper()
	header := answer.Header
	reason := attack.reason
	if reason == "" && answer.Status == http.StatusUnauthorized {
		reason = "session-token-missing"
	}
	if got := header.Get("X-Clerk-Auth-Reason"); got != reason {
		t.Errorf("%s gives the reason %q, want %q", path, got, reason)
	}
	if reason != "" && header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("%s answers with WWW-Authenticate %q", path, header.Get("WWW-Authenticate"))
	}
	if header.Get("Access-Control-Allow-Origin") != pageOrigin || !strings.Contains(strings.ToLower(header.Get("Access-Control-Expose-Headers")), "x-clerk-auth-reason") {
		t.Errorf("%s: a page at another origin cannot read why: %v", path, header)
	}
	if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Errorf("%s lacks security headers: %v", path, header)
	}
	for _, value := range attack.headers {
		token := strings.TrimPrefix(value, "Bearer ")
		if len(token) > 20 && strings.Contains(string(answer.Body), token[:20]) {
			t.Errorf("%s quotes the token", path)
		}
	}
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// signed signs the claims of another token under a header of its own.
func (i instance) signed(t *testing.T, header, of string) string {
	t.Helper()
	signed := encode(header) + "." + strings.Split(of, ".")[1]
	signature, err := i.sign(signed)
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// hs256 signs claims with the public key as if it were a shared secret.
func (i instance) hs256(t *testing.T, claims string) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&i.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return shared(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), claims)
}

// pocketBaseToken is a token of the form of PocketBase's own, which nobody signed.
func pocketBaseToken(collection string, lives time.Duration) string {
	return shared([]byte("a guess"), encode(fmt.Sprintf(`{"id":"aaaaaaaaaaaaaaa","type":"auth","collectionId":%q,"refreshable":true,"exp":%d}`,
		collection, time.Now().Add(lives).Unix())))
}

func shared(key []byte, claims string) string {
	signed := encode(`{"alg":"HS256","typ":"JWT"}`) + "." + claims
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// changedLetter changes a letter in the middle of a token's signature.
func changedLetter(token string) string {
	at := len(token) - 10
	letter := byte('A')
	if token[at] == letter {
		letter = 'B'
	}
	return token[:at] + string(letter) + token[at+1:]
}
