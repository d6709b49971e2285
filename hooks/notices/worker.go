package notices

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/routine"
)

// work sends what there is to send until the context ends.
func (p *plugin) work(ctx context.Context) {
	ticker := time.NewTicker(p.config.Poll)
	defer ticker.Stop()
	for {
		err := routine.SafeWrap(func() error { return p.look(ctx) })()
		if err != nil && ctx.Err() == nil {
			p.app.Logger().Error("mails about jobs could not be sent", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-ticker.C:
		}
	}
}

// look sends what is due, one after another.
func (p *plugin) look(ctx context.Context) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	for ctx.Err() == nil {
		due, err := p.outbox.isDue(ctx)
		if err != nil || !due {
			return err
		}
		settings, err := p.mailSettings()
		if err != nil {
			return err
		}
		if !settings.areComplete() {
			return p.outbox.skipAll(ctx, reasonNoMail)
		}
		n, err := p.outbox.claim(ctx)
		if err != nil || n == nil {
			return err
		}
		if n.settled {
			continue
		}
		if away, err := p.send(ctx, n, settings); err != nil || away {
			return err // who is away is away for the others too
		}
	}
	return ctx.Err()
}

// send makes one attempt at a claimed notice and writes what became of it. It
// reports whether the mail server was away.
func (p *plugin) send(ctx context.Context, n *notice, settings mailSettings) (away bool, err error) {
	fate := fate{reason: "it could not be composed"}
	message, err := p.compose(n, settings)
	if err == nil {
		fate = judge(p.deliver(ctx, message))
	}
	p.attempts.WithLabelValues(fate.outcome(n.Tries)).Inc()
	// What was done is written, though the process is ending.
	ctx = context.WithoutCancel(ctx)
	switch {
	case fate.again && n.Tries < maxTries:
		return fate.away, p.outbox.postpone(ctx, n.ID, fate.reason, p.config.Now().Add(pauseAfter(n.Tries)))
	case fate.sent:
		return false, p.outbox.settle(ctx, n.ID, stateSent, "")
	}
	p.app.Logger().Error("a mail about a job was given up", "job", n.JobID, "event", n.Event, "tries", n.Tries, "reason", fate.reason)
	return fate.away, p.outbox.settle(ctx, n.ID, stateFailed, fate.reason)
}

// mailSettings are those of PocketBase's settings that matter here.
type mailSettings struct {
	Meta core.MetaConfig `json:"meta"`
	SMTP struct {
		Enabled bool `json:"enabled"`
	} `json:"smtp"`
}

// mailSettings reads PocketBase's settings in their written form, which is the one
// that may be read while an admin changes them.
func (p *plugin) mailSettings() (mailSettings, error) {
	var settings mailSettings
	raw, err := json.Marshal(p.app.Settings())
	if err == nil {
		err = json.Unmarshal(raw, &settings)
	}
	if err != nil {
		return mailSettings{}, fmt.Errorf("read mail settings: %w", err)
	}
	return settings, nil
}

// areComplete reports whether mail is configured. That the machine may have a
// sendmail, which PocketBase would use, is not taken as wanting it.
func (s mailSettings) areComplete() bool {
	return s.SMTP.Enabled && isAddress(s.Meta.SenderAddress)
}
