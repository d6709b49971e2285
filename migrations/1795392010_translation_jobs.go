package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	// ownJob is the rule of a job's owner; see [ownRecord] for its first half.
	ownJob = `@request.auth.id != "" && owner_id = @request.auth.id`
	// ownJobsPart is the rule for what belongs to a job.
	ownJobsPart = `@request.auth.id != "" && job.owner_id = @request.auth.id`
	// maxFileBytes bounds what the file fields accept from the dashboard. The
	// routes have a limit of their own, VERSO_MAX_UPLOAD_MB.
	maxFileBytes = 1 << 30
)

func init() {
	migrations.Register(func(app core.App) error {
		jobs := core.NewBaseCollection("translation_jobs")
		jobs.Fields.Add(
			&core.TextField{Name: "filename", Required: true, Max: 255, Presentable: true},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{
				"PENDING", "PROCESSING", "PAUSED", "COMPLETED", "FAILED", "CANCELLED",
			}},
			&core.NumberField{Name: "progress", OnlyInt: true, Min: types.Pointer(0.0), Max: types.Pointer(100.0)},
			&core.TextField{Name: "error_message", Max: 2000},
			&core.RelationField{Name: "owner_id", CollectionId: usersCollectionID, MaxSelect: 1},
			&core.SelectField{Name: "pause_reason", MaxSelect: 1, Values: []string{
				"user", "quota", "key", "budget", "review", "model",
			}},
			&core.DateField{Name: "resumes_at"},
			&core.NumberField{Name: "segments_total", OnlyInt: true},
			&core.NumberField{Name: "segments_done", OnlyInt: true},
			&core.NumberField{Name: "issues_count", OnlyInt: true},
			&core.TextField{Name: "source_language", Max: 100},
			&core.TextField{Name: "target_language", Required: true, Max: 100},
			&core.TextField{Name: "engine", Required: true, Max: 100},
			&core.TextField{Name: "model_name", Max: 255},
			&core.NumberField{Name: "segment_size", OnlyInt: true},
			&core.NumberField{Name: "input_tokens", OnlyInt: true},
			&core.NumberField{Name: "output_tokens", OnlyInt: true},
			&core.NumberField{Name: "thinking_tokens", OnlyInt: true},
			// Prices are JSON because a number field cannot be null, and an
			// unknown price is not a price of zero.
			&core.JSONField{Name: "quoted_cost_usd", MaxSize: 64},
			&core.JSONField{Name: "cost_usd", MaxSize: 64},
			&core.FileField{Name: "source", MaxSelect: 1, MaxSize: maxFileBytes, Protected: true},
			&core.FileField{Name: "output", MaxSelect: 1, MaxSize: maxFileBytes, Protected: true},
			&core.NumberField{Name: "revision", OnlyInt: true, Hidden: true},
			&core.AutodateField{Name: "created_at", OnCreate: true},
			&core.DateField{Name: "started_at"},
			&core.DateField{Name: "completed_at"},
		)
		// One's own jobs, newest first, are the page's first query.
		jobs.AddIndex("idx_translation_jobs_owner", false, "owner_id, created_at DESC, id DESC", "")
		// The scheduler asks for unfinished jobs at start, each upload for its
		// owner's. A job has a completed_at exactly when it is finished.
		jobs.AddIndex("idx_translation_jobs_unfinished", false, "owner_id", "completed_at = ''")

		jobs.ListRule = types.Pointer(ownJob)
		jobs.ViewRule = types.Pointer(ownJob)
		jobs.DeleteRule = types.Pointer(ownJob)

		return app.Save(jobs)
	}, nil)
}
