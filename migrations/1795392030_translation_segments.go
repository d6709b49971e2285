package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// maxBlocksBytes bounds a segment's JSON list of blocks.
const maxBlocksBytes = 16 << 20

func init() {
	migrations.Register(func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}

		segments := core.NewBaseCollection("translation_segments")
		segments.Fields.Add(
			&core.RelationField{Name: "job", CollectionId: jobs.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.NumberField{Name: "position", OnlyInt: true},
			&core.NumberField{Name: "revision", OnlyInt: true},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{"pending", "done", "issue"}},
			&core.NumberField{Name: "attempts", OnlyInt: true},
			&core.JSONField{Name: "source", MaxSize: maxBlocksBytes},
			&core.JSONField{Name: "translation", MaxSize: maxBlocksBytes},
			&core.TextField{Name: "issue", Max: 2000},
			&core.TextField{Name: "model_name", Max: 255},
			&core.NumberField{Name: "input_tokens", OnlyInt: true},
			&core.NumberField{Name: "output_tokens", OnlyInt: true},
			&core.NumberField{Name: "thinking_tokens", OnlyInt: true},
		)
		segments.AddIndex("idx_translation_segments_position", true, "job, position", "")
		// "What changed since revision R" is the reader's question.
		segments.AddIndex("idx_translation_segments_revision", false, "job, revision", "")
		segments.ListRule = types.Pointer(ownJobsPart)
		segments.ViewRule = types.Pointer(ownJobsPart)

		return app.Save(segments)
	}, nil)
}
