// Package process runs Verso the way its users do: as a process that is told
// by flags and environment, asked over HTTP, and ended by signals.
//
//	server := process.Start(t, process.Options{Env: map[string]string{"VERSO_PSEUDO_DELAY": "30ms"}})
//	ada := server.SignIn(t, "user_demoada")
//	job := ada.MustUpload(t, process.Upload{Content: text})
//	server.Kill()
//
// Whatever is started is gone when the test ends. Nothing here sleeps: waiting
// is for an event, or for a condition against a deadline.
package process

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// readyWait is how long a server may take to begin. A start that waits for
	// the data directory's lock takes up to 30 s.
	readyWait = 40 * time.Second
	// exitWait is how long a process may take to end: the longest drain there
	// is by default, and then some.
	exitWait = 40 * time.Second
)

// firstPause and longestPause bound the pause between two looks at what is waited for.
const firstPause, longestPause = 5 * time.Millisecond, 60 * time.Millisecond

// worker is the command that translates for another process's serve.
const worker = "worker"

// StartWorker starts "verso worker" and returns when it takes segments.
func StartWorker(t testing.TB, env map[string]string) *Server {
	t.Helper()
	s := Launch(t, Options{Command: worker, Env: env})
	Eventually(t, readyWait, "the worker is ready", func() bool { return strings.Contains(s.Log(), "msg=ready ") })
	return s
}

// Options say how to start a process.
type Options struct {
	// Command is "demo", "serve" or "worker". Default: "demo".
	Command string
	// Dir is the data directory. Default: a new one.
	Dir string
	// Env is the whole environment apart from PATH and HOME, so that nothing
	// of the tester's own configuration gets in.
	Env map[string]string
	// DotEnv is the content of a .env in the working directory. Default: there
	// is none.
	DotEnv string
	// Args follow the command. Default: an address with a free port, unless
	// PORT is set.
	Args []string
	// Binary is the program. Default: the one that [MustBuild] builds.
	Binary string
}

// Server is a running process.
type Server struct {
	// URL is where it can be reached, once it is ready.
	URL string
	// Dir is its data directory.
	Dir string
	// Began is when it was started, Ready when it printed its banner.
	Began, Ready time.Time

	name    string
	command *exec.Cmd
	output  *output
	ready   chan struct{} // closed with the banner
	exited  chan struct{} // closed when it has ended
	once    sync.Once
}

// Start starts a server and returns when it has printed its banner.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	s := Launch(t, options)
	s.MustBecomeReady(t)
	return s
}

