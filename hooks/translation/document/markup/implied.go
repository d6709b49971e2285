package markup

import (
	"strings"

	"verso/hooks/translation/document/syntax"
)

// implyEnds ends the elements whose end tag HTML lets authors leave out before a
// start tag (html.spec.whatwg.org, optional tags).
func (p *parser) implyEnds(t syntax.Token) error {
	for len(p.stack) > 0 && ends(t.Name, p.stack[len(p.stack)-1].name) {
		if err := p.pop(t.Start, false); err != nil {
			return err
		}
	}
	return nil
}

// ends reports whether the start of an element ends an open one.
func ends(start, open string) bool {
	switch open {
	case "p":
		return endsParagraph(start)
	case "li":
		return start == "li"
	case "dt", "dd":
		return start == "dt" || start == "dd"
	case "td", "th":
		return start == "td" || start == "th" || start == "tr" || isTablePart(start)
	case "tr":
		return start == "tr" || isTablePart(start)
	case "thead", "tbody", "tfoot":
		return isTablePart(start)
	case "option":
		return start == "option" || start == "optgroup" || start == "hr"
	case "optgroup":
		return start == "optgroup" || start == "hr"
	case "rb", "rt", "rp":
		return start == "rt" || start == "rp" || start == "rb" || start == "rtc"
	case "rtc":
		return start == "rb" || start == "rtc"
	case "head":
		return start == "body"
	}
	return false
}

func isTablePart(name string) bool { return name == "thead" || name == "tbody" || name == "tfoot" }

// endsParagraph reports whether an element cannot stand within a paragraph.
func endsParagraph(name string) bool {
	const blocks = " address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form " +
		"h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul "
	return strings.Contains(blocks, " "+name+" ")
}
