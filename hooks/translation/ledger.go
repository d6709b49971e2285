package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
	"verso/hooks/requestid"
)

// ledger is where every job's and every segment's fate is written.
//
// It writes with SQL, each step in one transaction of its own, and never saves
// a job's record: a save rewrites every column with what it read some time
// ago, runs all hooks, and notifies every subscriber inside the call.
//
// Each step names the status it starts from, so a step that comes too late (the
// job was deleted, cancelled, or settled by another attempt) changes nothing
// and is told so by [errStale].
type ledger struct {
	app core.App
	// turned is told of every turn that was written; nil for nobody.
	turned func(turn)
}

// turn is a job's way into a status.
type turn struct {
	job    string
	status records.Status
	reason string // of a pause
}

// errStale says that the row a step was meant for is not, or no longer, in the
// state that the step starts from.
var errStale = errors.New("the job or segment has moved on")

// errDamaged says that what is stored cannot be decoded. Trying again will not
// help.
var errDamaged = errors.New("stored data is damaged")

// transaction runs fn in one write transaction.
func (l *ledger) transaction(ctx context.Context, fn func(tx tx) error) error {
	var turns []turn
	err := l.app.RunInTransaction(func(app core.App) error {
		return fn(tx{ctx, app.DB(), &turns})
	})
	if err == nil {
		for _, turn := range turns {
			l.note(ctx, turn)
		}
	}
	return err
}

// note writes a turn into the log, from which a job's way can be read, and the
// request that set it in motion.
func (l *ledger) note(ctx context.Context, turn turn) {
	attributes := []any{"job", turn.job, "status", turn.status}
	if turn.reason != "" {
		attributes = append(attributes, "reason", turn.reason)
	}
	requestid.Logger(ctx, l.app.Logger()).Info("job turned", attributes...)
	if l.turned != nil {
		l.turned(turn)
	}
}

// tx is a write transaction under a context.
type tx struct {
	ctx   context.Context
	db    dbx.Builder
	turns *[]turn // that are to be told of once they are written
}

// change runs a statement and returns errStale where it changed no row.
func (t tx) change(statement string, params dbx.Params) error {
	result, err := t.db.NewQuery(statement).WithContext(t.ctx).Bind(params).Execute()
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errStale)
	}
	return nil
}

// run runs a statement that may well change no row.
func (t tx) run(statement string, params dbx.Params) error {
	_, err := t.db.NewQuery(statement).WithContext(t.ctx).Bind(params).Execute()
	return err
}

// job returns a job, or sql.ErrNoRows.
func (l *ledger) job(ctx context.Context, id string) (*records.Job, error) {
	record := &core.Record{}
	err := l.app.RecordQuery(records.CollectionJobs).
		AndWhere(dbx.HashExp{"id": id}).Limit(1).WithContext(ctx).One(record)
	if err != nil {
		return nil, fmt.Errorf("read job: %w", err)
	}
	return records.NewJob(record), nil
}

// brief returns a job's brief.
func (l *ledger) brief(ctx context.Context, jobID string) (*records.Brief, error) {
	record := &core.Record{}
	err := l.app.RecordQuery(records.CollectionBriefs).
		AndWhere(dbx.HashExp{"job": jobID}).Limit(1).WithContext(ctx).One(record)
	if err != nil {
		return nil, fmt.Errorf("read brief: %w", err)
	}
	return records.NewBrief(record), nil
}

// sealedKey returns a job's sealed API key, or "" for none.
func (l *ledger) sealedKey(ctx context.Context, jobID string) (string, error) {
	var sealed string
	err := l.app.ConcurrentDB().NewQuery(`SELECT sealed FROM sealed_keys WHERE job = {:job}`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&sealed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read sealed key: %w", err)
	}
	return sealed, nil
}

// firstIssue returns the first issue of a job, or "".
func (l *ledger) firstIssue(ctx context.Context, jobID string) (string, error) {
	var issue string
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT issue FROM translation_segments WHERE job = {:job} AND issue != '' ORDER BY position LIMIT 1`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&issue)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read first issue: %w", err)
	}
	return issue, nil
}

// jobRef is what the scheduler needs to know of a job.
type jobRef struct {
	ID      string `db:"id"`
	OwnerID string `db:"owner_id"`
	// Request is the id of the request that set the job in motion last, or "".
	Request string `db:"request_id"`
	// Insisted says that somebody wants it to be tried although its quota of
	// the day may be used up.
	Insisted bool `db:"-"`
}

// unsettled returns the jobs that are to be worked on, oldest first. The first
// condition is the one of the index of unfinished jobs.
func (l *ledger) unsettled(ctx context.Context) ([]jobRef, error) {
	var refs []jobRef
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT id, owner_id, request_id FROM translation_jobs
		WHERE completed_at = '' AND status IN ('PENDING', 'PROCESSING')
		ORDER BY created_at, id`).WithContext(ctx).All(&refs)
	if err != nil {
		return nil, fmt.Errorf("list unsettled jobs: %w", err)
	}
	return refs, nil
}

// now is the current time as PocketBase writes it.
func now() string { return types.NowDateTime().String() }

// stamp is a time as PocketBase writes it.
func stamp(at time.Time) string {
	value, _ := types.ParseDateTime(at.UTC()) // a time.Time always parses
	return value.String()
}

// wrap adds what was being done to an error, if there is one.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
