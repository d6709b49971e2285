package docx

import (
	"encoding/xml"
	"strings"

	"verso/hooks/translation/document/archive"
)

// codeStyles are the ids of the styles in which code is set.
type codeStyles map[string]bool // true for those of code

// readStyles finds the styles of code: those that Word, Pandoc, Google Docs and
// LibreOffice call so, by their names, which they have in English in every language.
// "HTML Preformatted" is none: prose that was copied from a web page is set in it.
// marked says that the style of sources is among them.
func readStyles(a *archive.Archive, name string) (code codeStyles, marked bool, err error) {
	code = codeStyles{}
	id := ""
	err = a.EachElement(name, func(e xml.StartElement) {
		switch e.Name.Local {
		case "style":
			id = archive.Attribute(e, "styleId")
			marked = marked || id == sourceStyleID
		case "name":
			if isCode(archive.Attribute(e, "val")) {
				code[id] = true
			}
		}
	})
	return code, marked, err
}

// sets reports whether code is set in a style. One that is not defined is told by its
// id.
func (c codeStyles) sets(id string) bool {
	is, ok := c[id]
	if !ok {
		is = isCode(id)
		c[id] = is
	}
	return is
}

func isCode(name string) bool {
	switch strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name)) {
	case "htmlcode", "sourcecode", "sourcetext", "code", "codeblock", "codechar", "inlinecode", "verbatimchar", "programlisting":
		return true
	}
	return false
}
