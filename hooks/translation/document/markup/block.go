package markup

import (
	"html"
	"slices"
	"strings"
	"unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// blockWriter writes a block's text with its numbered tags.
type blockWriter struct {
	p       *parser
	block   *block
	class   Class
	text    []byte
	marks   []mark
	letters bool
	numbers []int32 // of the open pairs
	shows   int     // the piece, from the one being written on, that shows words next
}

// blockWriter returns the writer of a block's text, in the memory of the last one.
func (p *parser) blockWriter(b *block, class Class) *blockWriter {
	p.writer = blockWriter{p: p, block: b, class: class, text: p.writer.text[:0], marks: p.writer.marks[:0], numbers: p.writer.numbers[:0], shows: -1}
	return &p.writer
}

// keep adds a block to the document if it holds something to translate.
func (p *parser) keep(b block, w *blockWriter) error {
	if b.text = p.text.source[b.start:b.end]; b.text != string(w.text) { // most are the source's own
		b.text = string(w.text)
	}
	if !w.letters || w.class&Numbered != 0 && isNumeral(b.text) {
		return nil
	}
	if len(p.text.blocks) >= document.MaxBlocks {
		return document.TooLarge()
	}
	if len(w.marks) > 0 {
		b.marks = slices.Clone(w.marks)
	}
	p.text.blocks = append(p.text.blocks, b)
	return nil
}

// isNumeral reports whether a text is a page's number, Roman ones included.
func isNumeral(text string) bool {
	return strings.Trim(text, "0123456789ivxlcdmIVXLCDM-–.,[]() ") == ""
}

// pieces writes the pieces of a block. Tags that stand together, and begin and end
// together, are one.
func (w *blockWriter) pieces(pieces []piece) error {
	for i := 0; i < len(pieces); i++ {
		piece := pieces[i]
		switch piece.kind {
		case words:
			start, end := max(int(piece.start), w.block.start), min(int(piece.end), w.block.end)
			if err := w.words(start, end, false); err != nil {
				return err
			}
		case cdata:
			if err := w.cdata(int(piece.start), int(piece.end), len(pieces) == 1); err != nil {
				return err
			}
		case closed:
		case closing:
			w.close()
		default:
			i = w.markup(pieces, i)
		}
	}
	return nil
}

// markup writes the tag for the piece at an index, and for those after it that
// belong together with it, and returns the index of the last of them.
func (w *blockWriter) markup(pieces []piece, i int) int {
	if last := w.standing(pieces, i); last >= i {
		m := mark{open: stretch{pieces[i].start, pieces[last].end}, mute: true}
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
	for last+1 < len(pieces) && areOne(pieces, last) {
		pieces[pieces[last].mate].kind = closed
		last++
	}
	w.open(mark{
		open:   stretch{pieces[i].start, pieces[last].end},
		close:  stretch{pieces[pieces[last].mate].start, pieces[pieces[i].mate].end},
		joined: pieces[i].joined,
	})
	return last
}

// areOne reports whether the pair that a piece opens, and the one after it, begin and
// end together.
func areOne(pieces []piece, i int) bool {
	outer, inner := pieces[i], pieces[i+1]
	return inner.kind == opening && outer.joined == 0 && inner.joined == 0 && inner.start == outer.end &&
		inner.mate == outer.mate-1 && pieces[outer.mate].start == pieces[inner.mate].end
}

// standing returns the index of the last of the pieces, from one on, that can stand
// for one tag by themselves: they show no words, and are whole pairs. It is less
// than the first where there is none.
func (w *blockWriter) standing(pieces []piece, i int) int {
	if w.shows < i {
		for w.shows = i; w.shows < len(pieces) && !w.p.isWords(pieces[w.shows]); w.shows++ {
		}
	}
	last := i - 1
	for j := i; j < w.shows; j++ {
		switch pieces[j].kind {
		case opening:
			if j = int(pieces[j].mate); j > w.shows {
				return last
			}
		case closing, closed:
			return last
		case words, cdata: // white space between them
			if w.class&Preformatted != 0 {
				return last
			}
			continue
		}
		last = j
	}
	return last
}

func (w *blockWriter) add(m mark) int {
	w.marks = append(w.marks, m)
	return len(w.marks)
}

func (w *blockWriter) tag(kind inline.Kind, number int) {
	w.text = append(w.text, inline.Tag(kind, number)...)
}

func (w *blockWriter) alone(m mark) { w.tag(inline.Alone, w.add(m)) }

func (w *blockWriter) open(m mark) {
	m.pair = true
	number := w.add(m)
	w.numbers = append(w.numbers, int32(number))
	w.tag(inline.Open, number)
}

func (w *blockWriter) close() {
	last := len(w.numbers) - 1
	w.tag(inline.Close, int(w.numbers[last]))
	w.numbers = w.numbers[:last]
}

// cdata writes a CDATA section, as a pair of tags unless it is the whole block.
func (w *blockWriter) cdata(from, to int, whole bool) error {
	start, end := from+len(syntax.CDATAOpen), to-len(syntax.CDATAClose)
	switch {
	case whole:
		return w.words(start, end, true)
	case syntax.TrimSpace(w.p.text.source[start:end]) == "":
		w.alone(mark{open: stretchOf(from, to)})
		return nil
	}
	w.open(mark{open: stretchOf(from, start), close: stretchOf(end, to), cdata: true})
	if err := w.words(start, end, true); err != nil {
		return err
	}
	w.close()
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
			w.alone(mark{open: stretchOf(start+at, start+at+length)})
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
			w.alone(mark{open: w.p.literal(token.Text), literal: true})
		}
	}
}

// spaced writes text with its white space made single, as it is shown.
func (w *blockWriter) spaced(text string) {
	if w.class&Preformatted != 0 {
		w.text = append(w.text, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)...)
		return
	}
	for text != "" {
		space := strings.IndexAny(text, " \t\n\r\f")
		if space < 0 {
			w.text = append(w.text, text...)
			return
		}
		w.text = append(append(w.text, text[:space]...), ' ')
		text = strings.TrimLeft(text[space:], " \t\n\r\f")
	}
}

// literal returns where a text that could be taken for a numbered tag stands among
// those of the document.
func (p *parser) literal(text string) stretch {
	n, ok := p.literals[text]
	if !ok {
		n = int32(len(p.text.literals))
		text = strings.Clone(text)
		p.literals[text] = n
		p.text.literals = append(p.text.literals, text)
	}
	return stretch{start: n}
}
