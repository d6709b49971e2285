// Package clerksync lets the collection "users" follow the users of Clerk.
//
// Today it does so at a user's first request: [Sync.Provision] asks Clerk who
// somebody is whom the database does not know yet, and creates the record.
//
// Example usage:
//
//	users := clerksync.New(app, clerksync.Config{
//		Backend: clerk.NewBackend(&clerk.BackendConfig{Key: &secretKey}),
//	})
//
//	clerkauth.MustRegister(app, clerkauth.Config{
//		Issuer:    "https://clerk.example.com",
//		JWTKey:    pem,
//		Provision: users.Provision,
//	})
//
// Two rules hold for whatever changes a user. Clerk's own updated_at decides
// what is newer, never the order in which news arrive. And the true address
// stands in clerk_email, while email, which PocketBase keeps unique, goes to
// the claimant whom Clerk updated last, so that late and crossing news end in
// the same state; users are never joined by their addresses.
package clerksync

import (
	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/singleflight"
)

// Config defines where users come from.
type Config struct {
	// Backend is Clerk's Backend API. Default nil: users are created from
	// their ids alone, without email, name and picture.
	Backend clerk.Backend
}

// Sync brings users from Clerk into the database. It is safe for use by
// several goroutines.
type Sync struct {
	app     core.App
	backend clerk.Backend
	// provisioning holds the users being created right now, by Clerk's id.
	provisioning singleflight.Group
}

// New returns a Sync that writes into app's collection "users". It binds
// nothing to app.
func New(app core.App, config Config) *Sync {
	return &Sync{app: app, backend: config.Backend}
}
