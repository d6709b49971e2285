package clerkauth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"verso/hooks/clerkauth"
)

// attack is a token that must not count, and the reason given.
type attack struct {
	name   string
	token  string
	reason clerkauth.Reason
}

// attacks lists what has been tried on services like this one. Each token is
// good but for what its name says.
func attacks(c *clock) []attack {
	claims := func(changes set) string { return sign(clerkKey(), goodHeader(), c.goodClaims().with(changes)) }
	header := func(changes set) string { return sign(clerkKey(), goodHeader().with(changes), c.goodClaims()) }
	raw := func(header, claims string) string {
		if header == "" {
			header = string(mustJSON(goodHeader()))
		}
		if claims == "" {
			claims = string(mustJSON(c.goodClaims()))
		}
		return signRaw(clerkKey(), []byte(header), []byte(claims))
	}
	good := c.goodToken()
	parts := strings.Split(good, ".")

	const (
		invalid   = clerkauth.ReasonTokenInvalid
		algorithm = clerkauth.ReasonTokenInvalidAlgorithm
		mismatch  = clerkauth.ReasonTokenTypeMismatch
		signature = clerkauth.ReasonTokenInvalidSignature
		failed    = clerkauth.ReasonTokenVerificationFailed
		badIssuer = clerkauth.ReasonTokenInvalidIssuer
		party     = clerkauth.ReasonTokenInvalidAuthorizedParties
		expired   = clerkauth.ReasonTokenExpired
		notYet    = clerkauth.ReasonTokenNotActiveYet
		future    = clerkauth.ReasonTokenIatInTheFuture
	)
	return []attack{
		{"NoJWT", "garbage", invalid},
		{"TwoParts", parts[0] + "." + parts[1], invalid},
		{"FourParts", good + ".x", invalid},
		{"EmptyParts", "..", invalid},
		{"NoSignature", parts[0] + "." + parts[1] + ".", invalid},
		{"Padding", parts[0] + "." + parts[1] + "." + parts[2] + "==", invalid},
		{"StandardBase64", strings.Replace(good, parts[2], strings.Repeat("+/", 171), 1), invalid},
		{"TwoTokens", good + " " + good, invalid},
		{"JSONForm", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, invalid},
		{"TooLong", sign(clerkKey(), goodHeader(), c.goodClaims().with(set{"x": strings.Repeat("x", 100<<10)})), invalid},
		{"HeaderNoObject", raw(`"RS256"`, ""), invalid},
		{"ClaimsNoObject", raw("", `[1]`), invalid},
		{"TwoValues", raw("", string(mustJSON(c.goodClaims()))+`{}`), invalid},
		{"DuplicateClaim", raw("", `{"sub":"user_2eve",`+string(mustJSON(c.goodClaims()))[1:]), invalid},
		{"DuplicateEscapedClaim", raw("", `{"s\u0075b":"user_2eve",`+string(mustJSON(c.goodClaims()))[1:]), invalid},
		{"DuplicateAlg", raw(`{"alg":"none",`+string(mustJSON(goodHeader()))[1:], ""), invalid},
		{"NotUTF8", raw("", "{\"x\":\"\xff\","+string(mustJSON(c.goodClaims()))[1:]), invalid},
		{"NullBytes", raw("", "\x00"+string(mustJSON(c.goodClaims()))), invalid},

		{"AlgNone", encode(mustJSON(goodHeader().with(set{"alg": "none"}))) + "." + parts[1] + "." + parts[2], algorithm},
		{"AlgMissing", header(set{"alg": nil}), algorithm},
		{"AlgNull", raw(`{"alg":null,"kid":"`+keyID+`"}`, ""), algorithm},
		{"AlgInAnotherCase", raw(`{"ALG":"RS256","kid":"`+keyID+`"}`, ""), algorithm},
		{"HS256WithPublicKey", hs256([]byte(pemOf(clerkKey())), goodHeader().with(set{"alg": "HS256"}), c.goodClaims()), algorithm},
		{"RS512", signRS512(clerkKey(), goodHeader().with(set{"alg": "RS512"}), c.goodClaims()), algorithm},
		{"RS512SaidToBeRS256", signRS512(clerkKey(), goodHeader(), c.goodClaims()), signature},
		{"PS256", header(set{"alg": "PS256"}), algorithm},

		{"Crit", header(set{"crit": []string{"exp"}}), invalid},
		{"UnencodedPayload", header(set{"b64": false, "crit": []string{"b64"}}), invalid},
		{"EmbeddedKey", sign(attackerKey(), goodHeader().with(set{"jwk": jwkOf(keyID, attackerKey())}), c.goodClaims()), invalid},
		{"KeyURL", sign(attackerKey(), goodHeader().with(set{"jku": "https://evil.example/jwks"}), c.goodClaims()), invalid},
		{"WrongKey", sign(attackerKey(), goodHeader(), c.goodClaims()), signature},
		{"ChangedClaims", parts[0] + "." + encode(mustJSON(c.goodClaims().with(set{"sub": "user_2eve"}))) + "." + parts[2], signature},
		{"ChangedHeader", encode(mustJSON(goodHeader().with(set{"x": 1}))) + "." + parts[1] + "." + parts[2], signature},

		{"OAuthToken", header(set{"typ": "at+jwt"}), mismatch},
		{"TypNull", raw(`{"alg":"RS256","typ":null,"kid":"`+keyID+`"}`, ""), mismatch},
		{"TemplateToken", header(set{"cat": "cl_B7d4PD222AAA"}), mismatch},
		{"MachineToken", header(set{"cat": "cl_B7d4PD333AAA"}), mismatch},
		{"MachineSubject", claims(set{"sub": "mch_2robot"}), mismatch},
		{"NoSession", claims(set{"sid": nil}), mismatch},

		{"SessionOfOtherKind", claims(set{"sid": "cookie_1"}), failed},
		{"SessionNotText", claims(set{"sid": 1}), failed},
		{"NoSubject", claims(set{"sub": nil}), failed},
		{"SubjectNotText", claims(set{"sub": []string{userID}}), failed},
		{"SubjectInAnotherCase", raw("", strings.Replace(string(mustJSON(c.goodClaims())), `"sub"`, `"SUB"`, 1)), failed},
		{"SubjectPrefixOnly", claims(set{"sub": "user_"}), mismatch},
		{"SubjectWithNullByte", claims(set{"sub": userID + "\x00"}), mismatch},
		{"SubjectWithPath", claims(set{"sub": "user_/../x"}), mismatch},
		{"SubjectTooLong", claims(set{"sub": "user_" + strings.Repeat("a", 300)}), mismatch},

		{"WrongIssuer", claims(set{"iss": "https://clerk.evil.example"}), badIssuer},
		{"LookAlikeIssuer", claims(set{"iss": issuer + ".evil.example"}), badIssuer},
		{"IssuerOfAnotherInstance", claims(set{"iss": "https://foo.clerk.accounts.dev"}), badIssuer},
		{"IssuerWithSlash", claims(set{"iss": issuer + "/"}), badIssuer},
		{"NoIssuer", claims(set{"iss": nil}), badIssuer},
		{"IssuerList", claims(set{"iss": []string{issuer}}), badIssuer},

		{"MissingAzp", claims(set{"azp": nil}), party},
		{"WrongAzp", claims(set{"azp": "https://evil.example"}), party},
		{"AzpSuffix", claims(set{"azp": origin + ".evil.example"}), party},
		{"AzpPortLookAlike", claims(set{"azp": "http://localhost:3000.evil.example"}), party},
		{"AzpPortUser", claims(set{"azp": "http://localhost:80@evil.example"}), party},
		{"AzpPortTooHigh", claims(set{"azp": "http://localhost:70000"}), party},
		{"AzpOtherScheme", claims(set{"azp": "https://localhost:3000"}), party},
		{"AzpEmpty", claims(set{"azp": ""}), party},
		{"AzpList", claims(set{"azp": []string{origin}}), party},

		{"ExpiredBy6s", claims(set{"exp": c.in(-6)}), expired},
		{"ExpiredBy5s", claims(set{"exp": c.in(-5)}), expired},
		{"NoExpiry", claims(set{"exp": nil}), failed},
		{"ExpiryNotANumber", claims(set{"exp": "9999999999"}), failed},
		{"ExpiryBeyondTime", raw("", strings.Replace(string(mustJSON(c.goodClaims().with(set{"exp": "E"}))), `"E"`, `1e300`, 1)), failed},
		{"NbfIn6s", claims(set{"nbf": c.in(6)}), notYet},
		{"NbfNotANumber", claims(set{"nbf": "0"}), failed},
		{"IatIn6s", claims(set{"iat": c.in(6)}), future},
		{"IatNotANumber", claims(set{"iat": true}), failed},

		{"PendingSession", claims(set{"sts": "pending"}), invalid},
		{"UnknownStatus", claims(set{"sts": "asleep"}), invalid},
		{"StatusNotText", claims(set{"sts": 1}), invalid},
	}
}

