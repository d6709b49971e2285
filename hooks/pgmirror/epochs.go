package pgmirror

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// An epoch is a random word for the time in which one session mirrors. Before
// PostgreSQL is brought to a place SQLite notes the next step of the epoch, after
// what is written there was read. So a PostgreSQL whose epoch is known and whose step
// SQLite has reached holds nothing that SQLite has lost; and what SQLite has lost
// with its last commits, the step among it, is never made up for by another history,
// because that is another session's and has another word.

// identity returns the word that this database has had since it was first mirrored.
func (s *source) identity(ctx context.Context) (word string, err error) {
	err = s.app.ConcurrentDB().NewQuery(`SELECT source FROM verso_mirror_source`).WithContext(ctx).Row(&word)
	if err != nil {
		return "", fmt.Errorf("read the database's own word: %w", err)
	}
	return word, nil
}

// beginEpoch notes a new epoch.
func (s *source) beginEpoch(ctx context.Context) (epoch string, err error) {
	epoch = rand.Text()
	_, err = s.app.NonconcurrentDB().NewQuery(`
		INSERT INTO verso_mirror_epochs (epoch, step, at) VALUES ({:epoch}, 0, strftime('%Y-%m-%d %H:%M:%fZ', 'now'))`).
		WithContext(ctx).Bind(dbx.Params{"epoch": epoch}).Execute()
	if err != nil {
		return "", fmt.Errorf("note an epoch: %w", err)
	}
	return epoch, nil
}

// step notes the next step of an epoch, and how far PostgreSQL is for certain. It
// returns errElsewhere where all epochs were forgotten meanwhile.
func (s *source) step(ctx context.Context, epoch string, applied int64) (step int64, err error) {
	err = s.app.RunInTransaction(func(app core.App) error {
		params := dbx.Params{"epoch": epoch, "applied": applied}
		err := app.DB().NewQuery(`
			UPDATE verso_mirror_epochs SET step = step + 1, at = strftime('%Y-%m-%d %H:%M:%fZ', 'now') WHERE epoch = {:epoch} RETURNING step`).
			WithContext(ctx).Bind(params).Row(&step)
		if errors.Is(err, sql.ErrNoRows) {
			return errElsewhere
		}
		if err != nil {
			return fmt.Errorf("note a step: %w", err)
		}
		if _, err := app.DB().NewQuery(rememberApplied).WithContext(ctx).Bind(params).Execute(); err != nil {
			return fmt.Errorf("note how far PostgreSQL is: %w", err)
		}
		return nil
	})
	return step, err
}

const rememberApplied = `UPDATE verso_mirror_source SET applied = {:applied} WHERE applied != {:applied}`

// remember notes how far PostgreSQL is, for who cannot ask it.
func (s *source) remember(ctx context.Context, applied int64) error {
	_, err := s.app.NonconcurrentDB().NewQuery(rememberApplied).WithContext(ctx).Bind(dbx.Params{"applied": applied}).Execute()
	if err != nil {
		return fmt.Errorf("note how far PostgreSQL is: %w", err)
	}
	return nil
}

// applied returns how far PostgreSQL was, as far as is known without it.
func (s *source) applied(ctx context.Context) (seq int64, err error) {
	err = s.app.ConcurrentDB().NewQuery(`SELECT applied FROM verso_mirror_source`).WithContext(ctx).Row(&seq)
	if err != nil {
		return 0, fmt.Errorf("read how far PostgreSQL was: %w", err)
	}
	return seq, nil
}

// knows says why PostgreSQL cannot be led on from a place, "" where it can.
func (s *source) knows(ctx context.Context, at place) (why string, err error) {
	var known, noted bool
	err = s.app.ConcurrentDB().NewQuery(`
		SELECT EXISTS (SELECT 1 FROM verso_mirror_epochs WHERE epoch = {:epoch} AND step >= {:step}),
		       (SELECT horizon <= {:seq} FROM verso_mirror_source)`).
		WithContext(ctx).Bind(dbx.Params{"epoch": at.epoch, "step": at.step, "seq": at.seq}).Row(&known, &noted)
	switch {
	case err != nil:
		return "", fmt.Errorf("look for an epoch: %w", err)
	case !known:
		return "it is at no point of this database's history: one of the two was set back, PostgreSQL has what SQLite lost, or changes may have gone unnoted", nil
	case !noted:
		return "it was set back by more than is still noted", nil
	}
	return "", nil
}
