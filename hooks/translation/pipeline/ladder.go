package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

// What a segment may cost at most. One block among hundreds that no model
// translates is found by halving: some 2 × log₂(blocks) requests for about three
// times the segment's text. Ten such blocks take some five times the text.
const (
	// mostBarren bounds the answers in a row that bring no translation at all:
	// halving 400 blocks down to one takes ten, that one alone and of another
	// model two, and the one beside it may be as bad.
	mostBarren = 14
	// leastRequests, and one more for every blocksPerRequest blocks, bound the
	// requests, but for those that succeed: what is still to be asked for when
	// the bound is reached is given up at the next failure.
	leastRequests, blocksPerRequest = 16, 2
	// mostCostFactor bounds the characters asked for, over the segment's own.
	mostCostFactor = 10
)

// trouble is what came of a request that brought no usable translation for
// some of its blocks.
type trouble struct {
	kind     engine.ErrorKind // 0 where the answer was one, and did not pass the checks
	problems []Problem        // one for each block that is left
}

// climb decides how the blocks that an ask left untranslated are asked for
// next, and gives up those for which there is no way left.
func (w *Work) climb(ask Ask, t trouble) {
	if len(t.problems) == 0 {
		return
	}
	c := &w.Climb
	var disobedient, left []string
	for _, problem := range t.problems {
		if problem.Check == checkGlossary && (ask.Rung == RungFirst || ask.Rung == RungAgain) {
			disobedient = append(disobedient, problem.Block)
		} else {
			left = append(left, problem.Block)
		}
	}
	var next []Ask
	if len(left) > 0 {
		if next = w.rungAfter(ask, t.kind, left); len(next) == 0 {
			w.giveUp(of(t.problems, left))
		}
	}
	if len(disobedient) > 0 {
		next = append([]Ask{{Blocks: disobedient, Rung: RungTerms, Model: ask.Model}}, next...)
	}
	for i := range next {
		next[i].Problems = of(t.problems, next[i].Blocks)
	}
	// Before all others: what comes next to a failure is most likely to
	// succeed, and shows early whether anything does.
	c.Asks = append(next, c.Asks...)
	w.holdBounds()
}

// of returns the problems that some blocks have.
func of(problems []Problem, blocks []string) []Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return !slices.Contains(blocks, p.Block) })
}

// rungAfter returns the asks that follow on one, or none where the ladder ends.
func (w *Work) rungAfter(ask Ask, kind engine.ErrorKind, left []string) []Ask {
	at := func(rung RungName, blocks []string) Ask { return Ask{Blocks: blocks, Rung: rung, Model: ask.Model} }
	// Asked once more in the same words, a filter says the same, an answer that
	// was too long is as long, and an engine that broke off did so several times.
	useless := kind != 0 && kind != engine.Malformed
	switch {
	case ask.Rung == RungFirst && !useless:
		return []Ask{at(RungAgain, left)}
	case len(left) > 1:
		a, b := w.halves(left)
		if len(w.Climb.Rungs)%2 == 0 {
			a, b = b, a // by turns, so that no place in a segment is the worst
		}
		return []Ask{at(RungHalves, a), at(RungHalves, b)}
	case kind == engine.CutOff || kind == engine.Unsuitable:
		if parts := w.cutInTwo(left[0]); parts != nil {
			return []Ask{at(RungParts, parts[:1]), at(RungParts, parts[1:])}
		}
	}
	switch {
	case ask.Rung != RungAlone && ask.Rung != RungFallback:
		return []Ask{at(RungAlone, left)}
	case ask.Rung == RungAlone && w.Fallback != "":
		return []Ask{{Blocks: left, Rung: RungFallback, Model: w.Fallback}}
	}
	return nil
}

// halves divides blocks in two that have about as many characters.
func (w *Work) halves(ids []string) (a, b []string) {
	blocks := w.blocks(ids)
	whole, sum, at := characters(blocks), 0, 1
	for i, block := range blocks[:len(blocks)-1] {
		length := utf8.RuneCountInString(block.Text)
		if i > 0 && 2*sum+length > whole {
			break // closer without it
		}
		sum, at = sum+length, i+1
	}
	return ids[:at:at], ids[at:]
}

// giveUp leaves blocks untranslated. With a piece the whole block is lost.
func (w *Work) giveUp(problems []Problem) {
	c := &w.Climb
	for _, problem := range problems {
		whole, _, part := strings.Cut(problem.Block, "/")
		problem.Block = whole
		if part {
			w.forget(whole)
		}
		if !slices.ContainsFunc(c.Lost, func(p Problem) bool { return p.Block == whole }) {
			c.Lost = append(c.Lost, problem)
		}
	}
}

// holdBounds gives everything up that is left where a segment has cost as much
// as it may.
func (w *Work) holdBounds() {
	c := &w.Climb
	mostRequests := leastRequests + len(w.Blocks)/blocksPerRequest
	mostCharacters := max(mostCostFactor*characters(w.Blocks), 1000)
	if c.Barren < mostBarren && len(c.Rungs) < mostRequests && c.Characters < mostCharacters {
		return
	}
	asks := c.Asks
	c.Asks = nil
	for _, ask := range asks {
		problems := ask.Problems
		for _, id := range ask.Blocks {
			if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Block == id }) {
				problems = append(problems, Problem{Block: id, Check: "bounds", Detail: fmt.Sprintf("%d requests brought no translation of it", len(c.Rungs))})
			}
		}
		w.giveUp(problems)
	}
}
