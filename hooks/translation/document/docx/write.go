package docx

import (
	"slices"
	"sort"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// write returns the content of a part's entry; changed is false where it is the
// source's. Blocks whose translation cannot be written are added to missing.
func (f *file) write(p *part, output document.Output, missing map[int]bool) (content string, changed bool, err error) {
	w := writer{file: f, part: p, output: output, run: -1}
	main := f.main
	if main == "" {
		main = output.Source
	}
	if output.Target != "" {
		w.edits = p.languageEdits(main, output.Target)
		if to := document.DirectionOf(output.Target); to != document.DirectionOf(main) {
			w.edits = append(w.edits, p.turnEdits(to)...)
		}
	}
	if output.Bilingual && p.role == stylesRole && p.end > 0 {
		w.edits = append(w.edits, edit{extent{p.end, p.end}, sourceStyle(p.prefix)})
	}
	slices.SortStableFunc(w.edits, func(a, b edit) int { return a.start - b.start })
	w.out.Grow(len(p.source) + len(p.source)/8)
	w.copy(extent{0, len(p.source)})
	for _, n := range w.left {
		missing[n] = true
	}
	if !w.changed {
		return "", false, nil
	}
	content, err = p.form.Encode(w.out.String())
	return content, true, err
}

// writer writes a part.
type writer struct {
	file    *file
	part    *part
	output  document.Output
	edits   []edit // in the order in which they stand
	out     strings.Builder
	changed bool
	left    []int // blocks

	run int // whose tag is open in what is written of a paragraph; -1 for none
}

// copy writes a range of the source with the blocks in it.
func (w *writer) copy(e extent) {
	places := w.part.places
	at := e.start
	n := sort.Search(len(places), func(i int) bool { return places[i].start >= e.start })
	for n < len(places) && places[n].end <= e.end {
		place := &places[n]
		w.plain(extent{at, place.start})
		if w.place(place) {
			n += 1 + sort.Search(len(places)-n-1, func(i int) bool { return places[n+1+i].start >= place.end })
			at = place.end
			continue
		}
		// The source stands, and in it other blocks may.
		at = place.start
		n++
	}
	w.plain(extent{at, e.end})
}

// plain writes a range of the source in which no block stands.
func (w *writer) plain(e extent) {
	first := sort.Search(len(w.edits), func(i int) bool { return w.edits[i].start >= e.start })
	at := e.start
	for _, edit := range w.edits[first:] {
		if edit.end > e.end || edit.start == e.end && edit.end == e.end {
			break
		}
		if edit.start < at {
			continue
		}
		w.out.WriteString(w.part.source[at:edit.start])
		w.out.WriteString(edit.text)
		at = edit.end
		w.changed = true
	}
	w.out.WriteString(w.part.source[at:e.end])
}

// place writes a block in its place, and reports whether it did: it does not where
// the source is to stand.
func (w *writer) place(place *place) bool {
	translation, ok := w.output.Translation(document.BlockID(place.block + 1))
	translation = strings.TrimSpace(translation)
	if !ok || translation == w.file.texts[place.block] {
		return false
	}
	var pairs []bool
	if place.paragraph != nil {
		for _, m := range place.paragraph.marks {
			pairs = append(pairs, m.node != nil)
		}
	}
	if translation == "" || place.paragraph != nil && !inline.Fits(translation, pairs) {
		w.left = append(w.left, place.block)
		return false
	}
	w.changed = true
	switch {
	case place.paragraph != nil:
		w.paragraph(place.paragraph, translation, w.file.texts[place.block])
	case place.quote == '\'':
		syntax.Escape(&w.out, translation, syntax.InSingleQuotes, nil)
	case place.quote != 0:
		syntax.Escape(&w.out, translation, syntax.InDoubleQuotes, nil)
	default:
		syntax.Escape(&w.out, translation, syntax.InContent, nil)
	}
	return true
}

// paragraph writes a paragraph's content.
func (w *writer) paragraph(q *paragraph, translation, source string) {
	outer := w.run
	w.run = -1
	for i := range q.first {
		w.atom(q, i)
	}
	w.translated(q, q.before+translation+q.after)
	for i := q.last; i < len(q.atoms); i++ {
		w.atom(q, i)
	}
	w.closeRun()
	if w.output.Bilingual && w.part.role == textRole {
		w.out.WriteString(w.sourceBelow(q, source))
	}
	w.run = outer
}

// scope is a node that is being written: which of its texts were used.
type scope struct {
	node *node
	next int // the section from which on texts are free
	used *section
}

// text returns the next text of the node; nil where all are used.
func (s *scope) text() *section {
	for s.next < len(s.node.sections) {
		section := &s.node.sections[s.next]
		s.next++
		if section.node == nil && !section.alone {
			return section
		}
	}
	return nil
}

// translated writes a translation: text into the runs that the source's stood in.
func (w *writer) translated(q *paragraph, translation string) {
	scopes := []*scope{{node: q.root}}
	for token := range inline.Cut(translation) {
		inner := scopes[len(scopes)-1]
		if token.Kind == inline.Text {
			w.text(q, inner, token.Text)
			continue
		}
		m := q.marks[token.Number-1]
		switch token.Kind {
		case inline.Open:
			w.atoms(q, m.open)
			scopes = append(scopes, &scope{node: m.node})
		case inline.Close:
			w.rest(q, inner)
			w.atoms(q, m.close)
			scopes = scopes[:len(scopes)-1]
		case inline.Alone:
			if m.literal != "" {
				w.text(q, inner, m.literal)
			}
			w.atoms(q, m.open)
		}
	}
	w.rest(q, scopes[0])
}

// text writes text that looks like a node's: into its next text, or, where the
// translation has more pieces, into another run like the last.
func (w *writer) text(q *paragraph, s *scope, text string) {
	if section := s.text(); section != nil {
		s.used = section
		w.section(q, section, text)
		return
	}
	like := s.like(q)
	if like < 0 {
		like = q.anyText()
	}
	w.closeRun()
	a := q.atoms[like]
	w.openRun(a.run)
	w.textElement(a, text)
	w.closeRun()
}

// like returns the atom of the node's text that was used last, or of any text in it;
// -1 where it has none.
func (s *scope) like(q *paragraph) int {
	among := s.node.all()
	if s.used != nil {
		among = s.used.atoms
	}
	for _, i := range among {
		if q.atoms[i].kind == textAtom {
			return i
		}
	}
	return -1
}

// anyText returns the paragraph's first text.
func (q *paragraph) anyText() int {
	return slices.IndexFunc(q.atoms, func(a atom) bool { return a.kind == textAtom })
}

// section writes a text in the place of one in the source: into the first of its
// runs, and nothing into the others.
func (w *writer) section(q *paragraph, s *section, text string) {
	written := false
	for _, i := range s.atoms {
		a := q.atoms[i]
		switch {
		case a.kind != textAtom:
			w.atom(q, i)
		case written:
			w.openRun(a.run)
			w.textElement(a, "")
		default:
			w.openRun(a.run)
			w.textElement(a, text)
			written = true
		}
	}
}

// rest writes the texts of a node that the translation did not use, empty.
func (w *writer) rest(q *paragraph, s *scope) {
	for section := s.text(); section != nil; section = s.text() {
		w.section(q, section, "")
	}
}

func (w *writer) atoms(q *paragraph, indexes []int) {
	for _, i := range indexes {
		w.atom(q, i)
	}
}

// atom writes an atom as it is, within a run like its own.
func (w *writer) atom(q *paragraph, i int) {
	a := q.atoms[i]
	if a.run < 0 {
		w.closeRun()
	} else {
		w.openRun(a.run)
	}
	w.copy(a.extent)
}

// openRun begins a run like one of the source, unless it is open.
func (w *writer) openRun(run int) {
	if w.run == run {
		return
	}
	w.closeRun()
	w.copy(w.part.runs[run].prefix)
	w.run = run
}

func (w *writer) closeRun() {
	if w.run >= 0 {
		w.copy(w.part.runs[w.run].suffix)
		w.run = -1
	}
}

// textElement writes a text's element with another text. Word drops white space at
// the ends of one unless it is told not to.
func (w *writer) textElement(a atom, text string) {
	source := w.part.source
	if a.content.end == a.end && text != "" { // <w:t/>
		name := strings.TrimSpace(strings.TrimSuffix(source[a.start+1:a.end-1], "/"))
		name, _, _ = strings.Cut(name, " ")
		w.out.WriteString("<" + name + preserve(name) + ">")
		syntax.Escape(&w.out, text, syntax.InContent, nil)
		w.out.WriteString("</" + name + ">")
		return
	}
	tag := source[a.start:a.content.start]
	if text != strings.TrimSpace(text) && !strings.Contains(tag, "xml:space") {
		tag = tag[:len(tag)-1] + preserve(tag[1:]) + ">"
	}
	w.out.WriteString(tag)
	syntax.Escape(&w.out, oneLine(text), syntax.InContent, nil)
	w.out.WriteString(source[a.content.end:a.end])
}

// preserve returns the attribute that keeps white space, in the elements that have
// it.
func preserve(name string) string {
	if strings.HasPrefix(name, "a:") {
		return ""
	}
	return ` xml:space="preserve"`
}

// oneLine makes line breaks and tabs spaces, which is what Word makes of them.
func oneLine(text string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text)
}
