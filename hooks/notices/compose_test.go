package notices_test

import (
	"strings"
	"testing"

	"verso/hooks/notices"
	"verso/tests/mailbox"
)

// TestMail holds what each mail says, in both of its parts.
func TestMail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, set string
		subject   string
		says      []string
	}{
		{"completed", "status = 'COMPLETED'", "Translated: moby.txt",
			[]string{"“moby.txt” has been translated from English into Korean."}},
		{"with an issue", "status = 'COMPLETED', issues_count = 1", "Translated, with 1 passage to look at: moby.txt",
			[]string{"1 passage needs a look"}},
		{"with issues", "status = 'COMPLETED', issues_count = 3, source_language = ''", "Translated, with 3 passages to look at: moby.txt",
			[]string{"“moby.txt” has been translated into Korean.", "3 passages need a look"}},
		{"failed", "status = 'FAILED', error_message = 'Nothing could be read.'", "Could not be translated: moby.txt",
			[]string{"“moby.txt” could not be translated from English into Korean.", "Nothing could be read."}},
		{"key", "status = 'PAUSED', pause_reason = 'key'", "Waiting for you: moby.txt", []string{"The API key was refused.", "Nothing that was translated is lost."}},
		{"model", "status = 'PAUSED', pause_reason = 'model'", "Waiting for you: moby.txt", []string{"choose another one"}},
		{"budget", "status = 'PAUSED', pause_reason = 'budget'", "Waiting for you: moby.txt", []string{"The spending limit is reached."}},
		{"review", "status = 'PAUSED', pause_reason = 'review'", "Waiting for you: moby.txt", []string{"Style and glossary are ready."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, box := serve(t)
			owner := s.addUser(t, "ada000000000000", "ada@example.com")
			job := s.addJob(t, owner, "moby.txt")
			s.move(t, job, test.set)
			s.look(t)
			mail := box.Next(t, soon)
			if mail.Err != nil || mail.Subject != test.subject {
				t.Errorf("the subject is %q, want %q (%v)", mail.Subject, test.subject, mail.Err)
			}
			link, off := publicURL+"/#/jobs/"+job, publicURL+"/api/v1/notices/off?token="+s.Token(owner)
			for _, part := range append(test.says, link, off) {
				for kind, content := range map[string]string{"text": mail.Text, "HTML": mail.HTML} {
					if !strings.Contains(content, part) {
						t.Errorf("the %s does not say %q:\n%s", kind, part, content)
					}
				}
			}
			wantHeader(t, mail, "From", `Verso <verso@example.org>`)
			wantHeader(t, mail, "To", "ada@example.com")
			wantHeader(t, mail, "List-Unsubscribe", "<"+off+">")
			wantHeader(t, mail, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
			wantHeader(t, mail, "Auto-Submitted", "auto-generated")
		})
	}
}

func wantHeader(t *testing.T, mail mailbox.Mail, name, want string) {
	t.Helper()
	if got := mail.Header[name]; len(got) != 1 || got[0] != want {
		t.Errorf("%s is %q, want %q", name, got, want)
	}
}

// TestHostileNames holds that whatever a file is called, a mail is one mail to one
// person, and says what it says.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a\r\nBcc: eve@example.com\r\n\r\nHello":            "a Bcc: eve@example.com Hello",
		"a\nBcc: eve@example.com":                           "a Bcc: eve@example.com",
		"a\rBcc: eve@example.com":                           "a Bcc: eve@example.com",
		"a\u2028Bcc: eve@example.com\u0085b\x00c":           "a Bcc: eve@example.com b c",
		"invoice\u202efdp.exe\u2066":                        "invoicefdp.exe",
		"=?utf-8?q?=0d=0aBcc:_eve@example.com?=":            "=?utf-8?q?=0d=0aBcc:_eve@example.com?=",
		"<script>alert(1)</script>{{.Off}}\"'&.txt":         "<script>alert(1)</script>{{.Off}}\"'&.txt",
		"어린 왕자.epub":                                        "어린 왕자.epub",
		strings.Repeat("😀", 100):                            strings.Repeat("😀", notices.MaxFilename-1) + "…",
		strings.Repeat("long ", 40) + ".txt":                strings.TrimSpace(strings.Repeat("long ", 40)[:notices.MaxFilename-1]) + "…",
		"\r\n.\r\nMAIL FROM:<eve@example.com>\r\n.\r\n.txt": ". MAIL FROM:<eve@example.com> . .txt",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s, box := serve(t)
			job := s.addJob(t, s.addUser(t, "ada000000000000", "ada@example.com"), "moby.txt")
			if _, err := s.app.DB().Update("translation_jobs", map[string]any{"filename": name, "status": "COMPLETED"}, nil).Execute(); err != nil {
				t.Fatal(err)
			}
			s.look(t)
			mail := box.Next(t, soon)
			if mail.Err != nil {
				t.Fatal(mail.Err)
			}
			if mail.Subject != "Translated: "+want && !strings.HasPrefix(name, "=?") {
				t.Errorf("the subject is %q, want %q", mail.Subject, "Translated: "+want)
			}
			if len(mail.To) != 1 || mail.Header.Get("Bcc") != "" || len(mail.Header["Subject"]) != 1 || len(mail.Header["To"]) != 1 {
				t.Errorf("to %s, with headers %v", mail.To, mail.Header)
			}
			if strings.Contains(mail.HTML, "<script") || !strings.Contains(mail.Text, "“"+want+"”") {
				t.Errorf("the parts are\n%s\n%s", mail.Text, mail.HTML)
			}
			if !strings.Contains(mail.Text, "/#/jobs/"+job) {
				t.Error("the link is not the job's")
			}
			for line := range strings.Lines(string(mail.Raw)) {
				if len(line) > 1000 {
					t.Errorf("a line of %d bytes: %.100s", len(line), line)
				}
			}
			if len(box.Mails()) != 1 {
				t.Errorf("%d mails", len(box.Mails()))
			}
		})
	}
}
