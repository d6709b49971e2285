package docx

import (
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// atomKind says what an atom is.
type atomKind uint8

const (
	textAtom  atomKind = iota // the text of a run
	aloneAtom                 // a thing of its own, in a run or beside it
	openAtom                  // the beginning of what surrounds runs
	closeAtom                 // its end
)

// fieldKind says which of a field's marks an atom is.
type fieldKind uint8

const (
	noField fieldKind = iota
	fieldBegin
	fieldResult // the field's code is over, its result follows
	fieldEnd
)

// atom is a piece of a paragraph that nothing divides.
type atom struct {
	extent
	content extent // of a text: what stands between its tags
	kind    atomKind
	field   fieldKind
	silent  bool  // nobody sees where it stands
	run     int32 // of the part; -1 beside the runs
}

// paragraph is the content of a paragraph that holds text to translate.
type paragraph struct {
	atoms []atom
	turn  turn
	// The block's text is that of the atoms from first to the one before last; the
	// others stay around it.
	first, last int
	// below is the atom before which the source stands in a bilingual document, -1
	// where it stands nowhere: headers and footers have no room, and the text of
	// drawings is another.
	below int
	// What white space stood around the text of those.
	before, after string
	root          *node
	marks         []mark
}

// mark is what a numbered tag stands for.
type mark struct {
	open  indexes // of atoms; of what stands alone, all of it
	close indexes // of atoms
	node  *node   // what is between; nil for what stands alone
	// literal is text that could be taken for a numbered tag; it stands alone.
	literal string
	// half says that it is half of a field, which must not change places with another
	// half: two fields would become one.
	half bool
}

// add adds an atom. Things that nobody sees, one after the other, are one.
func (o *openParagraph) add(a atom) {
	if last := len(o.atoms) - 1; last >= 0 && a.silent && a.run < 0 && o.atoms[last].silent && o.atoms[last].run < 0 && o.atoms[last].end == a.start {
		o.atoms[last].end = a.end
		return
	}
	o.atoms = append(o.atoms, a)
}

// holds reports whether anything of a run was read.
func (o *openParagraph) holds(run int32) bool {
	return len(o.atoms) > 0 && o.atoms[len(o.atoms)-1].run == run
}

// close ends a paragraph, and makes a block of it if it holds something to
// translate. The memory of one that does not is free for the next.
func (p *parser) close(open *openParagraph, end int32) error {
	places := len(p.part.places)
	if err := p.makeBlock(open, end); err != nil {
		return err
	}
	if len(p.part.places) > places {
		p.kept = len(p.part.runs)
	} else {
		p.part.runs = p.part.runs[:max(open.runs, p.kept)]
	}
	p.spare = open.atoms[:0]
	return nil
}

// holdsWords reports whether a paragraph holds something to translate.
func (p *parser) holdsWords(open *openParagraph) bool {
	return !open.code && slices.ContainsFunc(open.atoms, func(a atom) bool {
		return a.kind == textAtom && hasLetter(p.part.source[a.content.start:a.content.end])
	})
}

// makeBlock makes a block of a paragraph if it holds something to translate.
func (p *parser) makeBlock(open *openParagraph, end int32) error {
	if !p.holdsWords(open) {
		return nil
	}
	if p.room -= len(open.atoms); p.room < 0 {
		return document.Unreadablef("The document has more than %d pieces of text and markup; divide it into several files.", maxPieces)
	}
	q := paragraph{atoms: slices.Clone(open.atoms), turn: open.turn}
	mates, ok := mates(q.atoms)
	if !ok {
		return document.Unreadablef("A paragraph in it nests more than %d links, fields or insertions in one another; simplify it.", maxPairs)
	}
	b := builder{part: p.part, atoms: q.atoms, mates: mates}
	q.root, q.first, q.last = b.narrowed(b.node(0, len(q.atoms)))
	if q.root == nil {
		return nil
	}
	if q.below = -1; p.part.role == textRole && open.word {
		q.below = q.findBelow(p.part.source, mates)
	}
	w := textWriter{part: p.part, paragraph: &q, mates: mates}
	w.node(q.root)
	q.marks = slices.Clone(q.marks)
	whole := w.out.String()
	text := strings.TrimSpace(whole)
	q.before, q.after, _ = strings.Cut(whole, text)
	if hasLetter(text) {
		p.part.places = append(p.part.places, place{extent: extentOf(open.start, end), block: p.block(text), paragraph: &q})
	}
	return nil
}

// text returns what a text atom shows.
func (p *part) text(a atom) string {
	raw := p.source[a.content.start:a.content.end]
	if tag := p.source[a.start:a.content.start]; strings.HasPrefix(tag, "<"+p.prefix+"t") && !strings.Contains(tag, "preserve") {
		raw = syntax.TrimSpace(raw) // as Word reads it
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return r
	}, syntax.Decode(raw, nil))
}

