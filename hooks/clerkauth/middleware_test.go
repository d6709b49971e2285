package clerkauth_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/clerkauth"
	"verso/hooks/records"
)

func TestAttacksOnEveryKindOfRoute(t *testing.T) {
	t.Parallel()
	s := newService(t)
	routes := []struct{ method, target, body string }{
		{"GET", "/own", ""},
		{"GET", "/open", ""},
		{"GET", "/api/collections/users/records/" + s.user.Id, ""},
		{"GET", "/api/collections/translation_jobs/records", ""},
		{"POST", "/api/realtime", `{"clientId":"x","subscriptions":[]}`},
		{"POST", "/api/files/token", ""},
		{"GET", "/api/health", ""},
		{"GET", "/no/such/page", ""},
	}
	for _, attack := range attacks(s.clock) {
		t.Run(attack.name, func(t *testing.T) {
			for _, route := range routes {
				got := s.request(route.method, route.target, route.body, "Bearer "+attack.token)
				got.assertRefused(t, attack.reason)
				assertHoldsNoPart(t, got.body, attack.token)
			}
		})
	}
}

func TestUserOnEveryKindOfRoute(t *testing.T) {
	t.Parallel()
	s := newService(t)
	token := s.goodToken()

	for _, header := range []string{token, "Bearer " + token, "bearer " + token, "BEARER  " + token + " "} {
		s.get("/own", header).assert(t, 200, s.user.Id)
	}
	for name, token := range goodTokens(s.clock) {
		t.Run(name, func(t *testing.T) { s.get("/own", token).assert(t, 200, s.user.Id) })
	}
	s.get("/api/collections/users/records/"+s.user.Id, token).assert(t, 200, `"clerk_user_id":"`+userID+`"`)
	s.get("/api/collections/users/records/"+s.other.Id, token).assert(t, 404, "")
	s.request("POST", "/api/files/token", "", token).assert(t, 200, `"token"`)
	s.get("/no/such/page", token).assert(t, 404, "")

	seen := map[*core.Record]bool{}
	for _, auth := range s.auths {
		if seen[auth] {
			t.Error("two requests share a record")
		}
		seen[auth] = true
	}
}

func TestRealtime(t *testing.T) {
	t.Parallel()
	s := newService(t)
	client := subscriptions.NewDefaultClient()
	s.app.SubscriptionsBroker().Register(client)
	t.Cleanup(func() { s.app.SubscriptionsBroker().Unregister(client.Id()) })
	body := fmt.Sprintf(`{"clientId":%q,"subscriptions":["translation_jobs/*"]}`, client.Id())

	s.request("POST", "/api/realtime", body, s.goodToken()).assert(t, 204, "")
	auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
	if auth == nil || auth.Id != s.user.Id {
		t.Fatalf("the client's auth is %v", auth)
	}
	bob := sign(clerkKey(), goodHeader(), s.goodClaims().with(set{"sub": "user_2bob"}))
	s.request("POST", "/api/realtime", body, bob).assert(t, 403, "")
}

func TestGuests(t *testing.T) {
	t.Parallel()
	s := newService(t)
	userToken, err := s.user.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	fileToken, err := s.user.NewFileToken()
	if err != nil {
		t.Fatal(err)
	}
	super := s.superuser(t)
	expired, err := security.NewJWT(map[string]any{
		"id": super.Id, "type": core.TokenTypeAuth, "collectionId": super.Collection().Id, "refreshable": true,
	}, super.TokenKey()+super.Collection().AuthToken.Secret, -time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	for name, headers := range map[string][]string{
		"NoHeader":             nil,
		"EmptyHeader":          {""},
		"Basic":                {"Basic dXNlcjpwYXNz"},
		"OtherScheme":          {"DPoP " + s.goodToken()},
		"BareBearer":           {"Bearer"},
		"BareBearerAndSpace":   {"bearer "},
		"UserTokenOfPB":        {userToken},
		"BearerUserTokenOfPB":  {"Bearer " + userToken},
		"FileTokenOfPB":        {fileToken},
		"ExpiredSuperuser":     {expired},
		"ForgedTokenOfPB":      {hs256([]byte("x"), set{"alg": "HS256", "typ": "JWT"}, set{"id": super.Id, "type": "auth", "collectionId": super.Collection().Id})},
		"HS256AndCollectionId": {hs256([]byte(pemOf(clerkKey())), goodHeader().with(set{"alg": "HS256"}), s.goodClaims().with(set{"collectionId": "x"}))},
	} {
		t.Run(name, func(t *testing.T) {
			s.get("/open", headers...).assert(t, 200, "guest")
			s.get("/own", headers...).assertRefused(t, clerkauth.ReasonSessionTokenMissing)
			s.get("/api/collections/users/records/"+s.user.Id, headers...).assert(t, 404, "")
			s.request("POST", "/api/files/token", "", headers...).assert(t, 401, "")
		})
	}
}

func TestSuperuserIsKept(t *testing.T) {
	t.Parallel()
	s := newService(t)
	super := s.superuser(t)
	token, err := super.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	s.get("/own", token).assert(t, 200, super.Id)
	s.get("/api/collections/users/records", "Bearer "+token).assert(t, 200, `"totalItems":2`)
}

func TestSeveralHeaders(t *testing.T) {
	t.Parallel()
	s := newService(t)
	super, err := s.superuser(t).NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	for name, headers := range map[string][]string{
		"TwoGood":           {s.goodToken(), s.goodToken()},
		"SuperuserAndGood":  {super, s.goodToken()},
		"BasicAndGood":      {"Basic dXNlcjpwYXNz", s.goodToken()},
		"EmptyAndGood":      {"", s.goodToken()},
		"SuperuserAndEmpty": {super, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.get("/open", headers...).assertRefused(t, clerkauth.ReasonTokenInvalid)
		})
	}
}

