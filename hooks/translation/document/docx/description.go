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
		p.part.places = append(p.part.places, place{extent: extent{a.Start, a.End}, block: n, quote: a.Quote})
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