// maxPairs bounds how deep pairs may be nested in a paragraph.
const maxPairs = 64

// mates returns for each beginning the index of its end, and the reverse; -1 for
// what has none. What surrounds runs is nested, because the part is valid XML;
// a field may begin in one paragraph and end in another, or cross what surrounds it.
// It answers false where they are nested too deep.
func mates(atoms []atom) (found []int, ok bool) {
	found = make([]int, len(atoms))
	var open []int
	for i, a := range atoms {
		found[i] = -1
		begins := a.kind == openAtom || a.field == fieldBegin
		switch {
		case begins:
			if open = append(open, i); len(open) > maxPairs {
				return nil, false
			}
		case a.kind == closeAtom:
			// Fields that were not ended within stay open.
			for len(open) > 0 && atoms[open[len(open)-1]].kind != openAtom {
				open = open[:len(open)-1]
			}
			if last := len(open) - 1; last >= 0 {
				found[i], found[open[last]] = open[last], i
				open = open[:last]
			}
		case a.field == fieldEnd:
			if last := len(open) - 1; last >= 0 && atoms[open[last]].field == fieldBegin {
				found[i], found[open[last]] = open[last], i
				open = open[:last]
			}
		}
	}
	return found, true
}

// textWriter writes a block's text, and the marks of its tags.
type textWriter struct {
	part      *part
	paragraph *paragraph
	mates     []int
	out       strings.Builder
}

func (w *textWriter) mark(m mark) int {
	w.paragraph.marks = append(w.paragraph.marks, m)
	return len(w.paragraph.marks)
}

// words writes the text of a section.
func (w *textWriter) words(s section) {
	var text strings.Builder
	for i := s.atoms.from; i < s.atoms.to; i++ {
		if a := w.paragraph.atoms[i]; a.kind == textAtom {
			text.WriteString(w.part.text(a))
		}
	}
	for token := range inline.Cut(text.String()) {
		if token.Kind == inline.Text {
			w.out.WriteString(token.Text)
		} else {
			w.out.WriteString(inline.Tag(inline.Alone, w.mark(mark{literal: token.Text})))
		}
	}
}

func (w *textWriter) node(n *node) {
	for _, s := range n.sections {
		switch {
		case s.node != nil:
			number := w.mark(mark{open: s.open, close: s.close, node: s.node})
			w.out.WriteString(inline.Tag(inline.Open, number))
			w.node(s.node)
			w.out.WriteString(inline.Tag(inline.Close, number))
		case s.alone:
			w.out.WriteString(inline.Tag(inline.Alone, w.mark(mark{open: s.atoms, half: w.isHalf(s.atoms)})))
		default:
			w.words(s)
		}
	}
}

// isHalf reports whether a mark of a field is among atoms, and not all of the field.
func (w *textWriter) isHalf(atoms indexes) bool {
	depth := 0
	for i := atoms.from; i < atoms.to; i++ {
		switch a := w.paragraph.atoms[i]; {
		case a.field == noField:
		case a.field == fieldResult && depth == 0, a.field != fieldResult && w.mates[i] < 0:
			return true
		case a.field == fieldBegin:
			depth++
		case a.field == fieldEnd:
			depth--
		}
	}
	return false
}

// takes reports whether a translation can be written in a paragraph: it has exactly its
// tags, and the halves of fields stand in their order.
func (q *paragraph) takes(translation string) bool {
	pairs := make([]bool, len(q.marks))
	for i, m := range q.marks {
		pairs[i] = m.node != nil
	}
	if !inline.Fits(translation, pairs) {
		return false
	}
	last := 0
	for token := range inline.Cut(translation) {
		if token.Kind == inline.Alone && q.marks[token.Number-1].half {
			if token.Number < last {
				return false
			}
			last = token.Number
		}
	}
	return true
}
