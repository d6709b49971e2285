package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
)

// This file is the status table: every change of a job's status there is, and
// nothing else changes one. Each row names the statuses it starts from, and the
// database holds it to them, so two changes at once cannot both succeed.

// move is a row of the status table.
type move struct {
	does string // "pause job"
	from []records.Status
	to   records.Status
	set  string // what changes besides, in SQL
	only string // what must hold besides, in SQL; "" for nothing
	ends bool   // the job is finished, and its sealed key goes
}

// begin takes a job up; see [ledger.begin].
func begin() move {
	return move{
		does: "begin job",
		from: []records.Status{records.StatusPending},
		to:   records.StatusProcessing,
		set:  `started_at = CASE started_at WHEN '' THEN {:now} ELSE started_at END`,
	}
}

// pause stops a job until it is resumed, or until {:resumes}.
func pause() move {
	return move{
		does: "pause job",
		from: []records.Status{records.StatusPending, records.StatusProcessing},
		to:   records.StatusPaused,
		set:  `pause_reason = {:reason}, resumes_at = {:resumes}`,
	}
}

func resume() move {
	return move{
		does: "resume job",
		from: []records.Status{records.StatusPaused},
		to:   records.StatusPending,
		set:  `pause_reason = '', resumes_at = ''`,
	}
}

// retry takes a finished job up again.
func retry() move {
	return move{
		does: "retry job",
		from: []records.Status{records.StatusCompleted, records.StatusFailed},
		to:   records.StatusPending,
		set:  `completed_at = '', error_message = ''`,
		only: `source != ''`, // else there is nothing to translate any more
	}
}

func cancel() move {
	return move{
		does: "cancel job",
		from: []records.Status{records.StatusPending, records.StatusProcessing, records.StatusPaused},
		to:   records.StatusCancelled,
		set:  `pause_reason = '', resumes_at = '', completed_at = {:now}`,
		ends: true,
	}
}

// callOff ends what was asked for again of a job that was finished before, of which
// every segment is settled again.
func callOff() move {
	return move{
		does: "call off job",
		from: []records.Status{records.StatusPending, records.StatusProcessing, records.StatusPaused},
		to:   records.StatusCompleted,
		set:  `progress = 100, pause_reason = '', resumes_at = '', completed_at = {:now}`,
		only: `output != '' AND NOT EXISTS (SELECT 1 FROM translation_segments WHERE job = translation_jobs.id AND status = 'pending')`,
		ends: true,
	}
}

// complete ends a job of which every segment is settled and whose output {:output}
// has been written to storage, as the segments stood at {:revision}.
func complete() move {
	return move{
		does: "complete job",
		from: []records.Status{records.StatusProcessing},
		to:   records.StatusCompleted,
		set:  `progress = 100, output = {:output}, output_revision = {:revision}, completed_at = {:now}`,
		only: `NOT EXISTS (SELECT 1 FROM translation_segments WHERE job = translation_jobs.id AND status = 'pending')`,
		ends: true,
	}
}

// fail ends a job that cannot be translated, with a sentence for its owner.
func fail() move {
	return move{
		does: "fail job",
		from: []records.Status{records.StatusProcessing},
		to:   records.StatusFailed,
		set:  `error_message = {:message}, completed_at = {:now}`,
		ends: true,
	}
}

// starts reports whether a move may start from a status.
func (m move) starts(from records.Status) bool { return slices.Contains(m.from, from) }

// sql is the move as a statement, for the jobs that a condition names.
func (m move) sql(where string) string {
	from := make([]string, len(m.from))
	for i, status := range m.from {
		from[i] = "'" + string(status) + "'"
	}
	if m.only != "" {
		where += " AND " + m.only
	}
	return fmt.Sprintf(`UPDATE translation_jobs SET status = '%s', %s WHERE %s AND status IN (%s)`,
		m.to, m.set, where, strings.Join(from, ", "))
}

// move changes a job's status, and returns errStale where the job is not in one
// that the change starts from. {:now} is given.
func (t tx) move(jobID string, m move, params dbx.Params) error {
	bound := dbx.Params{"job": jobID, "now": now()}
	for name, value := range params {
		bound[name] = value
	}
	if err := t.change(m.sql("id = {:job}"), bound); err != nil {
		return wrap(m.does, err)
	}
	reason, _ := params["reason"].(string)
	*t.turns = append(*t.turns, turn{job: jobID, status: m.to, reason: reason})
	if !m.ends {
		return nil
	}
	return wrap("delete sealed key", t.run(`DELETE FROM sealed_keys WHERE job = {:job}`, dbx.Params{"job": jobID}))
}

// move changes a job's status in a transaction of its own.
func (l *ledger) move(ctx context.Context, jobID string, m move, params dbx.Params) error {
	return l.transaction(ctx, func(tx tx) error { return tx.move(jobID, m, params) })
}

// begin takes a job up. One that is PROCESSING already, because it is planned once more
// or because the process that began it died, stays as it is, and that is no turn.
func (l *ledger) begin(ctx context.Context, jobID string) error {
	err := l.move(ctx, jobID, begin(), nil)
	if !isStale(err) {
		return err
	}
	job, err := l.job(ctx, jobID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errStale
	case err != nil:
		return err
	case job.Status() != records.StatusProcessing:
		return errStale
	}
	return nil
}

// isStale reports whether an error says that a job has moved on.
func isStale(err error) bool { return errors.Is(err, errStale) }
