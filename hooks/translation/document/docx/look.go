package docx

import (
	"strings"

	"verso/hooks/translation/document/syntax"
)

// look returns a number for the formats of a run, equal where they look the same.
func (p *parser) look(formats string) int32 {
	n, ok := p.written[formats] // as a document repeats a few, to the letter
	if !ok {
		n = p.lookOf(formats)
		p.written[formats] = n
	}
	return n
}

func (p *parser) lookOf(formats string) int32 {
	key := p.seen(formats)
	n, ok := p.looks[key]
	if !ok {
		n = int32(len(p.looks))
		p.looks[key] = n
	}
	return n
}

// seen returns what is seen of the formats of a run: without the language that it is in,
// and what a spelling checker or an editor notes.
func (p *parser) seen(formats string) string {
	var (
		out        strings.Builder
		attributes []syntax.Attribute
		any        bool
	)
	for lexer, first := syntax.NewLexer(formats, false), true; ; first = false {
		t, ok := lexer.Next()
		switch {
		case !ok && !any:
			return "" // as where there are no formats
		case !ok:
			return out.String()
		case t.Kind != syntax.StartTag:
			if text := formats[t.Start:t.End]; syntax.TrimSpace(text) != "" {
				out.WriteString(text)
			}
			continue
		}
		attributes = syntax.Attributes(attributes[:0], formats, t)
		tag := p.seenOfTag(formats, t, attributes)
		out.WriteString(tag)
		// The outermost element says nothing by itself, unless it has attributes as in
		// drawings.
		any = any || tag != "" && !(first && strings.IndexByte(tag, ' ') < 0)
	}
}

// seenOfTag returns what is seen of a format, "" if nothing is.
func (p *parser) seenOfTag(formats string, t syntax.Token, attributes []syntax.Attribute) string {
	own := t.Closed && t.Prefix == p.part.prefix
	if own && (t.Name == "lang" || t.Name == "noproof" || t.Name == "webhidden") {
		return ""
	}
	var out strings.Builder
	for _, a := range attributes {
		if !p.isUnseen(a.Name) {
			out.WriteString(" " + formats[a.At:a.Behind()])
		}
	}
	if own && t.Name == "rfonts" && out.Len() == 0 {
		return ""
	}
	closed := ""
	if t.Closed {
		closed = "/"
	}
	return "<" + t.Prefix + t.Name + out.String() + closed + ">"
}

// isUnseen reports whether an attribute of a format, of Word's or of a drawing's, does
// not change how text looks.
func (p *parser) isUnseen(attribute string) bool {
	switch attribute {
	case "lang", "altlang", "dirty", "err", "smtclean", "noproof", "bmk", "xml:space", p.part.attributes + "hint":
		return true
	}
	return p.part.attributes != "" && strings.HasPrefix(attribute, p.part.attributes+"rsid")
}
