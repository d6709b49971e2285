package clerksync

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
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

// tellEndings tells of the endings that were noted since it was called last, by
// whatever process.
func (s *Sync) tellEndings(ctx context.Context) error {
	s.telling.Lock()
	defer s.telling.Unlock()
	var endings []struct {
		Row     int64          `db:"rowid"`
		ClerkID string         `db:"clerk_id"`
		At      types.DateTime `db:"created_at"`
	}
	err := s.app.ConcurrentDB().NewQuery(`SELECT rowid, clerk_id, created_at FROM clerk_endings WHERE rowid > {:last} ORDER BY rowid`).
		Bind(dbx.Params{"last": s.lastEnding}).WithContext(ctx).All(&endings)
	if err != nil {
		return fmt.Errorf("read what has ended: %w", err)
	}
	for _, ending := range endings {
		if strings.HasPrefix(ending.ClerkID, "user_") {
			s.endUser(ending.ClerkID, ending.At.Time())
		} else {
			s.endSession(ending.ClerkID)
		}
		s.lastEnding = ending.Row
	}
	return nil
}

// watch tells of endings until the context ends: at first of those before this
// process began.
func (s *Sync) watch(ctx context.Context) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		if err := s.tellEndings(ctx); err != nil && ctx.Err() == nil {
			s.app.Logger().Error("ended sessions could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
