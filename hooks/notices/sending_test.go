package notices_test

import (
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/notices"
	"verso/tests/mailbox"
)

// completed adds a person with a job that is completed.
func (s *service) completed(t testing.TB, n int) (owner string) {
	t.Helper()
	owner = s.addUser(t, fmt.Sprintf("person%09d", n), fmt.Sprintf("person%d@example.com", n))
	s.move(t, s.addJob(t, owner, "moby.txt"), "status = 'COMPLETED'")
	return owner
}

// TestOneEach holds that each job's mail is sent once, however many look at the same
// time, and that the next process sends none of them again.
func TestOneEach(t *testing.T) {
	t.Parallel()
	s, box := serve(t)
	s.Begin()
	const jobs = 40
	var looking sync.WaitGroup
	for n := range jobs {
		s.completed(t, n)
		looking.Go(s.Wake)
		looking.Go(func() {
			if err := s.Look(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	looking.Wait()
	s.look(t)
	once := func() {
		t.Helper()
		got := map[string]int{}
		for _, mail := range box.Mails() {
			got[strings.Join(mail.To, ",")]++
		}
		for to, n := range got {
			if n != 1 {
				t.Errorf("%s got %d mails", to, n)
			}
		}
		if len(got) != jobs {
			t.Errorf("%d people got a mail, want %d", len(got), jobs)
		}
	}
	once()
	if err := s.app.OnTerminate().Trigger(&core.TerminateEvent{App: s.app}); err != nil {
		t.Fatal(err)
	}
	next := start(t, newApp(t, s.app.DataDir()))
	next.look(t)
	once()
}

// TestCrash holds that a mail that was being sent when the process died is not sent
// by the next one: it may have arrived.
func TestCrash(t *testing.T) {
	t.Parallel()
	s, box := serve(t)
	release := make(chan struct{})
	box.OnMail(func(mailbox.Mail) string { <-release; return "250 OK" })
	s.completed(t, 1)
	s.Begin()
	box.Next(t, soon) // it has arrived, and this is not known yet

	// What a crash at this moment leaves is the data directory as it stands.
	next := start(t, newApp(t, s.app.DataDir()))
	next.look(t)
	close(release)
	if got := next.states(t); got != "failed" {
		t.Errorf("after the crash it is %s, want failed", got)
	}
	s.look(t) // waits for the first one's end
	if got := s.states(t); got != "sent" {
		t.Errorf("without a crash it is %s, want sent", got)
	}
	if n := len(box.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// TestEndWhileSending holds that a process ends although a mail server does not
// answer, and that what was being sent then is not sent again.
func TestEndWhileSending(t *testing.T) {
	t.Parallel()
	s, box := serve(t)
	release := make(chan struct{})
	defer close(release)
	box.OnMail(func(mailbox.Mail) string { <-release; return "250 OK" })
	s.completed(t, 1)
	s.Begin()
	box.Next(t, soon)
	// A restart of PocketBase can do this twice at once.
	var ending sync.WaitGroup
	for range 2 {
		ending.Go(func() {
			if err := s.app.OnTerminate().Trigger(&core.TerminateEvent{App: s.app, IsRestart: true}); err != nil {
				t.Error(err)
			}
		})
	}
	ending.Wait()
	if got := s.states(t); got != "failed" {
		t.Errorf("it is %s, want failed", got)
	}
	s.look(t)
	if n := len(box.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// TestRefused holds that a mail is tried again exactly where it surely was not taken.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, answer string
		arrivals     int // until it is settled
		state        string
	}{
		{"for now", "451 later", notices.MaxTries, "failed"},
		{"for good", "550 person1@example.com is nobody", 1, "failed"},
		{"without a word", "", 1, "failed"},
		{"taken", "250 OK", 1, "sent"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, box := serve(t)
			box.OnMail(func(mailbox.Mail) string { return test.answer })
			s.completed(t, 1)
			for range notices.MaxTries + 2 {
				s.look(t)
				s.look(t) // too early for another
				s.clock.advance(2 * time.Hour)
			}
			if n := len(box.Mails()); n != test.arrivals {
				t.Errorf("%d attempts, want %d", n, test.arrivals)
			}
			if got := s.states(t); got != test.state {
				t.Errorf("it is %s, want %s", got, test.state)
			}
			if got := s.text(t, "SELECT mails FROM notice_preferences"); got != "1" {
				t.Errorf("it counts as %s mails of the day", got)
			}
			if got := s.text(t, "SELECT reason FROM job_notices"); strings.Contains(got, "person1") {
				t.Errorf("the reason holds the address: %s", got)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		s, box := serve(t)
		box.Close()
		s.completed(t, 1)
		s.look(t)
		if got := s.states(t); got != "pending" {
			t.Errorf("it is %s, want pending", got)
		}
		again := mailbox.Open(t)
		sendTo(t, s.app, again.Port)
		s.clock.advance(2 * time.Minute)
		s.look(t)
		if n := len(again.Mails()); n != 1 {
			t.Errorf("%d mails when somebody is there again", n)
		}
	})
	t.Run("replies that say nothing", func(t *testing.T) {
		t.Parallel()
		if notices.Judge(errors.New("whatever")) || notices.Judge(&textproto.Error{Code: 251}) {
			t.Error("an attempt whose end is not known is made again")
		}
	})
}

// TestSkipped holds that no mail is sent late, to nobody, or to who was sent too many.
func TestSkipped(t *testing.T) {
	t.Parallel()
	t.Run("not configured", func(t *testing.T) {
		t.Parallel()
		s := start(t, newApp(t, migratedDir))
		s.completed(t, 1)
		s.look(t)
		box := mailbox.Open(t)
		sendTo(t, s.app, box.Port)
		s.look(t)
		if got := s.states(t); got != "skipped" || len(box.Mails()) != 0 {
			t.Errorf("it is %s, and %d mails", got, len(box.Mails()))
		}
		s.completed(t, 2)
		s.look(t)
		if len(box.Mails()) != 1 {
			t.Errorf("%d mails once mail is configured", len(box.Mails()))
		}
	})
	t.Run("too old", func(t *testing.T) {
		t.Parallel()
		s, box := serve(t)
		s.clock.advance(notices.Lifetime + time.Minute)
		s.completed(t, 1)
		s.look(t)
		if got := s.states(t); got != "skipped" || len(box.Mails()) != 0 {
			t.Errorf("it is %s, and %d mails", got, len(box.Mails()))
		}
	})
	t.Run("no address", func(t *testing.T) {
		t.Parallel()
		s, box := serve(t)
		for i, address := range []string{"", "nobody", "a@example.com, b@example.com", "Ada <a@example.com>"} {
			s.move(t, s.addJob(t, s.addUser(t, fmt.Sprintf("person%09d", i), address), "moby.txt"), "status = 'COMPLETED'")
		}
		gone := s.addUser(t, "gone00000000000", "gone@example.com")
		job := s.addJob(t, gone, "moby.txt")
		s.move(t, job, "status = 'COMPLETED'")
		s.move(t, job, "owner_id = ''")
		s.look(t)
		if got := s.states(t); got != "skipped, skipped, skipped, skipped, skipped" || len(box.Mails()) != 0 {
			t.Errorf("they are %s, and %d mails", got, len(box.Mails()))
		}
	})
	t.Run("too many", func(t *testing.T) {
		t.Parallel()
		s, box := serve(t)
		owner := s.addUser(t, "ada000000000000", "ada@example.com")
		for range notices.MaxDaily + 3 {
			s.move(t, s.addJob(t, owner, "moby.txt"), "status = 'COMPLETED'")
		}
		s.look(t)
		if n := len(box.Mails()); n != notices.MaxDaily {
			t.Errorf("%d mails on one day", n)
		}
		s.clock.advance(24 * time.Hour)
		job := s.addJob(t, owner, "moby.txt")
		s.move(t, job, "status = 'COMPLETED'")
		s.move(t, job, "status = 'PROCESSING'") // what is not so any more is not counted
		s.look(t)
		s.move(t, job, "status = 'FAILED'")
		if _, err := s.app.DB().NewQuery("UPDATE job_notices SET created_at = '2100-01-01 00:00:00.000Z' WHERE state = 'pending'").Execute(); err != nil {
			t.Fatal(err)
		}
		s.look(t)
		if n := len(box.Mails()); n != notices.MaxDaily+1 {
			t.Errorf("%d mails by the next day", n)
		}
	})
}

// TestOldNews holds that nobody is asked for what he has given already, and is asked
// when it is needed again.
func TestOldNews(t *testing.T) {
	t.Parallel()
	s, box := serve(t)
	job := s.addJob(t, s.addUser(t, "ada000000000000", "ada@example.com"), "moby.txt")
	s.move(t, job, "status = 'PAUSED', pause_reason = 'key'")
	s.move(t, job, "status = 'PENDING', pause_reason = ''")
	s.look(t)
	if got := s.states(t); got != "" || len(box.Mails()) != 0 {
		t.Errorf("it is %s, and %d mails", got, len(box.Mails()))
	}
	s.move(t, job, "status = 'PAUSED', pause_reason = 'key'")
	s.look(t)
	if n := len(box.Mails()); n != 1 {
		t.Errorf("%d mails when a key is needed again", n)
	}
}

// TestRestored holds that what waits in a backup is not sent by who restores it.
func TestRestored(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]bool{"OK": false, "Fails": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, app := mailbox.Open(t), newApp(t, migratedDir)
			s := start(t, app) // nothing is configured, so nothing is sent yet
			s.completed(t, 1)
			result := errors.New("the backup is broken")
			if !fails {
				result = nil
			}
			_ = app.OnBackupRestore().Trigger(&core.BackupEvent{App: app, Context: t.Context()}, func(*core.BackupEvent) error { return result })
			sendTo(t, app, box.Port)
			// The process that comes after it serves the same directory.
			if err := app.OnServe().Trigger(&core.ServeEvent{App: app, Router: mustRouter(t, app)}); err != nil {
				t.Fatal(err)
			}
			s.look(t)
			if n := len(box.Mails()); fails != (n == 1) {
				t.Errorf("%d mails, and they are %s", n, s.states(t))
			}
		})
	}
}
