package clerksync

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
)

// keepDeliveries is how long a delivery is remembered: far longer than Svix sends
// one again (28 hours), and as long as an operator may want to look back.
const keepDeliveries = 30 * 24 * time.Hour

// deliver applies an event and notes its delivery in one transaction, so that
// each has its effect once, however often it is sent and wherever the process
// dies. It returns what came of it.
func (s *Sync) deliver(ctx context.Context, svixID string, e *event) (result outcome, err error) {
	// One after another, first come first served: the pool of the one connection
	// that writes picks at random who is next, and the last may wait for long.
	if err := s.turn.Acquire(ctx, 1); err != nil {
		return failed, fmt.Errorf("wait for earlier deliveries: %w", err)
	}
	defer s.turn.Release(1)
	err = s.app.RunInTransaction(func(tx core.App) error {
		if err := takeWriteLock(ctx, tx); err != nil {
			return err
		}
		known, err := isDelivered(ctx, tx, svixID)
		if err != nil || known {
			result = duplicate
			return err
		}
		if result, err = effect(ctx, tx, e); err != nil {
			return err
		}
		return noteDelivery(ctx, tx, svixID, e, result)
	})
	if err != nil {
		return failed, fmt.Errorf("apply %s: %w", e.Type, err)
	}
	if err := s.tellEndings(ctx); err != nil {
		return failed, err
	}
	return result, nil
}

func isDelivered(ctx context.Context, tx core.App, svixID string) (bool, error) {
	var found int
	err := tx.DB().Select("(1)").From(records.CollectionDeliveries).
		Where(dbx.HashExp{"svix_id": svixID}).Limit(1).WithContext(ctx).Row(&found)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("look for delivery: %w", err)
	}
	return found != 0, nil
}

// noteDelivery writes what came of a delivery, and counts it. No payload is kept.
func noteDelivery(ctx context.Context, tx core.App, svixID string, e *event, result outcome) error {
	now := types.NowDateTime().String()
	_, err := tx.DB().Insert(records.CollectionDeliveries, dbx.Params{
		"id": core.GenerateDefaultRandomId(), "svix_id": svixID, "event_type": e.Type,
		"clerk_user_id": fitting(e.userID(), maxTextRunes), "outcome": string(result), "created_at": now,
	}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("note delivery: %w", err)
	}
	_, err = tx.DB().NewQuery(`
		INSERT INTO clerk_webhook_counts (id, event_type, outcome, count, last_at)
		VALUES ({:id}, {:type}, {:outcome}, 1, {:now})
		ON CONFLICT (event_type, outcome) DO UPDATE SET count = count + 1, last_at = excluded.last_at`).
		Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "type": e.Type, "outcome": string(result), "now": now}).
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("count delivery: %w", err)
	}
	return nil
}

// prune forgets old deliveries and endings.
func (s *Sync) prune(ctx context.Context) error {
	for collection, keep := range map[string]time.Duration{
		records.CollectionDeliveries: keepDeliveries, records.CollectionEndings: keepEndings,
	} {
		before, err := types.ParseDateTime(s.now().Add(-keep))
		if err != nil {
			return fmt.Errorf("prune %s: %w", collection, err)
		}
		_, err = s.app.DB().Delete(collection, dbx.NewExp("created_at < {:before}", dbx.Params{"before": before.String()})).
			WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("prune %s: %w", collection, err)
		}
	}
	return nil
}
