package translation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
	"verso/hooks/requestid"
	"verso/hooks/translation/engine"
)

// newJob is a job about to be written.
type newJob struct {
	ID             string
	OwnerID        string
	Filename       string // as the user calls it
	Source         string // as it is called in storage
	SourceLanguage string
	TargetLanguage string
	Engine         string
	Model          string
	SegmentSize    int
	Quote          *engine.USD // what it is expected to cost; nil where nobody knows

	Style    map[string]any
	Glossary []records.Term
	Options  records.BriefOptions

	SealedKey      string // "" for none
	IdempotencyKey string // "" for none
	Fingerprint    string
}

// idempotencyLifetime is how long an Idempotency-Key is remembered.
const idempotencyLifetime = 24 * time.Hour

var (
	errTooManyJobs     = errors.New("the user has as many unfinished jobs as allowed")
	errIdempotencyUsed = errors.New("the idempotency key is in use")
)

// create writes a job with everything that belongs to it in one short
// transaction. It returns errTooManyJobs where the owner has maxActive
// unfinished jobs, and errIdempotencyUsed where another upload was quicker.
func (l *ledger) create(ctx context.Context, job newJob, maxActive int) error {
	style, err := encode(job.Style, "{}")
	if err != nil {
		return err
	}
	glossary, err := encode(job.Glossary, "[]")
	if err != nil {
		return err
	}
	options, err := encode(job.Options, "{}")
	if err != nil {
		return err
	}
	return l.transaction(ctx, func(tx tx) error {
		if job.IdempotencyKey != "" {
			if err := claimIdempotencyKey(tx, job); err != nil {
				return err
			}
		}
		active, err := countUnfinished(tx.ctx, tx.db, job.OwnerID)
		if err != nil {
			return err
		}
		if active >= maxActive {
			return errTooManyJobs
		}
		if err := insertJob(tx, job); err != nil {
			return err
		}
		err = tx.run(`
			INSERT INTO translation_briefs (id, job, style_data, glossary_data, options, created_at, updated_at)
			VALUES ({:id}, {:job}, {:style}, {:glossary}, {:options}, {:now}, {:now})`,
			dbx.Params{"id": core.GenerateDefaultRandomId(), "job": job.ID, "style": style, "glossary": glossary, "options": options, "now": now()})
		if err != nil {
			return fmt.Errorf("insert brief: %w", err)
		}
		if job.SealedKey == "" {
			return nil
		}
		return tx.insertSealedKey(job.ID, job.SealedKey)
	})
}

func insertJob(tx tx, job newJob) error {
	var quote, cost any // null: unknown
	if job.Quote != nil {
		quote, cost = job.Quote.Float(), 0
	}
	err := tx.run(`
		INSERT INTO translation_jobs (
			id, owner_id, filename, source, status, source_language, target_language, engine, model_name,
			segment_size, quoted_cost_usd, cost_usd, request_id, created_at)
		VALUES (
			{:id}, {:owner}, {:filename}, {:source}, 'PENDING', {:from}, {:to}, {:engine}, {:model},
			{:size}, {:quote}, {:cost}, {:request}, {:now})`,
		dbx.Params{
			"id": job.ID, "owner": job.OwnerID, "filename": job.Filename, "source": job.Source,
			"from": job.SourceLanguage, "to": job.TargetLanguage, "engine": job.Engine, "model": job.Model,
			"size": job.SegmentSize, "quote": quote, "cost": cost, "request": requestid.From(tx.ctx), "now": now(),
		})
	*tx.turns = append(*tx.turns, turn{job: job.ID, status: records.StatusPending})
	return wrap("insert job", err)
}

func claimIdempotencyKey(tx tx, job newJob) error {
	expired := types.NowDateTime().Add(-idempotencyLifetime).String()
	if err := tx.run(`DELETE FROM idempotency_keys WHERE created_at < {:expired}`, dbx.Params{"expired": expired}); err != nil {
		return fmt.Errorf("delete expired idempotency keys: %w", err)
	}
	err := tx.run(`
		INSERT INTO idempotency_keys (id, owner, job, key, fingerprint, created_at)
		VALUES ({:id}, {:owner}, {:job}, {:key}, {:fingerprint}, {:now})`,
		dbx.Params{
			"id": core.GenerateDefaultRandomId(), "owner": job.OwnerID, "job": job.ID,
			"key": job.IdempotencyKey, "fingerprint": job.Fingerprint, "now": now(),
		})
	if err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed") {
		return errIdempotencyUsed
	}
	return wrap("insert idempotency key", err)
}

// claimed is an upload that was made under an Idempotency-Key.
type claimed struct {
	JobID       string `db:"job"`
	Fingerprint string `db:"fingerprint"`
}

// findClaimed returns the upload made under a key in the last 24 hours, or
// sql.ErrNoRows.
func (l *ledger) findClaimed(ctx context.Context, ownerID, key string) (claimed, error) {
	var found claimed
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT job, fingerprint FROM idempotency_keys
		WHERE owner = {:owner} AND key = {:key} AND created_at >= {:expired}`).
		WithContext(ctx).
		Bind(dbx.Params{"owner": ownerID, "key": key, "expired": types.NowDateTime().Add(-idempotencyLifetime).String()}).
		One(&found)
	if err != nil {
		return claimed{}, fmt.Errorf("find idempotency key: %w", err)
	}
	return found, nil
}

// countUnfinished returns how many jobs of a user have not come to their end.
func (l *ledger) countUnfinished(ctx context.Context, ownerID string) (int, error) {
	return countUnfinished(ctx, l.app.ConcurrentDB(), ownerID)
}

func countUnfinished(ctx context.Context, db dbx.Builder, ownerID string) (int, error) {
	var n int
	err := db.NewQuery(`
		SELECT COUNT(*) FROM translation_jobs
		WHERE owner_id = {:owner} AND completed_at = ''`).
		WithContext(ctx).Bind(dbx.Params{"owner": ownerID}).Row(&n)
	return n, wrap("count unfinished jobs", err)
}

// encode returns a value as JSON, or empty for a value that is not there.
func encode(value any, empty string) (string, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("encode brief: %w", err)
	}
	if string(encoded) == "null" {
		return empty, nil
	}
	return string(encoded), nil
}
