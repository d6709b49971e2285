package notices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// triggerName is the trigger's name in the database.
const triggerName = "verso_job_notices"

// triggerSQL notes what happens to a job. Its status is changed by SQL and not by
// saving the record, so no hook would hear of it.
//
// It asks whether there is one already instead of saying OR IGNORE, because the
// statement that fires a trigger can override the latter.
func triggerSQL() string {
	reasons := make([]string, 0, len(mendable()))
	for _, reason := range mendable() {
		reasons = append(reasons, "'"+string(reason)+"'")
	}
	return fmt.Sprintf(`CREATE TRIGGER %s AFTER UPDATE OF status, pause_reason ON translation_jobs
WHEN NEW.owner_id != '' AND (OLD.status != NEW.status OR OLD.pause_reason != NEW.pause_reason)
	AND (NEW.status IN ('%s', '%s') OR NEW.status = '%s' AND NEW.pause_reason IN (%s) AND NEW.resumes_at = '')
BEGIN
	INSERT INTO job_notices (job, event, state, created_at)
	SELECT job, event, '%s', strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now')
	FROM (SELECT NEW.id AS job, CASE NEW.status WHEN '%[2]s' THEN '%[7]s' WHEN '%[3]s' THEN '%[8]s' ELSE '%[9]s' || NEW.pause_reason END AS event) AS happened
	WHERE NOT EXISTS (SELECT 1 FROM job_notices AS noted WHERE noted.job = happened.job AND noted.event = happened.event);
END`,
		triggerName, records.StatusCompleted, records.StatusFailed, records.StatusPaused, strings.Join(reasons, ", "),
		statePending, eventCompleted, eventFailed, eventPausePrefix)
}

// bindTrigger keeps the trigger through changes of the schema in the dashboard.
func (p *plugin) bindTrigger() {
	p.app.OnCollectionAfterUpdateSuccess(records.CollectionJobs, records.CollectionNotices).BindFunc(func(e *core.CollectionEvent) error {
		if err := keepTrigger(e.Context, e.App); err != nil {
			return err
		}
		return e.Next()
	})
	p.app.OnCollectionAfterDeleteSuccess(records.CollectionNotices).BindFunc(func(e *core.CollectionEvent) error {
		// It would make every change of a job's status fail.
		if _, err := e.App.DB().NewQuery("DROP TRIGGER IF EXISTS " + triggerName).WithContext(e.Context).Execute(); err != nil {
			return fmt.Errorf("drop the trigger on jobs: %w", err)
		}
		return e.Next()
	})
}

// keepTrigger makes sure that the trigger is there and is today's.
func keepTrigger(ctx context.Context, app core.App) error {
	var stored string
	err := app.DB().NewQuery("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = {:name}").
		Bind(dbx.Params{"name": triggerName}).WithContext(ctx).Row(&stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("look for the trigger on jobs: %w", err)
	}
	if stored == triggerSQL() {
		return nil
	}
	err = app.RunInTransaction(func(tx core.App) error {
		for _, statement := range []string{"DROP TRIGGER IF EXISTS " + triggerName, triggerSQL()} {
			if _, err := tx.DB().NewQuery(statement).WithContext(ctx).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set the trigger on jobs: %w", err)
	}
	return nil
}
