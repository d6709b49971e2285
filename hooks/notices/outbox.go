package notices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The states of a notice. It is claimed for one attempt at a time, and comes to
// one of the last three, where it stays: it is what keeps a second one away.
const (
	statePending = "pending"
	stateSending = "sending"
	stateSent    = "sent"
	stateFailed  = "failed"
	stateSkipped = "skipped"
)

// Why a notice was not sent, for who looks into the collection.
const (
	reasonNoMail    = "mail is not configured"
	reasonRestored  = "a backup was restored, and it may have been sent after that was made"
	reasonTooOld    = "older than a day"
	reasonNoOwner   = "the job has no owner any more"
	reasonOff       = "switched off by the owner"
	reasonNoAddress = "the owner has no verified address"
	reasonTooMany   = "the owner has been sent as many as a day allows"
	reasonCutOff    = "the process ended before it was known whether it was sent"
)

const (
	// lifetime is how old news may be that is sent.
	lifetime = 24 * time.Hour
	// maxDaily bounds the mails that one person is sent a day, in UTC.
	maxDaily = 30
)

// outbox is the collection of what people are told of.
type outbox struct {
	app core.App
	now func() time.Time
}

// stamp is a time as PocketBase writes it.
func stamp(at time.Time) string {
	value, _ := types.ParseDateTime(at.UTC()) // a time.Time always parses
	return value.String()
}

// isDue reports whether there is something to send, without asking to write.
func (o *outbox) isDue(ctx context.Context) (bool, error) {
	var found int
	err := o.app.ConcurrentDB().NewQuery(`SELECT 1 FROM job_notices WHERE state = 'pending' AND due_at <= {:now} LIMIT 1`).
		Bind(dbx.Params{"now": stamp(o.now())}).WithContext(ctx).Row(&found)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("look for notices: %w", err)
	}
	return found != 0, nil
}

// settle writes what became of a claimed notice.
func (o *outbox) settle(ctx context.Context, id, state, reason string) error {
	return o.change(ctx, `state = {:state}, reason = {:reason} WHERE id = {:id} AND state = 'sending'`,
		dbx.Params{"id": id, "state": state, "reason": reason})
}

// postpone gives a claimed notice back, to be tried again at a time.
func (o *outbox) postpone(ctx context.Context, id, reason string, due time.Time) error {
	return o.change(ctx, `state = 'pending', reason = {:reason}, due_at = {:due} WHERE id = {:id} AND state = 'sending'`,
		dbx.Params{"id": id, "reason": reason, "due": stamp(due)})
}

// skipAll lets go of all that has not been sent.
func (o *outbox) skipAll(ctx context.Context, reason string) error {
	return o.change(ctx, `state = 'skipped', reason = {:reason} WHERE state = 'pending'`, dbx.Params{"reason": reason})
}

// giveUpClaimed lets go of what a process had claimed when it died: it may have
// been sent.
func (o *outbox) giveUpClaimed(ctx context.Context) error {
	return o.change(ctx, `state = 'failed', reason = {:reason} WHERE state = 'sending'`, dbx.Params{"reason": reasonCutOff})
}

func (o *outbox) change(ctx context.Context, set string, params dbx.Params) error {
	params["changed"] = stamp(o.now())
	_, err := o.app.DB().NewQuery(`UPDATE job_notices SET changed_at = {:changed}, ` + set).Bind(params).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("write notice: %w", err)
	}
	return nil
}
