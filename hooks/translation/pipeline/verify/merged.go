package verify

import "verso/hooks/translation/engine"

// mergedShare is from which share of the length expected of two blocks together
// on a translation may be that of both: what a translation of both would fall
// below once in fifteen times at the deviation that spread allows for, and once
// in a hundred at the measured one.
//
// It is strict on purpose. Beside a block that has to be asked for again anyway,
// asking for a sound one once more costs little, and one that holds another's
// text would stand in the book twice. A short block beside a long one makes no
// difference in length that could be seen, so the long one is always asked for
// again.
const mergedShare = 0.69 // e^(−1.5 × spread)

// merged looks for translations that hold the text of the block beside them as
// well: where that one is missing, empty, or hardly there.
func (c *Checker) merged(b *bench, asked []engine.Block) {
	for i := range b.lines {
		if !b.lines[i].hollow {
			continue
		}
		missing := -1.0
		for _, beside := range [...]int{i - 1, i + 1} {
			if beside < 0 || beside >= len(b.lines) || b.lines[beside].check != "" || !b.lines[beside].shape.known {
				continue
			}
			if missing < 0 {
				b.source.read(asked[i].Text)
				missing = c.expected(&b.source)
			}
			line := &b.lines[beside]
			if !c.target.known || line.shape.length >= mergedShare*(line.shape.expected+missing) {
				line.check, line.detail = "merged", "it may hold the text of the block beside it, which was left out"
			}
		}
	}
}
