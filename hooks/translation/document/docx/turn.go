package docx

import (
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// turn is where an element would have to stand that turns what it formats from
// right to left, and what would stand there. An empty text is none.
type turn struct {
	extent
	text string
}

// turning maps the sets of formats to the element that turns what they format, and
// the elements that follow it in the order that the schema demands (ECMA-376 part 1,
// 17.3.1, 17.3.2, 17.4, 17.6): Word refuses a document with another.
func turning(formats string) (name, after string) {
	switch formats {
	case "ppr":
		return "bidi", " adjustrightind snaptogrid spacing ind contextualspacing mirrorindents suppressoverlap jc textdirection " +
			"textalignment textboxtightwrap outlinelvl divid cnfstyle rpr sectpr pprchange "
	case "rpr":
		return "rtl", " cs em lang eastasianlayout specvanish omath rprchange "
	case "tblpr":
		return "bidivisual", " tblstylerowbandsize tblstylecolbandsize tblw jc tblcellspacing tblind tblborders shd tbllayout " +
			"tblcellmar tbllook tblcaption tbldescription tblprchange "
	case "sectpr":
		return "bidi", " rtlgutter docgrid printersettings sectprchange "
	}
	return "", ""
}

// turns is what an element says of the direction of what is formatted.
type turns uint8

const (
	turnsNothing turns = iota
	turnsToLeft
	turnsOff
)

// noteTurn takes note of a start tag among formats, and returns what it says.
func (p *parser) noteTurn(t syntax.Token) turns {
	if len(p.stack) == 0 {
		return turnsNothing
	}
	parent := &p.stack[len(p.stack)-1]
	name, after := turning(parent.name)
	switch {
	case name == "":
	case t.Prefix != p.part.prefix:
		// Formats that newer programs added stand last.
		if parent.turn == 0 {
			parent.turn = int32(t.Start)
		}
	case t.Name == name && p.isOff():
		return turnsOff
	case t.Name == name:
		parent.has = true
		return turnsToLeft
	case parent.turn == 0 && strings.Contains(after, " "+t.Name+" "):
		parent.turn = int32(t.Start)
	}
	return turnsNothing
}

// isOff reports whether a format says that it does not hold, as Google Docs writes
// it everywhere.
func (p *parser) isOff() bool {
	switch p.value("val") {
	case "0", "false", "off":
		return true
	}
	return false
}

// leaveTurn ends an element that says the direction, or the formats of a table or a
// section, which are turned whatever stands in them. A style's formats, and those that a tracked change was made to, are
// not in force where they stand.
func (p *parser) leaveTurn(e element, t syntax.Token) {
	switch whole := extentOf(e.start, t.End); e.turns {
	case turnsToLeft:
		p.part.turned = append(p.part.turned, whole)
	case turnsOff:
		p.stack[len(p.stack)-1].off = whole
	}
	if e.name != "tblpr" && e.name != "sectpr" || p.part.role == stylesRole || strings.HasSuffix(p.top().name, "change") {
		return
	}
	name := "bidi"
	if e.name == "tblpr" {
		name = "bidiVisual"
	}
	p.part.turns = append(p.part.turns, p.formatTurn(e, t, name))
}

// newTurn returns the turn of a paragraph or a run that has no formats. Those of
// drawings have formats of their own.
func (p *parser) newTurn(t syntax.Token, formats, name string) turn {
	if t.Closed || t.Prefix != p.part.prefix {
		return turn{}
	}
	// In the place of the tag's last byte, so that it belongs to the tag.
	return turn{extentOf(t.End-1, t.End), p.shared("><" + t.Prefix + formats + "><" + t.Prefix + name + "/></" + t.Prefix + formats + ">")}
}

// formatTurn returns the turn within formats that end; none where they have it.
func (p *parser) formatTurn(e element, t syntax.Token, name string) turn {
	prefix := p.part.prefix
	switch {
	case e.has || e.prefix != prefix:
		return turn{}
	case e.off.end > 0:
		return turn{e.off, p.shared("<" + prefix + name + "/>")}
	case t.Start == t.End: // <w:rPr/>
		formats := p.part.source[e.start+1:][:len(prefix)+len(e.name)]
		return turn{extentOf(t.End-len("/>"), t.End), p.shared("><" + prefix + name + "/></" + formats + ">")}
	}
	at := e.turn
	if at == 0 {
		at = int32(t.Start)
	}
	return turn{extentOf(at, at), p.shared("<" + prefix + name + "/>")}
}

// shared returns a text that was written before, so that a hundred thousand runs
// hold it once.
func (p *parser) shared(text string) string {
	if before, ok := p.insertions[text]; ok {
		return before
	}
	p.insertions[text] = text
	return text
}

// edit replaces a range of a part's source.
type edit struct {
	extent
	text string
}

// turnEdits returns what is to be changed where a part is turned: its tables and
// pages, and the paragraphs that are translated, with their runs.
func (p *part) turnEdits(to document.Direction, isTranslated func(*place) bool) []edit {
	var edits []edit
	add := func(t turn) {
		if t.text != "" {
			edits = append(edits, edit(t))
		}
	}
	toRight := to == document.LeftToRight
	if toRight {
		for _, e := range p.turned {
			edits = append(edits, edit{e, ""})
		}
	} else {
		for _, t := range p.turns {
			add(t)
		}
	}
	if p.role == stylesRole {
		edits = append(edits, p.twinEdits(to, extentOf(0, len(p.source)))...)
	}
	for i := range p.places {
		q := p.places[i].paragraph
		if q == nil || !isTranslated(&p.places[i]) {
			continue
		}
		if !toRight {
			add(q.turn)
		}
		turned := int32(-1)
		for _, a := range q.atoms {
			if a.kind != textAtom || a.run == turned {
				continue
			}
			turned = a.run
			// Twins first: they come before it in the schema.
			edits = append(edits, p.twinEdits(to, p.runs[a.run].prefix)...)
			if !toRight {
				add(p.runs[a.run].turn)
			}
		}
	}
	return edits
}
