package clerksync

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// claimEmail saves user, who gets the address clerk_email as email if no other
// claimant is newer; who held it until now then loses it. Otherwise the
// user's email is empty.
func claimEmail(ctx context.Context, tx core.App, user *records.User) error {
	email := user.ClerkEmail()
	if !isValidEmail(ctx, tx, email) {
		return saveWithEmail(ctx, tx, user, "")
	}
	// Who has it is the claimant whom Clerk updated last, and has just been updated again.
	if !user.IsNew() && user.Email() == email {
		return saveWithEmail(ctx, tx, user, email)
	}
	rival, err := newestClaimant(ctx, tx, email, user.Id)
	if err != nil {
		return err
	}
	if rival != nil && isNewer(rival, user) {
		return saveWithEmail(ctx, tx, user, "")
	}
	holder, err := oneUser(ctx, tx.RecordQuery(records.CollectionUsers).
		AndWhere(dbx.HashExp{"email": email}).
		AndWhere(dbx.Not(dbx.HashExp{"id": user.Id})))
	if err != nil {
		return err
	}
	if holder != nil {
		if err := saveWithEmail(ctx, tx, holder, ""); err != nil {
			return err
		}
	}
	return saveWithEmail(ctx, tx, user, email)
}

// passOnEmail gives an address that became free to its newest claimant.
func passOnEmail(ctx context.Context, tx core.App, email string) error {
	next, err := newestClaimant(ctx, tx, email, "")
	if err != nil || next == nil || next.Email() == email {
		return err
	}
	return saveWithEmail(ctx, tx, next, email)
}

// newestClaimant returns who claims an address and was updated last at Clerk,
// nil for nobody. Clerk's ids break a tie, so that it is broken the same way
// in whatever order news arrive.
func newestClaimant(ctx context.Context, tx core.App, email, exceptID string) (*records.User, error) {
	return oneUser(ctx, tx.RecordQuery(records.CollectionUsers).
		AndWhere(dbx.NewExp("[[clerk_email]] != ''")). // lets SQLite use the partial index
		AndWhere(dbx.HashExp{"clerk_email": email}).
		AndWhere(dbx.Not(dbx.HashExp{"id": exceptID})).
		OrderBy("clerk_updated_at DESC", "clerk_user_id DESC"))
}

func isNewer(a, b *records.User) bool {
	if at, bt := updatedAt(a), updatedAt(b); at != bt {
		return at > bt
	}
	return a.ClerkUserID() > b.ClerkUserID()
}

// isValidEmail asks the field itself, so that what it refuses is not saved,
// admins' own rules about domains included.
func isValidEmail(ctx context.Context, tx core.App, email string) bool {
	collection, err := tx.FindCachedCollectionByNameOrId(records.CollectionUsers)
	if err != nil || email == "" {
		return false
	}
	record := core.NewRecord(collection)
	record.SetEmail(email)
	field := collection.Fields.GetByName(core.FieldNameEmail)
	return field != nil && field.ValidateValue(ctx, tx, record) == nil
}

// saveWithEmail sets the email and saves the user, if that changes anything.
func saveWithEmail(ctx context.Context, tx core.App, user *records.User, email string) error {
	if !user.IsNew() && user.Email() != email {
		// PocketBase takes a changed email in Save for a takeover: it rotates
		// the tokenKey, which voids file tokens and turns live streams into a
		// guest's. Clerk has verified the address, so it is written beforehand.
		_, err := tx.DB().Update(records.CollectionUsers,
			dbx.Params{"email": email}, dbx.HashExp{"id": user.Id}).WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("write email of %s: %w", user.ClerkUserID(), err)
		}
	}
	user.SetEmail(email)
	user.SetVerified(email != "")
	if !user.IsNew() && !isChanged(user) {
		return nil
	}
	if err := tx.SaveWithContext(ctx, user); err != nil {
		return fmt.Errorf("save %s: %w", user.ClerkUserID(), err)
	}
	return nil
}

// isChanged spares those who watch a user a message that says nothing new.
func isChanged(user *records.User) bool {
	before := user.Original()
	for _, name := range []string{
		"name", "image_url", "clerk_email", "clerk_updated_at",
		core.FieldNameEmail, core.FieldNameVerified, core.FieldNameEmailVisibility,
	} {
		if before.GetString(name) != user.GetString(name) {
			return true
		}
	}
	return false
}
