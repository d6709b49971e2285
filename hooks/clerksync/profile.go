package clerksync

import (
	"strings"

	"github.com/clerk/clerk-sdk-go/v2"
)

// Profile is what this service keeps of a user of Clerk.
type Profile struct {
	// ClerkUserID is Clerk's id of the user, "user_…".
	ClerkUserID string
	// Email is the primary address if Clerk has verified it, else "".
	Email string
	// Name is the name as people write it, else the username, else "".
	Name string
	// ImageURL is the address of the picture at Clerk, or "".
	ImageURL string
	// UpdatedAt is Clerk's time of the last change in milliseconds since 1970;
	// 0 is older than any news from Clerk.
	UpdatedAt int64
}

// ProfileOf reads a user as Clerk's Backend API and its webhooks send it.
func ProfileOf(user *clerk.User) Profile {
	return Profile{
		ClerkUserID: user.ID,
		Email:       primaryEmail(user),
		Name:        displayName(user),
		ImageURL:    text(user.ImageURL),
		UpdatedAt:   user.UpdatedAt,
	}
}

// primaryEmail looks for the primary address by its id: the first of the list
// is only the oldest. One that is not verified could be anybody's.
func primaryEmail(user *clerk.User) string {
	primary := text(user.PrimaryEmailAddressID)
	if primary == "" {
		return ""
	}
	for _, address := range user.EmailAddresses {
		if address == nil || address.ID != primary {
			continue
		}
		if address.Verification == nil || address.Verification.Status != "verified" {
			return ""
		}
		return strings.TrimSpace(address.EmailAddress)
	}
	return ""
}

func displayName(user *clerk.User) string {
	name := strings.TrimSpace(text(user.FirstName) + " " + text(user.LastName))
	if name == "" {
		return text(user.Username)
	}
	return name
}

// text returns what a nullable text of Clerk's holds, "" for null.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(*value)
}
