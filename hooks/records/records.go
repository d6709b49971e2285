// Package records names the nouns of Verso once: its collections, their
// fields, and typed proxies for the records that Go code reads.
//
// It is the only package that every plugin may import. It holds no behaviour
// beyond reading and writing a record's own fields, so that no plugin needs
// another one to know what a job is.
package records

import "errors"

// Collection names, as in PocketBase's dashboard and in the records API.
const (
	CollectionUsers           = "users"
	CollectionJobs            = "translation_jobs"
	CollectionBriefs          = "translation_briefs"
	CollectionSegments        = "translation_segments"
	CollectionSealedKeys      = "sealed_keys"
	CollectionIdempotencyKeys = "idempotency_keys"
	CollectionTombstones      = "clerk_tombstones"
	CollectionDeliveries      = "clerk_webhook_deliveries"
	CollectionWebhookCounts   = "clerk_webhook_counts"
	CollectionEndings         = "clerk_endings"
	CollectionSyncProgress    = "clerk_sync_progress"
)

// ErrUserUnknown says that Clerk itself does not know a user, or that the
// user was deleted. It is final: asking again will not help.
var ErrUserUnknown = errors.New("user is unknown to Clerk or deleted")
