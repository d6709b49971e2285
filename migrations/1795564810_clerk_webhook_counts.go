package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What Clerk's webhooks brought, in numbers that outlive the single deliveries.
func init() {
	migrations.Register(func(app core.App) error {
		counts := core.NewBaseCollection("clerk_webhook_counts")
		counts.Fields.Add(
			&core.TextField{Name: "event_type", Required: true, Max: 255},
			&core.TextField{Name: "outcome", Required: true, Max: 255},
			&core.NumberField{Name: "count", OnlyInt: true},
			&core.DateField{Name: "last_at"},
		)
		counts.AddIndex("idx_clerk_webhook_counts_event_type_outcome", true, "event_type, outcome", "")
		return app.Save(counts)
	}, nil)
}
