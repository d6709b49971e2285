package markup

import (
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// languages are the places where a document says which language it is in and which
// way it is written.
type languages struct {
	main   string // of the document
	names  []named
	ways   []named
	root   int  // where an attribute may be added to the root element; 0 if nowhere
	told   bool // the root says its language
	titled bool // an element, and not only an attribute, says the language
	turned bool // the root, or the body, says its direction
	// Where the direction in which a book's pages are turned may be added, which
	// EPUB 2 has not; 0 if nowhere.
	spine int
	epub3 bool
}

// named is an attribute's value, or an element's text.
type named struct {
	extent
	value string
	// bare says that the attribute has no value, not even an empty one.
	bare bool
}

// isEmpty reports whether an attribute says nothing, and a value is written in its
// place: an attribute must not stand twice.
func (n *named) isEmpty() bool { return syntax.TrimSpace(n.value) == "" }

// edit returns the edit that gives an attribute another value.
func (n *named) edit(value string) edit {
	if n.bare {
		value = `="` + value + `"`
	}
	return edit{n.extent, value}
}

// name takes note of an element's text that is a language.
func (l *languages) name(source string, t syntax.Token) {
	start, end := trimmed(source, t.Start, t.End)
	if start == end {
		return
	}
	if !l.titled { // the first of several is the main one
		l.main, l.titled = source[start:end], true
	}
	l.names = append(l.names, named{extent: extent{start, end}, value: source[start:end]})
}

// note takes note of what a start tag says.
func (l *languages) note(p *parser, t syntax.Token, class Class) {
	isRoot := len(p.stack) == 0 && (t.Name == "html" || !p.text.html)
	if isRoot && l.root == 0 {
		l.root = t.Start + 1 + len(t.Prefix) + len(t.Name)
	}
	if t.Name == "spine" && l.epub3 {
		l.spine = t.Start + 1 + len(t.Prefix) + len(t.Name)
	}
	for _, a := range p.attributes {
		value := named{extent: extent{a.Start, a.End}, value: p.text.source[a.Start:a.End], bare: !a.Valued}
		switch a.Name {
		case "version":
			l.epub3 = l.epub3 || isRoot && t.Name == "package" && strings.HasPrefix(value.value, "3")
		case "lang", "xml:lang":
			l.noteName(value, isRoot, isRoot || t.Name == "body", class)
		case "page-progression-direction":
			if t.Name == "spine" && l.spine > 0 {
				l.spine = 0
				l.ways = append(l.ways, value)
			}
		case "dir":
			isTop := isRoot || t.Name == "body"
			l.turned = l.turned || isTop
			if class&Inline == 0 && (class&Locked == 0 || isRoot) && (isTop || !value.isEmpty()) {
				l.ways = append(l.ways, value)
			}
		}
	}
}

// noteName takes note of a language that an attribute tells. An empty one within the
// document is a passage of which its author does not know it.
func (l *languages) noteName(value named, isRoot, isTop bool, class Class) {
	l.told = l.told || isRoot
	if value.isEmpty() && !isRoot {
		return
	}
	if l.main == "" && isTop {
		l.main = value.value
	}
	if class&Locked == 0 || isRoot {
		l.names = append(l.names, value)
	}
}

// edits returns what is to be changed where a document is written in a language.
// A passage in a third language keeps its attribute: nobody knows what became of
// it. Direction is left alone unless the target's is another than the source's.
func (l *languages) edits(t *Text, output Output) []edit {
	if output.Target == "" {
		return nil
	}
	main := l.main
	if main == "" {
		main = output.Source
	}
	var edits []edit
	if !l.told && l.root > 0 && t.isPage() {
		edits = append(edits, edit{extent{l.root, l.root}, t.attribute("lang", output.Target)})
	}
	source, target := document.DirectionOf(main), document.DirectionOf(output.Target)
	if source != target && target == document.RightToLeft && !l.turned && l.root > 0 && t.isPage() {
		edits = append(edits, edit{extent{l.root, l.root}, ` dir="rtl"`})
	}
	if source != target && target == document.RightToLeft && l.spine > 0 {
		edits = append(edits, edit{extent{l.spine, l.spine}, ` page-progression-direction="rtl"`})
	}
	for _, name := range l.names {
		if (name.isEmpty() || document.SameLanguage(name.value, main)) && name.value != output.Target {
			edits = append(edits, name.edit(output.Target))
		}
	}
	if source != target {
		for _, way := range l.ways {
			if strings.EqualFold(way.value, string(source)) || way.value == "default" || way.isEmpty() && target == document.RightToLeft {
				edits = append(edits, way.edit(string(target)))
			}
		}
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	return edits
}

// isPage reports whether the root is that of a page, which may be told its language
// where it says none.
func (t *Text) isPage() bool {
	root := t.languages.root
	return strings.HasSuffix(strings.ToLower(t.source[:root]), "html") && strings.HasSuffix(t.source[:root-len("html")], "<"+t.prefix)
}

// attribute returns an attribute as it is added to a tag; in XML it is XML's own.
func (t *Text) attribute(name, value string) string {
	if !t.html {
		name = "xml:" + name
	}
	return " " + name + `="` + value + `"`
}
