package records

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// User is a person known to Clerk, as a record of the auth collection "users".
type User struct {
	core.BaseRecordProxy
}

var _ core.RecordProxy = (*User)(nil)

// NewUser wraps a record of [CollectionUsers].
func NewUser(record *core.Record) *User {
	u := &User{}
	u.SetProxyRecord(record)
	return u
}

// ClerkUserID returns the id that Clerk gave the user, such as "user_2abc".
func (u *User) ClerkUserID() string { return u.GetString("clerk_user_id") }

// SetClerkUserID sets the id that Clerk gave the user.
func (u *User) SetClerkUserID(id string) { u.Set("clerk_user_id", id) }

// ClerkEmail returns the primary verified address at Clerk, or "". It may
// differ from Email, which PocketBase keeps unique among all users.
func (u *User) ClerkEmail() string { return u.GetString("clerk_email") }

// SetClerkEmail sets the primary verified address at Clerk.
func (u *User) SetClerkEmail(email string) { u.Set("clerk_email", email) }

// Name returns the name as people write it, or "".
func (u *User) Name() string { return u.GetString("name") }

// SetName sets the displayed name.
func (u *User) SetName(name string) { u.Set("name", name) }

// ImageURL returns the address of the user's picture at Clerk, or "".
func (u *User) ImageURL() string { return u.GetString("image_url") }

// SetImageURL sets the address of the user's picture at Clerk.
func (u *User) SetImageURL(url string) { u.Set("image_url", url) }

// ClerkUpdatedAt returns Clerk's own time of the last change, to the
// millisecond. It orders changes; their arrival does not.
func (u *User) ClerkUpdatedAt() time.Time { return u.GetDateTime("clerk_updated_at").Time() }

// SetClerkUpdatedAt sets Clerk's own time of the last change.
func (u *User) SetClerkUpdatedAt(at time.Time) {
	value, _ := types.ParseDateTime(at.UTC()) // a time.Time always parses
	u.Set("clerk_updated_at", value)
}

// ForbidPassword stores a hash that no password matches. The password column
// of an auth collection must not be empty, and a real hash would cost tens of
// milliseconds of CPU a user for nothing.
func (u *User) ForbidPassword() {
	u.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: "!"})
}
