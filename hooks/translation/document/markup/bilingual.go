package markup

import (
	"regexp"
	"strings"

	"verso/hooks/translation/document"
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
		if m.pair || m.literal != "" || !m.mute {
			continue
		}
		w.out.WriteString(withoutNames(w.text.source[at:m.open.start]))
		at = m.open.end
	}
	w.out.WriteString(withoutNames(w.text.source[at:b.end]))
	w.out.WriteString(`</` + name("span") + `>`)
}

// nameAttribute is an attribute by which an element can be found.
var nameAttribute = regexp.MustCompile(`(<[^<>]*?)\s(?:xml:id|id|name)\s*=\s*(?:"[^"<>]*"|'[^'<>]*')`)

// withoutNames takes the names of elements out of a piece of source.
func withoutNames(source string) string {
	for strings.Contains(source, "id") || strings.Contains(source, "name") {
		cleaned := nameAttribute.ReplaceAllString(source, "$1")
		if cleaned == source {
			break
		}
		source = cleaned
	}
	return source
}
