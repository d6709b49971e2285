package postgres

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// run is one life of the server's first process.
type run struct {
	command *exec.Cmd
	output  *output
	ready   chan struct{} // closed when it takes connections
	exited  chan struct{} // closed when it has ended
}

// start starts the server and waits until it takes connections.
func (s *Server) start(t testing.TB) {
	t.Helper()
	owner, err := serverUser()
	if err != nil {
		t.Fatal(err)
	}
	r := &run{
		command: exec.Command(filepath.Join(s.bin, "postgres"), s.args...),
		ready:   make(chan struct{}), exited: make(chan struct{}),
	}
	r.output = &output{onReady: func() { close(r.ready) }}
	r.command.Dir = s.dir
	r.command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	r.command.Stdout, r.command.Stderr = r.output, r.output
	r.command.SysProcAttr = endWithParent(&syscall.SysProcAttr{Credential: owner})
	started := make(chan error, 1)
	go func() {
		// The kernel ends the server with the thread that started it.
		runtime.LockOSThread()
		defer close(r.exited)
		err := r.command.Start()
		started <- err
		if err == nil {
			_ = r.command.Wait() // the state says how it ended
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	s.run = r
	deadline := time.NewTimer(readyWait)
	defer deadline.Stop()
	select {
	case <-r.ready:
	case <-r.exited:
		t.Fatalf("PostgreSQL ended before it was ready:\n%s", r.output.tail(20))
	case <-deadline.C:
		t.Fatalf("PostgreSQL was not ready within %s:\n%s", readyWait, r.output.tail(20))
	}
}

// Running reports whether it runs.
func (s *Server) Running() bool {
	select {
	case <-s.run.exited:
		return false
	default:
		return true
	}
}

// Stop ends it in order, as a service manager does: connections are closed, and what
// was committed is written.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.Thaw()
	_ = s.run.command.Process.Signal(syscall.SIGINT) // it may have ended
	deadline := time.NewTimer(stopWait)
	defer deadline.Stop()
	select {
	case <-s.run.exited:
	case <-deadline.C:
		t.Fatalf("PostgreSQL did not stop within %s:\n%s", stopWait, s.run.output.tail(20))
	}
}

// Kill ends all of its processes at once, as a power cut would, and waits until they
// are gone. The next start recovers.
func (s *Server) Kill() {
	if s.run == nil || s.run.command.Process == nil {
		return
	}
	pids := s.freeze()
	s.frozen = nil
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
	}
	<-s.run.exited
	for _, pid := range pids {
		for isAlive(pid) {
			time.Sleep(time.Millisecond) // no event tells of the end of a grandchild
		}
	}
}

// Restart stops it if it runs, and starts it again on the same port.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if s.Running() {
		s.Stop(t)
	}
	s.start(t)
}

// Freeze stops all of its processes where they are: connections stay open, and
// nobody answers.
func (s *Server) Freeze() { s.frozen = append(s.frozen, s.freeze()...) }

// Thaw lets a frozen server go on.
func (s *Server) Thaw() {
	for _, pid := range slices.Backward(s.frozen) { // the first is the one that starts others
		_ = syscall.Kill(pid, syscall.SIGCONT) // it may have ended
	}
	s.frozen = nil
}

// freeze stops the first process, so that it starts no others, and then those that it
// has started, and returns them all.
func (s *Server) freeze() []int {
	if !s.Running() {
		return nil
	}
	first := s.run.command.Process.Pid
	if err := s.run.command.Process.Signal(syscall.SIGSTOP); err != nil {
		return nil // it has just ended
	}
	for state := ""; state != "T" && isAlive(first); state, _, _ = processState(first) {
		time.Sleep(time.Millisecond) // no event tells that a process has stopped
	}
	pids := append([]int{first}, children(first)...)
	for _, pid := range pids[1:] {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // it may have ended
	}
	return pids
}

// children returns the processes that a process has started, from /proc.
func children(parent int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is a good one
	var found []int
	for _, stat := range stats {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		if _, of, ok := processState(pid); ok && of == parent {
			found = append(found, pid)
		}
	}
	return found
}

// isAlive reports whether a process runs. One that has ended and was not waited for
// does not.
func isAlive(pid int) bool {
	state, _, ok := processState(pid)
	return ok && state != "Z" && state != "X"
}

// processState returns a process's state and its parent.
func processState(pid int) (state string, parent int, ok bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, false
	}
	// The name stands in brackets and may hold anything.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 2 {
		return "", 0, false
	}
	parent, err = strconv.Atoi(fields[1])
	return fields[0], parent, err == nil
}

// freePort returns a port that was free a moment ago and that the kernel gives no
// connection by itself, so that it is still free when the server comes back.
func freePort(t testing.TB) int {
	t.Helper()
	var errs error
	for range 100 {
		port := 12000 + rand.IntN(20000)
		listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			listener.Close()
			return port
		}
		errs = errors.Join(errs, err)
	}
	t.Fatalf("find a free port: %v", errs)
	return 0
}
