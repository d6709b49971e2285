package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// binary is the program under test, built once for all tests of a package.
var binary struct {
	once sync.Once
	dir  string
	path string
	err  error
}

// Main runs a package's tests and removes the built binary afterwards. Every
// package that starts processes has it as its TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(process.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	if binary.dir != "" {
		if err := os.RemoveAll(binary.dir); err != nil {
			fmt.Fprintln(os.Stderr, "remove built binary:", err)
			return max(code, 1)
		}
	}
	return code
}

// builtEnv names the binary for a test that runs itself in a process of its own,
// so that it is not built again there.
const builtEnv = "VERSO_TEST_BINARY"

// BuiltBefore is the environment in which a test that runs itself again finds the
// binary.
func BuiltBefore(t testing.TB) string { return builtEnv + "=" + MustBuild(t) }

// MustBuild builds the program, unless that was done before, and returns the
// binary's path. It has no symbols, as a release has none. With VERSO_TEST_RACE=1 it
// finds data races.
func MustBuild(t testing.TB) string {
	t.Helper()
	binary.once.Do(func() {
		if binary.path = os.Getenv(builtEnv); binary.path == "" {
			binary.path, binary.err = build()
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

func build() (string, error) {
	var err error
	if binary.dir, err = os.MkdirTemp("", "verso-test-*"); err != nil {
		return "", fmt.Errorf("create folder for the binary: %w", err)
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	path := filepath.Join(binary.dir, "verso")
	args := []string{"build", "-ldflags", "-s -w", "-o", path}
	if os.Getenv("VERSO_TEST_RACE") == "1" {
		args = append(args, "-race")
	}
	command := exec.Command("go", append(args, ".")...)
	command.Dir = strings.TrimSpace(string(root))
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build verso: %w\n%s", err, out)
	}
	return path, nil
}
