package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/tools/routine"

	"verso/hooks/records"
)

// session is the time between a connection and what breaks it off.
type session struct {
	*Mirror
	epoch  string
	at     place
	filled int // pages of a new beginning
	// tidied and looked are when tidy and mustBeAt ran last.
	tidied, looked time.Time
}

// session mirrors until something goes wrong or the context ends.
func (m *Mirror) session(ctx context.Context) error {
	return routine.SafeWrap(func() error {
		s := &session{Mirror: m}
		return s.run(ctx)
	})()
}

func (s *session) run(ctx context.Context) (err error) {
	if err := s.postgres.prepare(ctx); err != nil {
		return err
	}
	if s.epoch, err = s.source.beginEpoch(ctx); err != nil {
		return err
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.remember()
	for s.at.filling != "" {
		if err := s.fill(ctx); err != nil {
			return err
		}
	}
	return s.stream(ctx)
}

// remember notes how far PostgreSQL was when a session ended, so that who asks while
// it is away is told the truth. Where that fails an older number stands.
func (s *session) remember() {
	ctx, cancel := context.WithTimeout(context.Background(), s.config.IOTimeout)
	defer cancel()
	if err := s.source.remember(ctx, s.at.seq); err != nil {
		s.app.Logger().Warn("the mirror's place is not noted", "error", err)
	}
}

// begin finds out where PostgreSQL is, and where it cannot be led on from there lets
// it be filled anew.
func (s *session) begin(ctx context.Context) error {
	identity, err := s.source.identity(ctx)
	if err != nil {
		return err
	}
	var at place
	err = s.postgres.transaction(ctx, func(tx *sql.Tx) error {
		at, err = readPlace(ctx, tx)
		return err
	})
	why := ""
	switch {
	case errors.Is(err, sql.ErrNoRows):
		why = "it is empty"
	case err != nil:
		return err
	case at.source != identity:
		return &UnfitError{[]string{otherSource}}
	case at.epoch == anew:
		why = "somebody asked for it"
	default:
		if why, err = s.source.knows(ctx, at); err != nil {
			return err
		}
	}
	if why != "" {
		s.app.Logger().Warn("the mirror in PostgreSQL is filled anew", "because", why)
		return s.beginAnew(ctx, identity)
	}
	if at.seq < s.progress.reached() {
		s.app.Logger().Warn("the mirror in PostgreSQL was set back, and is led on from where it is", "seq", at.seq)
	}
	s.at = at
	s.progress.reach(at)
	return nil
}

// otherSource is what operators are told who let two services write into the same
// tables: each would take the other's rows for its own that are gone.
const otherSource = `another Verso's data is mirrored into this database; give each its own, or run "verso mirror resync" here to replace what is there`

// beginAnew lets PostgreSQL be filled anew: all rows by their ids, and then what has
// changed since now.
func (s *session) beginAnew(ctx context.Context, identity string) (err error) {
	at := place{source: identity, epoch: s.epoch, filling: records.CollectionUsers}
	if at.seq, err = s.source.last(ctx); err != nil {
		return err
	}
	if at.step, err = s.source.step(ctx, s.epoch, 0); err != nil {
		return err
	}
	if err := s.postgres.transaction(ctx, func(tx *sql.Tx) error { return writePlace(ctx, tx, at) }); err != nil {
		return err
	}
	s.at = at
	s.progress.reach(at)
	return nil
}

// fill writes the next rows of a new beginning. Rows of ours that are no more are
// found between them.
func (s *session) fill(ctx context.Context) error {
	s.report(stateFilling, nil)
	found, end, err := s.nextRows(ctx)
	if err != nil {
		return err
	}
	ours, err := s.postgres.mappedAfter(ctx, s.at.filling, s.at.filled, end, s.size())
	if err != nil {
		return err
	}
	if len(ours) == s.size() { // the page ends with ours, if not before
		end = ours[len(ours)-1]
		found.cut(end)
	}
	if s.at.filling == records.CollectionUsers {
		found.goneUsers = gone(ours, idOfUser, found.users)
	} else {
		found.goneJobs = gone(ours, idOfJob, found.jobs)
	}
	next := s.at
	next.filled = end
	if end == "" {
		next.filling = map[string]string{records.CollectionUsers: records.CollectionJobs}[s.at.filling]
	}
	if err := s.advance(ctx, next, found); err != nil {
		return err
	}
	// Without statistics of tables that have just come to be, PostgreSQL reads all of
	// them for each page. Its own come too late, and what they say holds until the
	// tables are twice as large.
	if s.filled++; s.filled&(s.filled-1) == 0 {
		return s.postgres.analyze(ctx)
	}
	return nil
}

// nextRows reads the next rows of a new beginning, a page of them, and returns the last
// record id of the page, "" where it has all that are left. Rows that PostgreSQL cannot
// hold are passed over, and a page of nothing else too: it could not be said where it ends.
func (s *session) nextRows(ctx context.Context) (found rows, end string, err error) {
	for after := s.at.filled; ; {
		var ids []string
		if s.at.filling == records.CollectionUsers {
			found.users, err = s.source.usersAfter(ctx, after, s.size())
			ids = idsOf(found.users, idOfUser)
		} else {
			found.jobs, err = s.source.jobsAfter(ctx, after, s.size())
			ids = idsOf(found.jobs, idOfJob)
		}
		if err != nil {
			return found, "", err
		}
		found.users = slices.DeleteFunc(found.users, func(u user) bool { return !writable(u.RecordID) })
		found.jobs = slices.DeleteFunc(found.jobs, func(j job) bool { return !writable(j.RecordID) })
		held := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !writable(id) })
		switch {
		case len(ids) < s.size():
			return found, "", nil
		case len(held) > 0:
			return found, held[len(held)-1], nil
		}
		after = ids[len(ids)-1]
	}
}

