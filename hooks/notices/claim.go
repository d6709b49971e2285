package notices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
)

// notice is a notice of one job with what its mail tells.
type notice struct {
	ID        string         `db:"id"`
	JobID     string         `db:"job"`
	Event     string         `db:"event"`
	Tries     int            `db:"tries"` // this one included
	CreatedAt types.DateTime `db:"created_at"`

	// settled says that it is not to be sent, and that this has been written.
	settled bool
	job     jobRow
}

// jobRow is the job as it stands, and its owner.
type jobRow struct {
	Status      records.Status      `db:"status"`
	PauseReason records.PauseReason `db:"pause_reason"`
	ResumesAt   string              `db:"resumes_at"`
	Filename    string              `db:"filename"`
	Message     string              `db:"error_message"`
	Source      string              `db:"source_language"`
	Target      string              `db:"target_language"`
	Issues      int                 `db:"issues_count"`
	OwnerID     string              `db:"owner_id"`
	Address     string              `db:"address"`
	MailOff     bool                `db:"mail_off"`
	Mails       int                 `db:"mails"` // sent today
}

// claim takes the oldest notice that is due, nil for none. When it returns, the
// claim is committed; so is the decision where it is not to be sent.
func (o *outbox) claim(ctx context.Context) (*notice, error) {
	var n *notice
	err := o.app.RunInTransaction(func(tx core.App) error {
		var err error
		if n, err = o.take(ctx, tx); err != nil || n == nil {
			return err
		}
		if err := o.readJob(ctx, tx, n); err != nil {
			return err
		}
		return o.decide(ctx, tx, n)
	})
	if err != nil {
		return nil, fmt.Errorf("claim notice: %w", err)
	}
	return n, nil
}

// take marks the oldest notice that is due. It writes before anything is read,
// which takes the database's lock against other processes too.
func (o *outbox) take(ctx context.Context, tx core.App) (*notice, error) {
	n := &notice{}
	err := tx.DB().NewQuery(`
		UPDATE job_notices SET state = 'sending', reason = '', tries = tries + 1, changed_at = {:now}
		WHERE id = (SELECT id FROM job_notices WHERE state = 'pending' AND due_at <= {:now} ORDER BY created_at, id LIMIT 1)
		RETURNING id, job, event, tries, created_at`).
		Bind(dbx.Params{"now": stamp(o.now())}).WithContext(ctx).One(n)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return n, err
}

func (o *outbox) readJob(ctx context.Context, tx core.App, n *notice) error {
	err := tx.DB().NewQuery(`
		SELECT j.status, j.pause_reason, j.resumes_at, j.filename, j.error_message, j.source_language, j.target_language,
			j.issues_count, j.owner_id, COALESCE(u.clerk_email, '') AS address,
			COALESCE(p.mail_off, FALSE) AS mail_off, CASE p.day WHEN {:day} THEN p.mails ELSE 0 END AS mails
		FROM translation_jobs AS j
		LEFT JOIN users AS u ON u.id = j.owner_id
		LEFT JOIN notice_preferences AS p ON p.owner = j.owner_id
		WHERE j.id = {:job}`).
		Bind(dbx.Params{"job": n.JobID, "day": o.day()}).WithContext(ctx).One(&n.job)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read job: %w", err)
	}
	return nil // no job is one of which nothing is so any more
}

// decide settles a notice that is not to be sent, and counts one that is.
func (o *outbox) decide(ctx context.Context, tx core.App, n *notice) error {
	if eventOf(n.job.Status, n.job.PauseReason, n.job.ResumesAt) != n.Event {
		// Old news. It goes without a trace, so that it can become news again.
		n.settled = true
		_, err := tx.DB().Delete(records.CollectionNotices, dbx.HashExp{"id": n.ID}).WithContext(ctx).Execute()
		return err
	}
	if reason := o.hindrance(n); reason != "" {
		n.settled = true
		return (&outbox{app: tx, now: o.now}).settle(ctx, n.ID, stateSkipped, reason)
	}
	if n.Tries > 1 {
		return nil // counted at the first
	}
	_, err := tx.DB().NewQuery(`
		INSERT INTO notice_preferences (owner, day, mails) VALUES ({:owner}, {:day}, 1)
		ON CONFLICT (owner) DO UPDATE SET mails = {:mails} + 1, day = excluded.day`).
		Bind(dbx.Params{"owner": n.job.OwnerID, "day": o.day(), "mails": n.job.Mails}).WithContext(ctx).Execute()
	return err
}

// hindrance returns why a notice is not to be sent, or "".
func (o *outbox) hindrance(n *notice) string {
	switch {
	case o.now().Sub(n.CreatedAt.Time()) > lifetime:
		return reasonTooOld
	case n.job.OwnerID == "":
		return reasonNoOwner
	case n.job.MailOff:
		return reasonOff
	case !isAddress(n.job.Address):
		return reasonNoAddress
	case n.Tries == 1 && n.job.Mails >= maxDaily:
		return reasonTooMany
	}
	return ""
}

// day is the current day in UTC.
func (o *outbox) day() string { return o.now().UTC().Format("2006-01-02") }

// isAddress reports whether a text is one address and nothing else: no name, no
// list, no comment.
func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text
}