func TestProvision(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		err        error
		status     int
		message    string
		retryAfter string
	}{
		{"OK", nil, 200, "", ""},
		{"Unknown", fmt.Errorf("provision: %w", records.ErrUserUnknown), 404, `"message":"User not found in our database. Please re-login."`, ""},
		{"OutOfReach", errors.New("connection refused"), 503, "Try again", "5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var asked string
			var s *service
			s = newService(t, func(config *clerkauth.Config) {
				config.Provision = func(_ context.Context, id string) (*core.Record, error) {
					asked = id
					if test.err != nil {
						return nil, test.err
					}
					return s.addUser(t, id), nil
				}
			})
			token := sign(clerkKey(), goodHeader(), s.goodClaims().with(set{"sub": "user_2new"}))
			got := s.get("/open", token)
			got.assert(t, test.status, test.message)
			if asked != "user_2new" || got.header.Get("Retry-After") != test.retryAfter {
				t.Errorf("asked for %q, Retry-After %q", asked, got.header.Get("Retry-After"))
			}
			if test.err == nil && got.body == "guest" {
				t.Error("not signed in")
			}
		})
	}

	t.Run("NotConfigured", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		token := sign(clerkKey(), goodHeader(), s.goodClaims().with(set{"sub": "user_2new"}))
		s.get("/open", token).assert(t, 404, "Please re-login.")
	})
}

func TestKeySetUnavailable(t *testing.T) {
	t.Parallel()
	fake := newFakeClerk(t)
	fake.change(func() { fake.down = true })
	s := newService(t, func(config *clerkauth.Config) { config.JWTKey, config.Backend = "", fake.backend })

	got := s.get("/open", s.goodToken())
	got.assert(t, 503, "Try again")
	if got.header.Get("Retry-After") != "5" || got.header.Get("X-Clerk-Auth-Reason") != "" {
		t.Errorf("headers %v", got.header)
	}
	s.get("/open").assert(t, 200, "guest")
	s.get("/open", "garbage").assertRefused(t, clerkauth.ReasonTokenInvalid)
}

func TestTooManyFailures(t *testing.T) {
	t.Parallel()
	s := newService(t)
	from := func(address string, headers ...string) answer {
		return s.requestFrom(address, "GET", "/open", "", headers...)
	}
	for range 30 {
		from("192.0.2.1", "garbage").assertRefused(t, clerkauth.ReasonTokenInvalid)
	}
	s.advance(4 * time.Second)

	got := from("192.0.2.1", "garbage")
	got.assert(t, 429, "Wait")
	if wait, err := strconv.Atoi(got.header.Get("Retry-After")); wait != 6 || err != nil {
		t.Errorf("Retry-After %q, want 6", got.header.Get("Retry-After"))
	}
	from("192.0.2.1", s.goodToken()).assert(t, 200, s.user.Id)
	from("192.0.2.1").assert(t, 200, "guest")
	from("192.0.2.2", "garbage").assertRefused(t, clerkauth.ReasonTokenInvalid)

	s.advance(6 * time.Second)
	from("192.0.2.1", "garbage").assertRefused(t, clerkauth.ReasonTokenInvalid)
}
