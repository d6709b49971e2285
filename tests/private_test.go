package tests

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verso/tests/process"
)

// TestPrivateFiles holds that nobody else on the machine can read what the service
// keeps, with the mask that most systems have, and that a backup holds lent keys
// sealed and not what opens them.
func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	probe := filepath.Join(t.TempDir(), "probe")
	if err := os.WriteFile(probe, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(probe); err != nil || info.Mode().Perm()&0o044 == 0 {
		t.Skipf("this process's own umask makes files private: %v", err)
	}
	secret := "AIza" + rand.Text()
	dir := filepath.Join(t.TempDir(), "deep", "data")
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "10s")})
	client, superuser := server.SignIn(t, ada), server.SignInSuperuser(t, superuserEmail, superuserPassword)
	client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n"), Fields: map[string]string{"api_key": secret}})
	superuser.Post(t, "/api/backups", map[string]string{"name": "now.zip"}).MustBe(t, http.StatusNoContent)

	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data directory: %v, %v", info.Mode(), err)
	}
	beside, err := filepath.Glob(dir + ".*")
	if err != nil || len(beside) < 2 {
		t.Fatalf("beside it there are only %v (%v)", beside, err)
	}
	for _, path := range beside {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", filepath.Base(path), info.Mode(), err)
		}
	}

	key, err := os.ReadFile(dir + ".key")
	if err != nil {
		t.Fatal(err)
	}
	backup, err := zip.OpenReader(filepath.Join(dir, "backups", "now.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer backup.Close()
	sealed := false
	for _, entry := range backup.File {
		content := unpacked(t, entry)
		mustNotHold(t, "the backup's "+entry.Name, content, secret)
		mustNotHold(t, "the backup's "+entry.Name, content, strings.TrimSpace(string(key)))
		sealed = sealed || entry.Name == "data.db" && bytes.Contains(content, []byte("sealed_keys"))
	}
	if !sealed {
		t.Error("the backup holds no database with sealed keys")
	}
}

func unpacked(t *testing.T, entry *zip.File) []byte {
	t.Helper()
	reader, err := entry.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestHeadersOfEveryAnswer holds that every kind of answer says what a browser may do
// with it.
func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	stream.UntilFinished(t, job.ID, waitShort)
	for path, answer := range map[string]struct {
		status int
		policy string // of its Content-Security-Policy
	}{
		"/":                                   {200, "default-src"},
		"/sign-in":                            {200, "default-src"},
		"/favicon.svg":                        {200, "default-src"},
		"/nowhere":                            {404, "default-src 'none'"},
		"/_/":                                 {200, "default-src"},
		"/api/v1/config":                      {200, ""},
		"/api/v1/me":                          {200, ""},
		"/api/v1/jobs/nothing":                {404, "default-src 'none'"},
		"/status/" + job.ID:                   {200, ""},
		"/download/" + job.ID:                 {200, "sandbox"},
		"/api/collections/none/records":       {404, "default-src 'none'"},
		"/api/files/translation_jobs/x/y":     {404, "default-src 'none'"},
		"/api/collections/users/auth-methods": {200, ""},
		"/healthz":                            {200, ""},
		"/metrics":                            {403, "default-src 'none'"},
	} {
		got := client.Get(t, path).MustBe(t, answer.status)
		header := got.Header
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("X-Frame-Options") != "SAMEORIGIN" || header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s lacks security headers: %v", path, header)
		}
		if !strings.Contains(header.Get("Content-Security-Policy"), answer.policy) {
			t.Errorf("%s has the policy %q", path, header.Get("Content-Security-Policy"))
		}
	}
}
