package clerksync

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// The limits of the collection's fields, in characters.
const (
	maxTextRunes     = 255
	maxImageURLRunes = 2000
)

// Upsert writes a profile: it creates the user or, if the profile is not older
// than what the database holds, updates it. What a field cannot hold never
// fails the rest: a name is cut, an address or a picture's URL is left out.
//
// The error wraps [records.ErrUserUnknown] for a user who was deleted.
func (s *Sync) Upsert(ctx context.Context, profile Profile) error {
	var result outcome
	err := s.app.RunInTransaction(func(tx core.App) (err error) {
		result, err = upsert(ctx, tx, profile)
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("write user: %w", err)
	case result == gone:
		return fmt.Errorf("write user: %w", records.ErrUserUnknown)
	}
	return nil
}

// upsert is Upsert within the transaction of tx, and says what came of it:
// applied, stale, or gone.
func upsert(ctx context.Context, tx core.App, profile Profile) (outcome, error) {
	if err := takeWriteLock(ctx, tx); err != nil {
		return "", err
	}
	deleted, err := isDeleted(ctx, tx, profile.ClerkUserID)
	if err != nil {
		return "", err
	}
	if deleted {
		return gone, nil
	}
	user, err := findOrNewUser(ctx, tx, profile.ClerkUserID)
	if err != nil {
		return "", err
	}
	if !user.IsNew() && profile.UpdatedAt < updatedAt(user) {
		return stale, nil
	}

	profile.write(user)
	user.SetEmailVisibility(false)
	if profile.UpdatedAt > 0 {
		user.SetClerkUpdatedAt(time.UnixMilli(profile.UpdatedAt))
	}

	released := user.Email()
	if err := claimEmail(ctx, tx, user); err != nil {
		return "", err
	}
	if released == "" || released == user.Email() {
		return applied, nil
	}
	return applied, passOnEmail(ctx, tx, released)
}

// write writes a profile's texts, as far as a user's fields can hold them.
func (p Profile) write(user *records.User) {
	user.SetName(cut(p.Name, maxTextRunes))
	user.SetImageURL(fitting(p.ImageURL, maxImageURLRunes))
	user.SetClerkEmail(fitting(p.Email, maxTextRunes))
}

// isIn reports whether a user has a profile's texts already.
func (p Profile) isIn(user *records.User) bool {
	return user.Name() == cut(p.Name, maxTextRunes) && user.ImageURL() == fitting(p.ImageURL, maxImageURLRunes) &&
		user.ClerkEmail() == fitting(p.Email, maxTextRunes)
}

// takeWriteLock begins the transaction with a write that changes nothing.
// SQLite takes the write lock at the first write and by then does not allow it
// any more if another process ("verso users sync") wrote after the first read.
func takeWriteLock(ctx context.Context, tx core.App) error {
	_, err := tx.DB().NewQuery("UPDATE {{users}} SET [[clerk_user_id]] = [[clerk_user_id]] WHERE 1 = 0").
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("take write lock: %w", err)
	}
	return nil
}

// isDeleted reports whether a tombstone says that the user was deleted.
func isDeleted(ctx context.Context, app core.App, clerkUserID string) (bool, error) {
	var found int
	err := app.DB().Select("(1)").
		From(records.CollectionTombstones).
		Where(dbx.HashExp{"clerk_user_id": clerkUserID}).
		Limit(1).WithContext(ctx).
		Row(&found)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("look for tombstone: %w", err)
	}
	return found != 0, nil
}

// findUser returns nil for a user whom the database does not know.
func findUser(ctx context.Context, app core.App, clerkUserID string) (*records.User, error) {
	return oneUser(ctx, app.RecordQuery(records.CollectionUsers).
		AndWhere(dbx.HashExp{"clerk_user_id": clerkUserID}))
}

func findOrNewUser(ctx context.Context, tx core.App, clerkUserID string) (*records.User, error) {
	user, err := findUser(ctx, tx, clerkUserID)
	if err != nil || user != nil {
		return user, err
	}
	collection, err := tx.FindCachedCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		return nil, fmt.Errorf("find collection users: %w", err)
	}
	user = records.NewUser(core.NewRecord(collection))
	user.SetClerkUserID(clerkUserID)
	user.ForbidPassword()
	return user, nil
}

// oneUser returns the first result of query, nil where there is none.
func oneUser(ctx context.Context, query *dbx.SelectQuery) (*records.User, error) {
	record := &core.Record{}
	err := query.WithContext(ctx).Limit(1).One(record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find user: %w", err)
	}
	return records.NewUser(record), nil
}

// updatedAt returns Clerk's time of the user's last change in milliseconds
// since 1970, or 0 where Clerk has not been heard yet.
func updatedAt(user *records.User) int64 {
	if at := user.ClerkUpdatedAt(); !at.IsZero() {
		return at.UnixMilli()
	}
	return 0
}

// cut shortens text to a number of characters.
func cut(text string, runes int) string {
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	return string([]rune(text)[:runes])
}

// fitting returns text if it has at most that many characters, else "": half
// an address is of no use to anyone.
func fitting(text string, runes int) string {
	if utf8.RuneCountInString(text) > runes {
		return ""
	}
	return text
}
