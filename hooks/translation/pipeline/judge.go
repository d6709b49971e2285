package pipeline

import (
	"sync"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/verify"
)

// Problem is why a block has no usable translation.
type Problem = verify.Problem

// Tags says what is wrong with the numbered tags of a translation, or "".
func Tags(source, translation string) string { return verify.Tags(source, translation) }

// mostCheckers bounds the pairs of languages whose checkers are kept. One takes
// some 80 KB and a millisecond to make; a tag may be anything.
const mostCheckers = 64

// checkers makes a checker for a pair of languages once, and forgets all of
// them where there are too many.
type checkers struct {
	mu     sync.Mutex
	byPair map[verify.Pair]*verify.Checker
}

func (c *checkers) of(pair verify.Pair) *verify.Checker {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.byPair[pair]
	if found == nil {
		if c.byPair == nil || len(c.byPair) >= mostCheckers {
			c.byPair = map[verify.Pair]*verify.Checker{}
		}
		found = verify.New(pair)
		c.byPair[pair] = found
	}
	return found
}

// judge sorts an answer: the translations that can be used by block id, and a
// problem for each block that has none.
func (x *Executor) judge(work *Work, imitation bool, asked []Block, answer []engine.Block) (good map[string]string, problems []Problem) {
	blocks := make([]engine.Block, len(asked))
	for i, block := range asked {
		blocks[i] = engine.Block{ID: block.ID, Text: block.Text}
	}
	pair := verify.Pair{Source: work.SourceLanguage, Target: work.TargetLanguage, Imitation: imitation}
	return x.checkers.of(pair).Answer(blocks, answer)
}
