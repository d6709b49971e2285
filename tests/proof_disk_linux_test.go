package tests

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
)

const (
	// namespaceEnv says that the test runs in a mount namespace of its own.
	namespaceEnv = "VERSO_TEST_NAMESPACE"
	// diskSize is the size of the disk that is filled.
	diskSize = 48 * mebibyte
	// noRoom is what somebody is told whose document there is no room for.
	noRoom = "The server has no room left to store this. Try again later, or tell whoever runs it."
)

// TestDiskFull takes the service's disk away bit by bit: while documents arrive, while
// they are translated, while a backup is made, and at a start. Whoever asks is told
// what is wrong, nothing is left half done, jobs wait and go on by themselves when
// there is room again, and the database is sound.
//
// The disk is a small file system in memory, mounted in a namespace that only this
// test sees: by root, or by anybody where the machine lets users have namespaces.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if os.Getenv(namespaceEnv) == "" {
		runInNamespace(t)
		return
	}
	disk := mountDisk(t)
	run := &diskRun{t: t, disk: disk, options: process.Options{Dir: filepath.Join(disk.dir, "data"), Env: env(
		"VERSO_PSEUDO_DELAY", "40ms", "VERSO_JOB_CONCURRENCY", "4", "VERSO_PSEUDO_JOURNAL", filepath.Join(t.TempDir(), "journal"),
		"VERSO_SUPERUSER_EMAIL", superuserEmail, "VERSO_SUPERUSER_PASSWORD", superuserPassword)}}
	run.server = process.Start(t, run.options)
	run.client = run.server.SignIn(t, ada)
	run.done = run.client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")}).ID
	awaitStatus(t, run.client, waitShort, finished(), run.done)

	for _, part := range []struct {
		name string
		test func(*testing.T)
	}{
		{"upload", run.upload},
		{"backup", run.backup},
		{"translation", run.translation},
		{"start", run.start},
	} {
		if !t.Run(part.name, part.test) {
			break
		}
	}
	disk.free(t)
	run.server.Stop(t)
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if got := integrity(t, filepath.Join(run.options.Dir, name)); got != "ok" {
			t.Errorf("%s is damaged: %s", name, got)
		}
	}
}

// diskRun is a service on a disk that is filled.
type diskRun struct {
	t       *testing.T // whose end is the services'
	disk    *disk
	options process.Options
	server  *process.Server
	client  *process.Client
	done    string // a job that was finished before
}

// upload sends documents for which there is no room: a large one that does not fit
// itself, and a small one whose job does not. What needs no room works meanwhile.
func (r *diskRun) upload(t *testing.T) {
	before := r.stored(t)
	r.disk.fill(t, 2*mebibyte)
	r.mustBeFull(t, bigUpload(8*mebibyte))
	quote := bigUpload(8 * mebibyte)
	quote.Path = "/api/v1/quote"
	r.mustBeFull(t, quote)
	r.disk.fill(t, 0)
	r.mustBeFull(t, process.Upload{Content: strings.NewReader("Three.\n")})
	r.mustBeUnready(t)
	if got := string(r.client.Download(t, r.done)); got != accented("One.\n\nTwo.\n") {
		t.Errorf("a finished document is given out as %q", got)
	}
	r.client.Get(t, "/api/v1/jobs").MustBe(t, http.StatusOK)
	command(t, r.client, r.done, "retry", map[string]any{"positions": []int{0}}).MustBe(t, http.StatusInsufficientStorage)

	r.disk.free(t)
	process.Eventually(t, waitShort, "the service is ready again", func() bool { return r.client.Get(t, "/readyz").Status == http.StatusOK })
	if after := r.stored(t); after != before {
		t.Errorf("refused uploads left something behind: files and jobs were %s and are %s", before, after)
	}
	job := r.client.MustUpload(t, process.Upload{Content: strings.NewReader("Three.\n")})
	awaitStatus(t, r.client, waitShort, []string{"COMPLETED"}, job.ID)
}

