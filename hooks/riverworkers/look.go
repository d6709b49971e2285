package riverworkers

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// This file is how the serving process sees who works for it, and on what.

// look sees which workers there are and whether each step is being worked on, and
// tells what has changed.
func (x *Executor) look(ctx context.Context) error {
	asked, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	var seen fleet
	var clock clock
	if err := clock.read(asked, x.pool); err != nil {
		return err
	}
	tag, err := x.pool.Exec(asked, `UPDATE verso_work.server SET seen_at = now() WHERE epoch = $1`, x.epoch)
	if err != nil {
		return fmt.Errorf("say that the server is there: %w", err)
	}
	if tag.RowsAffected() == 0 {
		if err := x.take(asked, false); err != nil { // set back, emptied, or another's
			return err
		}
	}
	if seen.workers, err = x.members(asked); err != nil {
		return err
	}
	err = x.pool.QueryRow(asked, `
		SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8
		FROM verso_work.river_job WHERE kind = 'verso_step' AND state = 'available'`).Scan(&seen.depth, seconds{&seen.age})
	if err != nil {
		return fmt.Errorf("count steps that wait: %w", err)
	}
	if err := x.receiveStranded(asked); err != nil {
		return err
	}
	states, err := x.states(asked)
	if err != nil {
		return err
	}
	given := x.see(seen, clock, states)
	if len(given) == 0 {
		return nil
	}
	// River would leave it running for as long as anything may run.
	_, err = x.pool.Exec(asked, `
		UPDATE verso_work.river_job SET state = 'discarded', finalized_at = now() WHERE id = ANY($1) AND state = 'running'`, given)
	if err != nil {
		return fmt.Errorf("end steps that were given up: %w", err)
	}
	return nil
}

// members reads who has said that he is there.
func (x *Executor) members(ctx context.Context) ([]member, error) {
	rows, err := x.pool.Query(ctx, `
		SELECT id, slots, busy, started_at, extract(epoch FROM now() - seen_at)::float8
		FROM verso_work.worker WHERE seen_at > now() - $1::interval ORDER BY started_at, id`, forgetAfter)
	if err != nil {
		return nil, fmt.Errorf("list workers: %w", err)
	}
	members, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m member, err error) {
		err = row.Scan(&m.ID, &m.Slots, &m.Busy, &m.Started, seconds{&m.Silent})
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("list workers: %w", err)
	}
	return members, nil
}

// seconds scans a number of seconds.
type seconds struct{ into *time.Duration }

// Scan takes the number.
func (s seconds) Scan(value any) error {
	number, ok := value.(float64)
	if !ok {
		return fmt.Errorf("%T is no number of seconds", value)
	}
	*s.into = time.Duration(number * float64(time.Second))
	return nil
}

// sighting is what River says of a step.
type sighting struct {
	state string
	by    string // who works on it
}

// states reads what has become of the steps under way, by River's id.
func (x *Executor) states(ctx context.Context) (map[int64]sighting, error) {
	var ids []int64
	x.mu.Lock()
	for _, f := range x.awaited {
		if f.job != 0 {
			ids = append(ids, f.job)
		}
	}
	x.mu.Unlock()
	found := make(map[int64]sighting, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := x.pool.Query(ctx, `
		SELECT id, state::text, coalesce(attempted_by[array_upper(attempted_by, 1)], '')
		FROM verso_work.river_job WHERE id = ANY($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("look for steps: %w", err)
	}
	var id int64
	var s sighting
	_, err = pgx.ForEachRow(rows, []any{&id, &s.state, &s.by}, func() error {
		found[id] = s
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for steps: %w", err)
	}
	return found, nil
}

// see takes in what a look has brought, and returns the steps that were given up.
func (x *Executor) see(seen fleet, clock clock, states map[int64]sighting) (given []int64) {
	now := time.Now()
	seen.at = now
	x.mu.Lock()
	before := x.fleet
	if before.err != nil || now.Sub(before.at) > presentFor {
		x.steady = now
	}
	// While PostgreSQL was away nobody can have given a sign of life: they get time for
	// one before they are taken for dead.
	if now.Sub(x.steady) > goneAfter {
		given = x.giveUp(seen, states)
	}
	x.clock, x.fleet = clock, seen
	x.announce(before)
	x.mu.Unlock()
	return given
}

// giveUp lets go of steps whose worker is gone, or on which nobody works although
// nothing has come of them, and returns them. The mutex is held.
func (x *Executor) giveUp(seen fleet, states map[int64]sighting) (given []int64) {
	alive := make(map[string]bool, len(seen.workers))
	for _, m := range seen.workers {
		alive[m.ID] = m.Silent < goneAfter
	}
	for _, f := range x.awaited {
		if f.job == 0 {
			continue
		}
		s := states[f.job]
		switch {
		case s.state == "available", s.state == "running" && alive[s.by]:
			f.missed = 0
			continue
		case s.state == "running":
			f.missed = mostMissed
		default:
			f.missed++ // its outcome may be on its way, or it was sent just now
		}
		if f.missed >= mostMissed {
			select {
			case f.outcome <- result{}:
				given = append(given, f.job)
			default: // it has come after all
			}
		}
	}
	return given
}

// announce tells the log what has changed for who waits, wakes who does, and tells
// the schedule how many places there are. The mutex is held, so that it hears of them
// in the order in which they were seen.
func (x *Executor) announce(before fleet) {
	now, places := &x.fleet, x.fleet.places()
	now.told = before.told
	word := "there"
	switch {
	case now.err != nil && refused(now.err):
		word = "refused"
	case now.err != nil:
		word = "away"
	case places == 0:
		word = "alone"
	}
	if word != now.told {
		logger := x.app.Logger()
		switch word {
		case "away":
			logger.Warn("PostgreSQL is away, through which segments go to the workers; they wait", "error", now.err)
		case "refused":
			logger.Error("segments cannot be given to workers; they wait", "error", now.err)
		case "alone":
			logger.Warn("there is no worker; segments wait until one comes")
		default:
			logger.Info("workers translate", "places", places)
		}
		now.told = word
	}
	close(x.joined)
	x.joined = make(chan struct{})
	x.config.Places(places)
}
