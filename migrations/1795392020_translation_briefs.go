package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	migrations.Register(func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}

		briefs := core.NewBaseCollection("translation_briefs")
		briefs.Fields.Add(
			&core.RelationField{Name: "job", CollectionId: jobs.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.JSONField{Name: "style_data", MaxSize: 1 << 20},
			&core.JSONField{Name: "glossary_data", MaxSize: 4 << 20},
			&core.JSONField{Name: "options", MaxSize: 64 << 10},
			&core.JSONField{Name: "analysis", MaxSize: 4 << 20},
			&core.AutodateField{Name: "created_at", OnCreate: true},
			&core.AutodateField{Name: "updated_at", OnCreate: true, OnUpdate: true},
		)
		briefs.AddIndex("idx_translation_briefs_job", true, "job", "")
		briefs.ViewRule = types.Pointer(ownJobsPart)

		return app.Save(briefs)
	}, nil)
}
