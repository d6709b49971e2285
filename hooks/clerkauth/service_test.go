package clerkauth_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"

	"verso/hooks/clerkauth"
	"verso/hooks/records"
)

// service is PocketBase with the plugin and routes of its own: /open for
// everybody and /own for users, which answer with the id of e.Auth.
type service struct {
	*clock
	app     *tests.TestApp
	handler http.Handler
	user    *core.Record
	other   *core.Record
	address atomic.Int32
	auths   []*core.Record // e.Auth of each request of /own
}

func newService(t testing.TB, options ...func(*clerkauth.Config)) *service {
	t.Helper()
	return newServiceOn(t, newApp(t), options...)
}

func newServiceOn(t testing.TB, app *tests.TestApp, options ...func(*clerkauth.Config)) *service {
	t.Helper()
	s := &service{clock: newClock(), app: app}
	s.user = s.addUser(t, userID)
	s.other = s.addUser(t, "user_2bob")

	config := clerkauth.Config{
		Issuer:            issuer,
		JWTKey:            pemOf(clerkKey()),
		AuthorizedParties: []string{origin, "http://localhost:*"},
		Now:               s.now,
	}
	for _, option := range options {
		option(&config)
	}
	clerkauth.MustRegister(s.app, config)

	router, err := apis.NewRouter(s.app)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{App: s.app, Router: router}
	err = s.app.OnServe().Trigger(event, func(e *core.ServeEvent) error {
		e.Router.GET("/open", s.whoami)
		e.Router.GET("/own", func(e *core.RequestEvent) error {
			s.auths = append(s.auths, e.Auth)
			return s.whoami(e)
		}).Bind(clerkauth.RequireUser())
		s.handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *service) whoami(e *core.RequestEvent) error {
	if e.Auth == nil {
		return e.String(http.StatusOK, "guest")
	}
	return e.String(http.StatusOK, e.Auth.Id)
}

func (s *service) addUser(t testing.TB, clerkUserID string) *core.Record {
	t.Helper()
	collection, err := s.app.FindCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		t.Fatal(err)
	}
	user := records.NewUser(core.NewRecord(collection))
	user.SetClerkUserID(clerkUserID)
	user.SetEmail(strings.ReplaceAll(clerkUserID, "user_", "") + "@example.org")
	user.ForbidPassword()
	if err := s.app.Save(user); err != nil {
		t.Fatal(err)
	}
	return user.ProxyRecord()
}

func (s *service) superuser(t testing.TB) *core.Record {
	t.Helper()
	collection, err := s.app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(collection)
	record.SetEmail("root@example.org")
	record.SetPassword("1234567890")
	if err := s.app.Save(record); err != nil {
		t.Fatal(err)
	}
	return record
}

// answer is what a request was answered with.
type answer struct {
	status int
	header http.Header
	body   string
}

// request asks from an address of its own, so that no limit is in the way,
// with one Authorization header for each of the values.
func (s *service) request(method, target, body string, authorization ...string) answer {
	address := s.address.Add(1)
	return s.requestFrom(fmt.Sprintf("10.0.%d.%d", address>>8, address&255), method, target, body, authorization...)
}

func (s *service) requestFrom(address, method, target, body string, authorization ...string) answer {
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	request.RemoteAddr = address + ":4711"
	request.Header.Set("Content-Type", "application/json")
	for _, value := range authorization {
		request.Header.Add("Authorization", value)
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	return answer{recorder.Code, recorder.Header(), recorder.Body.String()}
}

func (s *service) get(target string, authorization ...string) answer {
	return s.request(http.MethodGet, target, "", authorization...)
}

func (a answer) assert(t testing.TB, status int, body string) {
	t.Helper()
	if a.status != status || !strings.Contains(a.body, body) {
		t.Errorf("got %d %s, want %d with %q", a.status, a.body, status, body)
	}
}

func (a answer) assertRefused(t testing.TB, reason clerkauth.Reason) {
	t.Helper()
	if a.status != http.StatusUnauthorized {
		t.Errorf("got %d %s, want 401", a.status, a.body)
	}
	if got := a.header.Get("X-Clerk-Auth-Reason"); got != string(reason) {
		t.Errorf("reason %q, want %q", got, reason)
	}
	if got := a.header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("WWW-Authenticate %q", got)
	}
	if got := a.header.Get("X-Content-Type-Options"); got != "nosniff" {
		t.Error("no security headers")
	}
	var body struct {
		Status  int
		Message string
		Data    map[string]any
	}
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || body.Status != a.status || body.Message == "" || body.Data == nil {
		t.Errorf("not PocketBase's error: %s", a.body)
	}
}
