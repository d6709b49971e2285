package web_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"verso/hooks/web"
)

func TestFrontendAPIHost(t *testing.T) {
	t.Parallel()
	key := func(prefix, content string) string {
		return prefix + base64.StdEncoding.EncodeToString([]byte(content))
	}
	for publishable, want := range map[string]string{
		key("pk_live_", "clerk.example.org$"):                         "clerk.example.org",
		key("pk_test_", "noble-fox-12.clerk.accounts.dev$"):           "noble-fox-12.clerk.accounts.dev",
		key("pk_test_", "127.0.0.1:4000$"):                            "127.0.0.1:4000",
		strings.TrimRight(key("pk_live_", "clerk.example.org$"), "="): "clerk.example.org",
		key("pk_live_", "clerk.example.org"):                          "", // without its end
		key("pk_live_", "clerk.example.org$$"):                        "",
		key("pk_live_", "localhost$"):                                 "", // Clerk's own check wants a dot
		key("pk_live_", "clerk.example.org; script-src *$"):           "",
		key("pk_live_", "clerk.example.org/path$"):                    "",
		key("sk_live_", "clerk.example.org$"):                         "",
		"pk_live_%%%":                                                 "",
		"":                                                            "",
	} {
		if got, err := web.FrontendAPIHost(publishable); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", publishable, got, err, want)
		}
	}
}

func TestIsProxyURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://app.example.org/__clerk":     true,
		"http://127.0.0.1:4000":               true,
		"/__clerk":                            false,
		"https://a:b@app.example.org":         false,
		"https://app.example.org;script-src/": false,
		"https://app.example.org/?x":          false,
		"javascript:alert(1)":                 false,
		"https://app.example.org/__clerk/":    true,
		"https://app.example.org:8443/a/b":    true,
		"http://localhost:4000/__clerk":       true,
		"http://[::1]:4000":                   true,
		"http://app.example.org/__clerk":      false,
		"http://127.0.0.1.example.org":        false,
		"https://app.example.org/__clerk#":    false,
		"https://app.example.org/__clerk#a":   false,
		"https://app.example.org/__clerk?":    false,
		"https://@app.example.org":            false,
		"https://App.example.org":             false,
		"HTTPS://app.example.org":             false,
		"https://app.example.org:99999":       false,
		"https://app.example.org:0":           false,
		"https://app.example.org/../x":        false,
		"https://app.example.org//x":          false,
		"https://app.example.org/%2e%2e":      false,
		"https://app.example.org/a b":         false,
		" https://app.example.org":            false,
		"https://":                            false,
	} {
		if got := web.IsProxyURL(address); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}

// TestPolicyNamesClerk holds that Clerk's hosts are let in one by one, and only
// where people sign in with it.
func TestPolicyNamesClerk(t *testing.T) {
	for name, c := range map[string]struct {
		frontendAPI *string
		has, lacks  []string
	}{
		"with Clerk": {new("https://clerk.example.org"), []string{
			"script-src 'self' https://clerk.example.org https://challenges.cloudflare.com;",
			"connect-src 'self' https://clerk.example.org;",
			"img-src 'self' data: https://img.clerk.com;",
			"frame-src https://challenges.cloudflare.com;", "worker-src blob:;",
		}, []string{"unsafe", "*"}},
		"proxied": {new("https://app.example.org/__clerk"), []string{"connect-src 'self' https://app.example.org;"}, []string{"__clerk"}},
		"without": {nil, []string{"script-src 'self';", "style-src 'self';", "connect-src 'self';"}, []string{"http", "frame-src", "worker-src", "sha256"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, handler := mustServe(t, web.Config{Page: web.Page{FrontendAPI: c.frontendAPI}})
			for _, path := range []string{"/", "/sign-in", "/sign-in/", "/sign-in/factor-one", "/sign-up", "/sign-up/verify-email-address"} {
				answer := get(handler, path)
				if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "<title>Verso</title>") {
					t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
				}
				policy := answer.Header().Get("Content-Security-Policy")
				for _, part := range c.has {
					if !strings.Contains(policy, part) {
						t.Errorf("%s lacks %q: %s", path, part, policy)
					}
				}
				for _, part := range c.lacks {
					if strings.Contains(policy, part) {
						t.Errorf("%s has %q: %s", path, part, policy)
					}
				}
			}
		})
	}
	_, handler := mustServe(t, web.Config{})
	if got := get(handler, "/sign-inside").Code; got != http.StatusNotFound {
		t.Errorf("an address that only begins so is answered with %d", got)
	}
}
