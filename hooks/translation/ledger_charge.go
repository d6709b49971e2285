package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/translation/engine"
)

// charge adds what work has used to the job's counters, and to its owner's month
// where he pays for it there. It must be in the transaction that writes what came
// of the work.
func (t tx) charge(jobID string, b bill) error {
	if b.usage == (engine.Usage{}) {
		return nil
	}
	// A job may have been deleted meanwhile; what it cost its owner stays.
	err := t.run(`UPDATE translation_jobs SET `+chargeColumns+` WHERE id = {:job}`, b.params(dbx.Params{"job": jobID}))
	if err != nil {
		return wrap("count what was spent", err)
	}
	return t.chargeMonth(b)
}

// chargeColumns adds a bill to a job's counters. A sum with an unknown price is
// unknown. The ledger adds billionths of dollars; nine decimals keep them exact.
const chargeColumns = `
	input_tokens = input_tokens + {:input},
	output_tokens = output_tokens + {:output},
	thinking_tokens = thinking_tokens + {:thinking},
	cost_usd = ROUND(cost_usd + {:cost}, 9)`

// params returns the parameters of [chargeColumns], with others.
func (b bill) params(others dbx.Params) dbx.Params {
	others["input"], others["output"], others["thinking"] = b.usage.InputTokens, b.usage.OutputTokens, b.usage.ThinkingTokens
	others["cost"] = nil
	if b.cost != nil {
		others["cost"] = b.cost.Float()
	}
	return others
}

// chargeMonth adds a bill to what its owner spent in its month.
func (t tx) chargeMonth(b bill) error {
	if b.month == "" {
		return nil
	}
	err := t.run(`
		INSERT INTO user_spending (id, owner, month, cost_nano_usd, created_at)
		SELECT {:id}, id, {:month}, {:cost}, {:now} FROM users WHERE id = {:owner}
		ON CONFLICT (owner, month) DO UPDATE SET cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd`,
		dbx.Params{"id": core.GenerateDefaultRandomId(), "owner": b.owner, "month": b.month, "cost": int64(*b.cost), "now": now()})
	return wrap("count what the month has cost", err)
}

// chargeOwner adds what belongs to no job to what an owner spent in a month.
func (l *ledger) chargeOwner(ctx context.Context, ownerID, month string, cost engine.USD) error {
	return l.transaction(ctx, func(tx tx) error { return tx.chargeMonth(bill{cost: &cost, month: month, owner: ownerID}) })
}

// spentInMonth returns what an owner spent on the server's keys in a month.
func (l *ledger) spentInMonth(ctx context.Context, ownerID, month string) (engine.USD, error) {
	var spent int64
	err := l.app.ConcurrentDB().NewQuery(`SELECT cost_nano_usd FROM user_spending WHERE owner = {:owner} AND month = {:month}`).
		WithContext(ctx).Bind(dbx.Params{"owner": ownerID, "month": month}).Row(&spent)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read what the month has cost: %w", err)
	}
	return engine.USD(spent), nil
}

// spend adds what was spent on work that did not come to its end.
func (l *ledger) spend(ctx context.Context, jobID string, b bill) error {
	return l.transaction(ctx, func(tx tx) error { return tx.charge(jobID, b) })
}
