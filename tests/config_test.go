package tests

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// TestServeConfiguration starts the service with what it cannot work with. It
// ends at once and names each variable in a line of its own, never the value.
func TestServeConfiguration(t *testing.T) {
	clerk := newInstance(t)
	for _, test := range []struct {
		name  string
		env   map[string]string
		lines []string // what each line begins with
	}{
		{"nothing", nil, []string{"CLERK_PUBLISHABLE_KEY:", "CLERK_SECRET_KEY:"}},
		{"empty", env("CLERK_SECRET_KEY", "", "CLERK_PUBLISHABLE_KEY", " "), []string{"CLERK_PUBLISHABLE_KEY:", "CLERK_SECRET_KEY:"}},
		{"no key", env("CLERK_ISSUER", issuer), []string{"CLERK_SECRET_KEY:"}},
		{"no issuer", env("CLERK_SECRET_KEY", "sk_test_value"), []string{"CLERK_PUBLISHABLE_KEY:"}},
		{"no publishable key", env("CLERK_PUBLISHABLE_KEY", "sk_live_value", "CLERK_SECRET_KEY", "sk_test_value"), []string{"CLERK_PUBLISHABLE_KEY:"}},
		{"a proxy that is none", clerk.env(t, "CLERK_PROXY_URL", "/value"), []string{"CLERK_PROXY_URL:"}},
		{"an origin that is none", clerk.env(t, "VERSO_ALLOWED_ORIGINS", "*value"), []string{"VERSO_ALLOWED_ORIGINS:"}},
		{"a party with a star", clerk.env(t, "CLERK_AUTHORIZED_PARTIES", "https://*.value.example"), []string{"CLERK_AUTHORIZED_PARTIES:"}},
		{"a key that is none", env("CLERK_JWT_KEY", "value", "CLERK_ISSUER", issuer), []string{"CLERK_JWT_KEY:"}},
		{"a wrong key and a wrong number", env("CLERK_JWT_KEY", "value", "CLERK_ISSUER", issuer, "VERSO_CONCURRENCY", "value"), []string{
			"CLERK_JWT_KEY:", "VERSO_CONCURRENCY:",
		}},
		{"missing and wrong", env("VERSO_CONCURRENCY", "value"), []string{"CLERK_PUBLISHABLE_KEY:", "CLERK_SECRET_KEY:", "VERSO_CONCURRENCY:"}},
		{"faults that are none", clerk.env(t, "VERSO_PSEUDO_FAULTS", "value=1"), []string{"VERSO_PSEUDO_FAULTS:"}},
		{"everything", clerk.env(t,
			"PORT", "99999value",
			"CLERK_AUTHORIZED_PARTIES", "value",
			"CLERK_ALLOW_MISSING_AZP", "value",
			"VERSO_PUBLIC_URL", "value",
			"VERSO_DEFAULT_TARGET_LANGUAGE", "a value",
			"VERSO_ENGINES", "value",
			"VERSO_SECRET_KEY", "value",
			"VERSO_CONCURRENCY", "0",
			"VERSO_JOB_CONCURRENCY", "value",
			"VERSO_MAX_UPLOAD_MB", "-1",
			"VERSO_MAX_ACTIVE_JOBS", "value",
			"VERSO_ENGINE_TIMEOUT", "2value",
			"VERSO_JWKS_TTL", "value",
			"VERSO_SHUTDOWN_TIMEOUT", "0s",
			"VERSO_SUPERUSER_PASSWORD", "value",
		), []string{
			"CLERK_ALLOW_MISSING_AZP:", "CLERK_AUTHORIZED_PARTIES:", "PORT:", "VERSO_CONCURRENCY:", "VERSO_DEFAULT_TARGET_LANGUAGE:",
			"VERSO_ENGINES:", "VERSO_ENGINE_TIMEOUT:", "VERSO_JOB_CONCURRENCY:", "VERSO_JWKS_TTL:", "VERSO_MAX_ACTIVE_JOBS:",
			"VERSO_MAX_UPLOAD_MB:", "VERSO_PUBLIC_URL:", "VERSO_SECRET_KEY:", "VERSO_SHUTDOWN_TIMEOUT:",
			"VERSO_SUPERUSER_EMAIL:",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, log := process.Run(t, test.env, "serve", "--dir", filepath.Join(t.TempDir(), "data"), "--http", process.FreeAddress(t))
			mustNameInLines(t, code, log, test.lines)
		})
	}
	t.Run("no place for the sealing key", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.Mkdir(dir+".key", 0o700); err != nil { // nobody, not even root, writes a file there
			t.Fatal(err)
		}
		code, log := process.Run(t, clerk.env(t), "serve", "--dir", dir)
		mustNameInLines(t, code, log, []string{"VERSO_SECRET_KEY:"})
		server := process.Start(t, process.Options{Command: "serve", Dir: dir, Env: clerk.env(t, "VERSO_SECRET_KEY", sealingKey())})
		server.Kill()
	})
}

