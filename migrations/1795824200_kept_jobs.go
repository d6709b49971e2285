package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What has been kept long enough is looked for by when it was finished, among the jobs
// that have documents; the rows of the others stay for ever.
func init() {
	migrations.Register(func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}
		jobs.AddIndex("idx_translation_jobs_kept", false, "completed_at", "source != ''")
		return app.Save(jobs)
	}, nil)
}
