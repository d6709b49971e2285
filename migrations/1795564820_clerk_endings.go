package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(func(app core.App) error {
		// Sessions and users that Clerk has ended, so that a process learns of it
		// that was told by none: at its start, or from a command beside it.
		endings := core.NewBaseCollection("clerk_endings")
		endings.Fields.Add(
			&core.TextField{Name: "clerk_id", Required: true, Max: 255},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		endings.AddIndex("idx_clerk_endings_created_at", false, "created_at", "")

		// How far a comparison of all users with Clerk has come, one row.
		progress := core.NewBaseCollection("clerk_sync_progress")
		progress.Fields.Add(
			&core.TextField{Name: "phase", Required: true, Max: 20},
			&core.NumberField{Name: "done", OnlyInt: true},
			&core.TextField{Name: "after", Max: 255},
			&core.BoolField{Name: "acquainted"},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		for _, collection := range []*core.Collection{endings, progress} {
			if err := app.Save(collection); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}
