package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// Status is what "verso mirror status" prints.
type Status struct {
	State State
	// Why says what keeps the mirror from its work, or what it is going to do, "" for
	// nothing.
	Why     string
	LagRows int
	Lag     time.Duration
	// ParkedRows counts the rows that PostgreSQL refuses; Parked are the first of
	// them.
	ParkedRows int
	Parked     []parkedRow
	// Updated is when PostgreSQL was written last.
	Updated time.Time
}

// mustHaveBegun returns an error where no service has ever mirrored this data.
func (m *Mirror) mustHaveBegun(ctx context.Context) error {
	begun, err := hasTable(ctx, m.app, "verso_mirror_source")
	if err == nil && !begun {
		return errors.New("nothing was mirrored yet: start the service with POSTGRES_URL")
	}
	return err
}

// parkedShown is how many parked rows a status names.
const parkedShown = 20

// Status asks both sides, without the process that mirrors. Where PostgreSQL does not
// answer, the error says so, and the lag is as far as SQLite knows.
func (m *Mirror) Status(ctx context.Context) (Status, error) {
	status := Status{State: stateStreaming}
	if err := m.mustHaveBegun(ctx); err != nil {
		return Status{State: stateUnbegun}, err
	}
	asking, cancel := context.WithTimeout(ctx, m.config.IOTimeout)
	defer cancel()
	at, err := m.askPlace(asking, &status)
	if err != nil {
		status.State, status.Why = stateAway, reasonOf(err)
		err = fmt.Errorf("ask PostgreSQL how far it has come: %w", err)
		applied, appliedErr := m.source.applied(ctx)
		if appliedErr != nil {
			return status, errors.Join(err, appliedErr)
		}
		at = place{seq: applied}
	}
	var missing *MissingFieldsError
	if errors.As(m.source.complete(ctx), &missing) {
		status.State, status.Why = stateStopped, missing.Error()
	}
	rows, since, lagErr := m.source.lag(ctx, at.seq)
	unfilled, unfilledErr := m.source.unfilled(ctx, at.filling, at.filled)
	if status.LagRows = rows + unfilled; rows > 0 && !since.IsZero() {
		status.Lag = max(m.now().Sub(since), 0)
	}
	return status, errors.Join(err, lagErr, unfilledErr)
}

// askPlace asks PostgreSQL where it is and what keeps it, and puts that into a
// status.
func (m *Mirror) askPlace(ctx context.Context, status *Status) (at place, err error) {
	err = m.postgres.transaction(ctx, func(tx *sql.Tx) error { return fit(ctx, tx) })
	var unfit *UnfitError
	if errors.As(err, &unfit) {
		status.State, status.Why = stateStopped, unfit.Error()
	} else if err != nil {
		return at, err
	}
	err = m.postgres.db.QueryRowContext(ctx, `SELECT `+placeColumns+`, updated_at FROM verso_mirror.place WHERE id = 1`).
		Scan(&at.source, &at.epoch, &at.step, &at.seq, &at.filling, &at.filled, &status.Updated)
	if isUnbegun(err) {
		if status.State != stateStopped {
			status.State = stateUnbegun
		}
		return place{}, nil
	}
	if err != nil {
		return at, err
	}
	if status.Parked, err = m.postgres.parked(ctx, parkedShown); err != nil {
		return at, err
	}
	if err := m.postgres.db.QueryRowContext(ctx, `SELECT count(*) FROM verso_mirror.parked`).Scan(&status.ParkedRows); err != nil {
		return at, fmt.Errorf("count parked rows: %w", err)
	}
	if status.State == stateStopped {
		return at, nil
	}
	return at, m.judgePlace(ctx, at, status)
}

// isUnbegun reports whether an error says that nothing was ever mirrored.
func isUnbegun(err error) bool {
	var refused *pq.Error
	return errors.Is(err, sql.ErrNoRows) || errors.As(err, &refused) && refused.Code == "42P01" // no such table
}

// judgePlace says in a status what follows from where PostgreSQL is.
func (m *Mirror) judgePlace(ctx context.Context, at place, status *Status) error {
	identity, err := m.source.identity(ctx)
	if err != nil {
		return err
	}
	switch {
	case at.source != identity:
		status.State, status.Why = stateStopped, otherSource
	case at.epoch == anew || at.filling != "":
		status.State = stateFilling
	default:
		why, err := m.source.knows(ctx, at)
		if err != nil {
			return err
		}
		if why != "" {
			status.State, status.Why = stateFilling, "it will be filled anew: "+why
		}
	}
	return nil
}

// Resync asks for PostgreSQL to be filled anew by the process that mirrors, at once
// if one runs, else when it is started; also where another Verso has written.
func (m *Mirror) Resync(ctx context.Context) error {
	if err := m.mustHaveBegun(ctx); err != nil {
		return err
	}
	if err := m.postgres.prepare(ctx); err != nil {
		return err
	}
	identity, err := m.source.identity(ctx)
	if err != nil {
		return err
	}
	return m.postgres.transaction(ctx, func(tx *sql.Tx) error {
		return writePlace(ctx, tx, place{source: identity, epoch: anew})
	})
}