// goodTokens lists tokens that count, though one might think they don't.
func goodTokens(c *clock) map[string]string {
	claims := func(changes set) string { return sign(clerkKey(), goodHeader(), c.goodClaims().with(changes)) }
	header := func(changes set) string { return sign(clerkKey(), goodHeader().with(changes), c.goodClaims()) }
	return map[string]string{
		"Good":           c.goodToken(),
		"ExpiredBy4s":    claims(set{"exp": c.in(-4)}),
		"NbfIn4s":        claims(set{"nbf": c.in(4)}),
		"IatIn4s":        claims(set{"iat": c.in(4)}),
		"NoNbfNoIat":     claims(set{"nbf": nil, "iat": nil}),
		"NoStatus":       claims(set{"sts": nil}),
		"NoCategory":     header(set{"cat": nil}),
		"NoTyp":          header(set{"typ": nil}),
		"AzpAnyPort":     claims(set{"azp": "http://localhost:5173"}),
		"AzpWithoutPort": claims(set{"azp": "http://localhost"}),
		"FractionOfTime": claims(set{"exp": float64(c.in(60)) + 0.5}),
		"AnyAudience":    claims(set{"aud": "somebody"}),
		"Spaces": signRaw(clerkKey(), mustJSON(goodHeader()),
			[]byte(" "+strings.ReplaceAll(string(mustJSON(c.goodClaims())), `":`, "\": \t\n")+" ")),
	}
}

func hs256(key []byte, header, claims set) string {
	signed := encode(mustJSON(header)) + "." + encode(mustJSON(claims))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}
