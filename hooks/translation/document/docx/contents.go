package docx

import (
	"encoding/xml"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
)

// role is what a part is to its document.
type role uint8

const (
	textRole     role = iota // paragraphs
	marginRole               // paragraphs of headers and footers
	drawingRole              // paragraphs of charts and diagrams
	stylesRole               // formats, and the languages that are set by default
	settingsRole             // languages alone
	numberRole               // labels of numbered paragraphs
	titleRole                // the document's properties
)

// source is a part to read.
type source struct {
	name string
	role role
}

// roleOf returns the role of the part that a relationship of a type leads to, by the
// last part of the type. Both the transitional and the strict types end so.
func roleOf(kind string) (role, bool) {
	switch kind[strings.LastIndexByte(kind, '/')+1:] {
	case "footnotes", "endnotes", "comments":
		return textRole, true
	case "header", "footer":
		return marginRole, true
	case "chart", "diagramData", "diagramDrawing":
		return drawingRole, true
	case "styles":
		return stylesRole, true
	case "settings":
		return settingsRole, true
	case "numbering":
		return numberRole, true
	}
	return 0, false
}

// contents returns the parts of a document that hold text or languages, the main
// part first.
func contents(a *archive.Archive) ([]source, error) {
	root, err := relationships(a, "")
	if err != nil {
		return nil, err
	}
	main := ""
	var found []source
	seen := map[string]bool{}
	for _, r := range root {
		switch r.kind[strings.LastIndexByte(r.kind, '/')+1:] {
		case "officeDocument":
			main = r.target
		case "core-properties":
			if a.Has(r.target) && !seen[r.target] {
				seen[r.target] = true
				found = append(found, source{r.target, titleRole})
			}
		}
	}
	if main == "" {
		return nil, document.Unreadablef("The file is no Word document: it does not say which of its parts is the text. Save it again as .docx.")
	}
	if !a.Has(main) || seen[main] {
		return nil, document.Unreadablef("The Word document's main part %s is missing; save or download the document again.", document.Quote(main))
	}
	if err := mustBeText(a, main); err != nil {
		return nil, err
	}
	found = append(found, source{main, textRole})
	seen[main] = true
	from := []string{main}
	for len(from) > 0 {
		related, err := relationships(a, from[0])
		if err != nil {
			return nil, err
		}
		from = from[1:]
		for _, r := range related {
			role, ok := roleOf(r.kind)
			if !ok || seen[r.target] || !a.Has(r.target) {
				continue
			}
			seen[r.target] = true
			found = append(found, source{r.target, role})
			if role == textRole || role == marginRole {
				from = append(from, r.target) // for the charts in it
			}
		}
	}
	return found, nil
}

// mustBeText refuses the other kinds of Office documents, by the content type of
// their main part.
func mustBeText(a *archive.Archive, main string) error {
	const types = "[Content_Types].xml"
	if !a.Has(types) {
		return document.Unreadablef("The file is no Word document: %s is missing in it. Save it again as .docx.", types)
	}
	kind := ""
	err := a.EachElement(types, func(e xml.StartElement) {
		if e.Name.Local == "Override" && strings.EqualFold(strings.TrimPrefix(archive.Attribute(e, "PartName"), "/"), main) {
			kind = archive.Attribute(e, "ContentType")
		}
	})
	switch {
	case err != nil:
		return err
	case strings.Contains(kind, "spreadsheetml"), strings.Contains(kind, "presentationml"):
		return &document.Error{Kind: document.Unsupported, Message: "The file is a spreadsheet or a presentation and not a Word document; copy its text into one of the formats on offer."}
	}
	return nil
}

// relationship leads from one part to another.
type relationship struct{ kind, target string }

// relationships returns where a part leads to within the document; "" is the
// document itself.
func relationships(a *archive.Archive, from string) ([]relationship, error) {
	name := path.Join(path.Dir(from), "_rels", path.Base(from)+".rels")
	if from == "" {
		name = "_rels/.rels"
	}
	if !a.Has(name) {
		if from != "" {
			return nil, nil
		}
		return nil, document.Unreadablef("The file is no Word document: %s is missing in it. Save it again as .docx.", name)
	}
	var found []relationship
	err := a.EachElement(name, func(e xml.StartElement) {
		if e.Name.Local != "Relationship" || strings.EqualFold(archive.Attribute(e, "TargetMode"), "External") {
			return
		}
		target := archive.Attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", path.Dir(from), target)
		}
		found = append(found, relationship{archive.Attribute(e, "Type"), strings.TrimPrefix(path.Clean(target), "/")})
	})
	return found, err
}
