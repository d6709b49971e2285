package docx

import (
	"strings"
	"unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// script is which letters a language is written in, as far as Word keeps languages
// apart by it: text has three of them, and each letter is in one.
type script uint8

const (
	anyScript script = iota // all that are neither of the others
	eastAsian
	complexScript // written from right to left, among others
	scripts       // how many there are
)

// attribute returns the attribute in which a language of the script is declared.
func (s script) attribute() string {
	return [scripts]string{anyScript: "val", eastAsian: "eastAsia", complexScript: "bidi"}[s]
}

// scriptOf returns the script of a language (BCP 47).
func scriptOf(tag string) script {
	if document.DirectionOf(tag) == document.RightToLeft {
		return complexScript
	}
	switch primary, _, _ := strings.Cut(tag, "-"); strings.ToLower(primary) {
	case "zh", "ja", "ko", "yue":
		return eastAsian
	}
	return anyScript
}

// scriptOfTexts returns the script that most letters of a document are in. What it
// declares does not tell: Word declares three languages in each, whatever the text.
func scriptOfTexts(texts []string) script {
	var letters [scripts]int
	for _, text := range texts {
		for _, r := range text {
			switch {
			case r < 0x0590 && !unicode.IsLetter(r):
			case r < 0x0590: // before Hebrew
				letters[anyScript]++
			case unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam, unicode.Hanifi_Rohingya, unicode.Mandaic, unicode.Samaritan):
				letters[complexScript]++
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
				letters[eastAsian]++
			case unicode.IsLetter(r):
				letters[anyScript]++
			}
		}
	}
	most := anyScript
	for s, n := range letters {
		if n > letters[most] {
			most = script(s)
		}
	}
	return most
}

// spoken is what is known of a document's languages.
type spoken struct {
	declared [scripts]string // by its styles, "" for none
	script   script          // of its text
}

// source returns the language of the text, which who had it translated knows best,
// and its direction.
func (s *spoken) source(told string) (tag string, direction document.Direction) {
	switch {
	case told != "":
		return told, document.DirectionOf(told)
	case s.script == complexScript:
		return s.declared[complexScript], document.RightToLeft
	}
	return s.declared[s.script], document.LeftToRight
}

// tongue is an attribute's value, or an element's text, that is a language.
type tongue struct {
	extent
	value    string
	of       script
	standard bool // it is that of all text that declares none
	// attribute is what has to be written before a value where there is no attribute
	// yet, "" where there is.
	attribute string
}

// noteLanguage takes note of the languages that a start tag declares.
func (p *parser) noteLanguage(t syntax.Token) {
	switch {
	case t.Prefix == "a:":
		p.noteDrawingLanguage()
		return
	case t.Name != "lang" && t.Name != "themefontlang":
		return
	}
	standard := t.Name == "themefontlang" || len(p.stack) > 1 && p.stack[1].name == "docdefaults"
	var has [scripts]bool
	for _, a := range p.attributes {
		for s := range scripts {
			if a.Name[strings.IndexByte(a.Name, ':')+1:] != strings.ToLower(s.attribute()) {
				continue
			}
			has[s] = true
			if a.Valued && (standard || a.End > a.Start) {
				p.part.tongues = append(p.part.tongues, tongue{extent: extentOf(a.Start, a.End), value: p.part.source[a.Start:a.End], of: s, standard: standard})
			}
		}
	}
	if !standard || !strings.HasSuffix(p.part.source[t.Start:t.End], "/>") || p.part.attributes == "" {
		return
	}
	for s := range scripts {
		if at := t.End - len("/>"); !has[s] {
			p.part.tongues = append(p.part.tongues, tongue{extent: extentOf(at, at), of: s, standard: true, attribute: " " + p.part.attributes + s.attribute()})
		}
	}
}

// noteDrawingLanguage does so for the text of drawings, which has one language.
func (p *parser) noteDrawingLanguage() {
	for _, a := range p.attributes {
		if a.Name == "lang" && a.Valued && a.End > a.Start {
			p.part.tongues = append(p.part.tongues, tongue{extent: extentOf(a.Start, a.End), value: p.part.source[a.Start:a.End]})
		}
	}
}

// languageEdits returns what is to be changed for the languages that a part declares:
// those of the source's text, and those of the target's script where they were only
// declared in case there is such text.
func (p *part) languageEdits(languages *spoken, source, target string) []edit {
	var edits []edit
	for _, t := range p.tongues {
		wanted := scriptOf(target) == t.of && (t.standard || t.of != anyScript)
		if t.of == anyScript && t.attribute == "" {
			wanted = wanted || document.SameLanguage(t.value, source) || document.SameLanguage(t.value, languages.declared[anyScript])
		}
		switch {
		case !wanted || t.value == target:
		case t.attribute != "":
			edits = append(edits, edit{t.extent, t.attribute + `="` + target + `"`})
		default:
			edits = append(edits, edit{t.extent, target})
		}
	}
	return edits
}
