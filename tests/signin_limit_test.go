package tests

import (
	"net/http"
	"testing"

	"verso/tests/process"
)

// TestSuperuserSignInIsLimited guesses a superuser's password: after two guesses
// the address has to wait, and even the right one does not get in.
func TestSuperuserSignInIsLimited(t *testing.T) {
	clerk := newInstance(t)
	dir := t.TempDir() + "/data"
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Command: "serve", Dir: dir, Env: clerk.env(t)})
	guest := server.Guest(t)
	guess := func(password string) int {
		return guest.Post(t, "/api/collections/_superusers/auth-with-password",
			map[string]string{"identity": superuserEmail, "password": password}).Status
	}
	for range 2 {
		if status := guess("a wrong one"); status != http.StatusBadRequest {
			t.Fatalf("a wrong password is answered with %d", status)
		}
	}
	// The limit is two in three seconds, and a slow machine may take one for each.
	status := 0
	for attempt := 0; attempt < 10 && status != http.StatusTooManyRequests; attempt++ {
		status = guess("a wrong one")
	}
	if status != http.StatusTooManyRequests {
		t.Fatalf("the last of twelve attempts is answered with %d", status)
	}
	if status := guess(superuserPassword); status != http.StatusTooManyRequests {
		t.Errorf("the right one after it is answered with %d", status)
	}
	// Nobody else feels it.
	guest.Get(t, "/api/v1/config").MustBe(t, http.StatusOK)
}
