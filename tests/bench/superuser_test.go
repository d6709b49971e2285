package bench

import (
	"net/http"
	"path/filepath"
	"testing"

	"verso/tests/process"
)

const (
	rootEmail    = "root@example.org"
	rootPassword = "correct horse battery"
)

// startUnlimited starts a server that takes any number of requests from one address,
// and signs its superuser in.
func startUnlimited(b *testing.B, env map[string]string) (*process.Server, *process.Client) {
	b.Helper()
	return startUnlimitedAs(b, "demo", env)
}

func startUnlimitedAs(b *testing.B, command string, env map[string]string) (*process.Server, *process.Client) {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "data")
	process.Run(b, nil, "superuser", "upsert", rootEmail, rootPassword, "--dir", dir)
	server := process.Start(b, process.Options{Command: command, Dir: dir, Env: env})
	superuser := server.SignInSuperuser(b, rootEmail, rootPassword)
	superuser.SendJSON(b, http.MethodPatch, "/api/settings", map[string]any{"rateLimits": map[string]any{"enabled": false}}).MustBe(b, http.StatusOK)
	return server, superuser
}
