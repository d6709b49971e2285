package verify

import "verso/hooks/translation/engine"

// given is what an answer holds under an id.
type given struct {
	text  string
	times int
}

// collect finds what the answer holds for each block. Ids that nobody asked for
// are dropped without a word: they take nothing away from the others.
func collect(asked, answered []engine.Block) []given {
	found := make([]given, len(asked))
	// Answers nearly always hold the blocks in the order of the question.
	at := 0
	var index map[string]int
	for _, block := range answered {
		position, ok := at, at < len(asked) && asked[at].ID == block.ID
		if !ok {
			if index == nil {
				index = make(map[string]int, len(asked))
				for i := range asked {
					index[asked[i].ID] = i
				}
			}
			if position, ok = index[block.ID]; !ok {
				continue
			}
		}
		found[position].text = block.Text
		found[position].times++
		at = position + 1
	}
	return found
}

// once wants every id exactly once. The same text twice is a problem too: of
// two blocks of an answer under one id, one belongs elsewhere.
func once(given given) (check, detail string) {
	switch given.times {
	case 1:
		return "", ""
	case 0:
		return "missing", "it was missing from the answer"
	}
	return "once", "it stood in the answer more than once"
}
