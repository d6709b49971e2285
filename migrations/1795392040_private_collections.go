package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The collections here have no rule: they are the service's own, and only
// superusers see them.
func init() {
	migrations.Register(func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}

		keys := core.NewBaseCollection("sealed_keys")
		keys.Fields.Add(
			&core.RelationField{Name: "job", CollectionId: jobs.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "sealed", Required: true, Max: 10000, Hidden: true},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		keys.AddIndex("idx_sealed_keys_job", true, "job", "")

		idempotency := core.NewBaseCollection("idempotency_keys")
		idempotency.Fields.Add(
			&core.RelationField{Name: "owner", CollectionId: usersCollectionID, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.RelationField{Name: "job", CollectionId: jobs.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "key", Required: true, Max: 255},
			// A keyed digest of the whole upload, never the upload's fields.
			&core.TextField{Name: "fingerprint", Required: true, Max: 64, Hidden: true},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		idempotency.AddIndex("idx_idempotency_keys_owner_key", true, "owner, key", "")
		idempotency.AddIndex("idx_idempotency_keys_job", false, "job", "")
		idempotency.AddIndex("idx_idempotency_keys_created_at", false, "created_at", "")

		tombstones := core.NewBaseCollection("clerk_tombstones")
		tombstones.Fields.Add(
			&core.TextField{Name: "clerk_user_id", Required: true, Max: 255},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		tombstones.AddIndex("idx_clerk_tombstones_clerk_user_id", true, "clerk_user_id", "")

		deliveries := core.NewBaseCollection("clerk_webhook_deliveries")
		deliveries.Fields.Add(
			&core.TextField{Name: "svix_id", Required: true, Max: 255},
			&core.TextField{Name: "event_type", Required: true, Max: 255},
			&core.TextField{Name: "clerk_user_id", Max: 255},
			&core.TextField{Name: "outcome", Max: 255},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		deliveries.AddIndex("idx_clerk_webhook_deliveries_svix_id", true, "svix_id", "")
		deliveries.AddIndex("idx_clerk_webhook_deliveries_created_at", false, "created_at", "")

		for _, collection := range []*core.Collection{keys, idempotency, tombstones, deliveries} {
			if err := app.Save(collection); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}
