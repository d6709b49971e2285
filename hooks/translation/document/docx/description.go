package docx

import (
	"strings"

	"verso/hooks/translation/document/syntax"
)

// readable makes blocks of the attributes that are shown or read out: a picture's
// descriptions, which Word keeps twice, those of tables, the tip of a link, the label
// of a numbered paragraph, and text along a line.
func (p *parser) readable(t syntax.Token) error {
	inDrawing := t.Name == "docpr" || t.Name == "hlinkclick" || t.Name == "hlinkhover"
	if t.Name == "docpr" {
		p.described.texts = map[string]int{}
	}
	for _, a := range p.attributes {
		if !a.Valued || !p.isReadable(t, a) {
			continue
		}
		text := strings.Join(strings.Fields(syntax.Decode(p.part.source[a.Start:a.End], nil)), " ")
		if !hasLetter(text) {
			continue
		}
		n, ok := p.described.texts[text]
		if !ok || t.Name == "docpr" {
			n = p.block(text)
		}
		if inDrawing && p.described.texts != nil {
			p.described.texts[text] = n
		}
		p.part.places = append(p.part.places, place{extent: extentOf(a.Start, a.End), block: n, quote: a.Quote, label: t.Name == "lvltext"})
	}
	return p.checkSize()
}

// isReadable reports whether somebody reads an attribute.
func (p *parser) isReadable(t syntax.Token, a syntax.Attribute) bool {
	local := a.Name[strings.IndexByte(a.Name, ':')+1:]
	switch t.Name {
	case "docpr", "cnvpr":
		return local == "descr" || local == "title"
	case "hyperlink", "hlinkclick", "hlinkhover":
		return local == "tooltip"
	case "tblcaption", "tbldescription":
		return local == "val"
	case "textpath":
		return local == "string"
	case "lvltext":
		// Others are the signs of lists, some of which are letters of symbol fonts.
		return local == "val" && strings.IndexByte(p.part.source[a.Start:a.End], '%') >= 0
	}
	return t.Prefix == "v:" && local == "alt"
}

// isLabel reports whether a value within an element is a name in a chart, of a series
// or a category, and no number.
func (p *parser) isLabel(parent element) bool {
	if parent.name == "tx" {
		return true
	}
	for _, e := range p.stack[max(0, len(p.stack)-3):] {
		switch e.name {
		case "strcache", "strlit", "multilvlstrcache":
			return true
		}
	}
	return false
}

// words makes a block of an element's text. A chart repeats its labels for each of
// its series, so that the same words are one block.
func (p *parser) words(e extent) {
	raw := p.part.source[e.start:e.end]
	if strings.IndexByte(raw, '<') >= 0 {
		return
	}
	trimmed := syntax.TrimSpace(raw)
	e.start += int32(strings.Index(raw, trimmed))
	e.end = e.start + int32(len(trimmed))
	text := syntax.Decode(trimmed, nil)
	if !hasLetter(text) {
		return
	}
	n, ok := p.labels[text]
	if !ok {
		n = p.block(text)
		p.labels[text] = n
	}
	p.part.places = append(p.part.places, place{extent: e, block: n})
}
