// Package clock builds Verso with a clock that a test can set while it runs, as an
// administrator, a time server or the end of a machine's sleep does: the time of day
// jumps and the time that has passed does not.
//
//	clock := clock.New(t)
//	server := process.Start(t, process.Options{Binary: clock.Build(t), Env: clock.Env()})
//	clock.Set(t, time.Hour)
//
// The machine's own clock is left alone, and Verso has no part in it: Go's linker is
// given another function time.Now. The times of files and SQLite's 'now' do not jump.
package clock

import (
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// jump is a file that is added to Go's package time.
//
//go:embed jump.go.txt
var jump string

// Clock is by how much a process's clock is wrong.
type Clock struct {
	path   string
	offset time.Duration
}

// New returns a clock that is right.
func New(t testing.TB) *Clock {
	t.Helper()
	c := &Clock{path: filepath.Join(t.TempDir(), "clock")}
	c.Set(t, 0)
	return c
}

// Env is the environment of a process with this clock.
func (c *Clock) Env() map[string]string { return map[string]string{"VERSO_TEST_CLOCK": c.path} }

// Now is the time as the process has it.
func (c *Clock) Now() time.Time { return time.Now().Add(c.offset) }

// Set sets the clock to so much ahead of the right time, or behind.
func (c *Clock) Set(t testing.TB, ahead time.Duration) {
	t.Helper()
	file, err := os.OpenFile(c.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err == nil {
		_, err = file.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(ahead/time.Second)), 0)
		err = firstOf(err, file.Close())
	}
	if err != nil {
		t.Fatalf("set the clock: %v", err)
	}
	c.offset = ahead
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Build builds Verso with a clock that can be set, and returns the binary's path. All
// packages are built anew for it, which takes minutes the first time.
func (c *Clock) Build(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	path, err := build(dir)
	if err != nil {
		t.Fatalf("build verso with a clock that can be set: %v", err)
	}
	return path
}

func build(dir string) (string, error) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "time").Output()
	if err != nil {
		return "", fmt.Errorf("find Go's package time: %w", err)
	}
	times := strings.TrimSpace(string(out))
	source, err := os.ReadFile(filepath.Join(times, "time.go"))
	if err != nil {
		return "", err
	}
	const call = "\n\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(string(source), call) != 1 {
		return "", fmt.Errorf("this version of Go tells the time otherwise: there is no %q in %s/time.go", call, times)
	}
	replaced := strings.Replace(string(source), call, "\n\tsec, nsec, mono := runtimeNow(); sec += jumped()\n", 1)
	overlay := map[string]map[string]string{"Replace": {}}
	for name, content := range map[string]string{"time.go": replaced, "jump.go": jump} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return "", err
		}
		overlay["Replace"][filepath.Join(times, name)] = path
	}
	listed, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), listed, 0o600); err != nil {
		return "", err
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	binary := filepath.Join(dir, "verso")
	command := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, ".")
	command.Dir = strings.TrimSpace(string(root))
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
}