// Launch starts a server and returns at once.
func Launch(t testing.TB, options Options) *Server {
	t.Helper()
	if options.Command == "" {
		options.Command = "demo"
	}
	if options.Dir == "" {
		options.Dir = filepath.Join(t.TempDir(), "data")
	}
	args := append([]string{options.Command, "--dir", options.Dir}, options.Args...)
	if options.Command == worker {
		args = append([]string{worker}, options.Args...) // it has no data and no address
	} else if !slices.Contains(options.Args, "--http") && options.Env["PORT"] == "" && !strings.Contains(options.DotEnv, "PORT=") {
		address := "127.0.0.1:0" // the demo's banner tells the port it got
		if options.Command != "demo" {
			address = FreeAddress(t)
		}
		args = append(args, "--http", address)
	}

	s := &Server{
		Dir:     options.Dir,
		name:    "verso " + options.Command,
		command: command(t, options.Binary, options.Env, args),
		ready:   make(chan struct{}),
		exited:  make(chan struct{}),
	}
	s.output = &output{onReady: func(url string) {
		s.URL, s.Ready = strings.Replace(url, "0.0.0.0", "127.0.0.1", 1), time.Now()
		close(s.ready)
	}}
	s.command.Stdout, s.command.Stderr = s.output, s.output
	if options.DotEnv != "" {
		if err := os.WriteFile(filepath.Join(s.command.Dir, ".env"), []byte(options.DotEnv), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.Began = time.Now()
	if err := s.command.Start(); err != nil {
		t.Fatalf("start %s: %v", s.name, err)
	}
	go func() {
		_ = s.command.Wait() // the state says how it ended
		close(s.exited)
	}()
	t.Cleanup(func() { s.end(t) })
	return s
}

// end makes sure that the process is gone and says what a reader of a failed
// test wants to know.
func (s *Server) end(t testing.TB) {
	s.Kill()
	log := s.Log()
	for _, sign := range []string{"WARNING: DATA RACE", "fatal error: ", "panic: "} {
		if at := strings.Index(log, sign); at >= 0 {
			t.Errorf("%s wrote:\n%.3000s", s.name, log[at:])
		}
	}
	if t.Failed() {
		t.Logf("the last that %s (pid %d) wrote:\n%s", s.name, s.Pid(), s.output.tail(80))
	}
}

// MustBecomeReady waits for the banner.
func (s *Server) MustBecomeReady(t testing.TB) {
	t.Helper()
	deadline := time.NewTimer(readyWait)
	defer deadline.Stop()
	select {
	case <-s.ready:
	case <-s.exited:
		t.Fatalf("%s ended with code %d before it was ready:\n%s", s.name, s.ExitCode(), s.output.tail(40))
	case <-deadline.C:
		t.Fatalf("%s was not ready within %s:\n%s", s.name, readyWait, s.output.tail(40))
	}
}

// IsReady reports whether the banner was printed.
func (s *Server) IsReady() bool {
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}

// Banner is closed when the banner has been printed.
func (s *Server) Banner() <-chan struct{} { return s.ready }

// Exited is closed when the process has ended.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// ExitCode returns how the process ended: -1 when a signal ended it.
func (s *Server) ExitCode() int { return s.command.ProcessState.ExitCode() }

// Pid returns the process's number.
func (s *Server) Pid() int { return s.command.Process.Pid }

// Log returns what the process wrote so far, on both streams.
func (s *Server) Log() string { return s.output.String() }

// Kill ends the process as a power cut would and waits until it is gone.
func (s *Server) Kill() {
	s.once.Do(func() { _ = s.command.Process.Kill() }) // it may have ended by itself
	<-s.exited
}

// Signal sends a signal.
func (s *Server) Signal(t testing.TB, signal syscall.Signal) {
	t.Helper()
	if err := s.command.Process.Signal(signal); err != nil {
		t.Fatalf("send %s to %s: %v", signal, s.name, err)
	}
}

// Stop ends the process as a service manager would, and returns its exit code
// and how long it took.
func (s *Server) Stop(t testing.TB) (code int, took time.Duration) {
	t.Helper()
	began := time.Now()
	s.Signal(t, syscall.SIGTERM)
	return s.MustExit(t), time.Since(began)
}

// MustExit waits for the process to end and returns its exit code.
func (s *Server) MustExit(t testing.TB) int {
	t.Helper()
	deadline := time.NewTimer(exitWait)
	defer deadline.Stop()
	select {
	case <-s.exited:
		return s.ExitCode()
	case <-deadline.C:
		t.Fatalf("%s did not end within %s", s.name, exitWait)
		return 0
	}
}

// Run runs a command that ends by itself and returns its exit code and what it
// wrote.
func Run(t testing.TB, env map[string]string, args ...string) (code int, log string) {
	t.Helper()
	command := command(t, "", env, args)
	log, code = "", -1
	timeout := time.AfterFunc(exitWait, func() { _ = command.Process.Kill() })
	out, err := command.CombinedOutput()
	if !timeout.Stop() {
		t.Fatalf("verso %s did not end within %s:\n%s", strings.Join(args, " "), exitWait, out)
	}
	if command.ProcessState == nil {
		t.Fatalf("run verso %s: %v", strings.Join(args, " "), err)
	}
	return command.ProcessState.ExitCode(), string(out)
}

// command returns the program with a clean environment, in a working directory
// of its own, where no .env lies about.
func command(t testing.TB, binary string, env map[string]string, args []string) *exec.Cmd {
	t.Helper()
	if binary == "" {
		binary = MustBuild(t)
	}
	command := exec.Command(binary, args...)
	command.Dir = t.TempDir()
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + command.Dir}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		command.Env = append(command.Env, name+"="+env[name])
	}
	return command
}

// FreeAddress returns a loopback address whose port was free a moment ago.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(fmt.Errorf("find a free port: %w", err))
	}
	defer listener.Close()
	return listener.Addr().String()
}

// Eventually waits until a condition holds that no event announces.
func Eventually(t testing.TB, within time.Duration, what string, holds func() bool) {
	t.Helper()
	if !Holds(within, holds) {
		t.Fatalf("%s: not within %s", what, within)
	}
}

// Holds waits until a condition holds, and reports whether it did in time.
func Holds(within time.Duration, holds func() bool) bool {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	// Looking is a request as a rule, which who is waited for has to answer: what takes
	// long is looked at less often.
	pause := firstPause
	tick := time.NewTimer(pause)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			return false
		}
		pause = min(pause+pause/2, longestPause)
		tick.Reset(pause)
	}
	return true
}
