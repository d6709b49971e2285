package docx

import (
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// sourceStyleID is the style of the source text in a bilingual document, by which it
// can be hidden.
const sourceStyleID = "VersoSource"

// sourceFormats are the style's formats, of letters of all directions.
const sourceFormats = `<w:i/><w:iCs/><w:color w:val="808080"/>`

// sourceStyle returns the definition of that style.
func (p *part) sourceStyle() string {
	return p.worded(`<w:style w:type="character" w:customStyle="1" w:styleId="` + sourceStyleID + `"><w:name w:val="Verso source"/>` +
		`<w:rPr>` + sourceFormats + `</w:rPr></w:style>`)
}

// worded returns markup of Word's with the prefixes that its names have in the part.
// Attributes always have one.
func (p *part) worded(markup string) string {
	return strings.NewReplacer("<w:", "<"+p.prefix, "</w:", "</"+p.prefix, " w:", " "+p.attributes).Replace(markup)
}

// findBelow returns before which of its atoms a paragraph's source stands: behind all
// that belongs to its words, such as a note, and before what ends the line or the
// page, or begins a field that goes on in another paragraph.
func (q *paragraph) findBelow(source string, mates []int) int {
	at := q.last
	for i := 0; i < at; i++ {
		at = max(at, mates[i]+1) // behind the end of what surrounds them
	}
	for at < len(q.atoms) {
		a := q.atoms[at]
		if mates[at] < 0 && a.field == fieldBegin || isBreak(localName(source[a.start:a.end])) {
			break
		}
		at = max(at, mates[at]) + 1
	}
	return at
}

// localName returns the name of the element that a piece of a source begins with,
// without its prefix.
func localName(tag string) string {
	name := strings.TrimPrefix(tag, "<")
	if end := strings.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return name[strings.IndexByte(name, ':')+1:]
}

// isBreak reports whether an element of that name ends a line, a column or a page.
func isBreak(name string) bool { return name == "br" || name == "cr" }

// shown returns what is left of a mark in plain text: code, signs, and of a tab or a
// line break a space.
func (w *writer) shown(q *paragraph, m mark) string {
	var text strings.Builder
	text.WriteString(m.literal)
	for i := m.open.from; i < m.open.to; i++ {
		a := q.atoms[i]
		switch name := localName(w.part.source[a.start:a.end]); {
		case m.node != nil:
		case a.content.end > 0:
			text.WriteString(w.part.text(a))
		case name == "tab" || isBreak(name):
			text.WriteByte(' ')
		case name == "noBreakHyphen":
			text.WriteByte('-')
		}
	}
	return text.String()
}

// sourceBelow writes a run with the source below a translation: its words, without
// what must stand once in a document.
func (w *writer) sourceBelow(q *paragraph, source string) {
	if !w.output.Bilingual {
		return
	}
	w.closeRun()
	format := `<w:rStyle w:val="` + sourceStyleID + `"/>`
	if !w.file.styled {
		format = sourceFormats
	}
	run := `<w:r><w:rPr>` + format + w.spoken() + `</w:rPr><w:br/><w:t xml:space="preserve">`
	w.out.WriteString(w.part.worded(run))
	for token := range inline.Cut(source) {
		shown := token.Text
		if token.Kind != inline.Text {
			shown = w.shown(q, q.marks[token.Number-1])
		}
		syntax.Escape(&w.out, shown, syntax.InContent, nil)
	}
	w.out.WriteString(w.part.worded("</w:t></w:r>"))
}

// spoken returns the formats that say which language the source is in, and which way
// it is written.
func (w *writer) spoken() string {
	formats := ""
	tag, direction := w.file.languages.source(w.output.Source)
	if direction == document.RightToLeft {
		formats = "<w:rtl/>"
	}
	if w.output.Target != "" && isTag(tag) {
		formats += `<w:lang w:` + scriptOf(tag).attribute() + `="` + tag + `"/>`
	}
	return formats
}

// isTag reports whether a language is spelled so that it can be written anywhere.
func isTag(tag string) bool {
	return tag != "" && !slices.ContainsFunc([]byte(tag), func(c byte) bool {
		return c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}
