package clerksync

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/routine"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
)

const (
	// keepEndings is how long the end of a session is remembered: by then its
	// last token has long expired.
	keepEndings = 24 * time.Hour
	// watchInterval is how often a serving process looks for what another one
	// has ended, such as "verso users sync". Two of them are within the five
	// seconds in which it has to take effect.
	watchInterval = 2 * time.Second
	// lookBack is longer than any transaction takes that notes an ending.
	lookBack = time.Minute
)

// noteEnding writes, within the transaction of tx, that a session or all of a
// user's sessions have ended.
func noteEnding(ctx context.Context, tx core.App, id string) error {
	_, err := tx.DB().Insert(records.CollectionEndings, dbx.Params{
		"id": core.GenerateDefaultRandomId(), "clerk_id": id, "created_at": types.NowDateTime().String(),
	}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("note the end of a session: %w", err)
	}
	return nil
}

// tellEndings tells, once each, of the endings that were noted by whatever process.
// It looks back a little at each call, because what was noted earlier may be
// committed later, and all the way at the first.
func (s *Sync) tellEndings(ctx context.Context) error {
	s.telling.Lock()
	defer s.telling.Unlock()
	now := s.now().Round(0) // by the clock alone, as the rows have it
	from := now.Add(-keepEndings)
	if s.told != nil {
		from = now.Add(-lookBack)
		if last := s.looked.Add(-lookBack); last.Before(from) {
			from = last // the clock was set ahead since
		}
	}
	since, err := types.ParseDateTime(from)
	if err != nil {
		return fmt.Errorf("read what has ended: %w", err)
	}
	var endings []struct {
		ID      string         `db:"id"`
		ClerkID string         `db:"clerk_id"`
		At      types.DateTime `db:"created_at"`
	}
	err = s.app.ConcurrentDB().Select("id", "clerk_id", "created_at").From(records.CollectionEndings).
		Where(dbx.NewExp("created_at > {:since}", dbx.Params{"since": since.String()})).
		OrderBy("created_at").WithContext(ctx).All(&endings)
	if err != nil {
		return fmt.Errorf("read what has ended: %w", err)
	}
	told := make(map[string]bool, len(endings))
	for _, ending := range endings {
		if !s.told[ending.ID] {
			if err := s.tell(ctx, ending.ClerkID, ending.At.Time()); err != nil {
				return err
			}
		}
		told[ending.ID] = true
	}
	s.told, s.looked = told, now
	return nil
}

// tell tells of one ending.
func (s *Sync) tell(ctx context.Context, clerkID string, at time.Time) error {
	if !strings.HasPrefix(clerkID, "user_") {
		s.endSession(clerkID)
		return nil
	}
	deleted, err := isDeleted(ctx, s.app, clerkID)
	switch {
	case err != nil:
		return err
	case deleted:
		s.cutUser(clerkID)
	default:
		s.endUser(clerkID, at)
	}
	return nil
}

// watch tells of endings until the context ends: at first of those before this
// process began.
func (s *Sync) watch(ctx context.Context) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		err := routine.SafeWrap(func() error { return s.tellEndings(ctx) })()
		if err != nil && ctx.Err() == nil {
			s.app.Logger().Error("ended sessions could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