// mustNameInLines wants a failed start that says which variables are wrong, a
// line each, and tells none of their values.
func mustNameInLines(t *testing.T, code int, log string, want []string) {
	t.Helper()
	if code == 0 {
		t.Errorf("ended with code 0")
	}
	lines := strings.Split(strings.TrimSpace(log), "\n")
	slices.Sort(lines)
	matches := slices.EqualFunc(lines, want, func(line, beginning string) bool {
		return strings.HasPrefix(line, beginning) && len(line) > len(beginning)+10
	})
	if !matches {
		t.Errorf("want a line for each of %v:\n%s", want, log)
	}
	if strings.Contains(strings.ReplaceAll(log, "NAME=value", ""), "value") {
		t.Errorf("the message holds a value:\n%s", log)
	}
}

// TestDotEnv configures the service by a file in its working directory.
func TestDotEnv(t *testing.T) {
	clerk := newInstance(t)
	file := "# the service's\nCLERK_ISSUER=" + issuer + "\nVERSO_DEFAULT_TARGET_LANGUAGE=ja\nVERSO_ENGINES=pseudo\nVERSO_PSEUDO_DELAY=0s\n"
	environment := map[string]string{"CLERK_JWT_KEY": clerk.env(t)["CLERK_JWT_KEY"]}
	target := func(t *testing.T, environment map[string]string) string {
		server := process.Start(t, process.Options{Command: "serve", DotEnv: file, Env: environment})
		return clerk.signIn(t, server, "user_2nobody", nil).MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")}).TargetLanguage
	}
	if got := target(t, environment); got != "ja" {
		t.Errorf("the file is not read: %q", got)
	}
	environment["VERSO_DEFAULT_TARGET_LANGUAGE"] = "de"
	if got := target(t, environment); got != "de" {
		t.Errorf("the environment does not win: %q", got)
	}

	t.Run("demo", func(t *testing.T) {
		file := "POSTGRES_URL=postgres://verso@127.0.0.1:1/service\nVERSO_EXECUTOR=river\nVERSO_DEFAULT_TARGET_LANGUAGE=ja\n"
		ada := process.Start(t, process.Options{DotEnv: file}).SignIn(t, ada)
		job := ada.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
		if job.TargetLanguage != "ja" {
			t.Errorf("the file is not read: %q", job.TargetLanguage)
		}
		awaitStatus(t, ada, time.Minute, finished(), job.ID) // no worker is waited for
		var ready map[string]any
		ada.Get(t, "/readyz").MustBe(t, http.StatusOK).Decode(t, &ready)
		if ready["mirror"] != nil || ready["workers"] != nil {
			t.Errorf("the demo uses the service's PostgreSQL: %v", ready)
		}
	})
	t.Run("broken", func(t *testing.T) {
		server := process.Launch(t, process.Options{Command: "serve", DotEnv: "CLERK_SECRET_KEY=\"value\nvalue value\n", Env: environment})
		mustNameInLines(t, server.MustExit(t), server.Log(), []string{".env:"})
	})
}

// TestSealingKeyFile looks at the key that is made where none is configured.
func TestSealingKeyFile(t *testing.T) {
	server := process.Start(t, process.Options{Command: "serve", Env: newInstance(t).env(t)})
	info, err := os.Stat(server.Dir + ".key")
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %s", info.Mode())
	}
}

// TestDemoIsLocal asks the demo to listen where others could reach it.
func TestDemoIsLocal(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.org:0", "127.0.0.1", "localhost.example.org:0"} {
		t.Run(address, func(t *testing.T) {
			code, log := process.Run(t, nil, "demo", "--http", address, "--dir", filepath.Join(t.TempDir(), "data"))
			if code == 0 || !strings.Contains(log, "--http") {
				t.Errorf("ended with code %d: %s", code, log)
			}
		})
	}
	for _, address := range []string{"127.0.0.1:0", "localhost:0", "127.0.0.2:0"} {
		t.Run(address, func(t *testing.T) {
			server := process.Start(t, process.Options{Args: []string{"--http", address}})
			server.Guest(t).Get(t, "/healthz").MustBe(t, 200)
		})
	}
	t.Run("PORT", func(t *testing.T) {
		_, port, err := net.SplitHostPort(process.FreeAddress(t))
		if err != nil {
			t.Fatal(err)
		}
		server := process.Start(t, process.Options{Env: env("PORT", port)})
		if want := "http://127.0.0.1:" + port; server.URL != want {
			t.Errorf("listens at %s, want %s", server.URL, want)
		}
	})
	t.Run("Host of another name", func(t *testing.T) {
		server := process.Start(t, process.Options{})
		request, err := server.Guest(t).Request(t.Context(), "GET", "/demo/people", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = "demo.example.org"
		answer, err := server.Guest(t).Perform(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.MustBe(t, 403)
	})
}
