package tests

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/mailbox"
	"verso/tests/process"
)

// mailWithin is how long a mail may take: nobody wakes the service for it, which
// looks every 15 s.
const mailWithin = 60 * time.Second

// noticed is a running service that sends its mails to a mailbox.
type noticed struct {
	*process.Server
	box       *mailbox.Mailbox
	superuser *process.Client
}

// startNoticed starts one and writes the mail settings as an admin does.
func startNoticed(t *testing.T) *noticed {
	t.Helper()
	dir, box := filepath.Join(t.TempDir(), "data"), mailbox.Open(t)
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Dir: dir, Env: noticedEnv()})
	superuser := server.SignInSuperuser(t, superuserEmail, superuserPassword)
	superuser.SendJSON(t, http.MethodPatch, "/api/settings", map[string]any{
		"meta": map[string]any{"senderName": "Verso", "senderAddress": "verso@example.com"},
		"smtp": map[string]any{"enabled": true, "host": "127.0.0.1", "port": box.Port},
	}).MustBe(t, http.StatusOK)
	return &noticed{server, box, superuser}
}

func noticedEnv() map[string]string {
	return env("VERSO_PSEUDO_DELAY", "0s", "VERSO_PUBLIC_URL", "https://verso.example.org")
}

// complete has a document translated.
func (n *noticed) complete(t *testing.T, client *process.Client, filename string) process.Job {
	t.Helper()
	job := client.MustUpload(t, process.Upload{Filename: filename, Content: strings.NewReader("One.\n\nTwo.\n")})
	awaitStatus(t, client, waitShort, finished(), job.ID)
	return job
}

// awaitNotice waits until it is settled what becomes of a job's only notice.
func awaitNotice(t *testing.T, dir, jobID, state string) {
	t.Helper()
	database := process.OpenDatabase(t, dir)
	defer database.Close()
	process.Eventually(t, mailWithin, "the job's notice is "+state, func() bool {
		return database.Text(t, "SELECT COALESCE(GROUP_CONCAT(state), '') FROM job_notices WHERE job = ?", jobID) == state
	})
}

func mustWantMail(t *testing.T, client *process.Client, want bool) {
	t.Helper()
	var preference struct{ Mail bool }
	client.Get(t, "/api/v1/notices").MustBe(t, http.StatusOK).Decode(t, &preference)
	if preference.Mail != want {
		t.Errorf("mails are wanted: %v, want %v", preference.Mail, want)
	}
}

// TestNotices gets one mail about a finished document, and none after a click on
// its link.
func TestNotices(t *testing.T) {
	t.Parallel()
	server := startNoticed(t)
	client, guest := server.SignIn(t, ada), server.Guest(t)
	job := server.complete(t, client, "moby.txt")
	mail := server.box.Next(t, mailWithin)
	awaitNotice(t, server.Dir, job.ID, "sent")
	if mail.Err != nil || !slices.Equal(mail.To, []string{"ada@example.org"}) || mail.From != "verso@example.com" || mail.Subject != "Translated: moby.txt" {
		t.Errorf("from %s to %s: %q (%v)", mail.From, mail.To, mail.Subject, mail.Err)
	}
	if !strings.Contains(mail.Text, "https://verso.example.org/#/jobs/"+job.ID+"\n") {
		t.Errorf("the mail has no link to the document:\n%s", mail.Text)
	}

	link, ok := strings.CutPrefix(strings.Trim(mail.Header.Get("List-Unsubscribe"), "<>"), "https://verso.example.org")
	if !ok || !strings.Contains(mail.Text, link) {
		t.Fatalf("the mail has no link that switches mails off:\n%s", mail.Text)
	}
	guest.Get(t, link).MustBe(t, http.StatusOK)
	mustWantMail(t, client, true)
	guest.Post(t, link, nil).MustBe(t, http.StatusOK)
	mustWantMail(t, client, false)

	other := server.SignIn(t, bo)
	quiet, loud := server.complete(t, client, "quiet.txt"), server.complete(t, other, "loud.txt")
	if mail := server.box.Next(t, mailWithin); !slices.Equal(mail.To, []string{"bo@example.org"}) {
		t.Errorf("after the click a mail goes to %s", mail.To)
	}
	awaitNotice(t, server.Dir, quiet.ID, "skipped")
	awaitNotice(t, server.Dir, loud.ID, "sent")
	if n := len(server.box.Mails()); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}

	_, token, _ := strings.Cut(link, "token=")
	_, signature, _ := strings.Cut(token, ".")
	mustSeeInLogs(t, server.superuser, "/api/v1/notices/off")
	logs := server.superuser.Get(t, "/api/logs?perPage=500").MustBe(t, http.StatusOK).Body
	for what, secret := range map[string]string{"the token": signature, "an address": "ada@example.org", "a file's name": "moby.txt"} {
		mustNotHold(t, "the log, with "+what+",", logs, secret)
		mustNotHold(t, "the process's output, with "+what+",", []byte(server.Log()), secret)
	}
}

// TestKillWhileMailing kills the service while a mail server takes a mail and has not
// said so. It may have taken it, so it is not sent again.
func TestKillWhileMailing(t *testing.T) {
	t.Parallel()
	server := startNoticed(t)
	release := make(chan struct{})
	server.box.OnMail(func(mail mailbox.Mail) string {
		if strings.Contains(mail.Subject, "held.txt") {
			<-release
		}
		return "250 OK"
	})
	client := server.SignIn(t, ada)
	held := server.complete(t, client, "held.txt")
	server.box.Next(t, mailWithin)
	server.Kill()
	close(release)

	again := process.Start(t, process.Options{Dir: server.Dir, Env: noticedEnv()})
	awaitNotice(t, server.Dir, held.ID, "failed")
	next := (&noticed{Server: again}).complete(t, again.SignIn(t, ada), "next.txt")
	if mail := server.box.Next(t, mailWithin); mail.Subject != "Translated: next.txt" {
		t.Errorf("after the crash there comes %q", mail.Subject)
	}
	awaitNotice(t, server.Dir, next.ID, "sent")
	if n := len(server.box.Mails()); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
}
