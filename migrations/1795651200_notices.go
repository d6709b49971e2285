package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What people are told of their jobs by mail, and who does not want to be told.
// Neither collection has a rule: they are the service's own.
func init() {
	migrations.Register(func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId("translation_jobs")
		if err != nil {
			return err
		}

		// A trigger of hooks/notices fills it with what happens to jobs. No address
		// and no text is kept.
		notices := core.NewBaseCollection("job_notices")
		notices.Fields.Add(
			&core.RelationField{Name: "job", CollectionId: jobs.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "event", Required: true, Max: 40},
			&core.SelectField{Name: "state", Required: true, MaxSelect: 1, Values: []string{
				"pending", "sending", "sent", "failed", "skipped",
			}},
			// Why it was not sent, or not yet.
			&core.TextField{Name: "reason", Max: 255},
			&core.NumberField{Name: "tries", OnlyInt: true},
			&core.DateField{Name: "due_at"},
			&core.DateField{Name: "changed_at"},
			&core.AutodateField{Name: "created_at", OnCreate: true},
		)
		// There is never a second one about the same.
		notices.AddIndex("idx_job_notices_job_event", true, "job, event", "")
		notices.AddIndex("idx_job_notices_pending", false, "created_at", "state = 'pending'")

		preferences := core.NewBaseCollection("notice_preferences")
		preferences.Fields.Add(
			&core.RelationField{Name: "owner", CollectionId: usersCollectionID, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.BoolField{Name: "mail_off"},
			// How many mails were sent on the last day on which any was.
			&core.TextField{Name: "day", Max: 10},
			&core.NumberField{Name: "mails", OnlyInt: true},
		)
		preferences.AddIndex("idx_notice_preferences_owner", true, "owner", "")

		for _, collection := range []*core.Collection{notices, preferences} {
			if err := app.Save(collection); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}
