package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(func(app core.App) error {
		// What a user spent on the server's keys, by calendar month (UTC).
		spending := core.NewBaseCollection("user_spending")
		spending.Fields.Add(
			&core.RelationField{Name: "owner", CollectionId: usersCollectionID, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "month", Required: true, Max: 7},
			// Billionths of a US dollar, so that sums are exact.
			&core.NumberField{Name: "cost_nano_usd", OnlyInt: true},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		spending.AddIndex("idx_user_spending_owner_month", true, "owner, month", "")

		// Translations by what they were made from: text, languages, model, style and
		// the terms that occur, in one digest.
		memory := core.NewBaseCollection("translation_memory")
		memory.Fields.Add(
			&core.RelationField{Name: "owner", CollectionId: usersCollectionID, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "digest", Required: true, Max: 64},
			&core.TextField{Name: "translation", Required: true, Max: maxBlocksBytes, Hidden: true},
			// A person's, which no machine's takes the place of.
			&core.BoolField{Name: "corrected"},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		memory.AddIndex("idx_translation_memory_owner_digest", true, "owner, digest", "")

		for _, collection := range []*core.Collection{spending, memory} {
			if err := app.Save(collection); err != nil {
				return err
			}
		}

		briefs, err := app.FindCollectionByNameOrId("translation_briefs")
		if err != nil {
			return err
		}
		// A segment that was translated under an older brief is not taken.
		briefs.Fields.Add(
			&core.NumberField{Name: "revision", OnlyInt: true},
			// How long a segment took on the average, in milliseconds.
			&core.NumberField{Name: "segment_ms", OnlyInt: true, Hidden: true},
		)
		return app.Save(briefs)
	}, nil)
}