func (r *diskRun) mustBeFull(t *testing.T, upload process.Upload) {
	t.Helper()
	if problem := r.client.Upload(t, upload).MustRefuse(t, http.StatusInsufficientStorage); problem.Message != noRoom {
		t.Errorf("an upload on a full disk is told %q", problem.Message)
	}
}

func (r *diskRun) mustBeUnready(t *testing.T) {
	t.Helper()
	r.client.Get(t, "/readyz").MustBe(t, http.StatusServiceUnavailable)
	r.client.Get(t, "/healthz").MustBe(t, http.StatusOK)
}

// stored says how many files and jobs there are.
func (r *diskRun) stored(t *testing.T) string {
	t.Helper()
	database := process.OpenDatabase(t, r.options.Dir)
	defer database.Close()
	return fmt.Sprint(len(process.Files(t, filepath.Join(r.options.Dir, "storage"))), database.Count(t, "translation_jobs"), database.Count(t, "idempotency_keys"))
}

// backup makes backups for which there is no room, as the dashboard does: none for
// the archive, and none for its copy in the storage of backups.
func (r *diskRun) backup(t *testing.T) {
	noise := make([]byte, 3*mebibyte)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	job := r.client.MustUpload(t, process.Upload{Content: strings.NewReader(base64.StdEncoding.EncodeToString(noise))}).ID
	mustCommand(t, r.client, job, "cancel", nil)
	superuser := r.server.SignInSuperuser(t, superuserEmail, superuserPassword)
	for _, room := range []int{mebibyte, 5 * mebibyte} {
		r.disk.fill(t, room)
		superuser.Post(t, "/api/backups", map[string]string{"name": "full.zip"}).MustRefuse(t, http.StatusInsufficientStorage)
		r.disk.free(t)
		for _, dir := range []string{"backups", ".pb_temp_to_delete"} {
			if left := process.Files(t, filepath.Join(r.options.Dir, dir)); len(left) > 0 {
				t.Errorf("with %d bytes of room a failed backup left %v in %s", room, left, dir)
			}
		}
	}
	superuser.Post(t, "/api/backups", map[string]string{"name": "whole.zip"}).MustBe(t, http.StatusNoContent)
	if size := process.Files(t, filepath.Join(r.options.Dir, "backups"))["whole.zip"]; size < 3*mebibyte {
		t.Errorf("the whole backup is of %d bytes", size)
	}
	superuser.Delete(t, "/api/backups/whole.zip").MustBe(t, http.StatusNoContent)
	r.client.DeleteJob(t, job)
}

// translation fills the disk under a job. It waits, asks for nothing again that was
// answered, and goes on when there is room.
func (r *diskRun) translation(t *testing.T) {
	text := plainStory(600).String()
	job := r.client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Fields: env("segment_size", "700")})
	database := process.OpenDatabase(t, r.options.Dir)
	process.Eventually(t, waitShort, "the job is under way", func() bool { return database.Settled(t, job.ID) > 20 })
	r.disk.fill(t, 0)
	settled := database.Settled(t, job.ID)
	asked, said := len(process.ReadJournal(t, r.journal())), r.told(t)
	full := dose(t, 6*time.Second, 30*time.Second) // longer than the pause between two attempts
	for begun := time.Now(); time.Since(begun) < full; {
		r.mustBeUnready(t)
		if status := r.client.Job(t, job.ID).Status; status != "PROCESSING" {
			t.Fatalf("on a full disk the job is %s", status)
		}
		time.Sleep(time.Second) // as a probe does
	}
	more := len(process.ReadJournal(t, r.journal())) - asked
	stood := database.Settled(t, job.ID)
	r.disk.free(t)
	awaitStatus(t, r.client, time.Minute, []string{"COMPLETED"}, job.ID)
	if got := string(r.client.Download(t, job.ID)); got != accented(text) {
		t.Errorf("the output is another: %s", firstDifference(got, accented(text)))
	}
	lines := r.told(t) - said
	t.Logf("%s without room: %d requests, %d segments settled, %d lines in the log", full, more, stood-settled, lines)
	if more-(stood-settled) > 8 {
		t.Errorf("%d requests were made whose answers could not be written", more-(stood-settled))
	}
	if most := int(full/time.Second)*10 + 50; lines > most {
		t.Errorf("the log has %d more lines for %s, want at most %d", lines, full, most)
	}
}

