package markup

import (
	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// translationWriter writes the translation of a block with the source's markup for
// its tags.
type translationWriter struct {
	*writer
	block    *block
	from, to int // the blocks that stand within it
	spelled  syntax.Spelling
	open     []int  // marks
	isOpen   []bool // the same by the mark
	sections []int  // those of open that are CDATA sections
	within   bool   // a CDATA section is open in what was written
}

// write writes a translation that fits the block.
func (w *translationWriter) write(translation string) {
	strayed := w.block.strayed(translation)
	w.isOpen = make([]bool, len(w.block.marks))
	for token := range inline.Cut(translation) {
		if token.Kind == inline.Text {
			w.words(token.Text, w.spelled)
			continue
		}
		i := token.Number - 1
		m := &w.block.marks[i]
		if m.literal {
			w.words(w.text.literals[m.open.start], nil)
			continue
		}
		if closes := m.cdata && token.Kind == inline.Close; w.within != closes {
			// No tag can stand in a section, and its end needs a beginning.
			w.out.WriteString(map[bool]string{true: syntax.CDATAClose, false: syntax.CDATAOpen}[w.within])
		}
		w.within = m.cdata && token.Kind == inline.Open
		switch {
		case token.Kind == inline.Open:
			w.begin(i, m)
		case token.Kind == inline.Close:
			w.end(i, m, strayed[i])
		case m.within == 0 || w.isOpen[m.within-1]:
			w.copy(m.open.extent(), w.from, w.to)
		}
	}
}

// words writes text where a translation stands.
func (w *translationWriter) words(text string, spelled syntax.Spelling) {
	place := w.block.written()
	if len(w.sections) > 0 && w.sections[len(w.sections)-1] == w.open[len(w.open)-1] {
		place = syntax.InCDATA
		if !w.within {
			w.out.WriteString(syntax.CDATAOpen)
			w.within = true
		}
	}
	syntax.Escape(&w.out, w.breaks(text), place, spelled)
}

// begin writes what a pair begins with.
func (w *translationWriter) begin(i int, m *mark) {
	w.copy(m.open.extent(), w.from, w.to)
	w.open, w.isOpen[i] = append(w.open, i), true
	if m.cdata {
		w.sections = append(w.sections, i)
	}
}

// end writes what a pair ends with, and before it the marks that strayed from it.
func (w *translationWriter) end(i int, m *mark, strayed []int) {
	for _, inner := range strayed {
		w.copy(w.block.marks[inner].open.extent(), w.from, w.to)
	}
	w.copy(m.close.extent(), w.from, w.to)
	for range m.joined {
		w.copy(m.open.extent(), w.from, w.to)
		w.copy(m.close.extent(), w.from, w.to)
	}
	w.open, w.isOpen[i] = w.open[:len(w.open)-1], false
	if m.cdata {
		w.sections = w.sections[:len(w.sections)-1]
	}
}

// strayed returns, for each pair, the marks that must stand within it and do not:
// they are written at its end.
func (b *block) strayed(translation string) map[int][]int {
	var found map[int][]int
	isOpen := make([]bool, len(b.marks))
	for token := range inline.Cut(translation) {
		switch i := token.Number - 1; token.Kind {
		case inline.Open:
			isOpen[i] = true
		case inline.Close:
			isOpen[i] = false
		case inline.Alone:
			if outer := int(b.marks[i].within) - 1; outer >= 0 && !isOpen[outer] {
				if found == nil {
					found = map[int][]int{}
				}
				found[outer] = append(found[outer], i)
			}
		}
	}
	return found
}
