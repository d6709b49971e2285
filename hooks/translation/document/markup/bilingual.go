package markup

import (
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// SourceClass is the class of the elements that hold the source text in a
// bilingual document, by which a style sheet can show or hide it.
const SourceClass = "verso-source"

// source writes a block's source below its translation, in an element of its own.
// What must stand once in a document, such as pictures, fields and the names that
// links lead to, is left out.
func (w *writer) source(b *block) {
	name := func(local string) string { return w.text.prefix + local }
	lang := w.text.languages.main
	if lang == "" {
		lang = w.output.Source
	}
	slash := ""
	if !w.text.html {
		slash = "/"
	}
	w.out.WriteString(`<` + name("br") + ` class="` + SourceClass + `"` + slash + `><` + name("span") + ` class="` + SourceClass + `"`)
	if lang != "" {
		w.out.WriteString(w.text.attribute("lang", lang))
	}
	if turned := document.TurnedAgainst(lang, w.output.Target); turned != "" {
		w.out.WriteString(` dir="` + string(turned) + `"`)
	}
	w.out.WriteString(">")
	at := b.start
	for _, m := range b.marks {
		if m.pair || m.literal || !m.mute {
			continue
		}
		w.out.WriteString(w.text.withoutNames(w.text.source[at:m.open.start]))
		at = int(m.open.end)
	}
	w.out.WriteString(w.text.withoutNames(w.text.source[at:b.end]))
	w.out.WriteString(`</` + name("span") + `>`)
}

// withoutNames takes the names of elements out of a piece of source.
func (t *Text) withoutNames(source string) string {
	if strings.IndexByte(source, '<') < 0 {
		return source
	}
	var (
		out        strings.Builder
		attributes []syntax.Attribute
		at         int
	)
	for lexer := syntax.NewLexer(source, t.html); ; {
		token, ok := lexer.Next()
		if !ok {
			break
		}
		if token.Kind != syntax.StartTag {
			continue
		}
		attributes = syntax.Attributes(attributes[:0], source, token)
		for _, a := range attributes {
			if isName(a.Name) {
				out.WriteString(strings.TrimRight(source[at:a.At], " \t\r\n\f"))
				at = a.Behind()
			}
		}
	}
	out.WriteString(source[at:])
	return out.String()
}

// isName reports whether an element can be found by an attribute.
func isName(attribute string) bool {
	switch attribute {
	case "id", "xml:id", "name":
		return true
	}
	return false
}
