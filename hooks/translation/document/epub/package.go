package epub

import (
	"encoding/xml"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
	"verso/hooks/translation/document/markup"
)

// Media types of the files that hold text (EPUB, OPF 2.0.1, DAISY).
const (
	packageType = "application/oebps-package+xml"
	ncxType     = "application/x-dtbncx+xml"
	xhtmlType   = "application/xhtml+xml"
	svgType     = "image/svg+xml"
	dtbookType  = "application/x-dtbook+xml"
	oebType     = "text/x-oeb1-document"
	htmlType    = "text/html"
)

// file is a file of a book that may hold text.
type file struct {
	name       string
	vocabulary markup.Vocabulary
	isPackage  bool
}

// item is an entry of a package's manifest.
type item struct{ name, mediaType string }

// contents returns the files of a book that hold text: the package document, the
// pages in their reading order, and then what stands outside of it.
func contents(a *archive.Archive) ([]file, error) {
	root, err := rootfile(a)
	if err != nil {
		return nil, err
	}
	if !a.Has(root) {
		return nil, document.Unreadablef("The book's package document %s, which lists its contents, is missing. Save or download the book again.", document.Quote(root))
	}
	c := collector{archive: a, seen: map[string]bool{}, xhtml: markup.XHTML(), html: markup.HTML(), ncx: ncxVocabulary()}
	c.add(root, packageVocabulary(), true)
	pages, err := c.listed(root)
	if err != nil {
		return nil, err
	}
	if pages == 0 {
		return nil, document.Unreadablef("The book has no pages: none of the files that its package document puts in order is there; save or download the book again.")
	}
	return c.files, nil
}

// collector collects files, each once.
type collector struct {
	archive *archive.Archive
	files   []file
	seen    map[string]bool
	// One of each for all files of a book, of which there may be many.
	xhtml, html, ncx markup.Vocabulary
}

func (c *collector) add(name string, vocabulary markup.Vocabulary, isPackage bool) {
	if name != "" && !c.seen[name] && c.archive.Has(name) {
		c.seen[name] = true
		c.files = append(c.files, file{name, vocabulary, isPackage})
	}
}

// listed adds the files that a package document lists, and returns how many there
// are of those in its reading order, pictures among them.
func (c *collector) listed(root string) (pages int, err error) {
	items := map[string]item{}
	var order, ids []string
	err = c.archive.EachElement(root, func(e xml.StartElement) {
		switch e.Name.Local {
		case "item":
			id := archive.Attribute(e, "id")
			items[id] = item{resolve(root, archive.Attribute(e, "href")), archive.Attribute(e, "media-type")}
			ids = append(ids, id)
		case "itemref":
			order = append(order, archive.Attribute(e, "idref"))
		}
	})
	if err != nil {
		return 0, err
	}
	for _, id := range order {
		page, ok := items[id]
		if !ok || !c.archive.Has(page.name) {
			continue
		}
		pages++
		if vocabulary, isText := c.vocabularyOf(page.mediaType, true); isText {
			c.add(page.name, vocabulary, false)
		}
	}
	for _, id := range ids {
		if vocabulary, isText := c.vocabularyOf(items[id].mediaType, false); isText {
			c.add(items[id].name, vocabulary, false)
		}
	}
	return pages, nil
}

// vocabularyOf returns the vocabulary of a media type, and whether its files hold
// text that is translated. Types that only old or careless books call their pages
// count in the reading order alone: elsewhere they may be data of a script.
func (c *collector) vocabularyOf(mediaType string, inOrder bool) (markup.Vocabulary, bool) {
	switch mediaType {
	case xhtmlType, svgType:
		return c.xhtml, true
	case ncxType:
		return c.ncx, true
	case oebType, dtbookType:
		return c.xhtml, inOrder
	case htmlType:
		return c.html, inOrder
	}
	return markup.Vocabulary{}, false
}

// packageVocabulary is that of a package document: the title and the description
// are text, the language is the book's, and the guide of EPUB 2 has titles.
func packageVocabulary() markup.Vocabulary {
	return markup.Vocabulary{
		Classify: func(tag *markup.Tag) markup.Class {
			property, _ := tag.Attribute("property")
			switch {
			case tag.Name == "language", tag.Name == "meta" && property == "dcterms:language":
				return markup.Locked | markup.Tongue
			case tag.Name == "title", tag.Name == "description", tag.Name == "reference":
				return markup.Unlocked | markup.Bare
			}
			return markup.Locked
		},
		Readable: func(tag *markup.Tag, attribute string) bool { return tag.Name == "reference" && attribute == "title" },
	}
}

// ncxVocabulary is that of the table of contents of EPUB 2. The author's name is no
// text, and the labels of pages are their numbers.
func ncxVocabulary() markup.Vocabulary {
	return markup.Vocabulary{
		Classify: func(tag *markup.Tag) markup.Class {
			switch tag.Name {
			case "text":
				return markup.Unlocked | markup.Bare
			case "docauthor":
				return markup.Sealed
			case "pagetarget":
				return markup.Locked | markup.Numbered
			}
			return markup.Locked
		},
		Readable: func(*markup.Tag, string) bool { return false },
	}
}
