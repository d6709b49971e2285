package clerkauth_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/clerkauth"
)

// TestCORS goes through a real server, where net/http and PocketBase's CORS
// middleware see the request first.
func TestCORS(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	clerkauth.MustRegister(app, clerkauth.Config{Issuer: issuer, JWTKey: pemOf(clerkKey())})
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	router.Bind(apis.CORS(apis.CORSConfig{AllowOrigins: []string{origin}, ExposeHeaders: []string{clerkauth.HeaderAuthReason}}))
	var handler http.Handler
	err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(e *core.ServeEvent) error {
		handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)

	request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/api/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	request.Header.Set("Authorization", "Bearer garbage")
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	answer{response.StatusCode, response.Header, string(body)}.assertRefused(t, clerkauth.ReasonTokenInvalid)
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != origin {
		t.Errorf("Access-Control-Allow-Origin %q", got)
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	if _, err := clerkauth.Register(newApp(t), clerkauth.Config{}); err == nil {
		t.Error("no error")
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	clerkauth.MustRegister(newApp(t), clerkauth.Config{})
}
