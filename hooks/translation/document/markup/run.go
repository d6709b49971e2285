package markup

import "verso/hooks/translation/document/syntax"

// maxPieces bounds the pieces of a run: what is longer is divided, because no
// translation would hold so many tags, and their memory is bounded by it.
const maxPieces = 1 << 16

// run is the text and inline markup since the last block's tag.
type run struct {
	pieces  []piece
	flushes int // how many runs were there before in the same place
}

// pieceKind says what a piece of a run is.
type pieceKind uint8

const (
	words pieceKind = iota
	cdata           // words in a CDATA section, or the tag around them
	opening
	closing
	closed // a closing whose tag is written with another's
	alone
)

// piece is a range of the source within a run. A document has many of them.
type piece struct {
	kind       pieceKind
	class      Class
	start, end int32
	mate       int32 // of opening and closing, the other's index; -1 without one
	joined     int32 // of opening: how many pairs after it are one with it
}

// add adds a range of the source to the run, unless it stands in something locked,
// and returns its index; -1 where there is none.
func (p *parser) add(kind pieceKind, class Class, start, end int) int {
	if p.class()&Locked != 0 {
		return -1
	}
	r := p.runs[len(p.runs)-1]
	if last := len(r.pieces) - 1; last >= 0 && kind == r.pieces[last].kind && (kind == words || kind == alone) &&
		class == r.pieces[last].class && start == int(r.pieces[last].end) {
		r.pieces[last].end = int32(end)
		return last
	}
	r.pieces = append(r.pieces, piece{kind: kind, class: class, start: int32(start), end: int32(end), mate: -1})
	return len(r.pieces) - 1
}

// flush ends the run and makes blocks of it. A tag without its mate divides it, so
// that it stays where it is.
func (p *parser) flush() error {
	r := p.runs[len(p.runs)-1]
	if len(r.pieces) == 0 {
		return nil
	}
	pieces := r.pieces
	r.pieces, r.flushes = r.pieces[:0], r.flushes+1
	unpair(pieces)
	from := 0
	for i, piece := range pieces {
		if (piece.kind == opening || piece.kind == closing) && piece.mate < 0 {
			if err := p.block(pieces, from, i); err != nil {
				return err
			}
			from = i + 1
		}
	}
	return p.block(pieces, from, len(pieces))
}

// unpair parts the tags around one without its mate, because that divides what they
// surround: neither of two blocks could hold both.
func unpair(pieces []piece) {
	var open []int
	for i, piece := range pieces {
		switch {
		case piece.kind != opening && piece.kind != closing:
		case piece.mate < 0:
			for _, around := range open {
				pieces[pieces[around].mate].mate, pieces[around].mate = -1, -1
			}
			open = open[:0]
		case piece.kind == opening:
			open = append(open, i)
		default:
			open = open[:len(open)-1]
		}
	}
}

// block makes a block of the pieces from one index up to another, if they hold
// something to translate.
func (p *parser) block(pieces []piece, from, to int) error {
	from, to = p.narrowed(pieces, from, to)
	if from == to {
		return nil
	}
	pieces = p.joined(pieces[from:to], from)
	first, last := pieces[0], pieces[len(pieces)-1]
	b := block{start: int(first.start), end: int(last.end)}
	class := p.class()
	if class&Bare != 0 {
		b.place = inBare
	}
	if first.kind == words {
		b.start, _ = trimmed(p.text.source, b.start, int(first.end))
	}
	if last.kind == words {
		_, b.end = trimmed(p.text.source, max(b.start, int(last.start)), b.end)
	}
	if len(pieces) == 1 && first.kind == cdata {
		b.place = inCDATA
		b.start, b.end = b.start+len(syntax.CDATAOpen), b.end-len(syntax.CDATAClose)
	}
	w := p.blockWriter(&b, class)
	if err := w.pieces(pieces); err != nil {
		return err
	}
	return p.keep(b, w)
}

// narrowed leaves out what stands around the words of a run: pictures, anchors and
// line breaks at its ends, and pairs of tags around all of it.
func (p *parser) narrowed(pieces []piece, from, to int) (int, int) {
	first, last := from, to-1
	for first < to && !p.isWords(pieces[first]) {
		first++
	}
	for last >= first && !p.isWords(pieces[last]) {
		last--
	}
	if first > last {
		return from, from
	}
	// Whole pairs only: where one tag is within, so is the other.
	low, high := first, last
	for i := first; i <= high; i++ {
		if m := int(pieces[i].mate); m >= 0 {
			high = max(high, m)
			for low > m {
				low--
				if n := int(pieces[low].mate); n >= 0 {
					high = max(high, n)
				}
			}
		}
	}
	return low, high + 1
}

// isWords reports whether a piece shows anything but white space.
func (p *parser) isWords(piece piece) bool {
	switch piece.kind {
	case words:
		return syntax.TrimSpace(p.text.source[piece.start:piece.end]) != ""
	case cdata:
		return syntax.TrimSpace(p.text.source[int(piece.start)+len(syntax.CDATAOpen):int(piece.end)-len(syntax.CDATAClose)]) != ""
	}
	return false
}
