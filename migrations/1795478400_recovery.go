package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// maxRungsBytes bounds the record of a segment's ladder. The longest, of 400
// blocks, has some 600 requests of about a hundred bytes each.
const maxRungsBytes = 128 << 10

func init() {
	migrations.Register(func(app core.App) error {
		segments, err := app.FindCollectionByNameOrId("translation_segments")
		if err != nil {
			return err
		}
		segments.Fields.Add(
			// Every request that was answered, and what came of it.
			&core.JSONField{Name: "rungs", MaxSize: maxRungsBytes},
			// The ids of the blocks that a person has written.
			&core.JSONField{Name: "corrected", MaxSize: maxRungsBytes},
			// The translation that stood before a retry, until there is a new one.
			&core.JSONField{Name: "earlier", MaxSize: maxBlocksBytes, Hidden: true},
		)
		if err := app.Save(segments); err != nil {
			return err
		}

		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}
		// The revision of the segments that the output was made of.
		jobs.Fields.Add(&core.NumberField{Name: "output_revision", OnlyInt: true, Hidden: true})
		return app.Save(jobs)
	}, nil)
}