func (r *diskRun) journal() string { return r.options.Env["VERSO_PSEUDO_JOURNAL"] }

// told counts the lines of both logs: on the streams and in the dashboard.
func (r *diskRun) told(t *testing.T) int {
	t.Helper()
	logs := openLogs(t, r.options.Dir)
	defer logs.Close()
	var entries int
	if err := logs.QueryRow(`SELECT COUNT(*) FROM _logs WHERE level > 0`).Scan(&entries); err != nil {
		t.Fatal(err)
	}
	return entries + strings.Count(r.server.Log(), "\n")
}

// start kills the service on a full disk and starts it there. It serves, or says in a
// sentence why not; with room everything goes on.
func (r *diskRun) start(t *testing.T) {
	text := plainStory(600).String()
	job := r.client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Fields: env("segment_size", "700")})
	database := process.OpenDatabase(t, r.options.Dir)
	process.Eventually(t, waitShort, "the job is under way", func() bool { return database.Settled(t, job.ID) > 20 })
	database.Close()
	r.disk.fill(t, 0)
	r.server.Kill()
	r.disk.fill(t, 0)
	r.server = process.Launch(r.t, r.options)
	select {
	case <-r.server.Exited():
		if log := r.server.Log(); !regexp.MustCompile(`(?i)(full|no space)`).MatchString(log) {
			t.Errorf("a start on a full disk ends with %d and says %q", r.server.ExitCode(), log)
		}
		r.disk.free(t)
		r.server = process.Start(r.t, r.options)
	case <-r.server.Banner():
		t.Log("it serves on a full disk")
		r.client = r.server.SignIn(t, ada)
		r.mustBeUnready(t)
		r.disk.free(t)
	}
	r.client = r.server.SignIn(t, ada)
	awaitStatus(t, r.client, time.Minute, []string{"COMPLETED"}, job.ID)
	if got := string(r.client.Download(t, job.ID)); got != accented(text) {
		t.Errorf("the output is another: %s", firstDifference(got, accented(text)))
	}
}

// disk is a file system of which a file takes the room.
type disk struct{ dir, ballast string }

func mountDisk(t *testing.T) *disk {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Fatalf("make mounts this test's own: %v", err)
	}
	if err := syscall.Mount("verso", dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize)); err != nil {
		t.Fatalf("mount a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return &disk{dir, filepath.Join(dir, "ballast")}
}

// fill takes all room but so much.
func (d *disk) fill(t *testing.T, but int) {
	t.Helper()
	file, err := os.OpenFile(d.ballast, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for block := make([]byte, 64<<10); ; {
		_, err := file.Write(block)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	info, err := file.Stat()
	if err == nil {
		err = file.Truncate(info.Size() - int64(but))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// free gives the room back.
func (d *disk) free(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.ballast); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
}

// runInNamespace runs the test that calls it once more, in a process whose mounts are
// its own.
func runInNamespace(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	again := exec.CommandContext(ctx, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v", "-test.count=1")
	again.Env = append(os.Environ(), namespaceEnv+"=1", process.BuiltBefore(t))
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGTERM}
	if os.Getuid() != 0 {
		again.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := again.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("this test needs a mount namespace, and may not have one (%v): run it as root with CAP_SYS_ADMIN, or allow users their own namespaces", err)
	}
	t.Logf("in a namespace of its own:\n%s", out)
	if err != nil {
		t.Fatalf("it failed there: %v", err)
	}
}
