package migrations_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"verso/migrations/migrated"
)

// limitOf says which rule each of our routes comes under. A route that is missing
// here fails TestRateLimits, so that nobody forgets to think about it.
var limitOf = map[string]string{
	"POST /uploadfile":     "/uploadfile/",
	"POST /uploadfile/{$}": "/uploadfile/",
	"GET /status/{id}":     "/status/",
	"GET /download/{id}":   "/download/",

	"POST /api/v1/quote":            "/api/v1/quote",
	"POST /api/v1/analyze-style":    "/api/v1/analyze-style",
	"POST /api/v1/analyze-glossary": "/api/v1/analyze-glossary",
	"POST <WebhookPath>":            "/api/v1/webhooks/",

	"GET /healthz":   "/",
	"GET /readyz":    "/readyz",
	"GET /metrics":   "/",
	"GET /{path...}": "/",

	// The page's own addresses, such as /sign-in.
	"GET <path>":                  "/",
	"GET <path + \"/{step...}\">": "/",
}

// TestRateLimits holds that every route of ours comes under the limit that was meant
// for it, and PocketBase's own under the ones for signing in and for the rest.
func TestRateLimits(t *testing.T) {
	limits := migrated.App(t).Settings().RateLimits
	if !limits.Enabled {
		t.Fatal("limits are off")
	}
	found := func(route string, tags ...string) string {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{$}", "", "<WebhookPath>", "/api/v1/webhooks/clerk", "<path>", "/sign-in", "<path + \"/{step...}\">", "/sign-in/x", "{path...}", "app/main.js", "{id}", "abcdefghijklmno", "{position}", "7").Replace(path)
		rule, ok := limits.FindRateLimitRule(append(tags, method+" "+path, path), core.RateLimitRuleAudienceAll, core.RateLimitRuleAudienceGuest)
		if !ok {
			return ""
		}
		return rule.Label
	}
	routes := ours(t)
	if len(routes) < 30 {
		t.Fatalf("only %d routes were found: %v", len(routes), routes)
	}
	for _, route := range routes {
		want, listed := limitOf[route]
		if !listed && strings.Contains(route, " /api/") {
			want, listed = "/api/", true
		}
		if !listed {
			t.Errorf("%s is not in this test's list", route)
			continue
		}
		if got := found(route); got != want {
			t.Errorf("%s comes under %q, want %q", route, got, want)
		}
	}
	for route, want := range map[string]string{
		"GET /api/realtime": "/api/realtime", "POST /api/realtime": "/api/realtime",
		"POST /api/batch": "/api/batch", "POST /api/files/token": "/api/", "GET /_/": "/", "GET /": "/",
	} {
		if got := found(route); got != want {
			t.Errorf("%s comes under %q, want %q", route, got, want)
		}
	}
	if got := found("POST /api/collections/_superusers/auth-with-password", "_superusers:authWithPassword", "_superusers:auth", "*:authWithPassword", "*:auth"); got != "*:auth" {
		t.Errorf("signing in comes under %q", got)
	}
}

// ours returns the routes that this repository binds, "GET /status/{id}", as its
// source has them.
func ours(t *testing.T) []string {
	t.Helper()
	var routes []string
	err := filepath.WalkDir("../hooks", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "hooks/demo/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse %s: %w", path, err)
		}
		groups := map[string]string{} // by the variable
		ast.Inspect(file, func(node ast.Node) bool {
			if assigned, ok := node.(*ast.AssignStmt); ok && len(assigned.Lhs) == 1 && len(assigned.Rhs) == 1 {
				if method, _, prefix, ok := binding(assigned.Rhs[0]); ok && method == "Group" {
					groups[assigned.Lhs[0].(*ast.Ident).Name] = prefix
				}
			}
			if call, ok := node.(ast.Expr); ok {
				if method, on, path, ok := binding(call); ok && method != "Group" {
					routes = append(routes, method+" "+groups[on]+path)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

// binding takes a call like e.Router.GET("/x", f) apart.
func binding(node ast.Expr) (method, on, path string, ok bool) {
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", "", "", false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", "", "", false
	}
	switch selector.Sel.Name {
	case "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "Any", "SSE", "Route", "Group":
	default:
		return "", "", "", false
	}
	if name, isVariable := selector.X.(*ast.Ident); isVariable {
		on = name.Name
	}
	if on == "slog" {
		return "", "", "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return selector.Sel.Name, on, "<" + types.ExprString(call.Args[0]) + ">", true
	}
	path, err := strconv.Unquote(literal.Value)
	return selector.Sel.Name, on, path, err == nil
}
