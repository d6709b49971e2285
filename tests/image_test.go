package tests

import (
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"verso/tests/process"
)

const (
	// systemBytes is what the image has beside the binary, with room to spare: Alpine's
	// musl and busybox with 1.6 MB, certificates with 0.25 MB, and setpriv with 0.1 MB.
	systemBytes = 2_500_000
	// imageBytes is how large the image may become, unpacked.
	imageBytes = 60_000_000
	// imageHome is where its volume is.
	imageHome = "/var/lib/verso"
)

// instruction is one of a Dockerfile: its name and what stands behind it.
type instruction struct{ name, rest string }

// dockerfile reads the instructions of the Dockerfile, in their order.
func dockerfile(t *testing.T) []instruction {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(string(content), "")
	text = strings.ReplaceAll(text, "\\\n", " ")
	var found []instruction
	for line := range strings.Lines(text) {
		if name, rest, _ := strings.Cut(strings.TrimSpace(line), " "); name != "" {
			found = append(found, instruction{name, strings.TrimSpace(rest)})
		}
	}
	return found
}

// TestImageIsPinned holds that what the image is made from is named exactly, that its
// last stage is not root's, and that it ends as the service does.
func TestImageIsPinned(t *testing.T) {
	stages, user := map[string]bool{}, ""
	for _, i := range dockerfile(t) {
		switch i.name {
		case "FROM":
			words := strings.Fields(i.rest)
			if words[0] != "scratch" && !stages[words[0]] && !regexp.MustCompile(`^[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$`).MatchString(words[0]) {
				t.Errorf("FROM %s has no tag and digest", words[0])
			}
			if len(words) == 3 {
				stages[words[2]] = true
			}
			user = ""
		case "USER":
			user = i.rest
		case "STOPSIGNAL":
			if i.rest != "SIGTERM" {
				t.Errorf("the image ends by %s", i.rest)
			}
		}
	}
	if user != "verso" || !stages["rooted"] {
		t.Errorf("the last stage is %q's, and the stages are %v", user, stages)
	}
}

// TestImageIsSmall reckons how large the image becomes, with the binary of the tests,
// which keeps longer paths of its sources than the image's.
func TestImageIsSmall(t *testing.T) {
	if os.Getenv("VERSO_TEST_RACE") == "1" {
		t.Skip("a binary that finds data races is larger")
	}
	mustBeSmall(t, process.MustBuild(t))
}

// mustBeSmall holds the image that a binary makes to its size.
func mustBeSmall(t *testing.T, binary string) {
	t.Helper()
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %d bytes", info.Size())
	if info.Size()+systemBytes > imageBytes {
		t.Errorf("with a binary of %d bytes the image is larger than %d", info.Size(), imageBytes)
	}
}

// TestImageBuild builds the binary by the Dockerfile's own line. It is static, and the
// image not larger than it may be. The line compiles everything anew, so the test runs
// with VERSO_TEST_IMAGE=1 alone.
func TestImageBuild(t *testing.T) {
	if os.Getenv("VERSO_TEST_IMAGE") != "1" {
		t.Skip("VERSO_TEST_IMAGE=1 builds the image's binary")
	}
	image := readImage(t)
	image.binary = image.build(t)
	file, err := elf.Open(image.binary)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC }) {
		t.Error("the binary is not static")
	}
	mustBeSmall(t, image.binary)
	image.run(t, false)
}

// TestImage runs the service behind a read-only root as the image would: under the
// image's user, and where the volume is root's as root, who gives his rights up.
func TestImage(t *testing.T) {
	t.Parallel()
	image := readImage(t)
	image.binary = process.MustBuild(t)
	t.Run("as its user", func(t *testing.T) { image.run(t, false) })
	t.Run("as root", func(t *testing.T) {
		if os.Getuid() != 0 {
			t.Skip("only root can give a folder to another user")
		}
		image.run(t, true)
	})
}

// image is what the Dockerfile says of itself, and a binary of the service.
type image struct {
	binary      string
	buildLine   string
	systemLine  string // which puts the image's system together
	path        string // where it looks for commands
	entry, args []string
	health      string
}

func readImage(t *testing.T) image {
	t.Helper()
	var made image
	for _, i := range dockerfile(t) {
		var err error
		switch i.name {
		case "RUN":
			switch {
			case strings.Contains(i.rest, "go build"):
				made.buildLine = i.rest
			case strings.Contains(i.rest, "apk add"):
				made.systemLine = i.rest
			}
		case "ENV":
			if path, ok := strings.CutPrefix(i.rest, "PATH="); ok {
				made.path = path
			}
		case "ENTRYPOINT":
			err = json.Unmarshal([]byte(i.rest), &made.entry)
		case "CMD":
			err = json.Unmarshal([]byte(i.rest), &made.args)
		case "HEALTHCHECK":
			_, made.health, _ = strings.Cut(i.rest, "CMD ")
		}
		if err != nil {
			t.Fatalf("%s %s: %v", i.name, i.rest, err)
		}
	}
	if len(made.entry) == 0 || len(made.args) == 0 || made.buildLine == "" || made.systemLine == "" || made.health == "" {
		t.Fatalf("the Dockerfile has no build, system, entry, command or health check: %+v", made)
	}
	return made
}

