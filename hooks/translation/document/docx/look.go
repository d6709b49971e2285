package docx

import "regexp"

// What does not change how a run looks: the language it is in, and what a
// spelling checker or an editor notes.
var (
	lookless = regexp.MustCompile(`<w:(?:lang|noProof|webHidden)\b[^<>]*/>|\s(?:lang|altLang|dirty|err|smtClean|noProof|bmk|w:hint|w:rsid\w*|xml:space)\s*=\s*(?:"[^"]*"|'[^']*')|>\s+<`)
	emptied  = regexp.MustCompile(`<w:rFonts\s*/>|^<\w+:rPr\s*/?>(?:</\w+:rPr>)?$`)
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
	key := lookless.ReplaceAllStringFunc(formats, func(s string) string {
		if s[0] == '>' {
			return "><"
		}
		return ""
	})
	key = emptied.ReplaceAllString(emptied.ReplaceAllString(key, ""), "")
	n, ok := p.looks[key]
	if !ok {
		n = int32(len(p.looks))
		p.looks[key] = n
	}
	return n
}
