package markup

// Programs that make pages out of other documents cut text that looks the same into
// pairs of equal tags at random: <b>Wo</b><b>rds</b>. For a translation such pairs
// are one: the first holds all the text, and the others stay, empty.

// joined returns the pieces of a block with equal pairs that follow one another made
// one; nil where there are none. The pieces' mates are counted from an index on.
func (p *parser) joined(pieces []piece, first int) []piece {
	var out []piece
	at := make(map[int]int) // indexes in out by those in pieces
	last := -1              // in out, the opening piece of the pair of words that ended last
	for i := 0; i < len(pieces); i++ {
		piece := pieces[i]
		if piece.mate >= 0 {
			piece.mate -= first
		}
		if piece.kind == opening && last >= 0 && i > 0 && pieces[i-1].kind == closing && p.alike(out[last], piece) &&
			p.holdsWords(pieces[i+1:piece.mate]) {
			end := out[len(out)-1]
			out = out[:len(out)-1]
			out = append(out, pieces[i+1:piece.mate]...)
			out[last].joined++
			end.start, end.end = pieces[piece.mate].start, pieces[piece.mate].end
			out[last].mate = len(out)
			out = append(out, end)
			i = piece.mate
			continue
		}
		last = -1
		at[i] = len(out)
		if piece.kind == closing {
			mate := at[piece.mate]
			if p.holdsWords(pieces[piece.mate+1 : i]) {
				last = mate
			}
			piece.mate = mate
			out[mate].mate = len(out)
		}
		out = append(out, piece)
	}
	if len(out) == len(pieces) {
		return nil
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
