package clerksync

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
)

// progressLifetime is how long a comparison that was interrupted can be gone on
// with: what it has seen by then is old.
const progressLifetime = 24 * time.Hour

// progressID is the id of the one row.
const progressID = "verso0progress0"

// The phases of a comparison.
const (
	listing  = "listing"
	removing = "removing"
)

// progress is how far a comparison has come.
type progress struct {
	Phase string `db:"phase"`
	// Done counts the users of Clerk's list that were compared.
	Done int `db:"done"`
	// After is the last user of ours who was looked for at Clerk.
	After string `db:"after"`
	// Acquainted says that Clerk knows at least one of the users who were here
	// before, or that there were none.
	Acquainted bool `db:"acquainted"`
}

// resume goes on where a comparison stopped, if one did.
func (r *reconciliation) resume(ctx context.Context) error {
	oldest := r.sync.now().Add(-progressLifetime)
	// What a backup held of it is about users who are others now.
	if restored := r.sync.restoredAt(); restored.After(oldest) {
		oldest = restored
	}
	since, err := types.ParseDateTime(oldest)
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	var stored progress
	err = r.sync.app.DB().Select("phase", "done", "after", "acquainted").From(records.CollectionSyncProgress).
		Where(dbx.HashExp{"id": progressID}).AndWhere(dbx.NewExp("created_at > {:since}", dbx.Params{"since": since.String()})).
		WithContext(ctx).One(&stored)
	if errors.Is(err, sql.ErrNoRows) {
		return r.finish(ctx) // what is too old to go on with
	}
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	r.at = stored
	return nil
}

// save writes how far it has come.
func (r *reconciliation) save(ctx context.Context) error {
	if r.options.DryRun {
		return nil
	}
	_, err := r.sync.app.DB().NewQuery(`
		INSERT INTO clerk_sync_progress (id, phase, done, after, acquainted, created_at)
		VALUES ({:id}, {:phase}, {:done}, {:after}, {:acquainted}, {:now})
		ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, done = excluded.done, after = excluded.after, acquainted = excluded.acquainted`).
		Bind(dbx.Params{
			"id": progressID, "phase": r.at.Phase, "done": r.at.Done, "after": r.at.After, "acquainted": r.at.Acquainted,
			"now": types.NowDateTime().String(),
		}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("save progress: %w", err)
	}
	return nil
}

// finish forgets the progress.
func (r *reconciliation) finish(ctx context.Context) error {
	if r.options.DryRun {
		return nil
	}
	_, err := r.sync.app.DB().Delete(records.CollectionSyncProgress, dbx.HashExp{"id": progressID}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("forget progress: %w", err)
	}
	return nil
}
