package docx

import (
	"strings"

	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// sourceStyleID is the style of the source text in a bilingual document, by which it
// can be hidden.
const sourceStyleID = "VersoSource"

// sourceStyle returns the definition of that style. prefix is that of the part's
// names.
func sourceStyle(prefix string) string {
	return strings.ReplaceAll(`<w:style w:type="character" w:customStyle="1" w:styleId="`+sourceStyleID+`"><w:name w:val="Verso source"/>`+
		`<w:rPr><w:i/><w:color w:val="808080"/></w:rPr></w:style>`, "w:", prefix)
}

// shown returns what is left of a mark in plain text: of a tab or a line break a
// space.
func (w *writer) shown(q *paragraph, m mark) string {
	if m.node == nil {
		for _, i := range m.open {
			tag := w.part.source[q.atoms[i].start:q.atoms[i].end]
			if name, _, _ := strings.Cut(tag[strings.IndexByte(tag, ':')+1:], "/"); name == "tab" || strings.HasPrefix(name, "br") || name == "cr" {
				return " "
			}
		}
	}
	return m.literal
}

// sourceBelow returns a run with the source below a translation: its words, without
// what must stand once in a document.
func (w *writer) sourceBelow(q *paragraph, source string) string {
	var text strings.Builder
	for token := range inline.Cut(source) {
		shown := token.Text
		if token.Kind != inline.Text {
			shown = w.shown(q, q.marks[token.Number-1])
		}
		syntax.Escape(&text, shown, syntax.InContent, nil)
	}
	format := `<w:rStyle w:val="` + sourceStyleID + `"/>`
	if !w.file.styled {
		format = `<w:i/><w:color w:val="808080"/>`
	}
	run := strings.ReplaceAll(`<w:r><w:rPr>`+format+`</w:rPr><w:br/><w:t xml:space="preserve">`, "w:", w.part.prefix)
	return run + text.String() + strings.ReplaceAll("</w:t></w:r>", "w:", w.part.prefix)
}
