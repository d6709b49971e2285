package translation

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// This file is how money is kept from running out in the middle: before a question
// is put, the most that it can cost is set aside in each purse that pays for it,
// and what it did cost is taken out when it is answered. A question that a purse
// cannot pay for waits for those in flight, which may cost less; when there are
// none, the job pauses.

// purse is money that may be spent: a job's max_cost_usd, or what its owner may
// spend in a month on the server's keys. It is guarded with the schedule.
type purse struct {
	limit    engine.USD
	spent    engine.USD
	reserved engine.USD
	// renews is when it is full again; the zero time is never.
	renews time.Time
}

func (p *purse) left() engine.USD { return p.limit - p.spent - p.reserved }

// renew fills a purse again whose time has come. What is set aside stays so.
func (p *purse) renew(now time.Time) {
	if !p.renews.IsZero() && !p.renews.After(now) {
		p.spent, p.renews = 0, nextMonth(now)
	}
}

// errBudget is the end of what may be spent.
type errBudget struct{ renews time.Time }

func (errBudget) Error() string { return "what may be spent is used up" }

// purses pay for a job's questions.
type purses struct {
	all    []*purse
	engine engine.Priced
}

// hold is what is set aside for a question.
type hold struct {
	from   *purses // nil where nothing bounds it
	amount engine.USD
}

// reserve sets aside what a question of so many bytes can cost. Where there is
// not enough it says whether waiting may help, and else which purse is empty.
func (p *purses) reserve(now time.Time, model string, bytes int) (held hold, ok, wait bool, empty *purse) {
	if p == nil || len(p.all) == 0 {
		return hold{from: p}, true, false, nil
	}
	held.from = p
	for _, purse := range p.all {
		purse.renew(now)
	}
	price, known := p.engine.Price(model)
	if !known {
		return hold{}, false, false, p.all[0]
	}
	// A token has at least one byte.
	most := p.engine.MostOutput(model, bytes)
	held.amount = price.Of(engine.Usage{InputTokens: bytes, OutputTokens: most})
	least := p.poorest()
	if least.left() < held.amount {
		// Nearly every answer is a third as long as the engine would let it be.
		held.amount = price.Of(engine.Usage{InputTokens: bytes, OutputTokens: p.engine.EnoughOutput(model, bytes)})
	}
	if least.left() < held.amount {
		return hold{}, false, least.reserved > 0, least
	}
	for _, purse := range p.all {
		purse.reserved += held.amount
	}
	return held, true, false, nil
}

// bounds reports whether what is set aside bounds a question at all.
func (h hold) bounds() bool { return h.from != nil && len(h.from.all) > 0 }

// affords returns how many tokens the answer to a question may have, now that it
// is known how long the question is; none at all is a question that is too long for
// what was set aside.
func (h hold) affords(model string, bytes int) int {
	price, _ := h.from.engine.Price(model)
	return int((h.amount - price.Of(engine.Usage{InputTokens: bytes})) / price.Output)
}

func (p *purses) poorest() *purse {
	poorest := p.all[0]
	for _, purse := range p.all[1:] {
		if purse.left() < poorest.left() {
			poorest = purse
		}
	}
	return poorest
}

// release gives back what was set aside for a question.
func (h hold) release() {
	if h.from == nil {
		return
	}
	for _, purse := range h.from.all {
		purse.reserved -= h.amount
	}
}

// pay takes out what a question did cost.
func (p *purses) pay(model string, usage engine.Usage) {
	if p == nil || usage == (engine.Usage{}) {
		return
	}
	price, _ := p.engine.Price(model)
	for _, purse := range p.all {
		purse.spent += price.Of(usage)
	}
}

// bill is what work on a job has used, as the ledger writes it.
type bill struct {
	usage engine.Usage
	// cost is what that costs; nil where a price is not known.
	cost *engine.USD
	// month is the month in which the owner pays for it with the server's key, as
	// 2006-01; "" where the key is his own or nothing is to be paid.
	month string
	// owner is who pays.
	owner string
}

