package page

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// checks is the package of what checks the page and is not part of it.
const checks = "checks"

// mustHaveChecks installs the checks' packages, once a run and only where others
// are wanted than are there, and returns their folder.
func mustHaveChecks(t *testing.T) string {
	t.Helper()
	if err := installChecks(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(checks, "node_modules")
}

var installChecks = sync.OnceValue(func() error {
	wanted, err := os.ReadFile(filepath.Join(checks, "package-lock.json"))
	if err != nil {
		return err
	}
	digest := fmt.Appendf(nil, "%x", sha256.Sum256(wanted))
	note := filepath.Join(checks, "node_modules", ".installed-from")
	if installed, err := os.ReadFile(note); err == nil && bytes.Equal(installed, digest) {
		return nil
	}
	install := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", checks)
	install.WaitDelay = time.Second
	if out, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return os.WriteFile(note, digest, 0o644)
})
