package translation

import (
	"context"
	"encoding/json"
	"strings"

	"verso/hooks/requestid"
	"verso/hooks/translation/engine"
)

// This file is what stays of works that are broken off: what they cost, and the
// translations that they have already brought, so that nothing is paid for twice.

// leftover is what is left of a job's works between two requests.
type leftover struct {
	order *order // nil where nothing is left
	spent engine.Spending
	// verified holds translations by the segment's position.
	verified map[int]verified
	// found holds answers to questions about the document by their digests, and
	// brief the revision that they were asked under.
	found map[string]json.RawMessage
	brief int
}

// verified are translations of an unfinished segment's blocks, and the revision of
// the brief under which they were made.
type verified struct {
	brief  int
	blocks []engine.Block
}

// leftover takes what is left of a job's works. The runner's mutex is held.
func (j *activeJob) leftover() leftover {
	left := leftover{order: j.order.Load(), verified: map[int]verified{}}
	for position, a := range j.aside {
		left.add(position, a)
	}
	clear(j.aside)
	if j.study != nil {
		for model, usage := range j.study.spent {
			left.spent = left.spent.Add(model, usage)
		}
		j.study.spent = nil
		left.found, left.brief = j.study.found(), j.study.brief
	}
	return left
}

// add takes what is left of one work.
func (l *leftover) add(position int, a aside) {
	for model, usage := range a.climb.Spent {
		l.spent = l.spent.Add(model, usage)
	}
	if position < 0 || len(a.climb.Rungs) == 0 {
		return // an analysis, or nothing that the ledger has not
	}
	kept := verified{brief: a.climb.Brief}
	for id, text := range a.climb.Good {
		if !strings.Contains(id, "/") { // a piece is no block
			kept.blocks = append(kept.blocks, engine.Block{ID: id, Text: text})
		}
	}
	l.verified[position] = kept
}

// writeDown writes what is left of a job's works.
func (r *runner) writeDown(ctx context.Context, left leftover) {
	if left.order == nil {
		return
	}
	for position, kept := range left.verified {
		if err := r.ledger.keepVerified(ctx, left.order.job.Id, position, kept); err != nil && !isStale(err) {
			requestid.Logger(ctx, r.app.Logger()).Error("translations of an unfinished segment could not be kept", "job", left.order.job.Id, "position", position, "error", err)
		}
	}
	if len(left.found) > 0 {
		if err := r.ledger.keepFound(ctx, left.order.job.Id, left.brief, left.found); err != nil && !isStale(err) {
			requestid.Logger(ctx, r.app.Logger()).Error("what was found in a document could not be kept", "job", left.order.job.Id, "error", err)
		}
	}
	r.spend(ctx, left.order, left.spent)
}

// spend writes what was spent on work that did not come to its end.
func (r *runner) spend(ctx context.Context, order *order, spent engine.Spending) {
	if len(spent) == 0 {
		return
	}
	if err := r.ledger.spend(ctx, order.job.Id, r.bill(order, spent)); err != nil && !isStale(err) {
		requestid.Logger(ctx, r.app.Logger()).Error("what was spent could not be written", "job", order.job.Id, "usage", spent.Total(), "error", err)
	}
}