// build builds the binary as the Dockerfile does, in another place.
func (i image) build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "verso")
	line := strings.Replace(i.buildLine, "-o /verso ", "-o "+binary+" ", 1)
	build := exec.Command("sh", "-c", line)
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return binary
}

// system puts the image's system together as the Dockerfile does, of this machine's
// programs in place of Alpine's.
func (i image) system(t *testing.T) string {
	t.Helper()
	_, line, _ := strings.Cut(i.systemLine, "&&") // but for what apk brings
	root := t.TempDir()
	line = strings.ReplaceAll(line, "/system", root)
	if os.Getuid() != 0 {
		line = regexp.MustCompile(`&& *chown .*`).ReplaceAllString(line, "")
	}
	if out, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	// What bubblewrap puts there, as Docker does.
	for _, dir := range []string{"dev", "proc"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

// run runs the image: its root can be read and no more, but for the volume and /tmp.
// The volume is root's where the image is started as root.
func (i image) run(t *testing.T, asRoot bool) {
	root := i.system(t)
	volume, port := t.TempDir(), portOf(process.FreeAddress(t))
	clerk := newInstance(t)
	environment := clerk.env(t, "PORT", port)
	home, err := filepath.Abs(filepath.Join("..", "docs", "deploy"))
	if err != nil {
		t.Fatal(err)
	}
	arguments := []string{
		"--die-with-parent", "--unshare-pid", "--ro-bind", root, "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
		"--bind", volume, imageHome,
		"--tmpfs", "/usr/local/bin", "--ro-bind", i.binary, "/usr/local/bin/verso",
		"--ro-bind", filepath.Join(home, "entry.sh"), "/usr/local/bin/entry.sh", "--remount-ro", "/usr/local/bin",
		"--chdir", imageHome, "--clearenv", "--setenv", "PATH", i.path,
	}
	if !asRoot {
		arguments = append(arguments, "--unshare-user", "--uid", "10001", "--gid", "10001")
	} else {
		arguments = append(arguments, "--cap-add", "CAP_CHOWN", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP", "--cap-add", "CAP_DAC_OVERRIDE", "--cap-add", "CAP_FOWNER")
	}
	for name, value := range environment {
		arguments = append(arguments, "--setenv", name, value)
	}
	wrote, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer wrote.Close()
	command := exec.Command("bwrap", slices.Concat(arguments, i.entry, i.args)...)
	command.Stdout, command.Stderr = wrote, wrote
	if err := command.Start(); err != nil {
		t.Fatalf("start the image (apt-get install bubblewrap): %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	defer func() {
		_ = command.Process.Kill()
		if out, err := os.ReadFile(wrote.Name()); t.Failed() {
			t.Logf("the service wrote (%v):\n%s", err, out)
		}
	}()

	healthy := func() error {
		return exec.Command("bwrap", "--die-with-parent", "--ro-bind", root, "/", "--dev", "/dev", "--proc", "/proc", "--clearenv",
			"--setenv", "PATH", i.path, "--setenv", "PORT", port, "sh", "-c", i.health).Run()
	}
	process.Eventually(t, waitShort, "the health check passes", func() bool { return healthy() == nil })
	service := serviceBelow(t, command.Process.Pid)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", service))
	if err != nil {
		t.Fatal(err)
	}
	if asRoot {
		for _, line := range []string{"Uid:\t10001\t10001\t10001\t10001", "Gid:\t10001\t10001\t10001\t10001", "Groups:\t \n", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1"} {
			if !strings.Contains(string(status), line) {
				t.Errorf("the service is not %q:\n%s", line, status)
			}
		}
		if info, err := os.Stat(filepath.Join(volume, "data")); err != nil || info.Sys().(*syscall.Stat_t).Uid != 10001 {
			t.Errorf("the data is not the user's: %v", err)
		}
	}
	if err := syscall.Kill(service, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	if healthy() == nil {
		t.Error("the health check passes when nobody is there")
	}
}

// portOf returns an address's port.
func portOf(address string) string { return address[strings.LastIndex(address, ":")+1:] }

// serviceBelow finds the verso process that bubblewrap started.
func serviceBelow(t *testing.T, parent int) int {
	t.Helper()
	for {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent))
		if err != nil {
			t.Fatal(errors.Join(errors.New("find the service"), err))
		}
		if strings.TrimSpace(string(name)) == "verso" {
			return parent
		}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(strings.TrimSpace(string(children)), " ")
		if parent, err = strconv.Atoi(first); err != nil {
			t.Fatalf("bubblewrap has no child called verso: %q", children)
		}
	}
}
