package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What hooks/riverworkers sees of the machines that translate, for who looks at the
// dashboard. Neither collection has a rule, and nothing reads them.
func init() {
	migrations.Register(func(app core.App) error {
		workers := core.NewBaseCollection("workers")
		workers.Fields.Add(
			&core.TextField{Name: "worker", Required: true, Max: 255},
			// How many segments it translates at a time, and how many just now.
			&core.NumberField{Name: "slots", OnlyInt: true},
			&core.NumberField{Name: "busy", OnlyInt: true},
			&core.DateField{Name: "started_at"},
			// Its last sign of life.
			&core.DateField{Name: "seen_at"},
		)
		workers.AddIndex("idx_workers_worker", true, "worker", "")

		queue := core.NewBaseCollection("worker_queue")
		queue.Fields.Add(
			// What /readyz says: ok, no workers, away, or refused.
			&core.TextField{Name: "status", Max: 40},
			&core.NumberField{Name: "places", OnlyInt: true},
			// Segments that wait for a worker, and how long the first has.
			&core.NumberField{Name: "waiting", OnlyInt: true},
			&core.NumberField{Name: "age_seconds"},
			&core.DateField{Name: "updated_at"},
		)
		for _, collection := range []*core.Collection{workers, queue} {
			if err := app.Save(collection); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}
