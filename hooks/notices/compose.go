package notices

import (
	"net/mail"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/tools/mailer"
	"golang.org/x/text/language/display"

	xlanguage "golang.org/x/text/language"

	"verso/hooks/records"
)

const (
	// maxFilename bounds a file's name in a mail, in characters. A subject with so
	// many of any kind is within the 998 bytes that a line may have.
	maxFilename = 60
	// maxMessage bounds why a job failed.
	maxMessage = 600
)

// letter is what a mail tells, for a language's templates.
type letter struct {
	Event  string // "completed", "failed", or "paused"
	Reason records.PauseReason
	// File is the document's name on one line.
	File string
	// Source and Target are the names of the languages; Source may be "".
	Source, Target string
	// Issues is the number of passages that need a look.
	Issues int
	// Message says why the job failed.
	Message string
	// Link opens the document, Off asks whether to switch the mails off.
	Link, Off string
}

// compose writes the mail of a notice.
func (p *plugin) compose(n *notice, settings mailSettings) (*mailer.Message, error) {
	base := p.config.PublicURL
	if base == "" {
		base = strings.TrimRight(settings.Meta.AppURL, "/")
	}
	l := letter{
		Event:   n.Event,
		File:    fitting(n.job.Filename, maxFilename),
		Source:  languageName(n.job.Source),
		Target:  languageName(n.job.Target),
		Issues:  n.job.Issues,
		Message: fitting(n.job.Message, maxMessage),
		Link:    base + "/#/jobs/" + n.JobID,
		Off:     base + offPath + "?token=" + p.links.token(n.job.OwnerID),
	}
	if reason, paused := pauseOf(n.Event); paused {
		l.Event, l.Reason = "paused", reason
	}
	subject, text, html, err := p.words.write(l)
	if err != nil {
		return nil, err
	}
	return &mailer.Message{
		From:    mail.Address{Name: settings.Meta.SenderName, Address: settings.Meta.SenderAddress},
		To:      []mail.Address{{Address: n.job.Address}},
		Subject: subject,
		Text:    text,
		HTML:    html,
		Headers: map[string]string{
			// The same at each attempt, so that whoever gets two shows one.
			"Message-ID":     "<" + n.ID + "." + n.JobID + domainOf(settings.Meta.SenderAddress) + ">",
			"Auto-Submitted": "auto-generated",
			// RFC 8058: mail programs offer the switch themselves.
			"List-Unsubscribe":      "<" + l.Off + ">",
			"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		},
	}, nil
}

// domainOf returns an address's domain with its "@".
func domainOf(address string) string { return address[strings.LastIndexByte(address, '@'):] }

// languageName returns a language's English name, "" for none.
func languageName(tag string) string {
	parsed, err := xlanguage.Parse(tag)
	if err != nil || parsed == xlanguage.Und {
		return ""
	}
	return display.English.Tags().Name(parsed)
}

// fitting returns a text on one line and no longer than so many characters. What
// would begin a new line or header, or turn the direction of what follows, is gone.
func fitting(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.In(r, unicode.Bidi_Control), r == unicode.ReplacementChar, r == '\ufeff':
			return -1
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + "…"
}
