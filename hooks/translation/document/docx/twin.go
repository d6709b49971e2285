package docx

import (
	"slices"
	"sort"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// Word keeps some formats twice: for most letters, and for those of scripts that are
// written from right to left. Of a bold word translated into Arabic nothing would be
// bold if it only had the first. So what is said in one is said in the other as well,
// unless that says something else. The two stand side by side in the schema.

// twin is what would have to be added beside a format for the other direction.
type twin struct {
	turn
	to document.Direction
	of string // the format's name
}

// twinOf returns the name of the format that another is kept beside, and whether that
// is the one for text from right to left; "" for formats that have none.
func twinOf(name string) (other string, toLeft bool) {
	switch name {
	case "b", "i", "sz":
		return name + "cs", true
	case "bcs", "ics", "szcs":
		return strings.TrimSuffix(name, "cs"), false
	}
	return "", false
}

// noteTwin takes note of a format of runs, until the other is there.
func (p *parser) noteTwin(t syntax.Token) {
	other, toLeft := twinOf(t.Name)
	if other == "" || t.Prefix != p.part.prefix || p.top().name != "rpr" {
		return
	}
	for i := len(p.part.twins) - 1; i >= 0 && p.part.twins[i].start > p.top().start; i-- {
		switch p.part.twins[i].of {
		case other:
			p.part.twins = slices.Delete(p.part.twins, i, i+1)
			return
		case t.Name:
			return // so that a set of formats has few
		}
	}
	added := twin{of: t.Name, to: document.LeftToRight}
	added.extent = extentOf(t.Start, t.Start)
	if toLeft {
		added.extent, added.to = extentOf(t.End, t.End), document.RightToLeft
	}
	if t.Closed {
		tag := p.part.source[t.Start:t.End]
		name := len("<") + len(t.Prefix) + len(t.Name)
		if toLeft {
			added.text = p.shared(tag[:name] + "Cs" + tag[name:])
		} else {
			added.text = p.shared(tag[:name-len("Cs")] + tag[name:])
		}
	}
	p.part.twins = append(p.part.twins, added)
}

// twinEdits returns what is to be added in a range of a part.
func (p *part) twinEdits(to document.Direction, within extent) []edit {
	var edits []edit
	from := sort.Search(len(p.twins), func(i int) bool { return p.twins[i].start >= within.start })
	for _, t := range p.twins[from:] {
		if t.end > within.end {
			break
		}
		if t.to == to && t.text != "" {
			edits = append(edits, edit(t.turn))
		}
	}
	return edits
}
