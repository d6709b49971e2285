package markup

// Programs that make pages out of other documents cut text that looks the same into
// pairs of equal tags at random: <b>Wo</b><b>rds</b>. For a translation such pairs
// are one: the first holds all the text, and the others stay, empty.

// joined returns the pieces of a block, in their place, with equal pairs that follow
// one another made one. Mates were counted from an index on; now they are from 0.
func (p *parser) joined(pieces []piece, first int) []piece {
	out := pieces[:0]
	var open []int // openings in out
	last := -1     // in out, the opening piece of the pair of words that ended just before
	for i := 0; i < len(pieces); i++ {
		piece := pieces[i]
		mate := int(piece.mate) - first
		if piece.kind == opening && last >= 0 && p.alike(out[last], piece) && p.holdsWords(pieces[i+1:mate]) {
			end := out[len(out)-1]
			end.start, end.end = pieces[mate].start, pieces[mate].end
			out = append(out[:len(out)-1], pieces[i+1:mate]...)
			out[last].joined++
			out[last].mate = int32(len(out))
			out = append(out, end)
			i = mate
			continue
		}
		last = -1
		switch piece.kind {
		case opening:
			open = append(open, len(out))
		case closing:
			begin := open[len(open)-1]
			open = open[:len(open)-1]
			if p.holdsWords(out[begin+1:]) {
				last = begin
			}
			piece.mate, out[begin].mate = int32(begin), int32(len(out))
		}
		out = append(out, piece)
	}
	return out
}

// alike reports whether a pair that follows another directly begins with the same tag,
// and is one that may be cut to pieces.
func (p *parser) alike(before, after piece) bool {
	return after.class&Joined != 0 && p.text.source[before.start:before.end] == p.text.source[after.start:after.end]
}

// holdsWords reports whether there is nothing but text among pieces, and some.
func (p *parser) holdsWords(pieces []piece) bool {
	for _, piece := range pieces {
		if piece.kind != words {
			return false
		}
	}
	return len(pieces) > 0
}
