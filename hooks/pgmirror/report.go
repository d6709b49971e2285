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
	// stateStopped: the tables cannot be used.
	stateStopped State = "stopped"
)

// progress is what the mirror tells of itself.
type progress struct {
	mu    sync.Mutex
	state State
	why   string
	seq   int64
	since time.Time // of the state
}

// reach notes how far PostgreSQL has come.
func (p *progress) reach(seq int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq = seq
}

// report notes what the mirror does, and says in the log what is new about it: one
// line when it falls behind, and one when it has caught up.
func (m *Mirror) report(state State, err error) {
	p := m.progress
	p.mu.Lock()
	before := p.state
	p.why = ""
	if err != nil {
		p.why = reasonOf(err)
	}
	if state != before {
		p.state, p.since = state, m.now()
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
	// how long it has lacked the first of them.
	LagRows int
	Lag     time.Duration
}

// Report returns what the mirror does and how far it lags behind.
func (m *Mirror) Report(ctx context.Context) (Report, error) {
	p := m.progress
	p.mu.Lock()
	report := Report{State: p.state, Why: p.why}
	seq := p.seq
	p.mu.Unlock()
	rows, since, err := m.source.lag(ctx, seq)
	if err != nil {
		return report, err
	}
	report.LagRows = rows
	if rows > 0 && !since.IsZero() {
		report.Lag = max(m.now().Sub(since), 0)
	}
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

// parked returns the rows that PostgreSQL refuses.
func (p *postgres) parked(ctx context.Context) ([]parkedRow, error) {
	ctx, cancel := context.WithTimeout(ctx, p.ioTimeout)
	defer cancel()
	found, err := p.db.QueryContext(ctx, `SELECT collection, record_id, reason FROM verso_mirror.parked ORDER BY at LIMIT 1000`)
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
