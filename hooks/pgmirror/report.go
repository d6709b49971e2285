package pgmirror

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lib/pq"
)

// State says what the mirror does.
type State string

// The states.
const (
	// stateAway: PostgreSQL cannot be reached, or breaks off.
	stateAway State = "away"
	// stateFilling: all rows are being written anew.
	stateFilling State = "backfill"
	// stateStreaming: changes are written as they come.
	stateStreaming State = "streaming"
	// stateBehind: changes come, or came, faster than they are written.
	stateBehind State = "behind"
	// stateStopped: the tables cannot be used, here or there.
	stateStopped State = "stopped"
	// stateUnbegun: nothing was ever written. Only commands say so.
	stateUnbegun State = "not begun"
)

// progress is what the mirror tells of itself.
type progress struct {
	mu    sync.Mutex
	state State
	why   string
	// at is where PostgreSQL is; while known is false only at.seq is, from what was
	// noted of it.
	at    place
	known bool
	// moves counts how often PostgreSQL was brought on.
	moves int
	// caughtUp is when PostgreSQL was last seen to lack nothing.
	caughtUp time.Time
}

// assume notes where PostgreSQL was when it was last heard of.
func (p *progress) assume(seq int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.known {
		p.at.seq = seq
	}
}

// reach notes where PostgreSQL is.
func (p *progress) reach(at place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.known = at, true
	p.moves++
}

// reached returns how far PostgreSQL was left, by this process or, as far as that
// was noted, by an earlier one.
func (p *progress) reached() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at.seq
}

func (p *progress) advances() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moves
}

// behindFor returns how long ago PostgreSQL lacked nothing.
func (p *progress) behindFor(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Sub(p.caughtUp)
}

// report notes what the mirror does, and says in the log what is new about it: one
// line when it falls behind, and one when it has caught up.
func (m *Mirror) report(state State, err error) {
	p := m.progress
	p.mu.Lock()
	before := p.state
	p.state, p.why = state, ""
	if err != nil {
		p.why = reasonOf(err)
	}
	if state == stateStreaming {
		p.caughtUp = m.now()
	}
	why := p.why
	p.mu.Unlock()
	logger := m.app.Logger()
	switch {
	case state == before:
	case state == stateAway:
		logger.Warn("PostgreSQL does not take the mirror's rows; it will be caught up with", "error", why)
	case state == stateStopped:
		logger.Error("the mirror has stopped", "error", why)
	case state == stateBehind && before == stateStreaming:
		logger.Warn("the mirror has fallen behind: changes come faster than PostgreSQL takes them")
	case state == stateStreaming:
		logger.Info("the mirror has caught up")
	}
}

// Report is what operators want to know of the mirror.
type Report struct {
	State State
	// Why says what keeps it from its work, "" for nothing.
	Why string
	// LagRows counts the rows that PostgreSQL does not have as they are now, and Lag
	// how long it has lacked the first of them, as far as that was looked at.
	LagRows int
	Lag     time.Duration
}

// Report returns what the mirror does and how far it lags behind.
func (m *Mirror) Report(ctx context.Context) (Report, error) {
	p := m.progress
	p.mu.Lock()
	report := Report{State: p.state, Why: p.why}
	at, caughtUp := p.at, p.caughtUp
	p.mu.Unlock()
	now := m.now()
	rows, since, err := m.source.lag(ctx, at.seq)
	if err != nil {
		return report, err
	}
	unfilled, err := m.source.unfilled(ctx, at.filling, at.filled)
	if err != nil {
		return report, err
	}
	report.LagRows = rows + unfilled
	if report.LagRows == 0 {
		p.mu.Lock()
		p.caughtUp = now
		p.mu.Unlock()
		return report, nil
	}
	// A row that changes again and again was changed just now: how long PostgreSQL has
	// lacked it is told by when it lacked nothing.
	if since.IsZero() || caughtUp.Before(since) {
		since = caughtUp
	}
	report.Lag = max(now.Sub(since), 0)
	return report, nil
}

// Ready is what /readyz tells of the mirror.
func (m *Mirror) Ready(ctx context.Context) any {
	report, err := m.Report(ctx)
	told := map[string]any{"state": report.State, "lag_rows": report.LagRows, "lag_seconds": int(report.Lag.Seconds())}
	if err != nil {
		told = map[string]any{"state": report.State}
	}
	return told
}

// reasonOf says what went wrong without what rows hold: PostgreSQL's detail quotes
// them.
func reasonOf(err error) string {
	var refused *pq.Error
	if errors.As(err, &refused) {
		reason := fmt.Sprintf("%s (%s)", refused.Code.Name(), string(refused.Code))
		if refused.Constraint != "" {
			reason += ": " + refused.Constraint
		} else if refused.Column != "" {
			reason += ": " + refused.Column
		}
		return reason
	}
	return err.Error()
}

// parkedRow is a row that PostgreSQL refuses.
type parkedRow struct{ Collection, RecordID, Reason string }

// parked returns the rows that PostgreSQL refuses, those first that were tried
// longest ago; at most so many, 0 for all.
func (p *postgres) parked(ctx context.Context, limit int) ([]parkedRow, error) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	found, err := p.db.QueryContext(ctx, `
		SELECT collection, record_id, reason FROM verso_mirror.parked ORDER BY tried_at, collection, record_id LIMIT NULLIF($1, 0)`, limit)
	if err != nil {
		return nil, fmt.Errorf("read parked rows: %w", err)
	}
	defer found.Close()
	var parked []parkedRow
	for found.Next() {
		var row parkedRow
		if err := found.Scan(&row.Collection, &row.RecordID, &row.Reason); err != nil {
			return nil, fmt.Errorf("read parked rows: %w", err)
		}
		parked = append(parked, row)
	}
	return parked, found.Err()
}
