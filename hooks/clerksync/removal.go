package clerksync

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// remove deletes a user and sets a tombstone that no late news and no token that
// still lives can revive. What becomes of his documents is for who keeps them to
// say, in the hooks of the deletion, and so in the same transaction.
func remove(ctx context.Context, tx core.App, clerkUserID string) error {
	_, err := tx.DB().NewQuery(`
		INSERT INTO clerk_tombstones (id, clerk_user_id, created_at) VALUES ({:id}, {:user}, {:now})
		ON CONFLICT (clerk_user_id) DO NOTHING`).
		Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "user": clerkUserID, "now": types.NowDateTime().String()}).
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("set tombstone: %w", err)
	}
	if err := noteEnding(ctx, tx, clerkUserID); err != nil {
		return err
	}
	user, err := findUser(ctx, tx, clerkUserID)
	if err != nil || user == nil {
		return err
	}
	released := user.Email()
	if err := tx.DeleteWithContext(ctx, user); err != nil {
		return fmt.Errorf("delete user: %w", err)
	}
	if released == "" {
		return nil
	}
	return passOnEmail(ctx, tx, released)
}
