package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/clerkauth"
	"verso/hooks/web/openapi"
	"verso/migrations/migrated"
)

// pages are the routes that answer with the page and its files, which are for
// browsers and not for programs.
func pages() []string {
	return []string{"GET /{path...}", "GET /sign-in", "GET /sign-in/{step...}", "GET /sign-up", "GET /sign-up/{step...}"}
}

// TestRoutesAreDescribed holds the description of the routes to the routes that the
// plugins register in the running app, both ways.
func TestRoutesAreDescribed(t *testing.T) {
	bound := boundRoutes(t)
	described := describedRoutes(t)
	if len(described) < 30 {
		t.Fatalf("only %d routes are described", len(described))
	}
	for _, route := range pages() {
		if !slices.Contains(bound, route) {
			t.Errorf("%s is in the list of pages and not registered", route)
		}
		bound = slices.DeleteFunc(bound, func(other string) bool { return other == route })
	}
	for _, route := range bound {
		if !slices.Contains(described, route) {
			t.Errorf("%s is registered and not described in hooks/web/openapi", route)
		}
	}
	for _, route := range described {
		if !slices.Contains(bound, route) {
			t.Errorf("%s is described and not registered", route)
		}
	}
}

// TestMiddlewaresAreDescribed holds the table of middlewares in docs/architecture.md to
// those that every request meets in the running app: which there are, at which
// priorities, and that the table is in their order.
func TestMiddlewaresAreDescribed(t *testing.T) {
	var bound []int
	for _, middleware := range verso(t).Middlewares {
		bound = append(bound, middleware.Priority)
	}
	slices.Sort(bound)
	bound = slices.Compact(bound) // a row may say what several do
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	var described []int
	for _, row := range regexp.MustCompile(`(?m)^\| ([−0-9, ]+) \|`).FindAllStringSubmatch(string(text), -1) {
		for number := range strings.SplitSeq(strings.ReplaceAll(row[1], "−", "-"), ",") {
			priority, err := strconv.Atoi(strings.TrimSpace(number))
			if err != nil {
				t.Fatal(err)
			}
			described = append(described, priority)
		}
	}
	if !slices.Equal(bound, described) {
		t.Errorf("requests meet middlewares at the priorities\n%v, and the table says\n%v", bound, described)
	}
}

// TestFormatsAreDescribed holds the README's table of formats to the extensions of
// the formats that there are, both ways.
func TestFormatsAreDescribed(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### Formats\n")
	section, _, _ = strings.Cut(section, "\n\n`encoding`")
	var described, there []string
	for _, row := range regexp.MustCompile(`(?m)^\|[^|]+\|([^|]+)\|`).FindAllStringSubmatch(section, -1) {
		for _, extension := range regexp.MustCompile("`(\\.[a-z]+)`").FindAllStringSubmatch(row[1], -1) {
			described = append(described, extension[1])
		}
	}
	for _, format := range formats() {
		there = append(there, format.Extensions()...)
	}
	slices.Sort(described)
	slices.Sort(there)
	if !slices.Equal(described, there) {
		t.Errorf("the table of formats in README.md has the extensions\n%v, and the formats have\n%v", described, there)
	}
}

// describedRoutes returns "GET /status/{id}" and so on, as the document has them.
func describedRoutes(t *testing.T) []string {
	t.Helper()
	text, err := openapi.Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	var routes []string
	for path, item := range document.Paths {
		for method := range item {
			if method != "parameters" {
				routes = append(routes, strings.ToUpper(method)+" "+path)
			}
		}
	}
	return routes
}

// boundRoutes returns the routes that the plugins add to PocketBase's, once they
// begin to serve.
func boundRoutes(t *testing.T) []string {
	t.Helper()
	own := routesOf(served(t, migrated.App(t)))
	return slices.DeleteFunc(routesOf(verso(t)), func(route string) bool { return slices.Contains(own, route) })
}

// verso returns the router of the service as it begins to serve.
func verso(t *testing.T) *router.Router[*core.RequestEvent] {
	t.Helper()
	for _, name := range variables() {
		t.Setenv(name, "") // whatever the tester's own configuration is
	}
	config, err := readConfig(false)
	if err != nil {
		t.Fatal(err)
	}
	app := migrated.App(t)
	_, err = registerPlugins(app, config, clerkauth.Config{Issuer: "https://clerk.example.org", JWTKey: publicKey(t)},
		page{mode: "serve", engines: []string{"pseudo"}, origins: func() []string { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return served(t, app)
}

// served returns the router of an app that has begun to serve, without a listener.
func served(t *testing.T, app core.App) *router.Router[*core.RequestEvent] {
	t.Helper()
	made, err := apis.NewRouter(app)
	if err == nil {
		err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: made})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
			t.Error(err)
		}
	})
	return made
}

// routesOf lists a router's routes by their patterns, without what says that nothing
// follows. PocketBase shows nobody what a group holds, so it is looked at by
// reflection, which may read and not change it.
func routesOf(r *router.Router[*core.RequestEvent]) []string {
	routes := map[string]bool{}
	var walk func(group reflect.Value, prefix string)
	walk = func(group reflect.Value, prefix string) {
		prefix += group.FieldByName("Prefix").String()
		children := group.FieldByName("children")
		for i := range children.Len() {
			child := children.Index(i).Elem().Elem()
			if method := child.FieldByName("Method"); method.IsValid() {
				routes[method.String()+" "+strings.TrimSuffix(prefix+child.FieldByName("Path").String(), "{$}")] = true
			} else {
				walk(child, prefix)
			}
		}
	}
	walk(reflect.ValueOf(r.RouterGroup).Elem(), "")
	return slices.Sorted(maps.Keys(routes))
}

func publicKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
