package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}
		// The request that made the job or set it in motion last, for who follows it
		// through the log.
		jobs.Fields.Add(&core.TextField{Name: "request_id", Max: 64, Hidden: true})
		if err := app.Save(jobs); err != nil {
			return err
		}
		// An address is a person's as far as it goes. Who needs it to find an abuser
		// switches it on in the dashboard; what somebody may have chosen there stays.
		if people, err := app.CountRecords(core.CollectionNameSuperusers); err != nil || people > 0 {
			return err
		}
		settings := app.Settings()
		settings.Logs.LogIP = false
		return app.Save(settings)
	}, nil)
}
