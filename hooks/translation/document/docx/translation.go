package docx

import (
	"regexp"
	"strings"

	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// paragraph writes a paragraph's content.
func (w *writer) paragraph(q *paragraph, translation, source string) {
	outer := w.run
	w.run = -1
	for i := range q.first {
		w.atom(q, i)
	}
	w.translated(q, q.before+translation+q.after)
	for i := q.last; i < len(q.atoms); i++ {
		if i == q.below {
			w.sourceBelow(q, source)
		}
		w.atom(q, i)
	}
	if q.below == len(q.atoms) {
		w.sourceBelow(q, source)
	}
	w.closeRun()
	w.run = outer
}

// scope is a node that is being written: which of its texts were used.
type scope struct {
	node *node
	next int // the section from which on texts are free
	// spare is the atom of a text like which more of the node's text is written, -1
	// where none was looked for.
	spare int
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
	scopes := []*scope{{node: q.root, spare: -1}}
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
			scopes = append(scopes, &scope{node: m.node, spare: -1})
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
		s.spare = q.firstText(section.atoms)
		w.section(q, section, text)
		return
	}
	w.closeRun()
	a := q.atoms[s.like(q)]
	w.openRun(a.run)
	w.textElement(a, text)
	w.closeRun()
}

// like returns the text of the node that was used last, or any in it; of a node
// without text, the paragraph's first.
func (s *scope) like(q *paragraph) int {
	if s.spare >= 0 {
		return s.spare
	}
	if s.spare = q.firstText(s.node.all()); s.spare < 0 {
		s.spare = q.firstText(indexesOf(0, len(q.atoms)))
	}
	return s.spare
}

// firstText returns the first text among atoms, -1 where there is none.
func (q *paragraph) firstText(among indexes) int {
	for i := among.from; i < among.to; i++ {
		if q.atoms[i].kind == textAtom {
			return int(i)
		}
	}
	return -1
}

// section writes a text in the place of one in the source: into the first of its
// runs, and nothing into the others.
func (w *writer) section(q *paragraph, s *section, text string) {
	written := false
	for i := s.atoms.from; i < s.atoms.to; i++ {
		a := q.atoms[i]
		switch {
		case a.kind != textAtom:
			w.atom(q, int(i))
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

func (w *writer) atoms(q *paragraph, among indexes) {
	for i := among.from; i < among.to; i++ {
		w.atom(q, int(i))
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
func (w *writer) openRun(run int32) {
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
		syntax.Escape(&w.out, oneLine(text), syntax.InContent, nil)
		w.out.WriteString("</" + name + ">")
		return
	}
	tag := source[a.start:a.content.start]
	if text != strings.TrimSpace(text) && !strings.Contains(tag, "preserve") {
		tag = spaceAttribute.ReplaceAllString(tag[:len(tag)-1], "") + preserve(tag[1:]) + ">"
	}
	w.out.WriteString(tag)
	syntax.Escape(&w.out, oneLine(text), syntax.InContent, nil)
	w.out.WriteString(source[a.content.end:a.end])
}

// spaceAttribute says that white space at the ends of a text is dropped.
var spaceAttribute = regexp.MustCompile(`\s+xml:space\s*=\s*(?:"[^"]*"|'[^']*')`)

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
