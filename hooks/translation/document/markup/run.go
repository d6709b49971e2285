package markup

import (
	"html"
	"strings"
	"unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

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
	if joined := p.joined(pieces[from:to], from); joined != nil {
		pieces, from, to = joined, 0, len(joined)
	}
	b := block{start: pieces[from].start, end: pieces[to-1].end}
	class := p.class()
	if class&Bare != 0 {
		b.place = inBare
	}
	if pieces[from].kind == words {
		b.start, _ = trimmed(p.text.source, b.start, pieces[from].end)
	}
	if pieces[to-1].kind == words {
		_, b.end = trimmed(p.text.source, max(b.start, pieces[to-1].start), b.end)
	}
	if to-from == 1 && pieces[from].kind == cdata {
		b.place = inCDATA
		b.start, b.end = b.start+len(syntax.CDATAOpen), b.end-len(syntax.CDATAClose)
	}
	w := blockWriter{p: p, block: &b, class: class}
	if err := w.pieces(pieces, from, to); err != nil {
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
		if m := pieces[i].mate; m >= 0 {
			high = max(high, m)
			for low > m {
				low--
				if n := pieces[low].mate; n >= 0 {
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
		return syntax.TrimSpace(p.text.source[piece.start+len(syntax.CDATAOpen):piece.end-len(syntax.CDATAClose)]) != ""
	}
	return false
}

// blockWriter writes a block's text with its numbered tags.
type blockWriter struct {
	p       *parser
	block   *block
	class   Class
	text    strings.Builder
	letters bool
	numbers []int // of the open pairs
}

// pieces writes the pieces from one index up to another. Tags that stand together,
// and begin and end together, are one.
func (w *blockWriter) pieces(pieces []piece, from, to int) error {
	closesAt := map[int]bool{} // pieces whose tag was written with another's
	for i := from; i < to; i++ {
		piece := pieces[i]
		switch {
		case piece.kind == words:
			start, end := piece.start, piece.end
			if i == from {
				start = max(start, w.block.start)
			}
			if i == to-1 {
				end = min(end, w.block.end)
			}
			if err := w.words(start, end, false); err != nil {
				return err
			}
		case piece.kind == cdata:
			if err := w.cdata(piece, to-from == 1); err != nil {
				return err
			}
		case closesAt[i]:
		case piece.kind == closing:
			w.close(extent{piece.start, piece.end})
		default:
			i = w.markup(pieces, i, to, closesAt)
		}
	}
	return nil
}

// markup writes the tag for the piece at an index, and for those after it that
// belong together with it, and returns the index of the last of them.
func (w *blockWriter) markup(pieces []piece, i, to int, closesAt map[int]bool) int {
	if last := w.standing(pieces, i, to); last >= i {
		m := mark{open: extent{pieces[i].start, pieces[last].end}, mute: true}
		for _, piece := range pieces[i : last+1] {
			if piece.class&Bound != 0 && len(w.numbers) > 0 {
				m.within = w.numbers[len(w.numbers)-1]
			}
			if piece.kind == alone && piece.class&Mute == 0 {
				m.mute = false
			}
		}
		w.alone(m)
		return last
	}
	last := i
	for pieces[i].joined == 0 && last+1 < to && pieces[last+1].joined == 0 && pieces[last+1].kind == opening && pieces[last+1].start == pieces[last].end &&
		pieces[last+1].mate == pieces[last].mate-1 && pieces[pieces[last].mate].start == pieces[pieces[last].mate-1].end {
		last++
		closesAt[pieces[last-1].mate] = true
	}
	w.open(mark{
		open:   extent{pieces[i].start, pieces[last].end},
		close:  extent{pieces[pieces[last].mate].start, pieces[pieces[i].mate].end},
		joined: pieces[i].joined,
	})
	return last
}

// standing returns the index of the last of the pieces, from one on, that can stand
// for one tag by themselves: they show no words, and are whole pairs. It is less
// than the first where there is none.
func (w *blockWriter) standing(pieces []piece, i, to int) int {
	last, depth := i-1, 0
	for j := i; j < to; j++ {
		switch pieces[j].kind {
		case opening:
			depth++
		case closing:
			depth--
		case words, cdata:
			if w.p.isWords(pieces[j]) || depth == 0 && w.class&Preformatted != 0 {
				return last
			}
			continue // white space between them
		}
		if depth < 0 {
			return last
		}
		if depth == 0 {
			last = j
		}
	}
	return last
}

func (w *blockWriter) add(m mark) int {
	w.block.marks = append(w.block.marks, m)
	return len(w.block.marks)
}

func (w *blockWriter) alone(m mark) { w.text.WriteString(inline.Tag(inline.Alone, w.add(m))) }

func (w *blockWriter) open(m mark) {
	m.pair = true
	number := w.add(m)
	w.numbers = append(w.numbers, number)
	w.text.WriteString(inline.Tag(inline.Open, number))
}

func (w *blockWriter) close(extent) {
	last := len(w.numbers) - 1
	w.text.WriteString(inline.Tag(inline.Close, w.numbers[last]))
	w.numbers = w.numbers[:last]
}

// cdata writes a CDATA section, as a pair of tags unless it is the whole block.
func (w *blockWriter) cdata(piece piece, whole bool) error {
	start, end := piece.start+len(syntax.CDATAOpen), piece.end-len(syntax.CDATAClose)
	switch {
	case whole:
		return w.words(start, end, true)
	case syntax.TrimSpace(w.p.text.source[start:end]) == "":
		w.alone(mark{open: extent{piece.start, piece.end}})
		return nil
	}
	w.open(mark{open: extent{piece.start, start}, close: extent{end, piece.end}, cdata: true})
	if err := w.words(start, end, true); err != nil {
		return err
	}
	w.close(extent{})
	return nil
}

// words writes the text of a range of the source, with references replaced unless
// it is raw. What looks like one of the numbered tags, and a reference to something
// that is not known, become tags that stand alone.
func (w *blockWriter) words(start, end int, raw bool) error {
	source := w.p.text.source[start:end]
	switch {
	case raw || strings.IndexByte(source, '&') < 0:
		w.literal(source)
		return nil
	case w.p.text.html:
		w.literal(html.UnescapeString(source))
		return nil
	}
	var decoded strings.Builder
	for at := 0; at < len(source); {
		next := strings.IndexByte(source[at:], '&')
		if next < 0 {
			decoded.WriteString(source[at:])
			break
		}
		decoded.WriteString(source[at : at+next])
		at += next
		length, text := syntax.ReferenceAt(source[at:], w.p.text.entities)
		switch {
		case length == 0:
			decoded.WriteByte('&')
			length = 1
		case text == "":
			w.literal(decoded.String())
			decoded.Reset()
			w.alone(mark{open: extent{start + at, start + at + length}})
		default:
			if w.p.expanded += len(text) - length; w.p.expanded > maxExpanded {
				return document.Unreadablef("The document's entities, such as %s, stand for more than %d MB of text; write the text out and upload it again.",
					document.Quote(source[at:at+length]), maxExpanded>>20)
			}
			decoded.WriteString(text)
		}
		at += length
	}
	w.literal(decoded.String())
	return nil
}

// maxExpanded bounds the text that a document's own entities stand for, beyond
// their references.
const maxExpanded = 4 << 20

// literal writes text that the document shows.
func (w *blockWriter) literal(text string) {
	if !w.letters {
		w.letters = strings.ContainsFunc(text, unicode.IsLetter)
	}
	if strings.IndexByte(text, '<') < 0 {
		w.spaced(text)
		return
	}
	for token := range inline.Cut(text) {
		if token.Kind == inline.Text {
			w.spaced(token.Text)
		} else {
			w.alone(mark{literal: token.Text})
		}
	}
}

// spaced writes text with its white space made single, as it is shown.
func (w *blockWriter) spaced(text string) {
	if w.class&Preformatted != 0 {
		w.text.WriteString(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
		return
	}
	for text != "" {
		space := strings.IndexAny(text, " \t\n\r\f")
		if space < 0 {
			w.text.WriteString(text)
			return
		}
		w.text.WriteString(text[:space])
		w.text.WriteByte(' ')
		text = strings.TrimLeft(text[space:], " \t\n\r\f")
	}
}
