package pipeline

import (
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

// Climb is how far a work has come up the ladder of recovery: what is
// translated, what is still to be asked for and in which way, and what was
// given up. Its zero value is the beginning. It is a plain value, so that a work
// can be put aside between two requests and taken up anywhere.
type Climb struct {
	// Asks is what is still to be asked for, the next first.
	Asks []Ask `json:"asks,omitempty"`
	// Good holds the verified translations by block id, none of them once begun.
	Good map[string]string `json:"good"`
	// Lost holds what was given up, with the reason.
	Lost []Problem `json:"lost,omitempty"`
	// Parts holds the pieces of blocks that were too long for one answer, by the
	// id of what was cut.
	Parts map[string][]Block `json:"parts,omitempty"`
	// Rungs records every request that was answered, or that the engine broke off
	// on for good, in order.
	Rungs []Rung `json:"rungs,omitempty"`
	// Spent is what the answers cost.
	Spent engine.Spending `json:"spent,omitempty"`
	// Tries counts the requests, those included that nobody answered.
	Tries int `json:"tries,omitempty"`

	// Awaited are the work's blocks that were never asked for.
	Awaited []string `json:"awaited,omitempty"`
	// Brief is the revision of the brief under which it was begun.
	Brief int `json:"brief,omitempty"`
	// Begun says that the first question was put into Asks.
	Begun bool `json:"begun,omitempty"`
	// Barren counts the answers in a row that brought no translation.
	Barren int `json:"barren,omitempty"`
	// Characters counts what was asked for so far, which is what bounds the cost.
	Characters int `json:"characters,omitempty"`
	// Findings is what an analysis found.
	Findings *engine.Findings `json:"findings,omitempty"`
}

// Ask is one question still to be put.
type Ask struct {
	// Blocks are the ids of the blocks to ask for.
	Blocks []string `json:"blocks"`
	// Rung says where on the ladder it stands.
	Rung RungName `json:"rung"`
	// Model is the model to ask.
	Model string `json:"model"`
	// Problems say what was wrong with earlier answers.
	Problems []Problem `json:"problems,omitempty"`
}

// RungName names a rung of the ladder of recovery.
type RungName string

// The rungs, from the bottom up.
const (
	// RungFirst asks for a whole segment.
	RungFirst RungName = "first"
	// RungAgain asks for what was wrong, and says what was.
	RungAgain RungName = "again"
	// RungTerms asks for what was right but for the glossary's terms, and names
	// them.
	RungTerms RungName = "terms"
	// RungHalves asks for half of what is left.
	RungHalves RungName = "halves"
	// RungParts asks for a piece of a block that is too long for one answer.
	RungParts RungName = "parts"
	// RungAlone asks for one block without style and context.
	RungAlone RungName = "alone"
	// RungFallback asks another model for one block.
	RungFallback RungName = "fallback"
)

// Rung is a rung that was climbed and what came of it, as the ledger keeps it.
type Rung struct {
	Rung  RungName `json:"rung"`
	Model string   `json:"model"`
	// Blocks counts what was asked for, Translated what came of it.
	Blocks     int `json:"blocks"`
	Translated int `json:"translated"`
	// Trouble is what the engine failed with, or the name of the check that the
	// first unusable block did not pass; "" where all went well.
	Trouble string `json:"trouble,omitempty"`
}

// begin puts the first question, unless that was done.
func (w *Work) begin() {
	c := &w.Climb
	if c.Begun {
		return
	}
	c.Begun = true
	c.Good = map[string]string{}
	c.Awaited, c.Brief = w.Awaited, w.Brief
	for _, block := range w.Kept {
		c.Good[block.ID] = block.Text
	}
	awaited := make(map[string]bool, len(w.Awaited))
	for _, id := range w.Awaited {
		awaited[id] = true
	}
	var ids []string
	for _, block := range w.Blocks {
		if _, ok := c.Good[block.ID]; !ok && !awaited[block.ID] {
			ids = append(ids, block.ID)
		}
	}
	if len(ids) > 0 || w.Task != "" {
		c.Asks = []Ask{{Blocks: ids, Rung: RungFirst, Model: w.Model}}
	}
}

// Done reports whether nothing is left to ask for.
func (w *Work) Done() bool {
	w.begin()
	return len(w.Climb.Asks) == 0
}

// NextModel returns the model that is asked next.
func (w *Work) NextModel() string {
	if w.Done() {
		return w.Model
	}
	return w.Climb.Asks[0].Model
}

// NextIsFallback reports whether the next question goes to another model.
func (w *Work) NextIsFallback() bool { return !w.Done() && w.Climb.Asks[0].Rung == RungFallback }

// NextBytes returns about how many bytes the next request has.
func (w *Work) NextBytes() int {
	if w.Done() {
		return 0
	}
	ask := w.Climb.Asks[0]
	if w.Task != "" {
		return len(analysisInstructions(*w)) + len(w.Text)
	}
	bytes := len(instructions(*w, ask.Rung, ask.Problems))
	for _, block := range w.blocks(ask.Blocks) {
		bytes += len(block.Text) + len(`{"id":"","text":""},`) + len(block.ID)
	}
	return bytes
}

// NextTokens returns about how many tokens the next request sends.
func (w *Work) NextTokens() int {
	if w.Done() {
		return 0
	}
	if w.Task != "" {
		return Tokens(w.Text) + Tokens(analysisInstructions(*w))
	}
	ask := w.Climb.Asks[0]
	return tokensOf(request(*w, ask, w.blocks(ask.Blocks), ""))
}

// Outcome returns what became of a work of which nothing is left to ask for.
func (w *Work) Outcome() Outcome {
	w.begin()
	c := w.Climb
	earlier := make(map[string]string, len(w.Earlier))
	for _, block := range w.Earlier {
		earlier[block.ID] = block.Text
	}
	outcome := Outcome{
		Blocks:   make([]engine.Block, 0, len(w.Blocks)),
		Requests: len(c.Rungs),
		Spent:    c.Spent,
		Rungs:    c.Rungs,
	}
	reasons := make(map[string]Problem, len(c.Lost))
	for _, problem := range c.Lost {
		reasons[problem.Block] = problem
	}
	var lost []Problem
	for _, block := range w.Blocks {
		text, ok := c.Good[block.ID]
		if !ok && reasons[block.ID].Check != checkGlossary {
			// What stood before a retry was verified as well, if under another
			// glossary perhaps.
			text, ok = earlier[block.ID]
		}
		if ok {
			outcome.Blocks = append(outcome.Blocks, engine.Block{ID: block.ID, Text: text})
			continue
		}
		outcome.Untranslated++
		if problem, ok := reasons[block.ID]; ok {
			lost = append(lost, problem)
		}
	}
	outcome.Issue = issue(lost)
	return outcome
}

// Adopt gives a block that was awaited the translation of the block that it
// repeats: the one in the work itself, or another's. None at all means that the
// other could not be translated.
func (w *Work) Adopt(block Block, elsewhere *string) {
	if text, ok := w.Climb.Good[block.Repeats]; ok {
		w.Climb.Good[block.ID] = text
		return
	}
	if elsewhere != nil {
		w.Climb.Good[block.ID] = *elsewhere
		return
	}
	w.giveUp([]Problem{{Block: block.ID, Check: "repeats", Detail: "the same text in " + block.Repeats + " could not be translated"}})
}

// blocks returns the blocks of those ids, pieces of cut blocks included.
func (w *Work) blocks(ids []string) []Block {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	found := make([]Block, 0, len(ids))
	for _, block := range w.Blocks {
		if wanted[block.ID] {
			found = append(found, block)
		}
	}
	if len(found) == len(ids) {
		return found
	}
	for _, parts := range w.Climb.Parts {
		for _, part := range parts {
			if wanted[part.ID] {
				found = append(found, part)
			}
		}
	}
	return found
}

func characters(blocks []Block) (n int) {
	for _, block := range blocks {
		n += utf8.RuneCountInString(block.Text)
	}
	return n
}
