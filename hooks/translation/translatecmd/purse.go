package translatecmd

import "verso/hooks/translation/engine"

// purse is what may be spent, as --max-cost says. Before a question is put, the
// most that it can cost is set aside, and what it did cost is taken out when it is
// answered, so that the limit is never exceeded. A nil purse bounds nothing.
type purse struct {
	engine   engine.Priced
	limit    engine.USD
	spent    engine.USD
	reserved engine.USD
}

// purse returns what the job is paid from.
func (j *job) purse() *purse {
	priced, ok := j.engine.(engine.Priced)
	if j.maxCost == nil || !ok {
		return nil
	}
	spent, _ := j.cost(j.spent)
	return &purse{engine: priced, limit: *j.maxCost, spent: spent}
}

func (p *purse) left() engine.USD { return p.limit - p.spent - p.reserved }

// hold is what is set aside for a question.
type hold struct {
	amount engine.USD
	// most is what its answer may have in tokens; 0 where nothing bounds it.
	most int
}

// reserve sets aside what a question of so many bytes can cost. Where there is not
// enough it says whether waiting for those in flight may help.
func (p *purse) reserve(model string, bytes int) (held hold, ok, wait bool) {
	if p == nil {
		return hold{}, true, false
	}
	price, known := p.engine.Price(model)
	if !known {
		return hold{}, false, false
	}
	// A token has at least one byte.
	held.most = p.engine.MostOutput(model, bytes)
	held.amount = price.Of(engine.Usage{InputTokens: bytes, OutputTokens: held.most})
	if p.left() < held.amount {
		// Nearly every answer is a third as long as the engine would let it be.
		held.most = p.engine.EnoughOutput(model, bytes)
		held.amount = price.Of(engine.Usage{InputTokens: bytes, OutputTokens: held.most})
	}
	if p.left() < held.amount {
		return hold{}, false, p.reserved > 0
	}
	p.reserved += held.amount
	return held, true, false
}

// release gives back what was set aside for a question.
func (p *purse) release(held hold) {
	if p != nil {
		p.reserved -= held.amount
	}
}

// pay takes out what a question did cost.
func (p *purse) pay(model string, usage engine.Usage) {
	if p == nil || usage == (engine.Usage{}) {
		return
	}
	price, _ := p.engine.Price(model)
	p.spent += price.Of(usage)
}
