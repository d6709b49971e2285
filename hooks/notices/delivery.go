package notices

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"time"

	"github.com/pocketbase/pocketbase/tools/mailer"
	"github.com/pocketbase/pocketbase/tools/routine"
)

const (
	// maxTries bounds the attempts at one mail.
	maxTries = 5
	// sendGrace is how long the mail being sent may take when the process is told
	// to end.
	sendGrace = 5 * time.Second
	// slow is when an attempt is worth a line in the log.
	slow = time.Minute
)

// pauseAfter is how long is waited after an attempt.
func pauseAfter(tries int) time.Duration {
	pauses := [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}
	return pauses[min(tries, len(pauses))-1]
}

// errCutOff says that nobody waited for the end of an attempt.
var errCutOff = errors.New("the process ended while a mail was being sent")

// deliver sends a mail through PocketBase, which takes no context: where the
// process ends and the attempt does not, it is left alone and ends with it.
//
// Nothing else is sent meanwhile. A connection that is dead ends by TCP's
// keepalive, within minutes.
func (p *plugin) deliver(ctx context.Context, message *mailer.Message) error {
	result := make(chan error, 1)
	go func() {
		result <- routine.SafeWrap(func() error { return p.app.NewMailClient().Send(message) })()
	}()
	patience := time.NewTimer(slow)
	defer patience.Stop()
	ending := ctx.Done()
	for {
		select {
		case err := <-result:
			return err
		case <-patience.C:
			if ending == nil {
				return errCutOff
			}
			p.app.Logger().Warn("the mail server is slow; nothing else is sent meanwhile", "for", slow)
		case <-ending:
			ending = nil
			patience.Reset(sendGrace)
		}
	}
}

// fate is what became of an attempt.
type fate struct {
	sent   bool
	again  bool // it surely was not accepted, and may be another time
	away   bool // nobody could be talked to
	reason string
}

// outcome is what became of the attempt of a number, in a word for metrics.
func (f fate) outcome(try int) string {
	switch {
	case f.sent:
		return "sent"
	case f.again && try < maxTries:
		return "again"
	}
	return "given-up"
}

// judge tells what an error of an attempt means. Only two are certain: nobody was
// reached, and the mail server itself refused, in which case it says whether for
// now (4xx) or for good (5xx). After any other the mail may have been accepted.
// The reason holds nothing that the server wrote, which often is the address.
func judge(err error) fate {
	var dial *net.OpError
	var refusal *textproto.Error
	switch {
	case err == nil:
		return fate{sent: true}
	case errors.As(err, &dial) && dial.Op == "dial":
		return fate{again: true, away: true, reason: "the mail server could not be reached"}
	case errors.As(err, &refusal) && refusal.Code >= 400:
		temporary := refusal.Code < 500
		return fate{again: temporary, away: refusal.Code == 421, reason: fmt.Sprintf("the mail server answered %d", refusal.Code)}
	case errors.Is(err, errCutOff):
		return fate{reason: reasonCutOff}
	}
	return fate{reason: fmt.Sprintf("it is not known whether it was accepted (%T)", err)}
}
