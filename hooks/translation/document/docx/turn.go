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

// noteTurn takes note of a start tag among formats.
func (p *parser) noteTurn(t syntax.Token, e *element) {
	if len(p.stack) == 0 || t.Prefix != p.part.prefix {
		return
	}
	parent := &p.stack[len(p.stack)-1]
	name, after := turning(parent.name)
	switch {
	case name == "":
	case t.Name == name && t.Closed && p.isOff():
		parent.off = extent{t.Start, t.End}
	case t.Name == name:
		parent.has = true
		if t.Closed {
			p.part.turned = append(p.part.turned, extent{t.Start, t.End})
		}
	case parent.turn == 0 && strings.Contains(after, " "+t.Name+" "):
		parent.turn = t.Start
	}
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

// leaveTurn ends the formats of a table or a section, which are turned whatever
// stands in them.
func (p *parser) leaveTurn(e element, t syntax.Token) {
	if e.name == "tblpr" {
		p.part.turns = append(p.part.turns, p.formatTurn(e, t, "bidiVisual"))
	}
	if e.name == "sectpr" {
		p.part.turns = append(p.part.turns, p.formatTurn(e, t, "bidi"))
	}
}

// newTurn returns the turn of a paragraph or a run that has no formats. Drawings
// have formats of their own.
func (p *parser) newTurn(t syntax.Token, formats, name string) turn {
	if t.Closed || t.Prefix == "a:" {
		return turn{}
	}
	// In the place of the tag's last byte, so that it belongs to the tag.
	return turn{extent{t.End - 1, t.End}, p.shared("><" + t.Prefix + formats + "><" + t.Prefix + name + "/></" + t.Prefix + formats + ">")}
}

// formatTurn returns the turn within formats that end; none where they have it.
func (p *parser) formatTurn(e element, t syntax.Token, name string) turn {
	tag := p.part.source[e.start:]
	prefix, _, _ := strings.Cut(tag[1:], ":")
	prefix += ":"
	switch {
	case e.has || prefix != p.part.prefix:
		return turn{}
	case e.off.end > 0:
		return turn{e.off, p.shared("<" + prefix + name + "/>")}
	case t.Start == t.End: // <w:rPr/>
		formats := tag[1+len(prefix) : 1+len(prefix)+len(e.name)]
		return turn{extent{e.start, t.End}, "<" + prefix + formats + "><" + prefix + name + "/></" + prefix + formats + ">"}
	}
	at := e.turn
	if at == 0 {
		at = t.Start
	}
	return turn{extent{at, at}, p.shared("<" + prefix + name + "/>")}
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

// noteLanguage takes note of the languages that a start tag declares.
func (p *parser) noteLanguage(t syntax.Token) {
	word := t.Name == "lang" || t.Name == "themefontlang"
	drawing := t.Prefix == "a:"
	if !word && !drawing {
		return
	}
	for _, a := range p.attributes {
		of := anyScript
		switch a.Name[strings.IndexByte(a.Name, ':')+1:] {
		case "val":
		case "eastasia":
			of = eastAsian
		case "bidi":
			of = complexScript
		case "lang":
			if !drawing {
				continue
			}
		default:
			continue
		}
		if a.Valued && a.End > a.Start && (word || a.Name == "lang") {
			p.part.tongues = append(p.part.tongues, tongue{extent{a.Start, a.End}, p.part.source[a.Start:a.End], of})
		}
	}
}

// edit replaces a range of a part's source.
type edit struct {
	extent
	text string
}

// languageEdits returns what is to be changed for the languages that a part declares.
// For the letters of East Asia and those written from right to left Word keeps a
// language apart.
func (p *part) languageEdits(main, target string) []edit {
	var edits []edit
	for _, t := range p.tongues {
		wanted := document.SameLanguage(t.value, main)
		if t.of != anyScript {
			wanted = scriptOf(target) == t.of
		}
		if wanted && t.value != target {
			edits = append(edits, edit{t.extent, target})
		}
	}
	return edits
}

// scriptOf returns which of Word's languages one is.
func scriptOf(tag string) script {
	if document.DirectionOf(tag) == document.RightToLeft {
		return complexScript
	}
	switch primary, _, _ := strings.Cut(tag, "-"); primary {
	case "zh", "ja", "ko", "yue":
		return eastAsian
	}
	return anyScript
}

// turnEdits returns what is to be changed where the text of a part is turned.
func (p *part) turnEdits(to document.Direction) []edit {
	var edits []edit
	if to == document.LeftToRight {
		for _, e := range p.turned {
			edits = append(edits, edit{e, ""})
		}
		return edits
	}
	add := func(t turn) {
		if t.text != "" {
			edits = append(edits, edit(t))
		}
	}
	for _, t := range p.turns {
		add(t)
	}
	for _, place := range p.places {
		if place.paragraph == nil {
			continue
		}
		add(place.paragraph.turn)
		turned := -1
		for _, a := range place.paragraph.atoms {
			if a.kind == textAtom && a.run != turned {
				turned = a.run
				add(p.runs[a.run].turn)
			}
		}
	}
	return edits
}