// cut leaves out rows beyond a record id.
func (r *rows) cut(end string) {
	r.users = slices.DeleteFunc(r.users, func(u user) bool { return u.RecordID > end })
	r.jobs = slices.DeleteFunc(r.jobs, func(j job) bool { return j.RecordID > end })
}

// advance writes rows that were read, and brings PostgreSQL to the next place.
func (s *session) advance(ctx context.Context, next place, found rows) (err error) {
	next.epoch = s.epoch
	if next.step, err = s.source.step(ctx, s.epoch, s.at.seq); err != nil {
		return err
	}
	err = s.postgres.transaction(ctx, func(tx *sql.Tx) error {
		if err := move(ctx, tx, s.at, next); err != nil {
			return err
		}
		return s.write(ctx, tx, found)
	})
	if err != nil {
		s.shrink()
		return err
	}
	s.grow()
	s.at = next
	s.progress.reach(next)
	return nil
}

// stream writes what changes, as it does.
func (s *session) stream(ctx context.Context) error {
	s.tidied, s.looked = s.now(), s.now()
	for ctx.Err() == nil {
		changes, err := s.source.changesAfter(ctx, s.at.seq, s.size())
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			s.report(stateStreaming, nil)
		} else if err := s.batch(ctx, changes, changes[len(changes)-1].Seq); err != nil {
			return err
		} else if s.progress.behindFor(s.now()) > behindAfter {
			s.report(stateBehind, nil)
		}
		if err := s.look(ctx); err != nil {
			return err
		}
		if len(changes) == 0 && !sleep(ctx, lookInterval) {
			return nil
		}
	}
	return nil
}

// look does from time to time what no change asks for.
func (s *session) look(ctx context.Context) error {
	if s.now().Sub(s.tidied) > min(pruneInterval, s.config.Retention) {
		s.tidied = s.now()
		if err := s.tidy(ctx); err != nil {
			return err
		}
	}
	if s.now().Sub(s.looked) > idleInterval {
		s.looked = s.now()
		return s.postgres.mustBeAt(ctx, s.at)
	}
	return nil
}

// batch writes rows that have changed, and moves on to a number.
func (s *session) batch(ctx context.Context, changes []change, seq int64) error {
	found, err := s.source.current(ctx, changes)
	if err != nil {
		return err
	}
	fresh, err := s.postgres.freshUsers(ctx, found.users)
	if err != nil {
		return err
	}
	if found.owned, err = s.source.ownedBy(ctx, fresh); err != nil {
		return err
	}
	next := s.at
	next.seq = seq
	return s.advance(ctx, next, found)
}

// retriedRows is how many parked rows are tried again at once.
const retriedRows = 100

// tidy tries parked rows again and forgets what nobody needs any more.
func (s *session) tidy(ctx context.Context) error {
	for {
		more, err := s.source.prune(ctx, s.at, s.epoch, s.now().Add(-s.config.Retention))
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	parked, err := s.postgres.parked(ctx, retriedRows)
	if err != nil || len(parked) == 0 {
		return err
	}
	changes := make([]change, len(parked))
	for i, row := range parked {
		changes[i] = change{Collection: row.Collection, RecordID: row.RecordID}
	}
	if err := s.batch(ctx, changes, s.at.seq); err != nil {
		return fmt.Errorf("try parked rows again: %w", err)
	}
	return nil
}

// jittered returns a pause that is up to a half longer, so that what failed together
// does not come back together.
func jittered(pause time.Duration) time.Duration {
	if pause <= 0 {
		return 0
	}
	return pause + rand.N(pause/2+1)
}

// sleep waits and reports whether the context still lasts.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