// bill puts a price on what was spent on a job.
func (r *runner) bill(order *order, spent engine.Spending) bill {
	b := bill{usage: spent.Total()}
	eng := r.engines[order.job.Engine()]
	priced, _ := eng.(engine.Priced)
	var sum engine.USD
	for model, usage := range spent {
		switch {
		case eng != nil && eng.Info().Free:
		case priced == nil:
			return b
		default:
			price, ok := priced.Price(model)
			if !ok {
				return b
			}
			sum += price.Of(usage)
		}
	}
	b.cost = &sum
	if sum > 0 && order.sealedKey == "" && order.job.OwnerID() != "" {
		b.month, b.owner = monthOf(r.now()), order.job.OwnerID()
	}
	return b
}

// purses returns what a job's questions are paid from; nil where nothing bounds
// it.
func (r *runner) purses(ctx context.Context, order *order) (*purses, error) {
	priced, ok := r.engines[order.job.Engine()].(engine.Priced)
	if !ok {
		return nil, nil
	}
	found := &purses{engine: priced}
	if limit := order.options.MaxCostUSD; limit != nil {
		job, err := r.ledger.job(ctx, order.job.Id)
		if err != nil {
			return nil, err
		}
		found.all = append(found.all, r.budget(job, priced, engine.Dollars(*limit)))
	}
	if order.sealedKey == "" && order.job.OwnerID() != "" && r.monthly != NoLimit {
		month, err := r.monthPurse(ctx, order.job.OwnerID())
		if err != nil {
			return nil, err
		}
		found.all = append(found.all, month)
	}
	if len(found.all) == 0 {
		return nil, nil
	}
	return found, nil
}

// costOf returns what a job cost so far. Where that is not known, because it was
// begun with a model of unknown price, it is what its tokens cost now.
func costOf(job *records.Job, priced engine.Priced) engine.USD {
	if dollars, err := strconv.ParseFloat(string(job.CostUSD()), 64); err == nil {
		return engine.Dollars(dollars)
	}
	price, _ := priced.Price(job.ModelName())
	return price.Of(engine.Usage{InputTokens: job.InputTokens(), OutputTokens: job.OutputTokens(), ThinkingTokens: job.ThinkingTokens()})
}

// budget returns what is left of a job's max_cost_usd. It outlives pauses: what was
// answered in the moment of one is counted before it is written.
func (r *runner) budget(job *records.Job, priced engine.Priced, limit engine.USD) *purse {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.budgets[job.Id]
	if found == nil {
		for id, other := range r.budgets {
			if r.active[id] == nil && other.reserved == 0 {
				delete(r.budgets, id) // what it says stands in the ledger
			}
		}
		found = &purse{spent: costOf(job, priced)}
		r.budgets[job.Id] = found
	}
	found.limit = limit
	return found
}

// NoLimit is a monthly limit that is none.
const NoLimit = engine.USD(math.MaxInt64)

// monthPurse returns what is left to an owner of this month. One purse serves all
// of his jobs.
func (r *runner) monthPurse(ctx context.Context, owner string) (*purse, error) {
	now := r.now()
	month := monthOf(now)
	r.mu.Lock()
	found := r.months[owner]
	r.mu.Unlock()
	if found != nil {
		return found, nil // it renews itself
	}
	spent, err := r.ledger.spentInMonth(ctx, owner, month)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other := r.months[owner]; other != nil {
		return other, nil // another job was quicker
	}
	found = &purse{limit: r.monthly, spent: spent, renews: nextMonth(now)}
	r.months[owner] = found
	return found, nil
}

// monthOf returns the calendar month of a time, in UTC.
func monthOf(t time.Time) string { return t.UTC().Format("2006-01") }

// nextMonth returns when the month after a time's begins, in UTC.
func nextMonth(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}

// broke pauses a job whose money has run out, until the month's is there again or
// its owner allows more.
func (r *runner) broke(t task, job *activeJob, err error) bool {
	var out errBudget
	if !errors.As(err, &out) {
		return false
	}
	r.leave(t, job, func(ctx context.Context) error {
		return r.ledger.pause(ctx, t.job, records.PausedByBudget, out.renews)
	})
	r.wakeAt(out.renews)
	return true
}
