package riverworkers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// This file is for what PostgreSQL has given to a process that never got it, because
// the connection broke before the answer to River's look for work was there. River has
// it down as being worked on, by one who is alive, for as long as anything may be.

// strandedAfter is after how long a worker that has not begun with a step never will:
// by then it comes too late to leave, whatever the look for it takes.
const strandedAfter = Travel + queryTimeout

// begin and end keep the list of what is under way here.
func (w *worker) begin(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun[id] = true
}

func (w *worker) end(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.begun, id)
}

func (w *worker) underWay() map[int64]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.begun)
}

// returnStranded hands back steps that are this worker's in River's books and that it
// never got. They have not left for the engine, and cost nothing.
func (w *worker) returnStranded(ctx context.Context) error {
	asked, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	begun := w.underWay() // before the question: what it finds has begun by now, or never will
	rows, err := w.pool.Query(asked, `
		SELECT id, args FROM verso_work.river_job
		WHERE kind = 'verso_step' AND state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1
			AND attempted_at < now() - $2::interval`, w.id, strandedAfter)
	if err != nil {
		return fmt.Errorf("look for steps that never came: %w", err)
	}
	found, err := collect[step](rows)
	if err != nil {
		return fmt.Errorf("look for steps that never came: %w", err)
	}
	for id, s := range found {
		if begun[id] {
			continue
		}
		packed, err := pack(result{Worker: w.id})
		if err == nil {
			err = w.handBackUnbegun(asked, id, outcomeQueue(s.Epoch), outcome{Attempt: s.Attempt, Packed: packed})
		}
		if err != nil {
			return fmt.Errorf("hand back a step that never came: %w", err)
		}
		w.config.Log.Warn("a step got lost on its way here; it is handed back", "step", id)
	}
	return nil
}

func (w *worker) handBackUnbegun(ctx context.Context, id int64, queue string, came outcome) error {
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		_, err := w.client.Load().InsertTx(ctx, tx, came, outcomeOpts(queue))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE verso_work.river_job SET state = 'completed', finalized_at = now() WHERE id = $1 AND state = 'running'`, id)
		return err
	})
}

// receiveStranded takes outcomes that are this process's in River's books and that it
// never got.
func (x *Executor) receiveStranded(ctx context.Context) error {
	// Handing one over takes no time, so what takes longer has not come.
	rows, err := x.pool.Query(ctx, `
		SELECT id, args FROM verso_work.river_job
		WHERE kind = 'verso_outcome' AND queue = $1 AND state = 'running' AND attempted_at < now() - $2::interval`,
		outcomeQueue(x.epoch), queryTimeout)
	if err != nil {
		return fmt.Errorf("look for outcomes that never came: %w", err)
	}
	found, err := collect[outcome](rows)
	if err != nil {
		return fmt.Errorf("look for outcomes that never came: %w", err)
	}
	var ids []int64
	for id, args := range found {
		ids = append(ids, id)
		var came result
		if err := unpack(args.Packed, &came); err == nil {
			x.deliver(args.Attempt, came) // where it has come before, nobody waits for it
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = x.pool.Exec(ctx, `UPDATE verso_work.river_job SET state = 'completed', finalized_at = now() WHERE id = ANY($1) AND state = 'running'`, ids)
	if err != nil {
		return fmt.Errorf("end outcomes that never came: %w", err)
	}
	return nil
}

// collect reads River's arguments by River's ids.
func collect[T river.JobArgs](rows pgx.Rows) (map[int64]T, error) {
	found := map[int64]T{}
	var id int64
	var args []byte
	_, err := pgx.ForEachRow(rows, []any{&id, &args}, func() error {
		var read T
		if err := json.Unmarshal(args, &read); err != nil {
			return err
		}
		found[id] = read
		return nil
	})
	return found, err
}
