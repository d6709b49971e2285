package riverworkers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// showEvery is how often the dashboard is told what has not changed but for time.
const showEvery = 10 * time.Second

// queueRow is the id of the one row that tells of the queue.
const queueRow = "workerqueue0000"

// shown is what the dashboard was told last.
type shown struct {
	at      time.Time
	status  string
	workers []string
}

// showAlways keeps the dashboard up to date until the context ends. It waits for SQLite's
// writer, for which nobody who looks at PostgreSQL may.
func (x *Executor) showAlways(ctx context.Context) {
	var last shown
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if err := x.show(ctx, &last); err != nil && ctx.Err() == nil {
			x.app.Logger().Warn("the dashboard's list of workers is not up to date", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// show tells the dashboard what was seen, where that has changed or is old.
func (x *Executor) show(ctx context.Context, last *shown) error {
	seen := x.seen()
	now := shown{at: time.Now(), status: seen.status()}
	for _, m := range seen.workers {
		now.workers = append(now.workers, m.ID)
	}
	if now.at.Sub(last.at) < showEvery && now.status == last.status && slices.Equal(now.workers, last.workers) {
		return nil
	}
	err := x.app.RunInTransaction(func(tx core.App) error { return write(ctx, tx.DB(), seen, now) })
	if err != nil {
		return fmt.Errorf("tell the dashboard of the workers: %w", err)
	}
	*last = now
	return nil
}

func write(ctx context.Context, db dbx.Builder, seen fleet, now shown) error {
	for _, m := range seen.workers {
		_, err := db.NewQuery(`
			INSERT INTO workers (id, worker, slots, busy, started_at, seen_at) VALUES ({:id}, {:worker}, {:slots}, {:busy}, {:started}, {:seen})
			ON CONFLICT (worker) DO UPDATE SET slots = excluded.slots, busy = excluded.busy, seen_at = excluded.seen_at`).
			WithContext(ctx).Bind(dbx.Params{
			"id": core.GenerateDefaultRandomId(), "worker": m.ID, "slots": m.Slots, "busy": m.Busy,
			"started": stamp(m.Started), "seen": stamp(now.at.Add(-m.Silent)),
		}).Execute()
		if err != nil {
			return err
		}
	}
	names, err := json.Marshal(append([]string{}, now.workers...))
	if err != nil {
		return err
	}
	_, err = db.NewQuery(`DELETE FROM workers WHERE worker NOT IN (SELECT value FROM json_each({:names}))`).
		WithContext(ctx).Bind(dbx.Params{"names": string(names)}).Execute()
	if err != nil {
		return err
	}
	_, err = db.NewQuery(`
		INSERT INTO worker_queue (id, status, places, waiting, age_seconds, updated_at) VALUES ({:id}, {:status}, {:places}, {:waiting}, {:age}, {:now})
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, places = excluded.places, waiting = excluded.waiting,
			age_seconds = excluded.age_seconds, updated_at = excluded.updated_at`).
		WithContext(ctx).Bind(dbx.Params{
		"id": queueRow, "status": now.status, "places": seen.places(), "waiting": seen.depth, "age": seen.age.Seconds(), "now": stamp(now.at),
	}).Execute()
	return err
}

// stamp is a time as PocketBase writes it.
func stamp(at time.Time) string {
	value, _ := types.ParseDateTime(at.UTC()) // a time.Time always parses
	return value.String()
}
