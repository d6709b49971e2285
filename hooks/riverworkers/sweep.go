package riverworkers

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// sweepEvery is after how many looks what nobody waits for is swept up, and sweepMost how
// many steps are called back at once.
const sweepEvery, sweepMost = 30, 100

// sweepUp sweeps when it is time to. Where it fails, that is no reason for anybody to wait.
func (x *Executor) sweepUp(ctx context.Context) {
	if x.untilSweep > 0 {
		x.untilSweep--
		return
	}
	x.untilSweep = sweepEvery
	asked, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	x.mu.Lock()
	steady := time.Since(x.steady) > goneAfter
	x.mu.Unlock()
	switch more, err := x.sweep(asked, steady); {
	case err != nil && ctx.Err() == nil:
		x.app.Logger().Warn("what nobody waits for could not be swept up in PostgreSQL; it will be tried again in a minute", "error", err)
	case more:
		x.untilSweep = 0
	}
}

// sweep ends what nobody waits for any more: steps that a worker took with it when it
// went, outcomes that came back to an earlier run of the service, and steps that run for
// one. River would keep them for as long as anything may run. It reports whether there are
// more of the last.
//
// Who was not seen is taken for gone only where looks are steady.
func (x *Executor) sweep(ctx context.Context, steady bool) (more bool, err error) {
	if steady {
		// One that is waited for is found missing at the next looks.
		_, err := x.pool.Exec(ctx, `
			UPDATE verso_work.river_job job SET state = 'discarded', finalized_at = now()
			WHERE kind = 'verso_step' AND state = 'running' AND attempted_at < now() - $1::interval AND NOT EXISTS (
				SELECT 1 FROM verso_work.worker
				WHERE id = job.attempted_by[array_upper(job.attempted_by, 1)] AND seen_at > now() - $1::interval)`, goneAfter)
		if err != nil {
			return false, fmt.Errorf("end steps of workers that are gone: %w", err)
		}
		if _, err := x.pool.Exec(ctx, `DELETE FROM verso_work.worker WHERE seen_at < now() - $1::interval`, forgetAfter); err != nil {
			return false, fmt.Errorf("forget workers that are gone: %w", err)
		}
	}
	_, err = x.pool.Exec(ctx, `DELETE FROM verso_work.river_job WHERE kind = 'verso_outcome' AND queue != $1`, outcomeQueue(x.epoch))
	if err != nil {
		return false, fmt.Errorf("forget what came back to an earlier run: %w", err)
	}
	// Workers that are there hear of it.
	rows, err := x.pool.Query(ctx, `
		SELECT id FROM verso_work.river_job
		WHERE kind = 'verso_step' AND state = 'running' AND args->>'epoch' != $1 AND NOT metadata ? 'cancel_attempted_at'
		LIMIT $2`, x.epoch, sweepMost)
	if err != nil {
		return false, fmt.Errorf("look for steps of an earlier run: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return false, fmt.Errorf("look for steps of an earlier run: %w", err)
	}
	for _, id := range ids {
		x.cancel(ctx, id)
	}
	return len(ids) == sweepMost && ctx.Err() == nil, nil
}
