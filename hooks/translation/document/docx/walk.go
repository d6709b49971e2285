package docx

import (
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// elementKind is what an element is to the paragraph that it stands in.
type elementKind uint8

const (
	plainKind     elementKind = iota
	paragraphKind             // <w:p>
	formatKind                // the formats of a paragraph
	runKind                   // <w:r>
	runFormatKind             // the formats of a run
	textKind                  // <w:t>
	opaqueKind                // what is one thing, whatever is in it
	containerKind             // what surrounds runs: a link, an insertion
	headKind                  // what has to be the first in what surrounds runs
	controlKind               // a content control
	contentKind               // the content of one
	rubyKind                  // a run's ruby text
	baseKind                  // the text below its reading
	wordsKind                 // an element whose text is one block
	tongueKind                // an element whose text is a language
)

// openParagraph is a paragraph that is being read.
type openParagraph struct {
	atoms  []atom
	start  int32 // of its content
	runs   int   // how many runs there were before it
	run    int32 // the run that is open, -1 for none
	opaque int   // how many opaque elements are open
	code   bool
	word   bool // it is Word's own and not of a drawing
	turn   turn
}

// inner returns the paragraph whose content is being read, nil where there is none.
func (p *parser) inner() *openParagraph {
	if len(p.paragraphs) == 0 {
		return nil
	}
	return p.paragraphs[len(p.paragraphs)-1]
}

// enter decides what an element is.
func (p *parser) enter(t syntax.Token, e *element, parent element) {
	switch {
	case t.Name == "p" && !e.props:
		e.kind = paragraphKind
		p.paragraphs = append(p.paragraphs, &openParagraph{
			start: int32(t.End), run: -1, runs: len(p.part.runs), atoms: p.spare,
			word: t.Prefix == p.part.prefix, turn: p.newTurn(t, "pPr", "bidi"),
		})
		p.spare = nil
		return
	case p.part.role == titleRole && (t.Name == "title" || t.Name == "description"):
		e.kind = wordsKind
		e.close = int32(t.End)
		return
	case p.part.role == drawingRole && t.Name == "v" && p.isLabel(parent):
		e.kind = wordsKind
		e.close = int32(t.End)
		return
	case p.part.role == titleRole && t.Name == "language":
		e.kind = tongueKind
		e.close = int32(t.End)
		return
	case t.Name == "fallback" && len(p.alternates) > 0:
		p.alternates[len(p.alternates)-1].fallback = true
		return
	}
	if open := p.inner(); open != nil && open.opaque == 0 {
		if open.run < 0 {
			p.enterBetween(t, e, parent, open)
		} else {
			p.enterRun(t, e, parent, open)
		}
		if e.kind == opaqueKind {
			open.opaque++
		}
	}
	if t.Name == "alternatecontent" && len(p.alternates) < maxAlternates {
		e.alternate = true
		p.alternates = append(p.alternates, &alternate{texts: map[string]int{}})
	}
}

// enterBetween decides what an element is that stands beside the runs.
func (p *parser) enterBetween(t syntax.Token, e *element, parent element, open *openParagraph) {
	if e.props {
		if t.Name == "pstyle" && parent.kind == formatKind {
			open.code = p.code.sets(p.value("val")) && !p.translateCode
		}
		return
	}
	switch t.Name {
	case "ppr":
		if e.kind = opaqueKind; len(open.atoms) == 0 {
			e.kind, e.props = formatKind, true
		}
	case "r":
		e.kind = runKind
		open.run = int32(len(p.part.runs))
		p.part.runs = append(p.part.runs, run{prefix: extentOf(t.Start, t.End), look: p.look(""), turn: p.newTurn(t, "rPr", "rtl")})
	case "hyperlink", "ins", "moveto", "smarttag", "fldsimple", "customxml", "dir", "bdo":
		if e.kind = opaqueKind; !t.Closed {
			e.kind = containerKind
			open.add(atom{kind: openAtom, run: -1, extent: extentOf(t.Start, t.End)})
		}
	case "smarttagpr", "customxmlpr", "flddata":
		e.kind, e.props = headKind, true
	case "sdt":
		e.kind = controlKind
	case "sdtpr", "sdtendpr":
		e.props = true
	case "sdtcontent":
		if e.kind = opaqueKind; parent.kind == controlKind && !t.Closed {
			e.kind = contentKind
			open.add(atom{kind: openAtom, run: -1, extent: extentOf(parent.start, t.End)})
		}
	case "del", "movefrom":
		e.kind, e.dead = opaqueKind, true
	default:
		e.kind = opaqueKind
	}
}

// enterRun decides what an element is that stands in a run.
func (p *parser) enterRun(t syntax.Token, e *element, parent element, open *openParagraph) {
	if e.props {
		if t.Name == "rstyle" && parent.kind == runFormatKind && p.code.sets(p.value("val")) && !p.translateCode {
			p.part.runs[open.run].code = true
		}
		return
	}
	switch {
	case parent.kind == runKind && t.Name == "rpr" && !open.holds(open.run):
		e.kind, e.props = runFormatKind, true
	case parent.kind == runKind && t.Name == "t":
		e.kind = textKind
		e.close = int32(t.End)
	case parent.kind == runKind && t.Name == "ruby" && !open.holds(open.run) && parent.tail == 0:
		e.kind = rubyKind
	case parent.kind == rubyKind && t.Name == "rubypr":
		e.props = true
	case parent.kind == rubyKind && t.Name == "rubybase" && !t.Closed:
		e.kind = baseKind
		open.add(atom{kind: openAtom, run: -1, extent: extentOf(p.part.runs[open.run].prefix.start, t.End)})
		open.run = -1
	case parent.kind == rubyKind:
		e.dead = true // the reading
	default:
		e.kind = opaqueKind
	}
}

// leave ends an element.
func (p *parser) leave(e element, t syntax.Token) error {
	open := p.inner()
	if e.alternate {
		p.leaveAlternate()
	}
	p.leaveTurn(e, t)
	switch e.kind {
	case paragraphKind:
		p.paragraphs = p.paragraphs[:len(p.paragraphs)-1]
		return p.close(open, int32(t.Start))
	case formatKind:
		open.start = int32(t.End)
		open.turn = p.formatTurn(e, t, "bidi")
	case runFormatKind:
		r := &p.part.runs[open.run]
		r.prefix.end = int32(t.End)
		r.look = p.look(p.part.source[e.start:t.End])
		r.turn = p.formatTurn(e, t, "rtl")
	case textKind:
		p.leaveText(e, t, open)
	case runKind:
		p.leaveRun(e, t, open)
	case containerKind, headKind, contentKind, controlKind, baseKind, rubyKind:
		p.leaveContainer(e, t, open)
	case opaqueKind:
		open.opaque--
		open.add(p.opaque(e, extentOf(e.start, t.End), open))
	case tongueKind:
		if value := p.part.source[e.close:t.Start]; strings.TrimSpace(value) != "" {
			p.part.tongues = append(p.part.tongues, tongue{extent: extentOf(e.close, t.Start), value: value})
		}
	case wordsKind:
		p.words(extentOf(e.close, t.Start))
	}
	if open != nil && len(open.atoms) > maxParagraph {
		return document.Unreadablef("A paragraph in it has more than %d pieces; divide it.", maxParagraph)
	}
	return p.checkSize()
}

// leaveRun ends a run. One with ruby text was a container.
func (p *parser) leaveRun(e element, t syntax.Token, open *openParagraph) {
	if open.run >= 0 {
		p.part.runs[open.run].suffix = extentOf(t.Start, t.End)
		if !open.holds(open.run) && e.close == 0 {
			open.add(atom{kind: aloneAtom, silent: true, run: -1, extent: extentOf(e.start, t.End)}) // it is empty
			if last := len(p.part.runs) - 1; int(open.run) == last {
				p.part.runs = p.part.runs[:last]
			}
		}
	}
	open.run = -1
	if e.close > 0 {
		p.leaveRuby(e, t, open)
	}
}

// leaveText ends a run's text.
func (p *parser) leaveText(e element, t syntax.Token, open *openParagraph) {
	a := atom{kind: textAtom, run: open.run, extent: extentOf(e.start, t.End), content: extentOf(e.close, t.Start)}
	raw := p.part.source[a.content.start:a.content.end]
	if strings.IndexByte(raw, '<') >= 0 || p.part.runs[open.run].code {
		a.kind = aloneAtom // a comment in it, or code
	}
	open.add(a)
}

// opaque returns the atom of an element that is one thing.
func (p *parser) opaque(e element, at extent, open *openParagraph) atom {
	a := atom{kind: aloneAtom, run: open.run, extent: at}
	raw := p.part.source[at.start:at.end]
	switch e.name {
	case "prooferr", "lastrenderedpagebreak":
		a.silent = true
	case "bookmarkstart", "bookmarkend":
		// Word's own marks of where somebody was.
		a.silent = strings.Contains(raw, `"_GoBack"`)
	case "fldchar":
		switch {
		case strings.Contains(raw, `"begin"`):
			a.field = fieldBegin
		case strings.Contains(raw, `"separate"`):
			a.field = fieldResult
		case strings.Contains(raw, `"end"`):
			a.field = fieldEnd
		}
	}
	return a
}
