package markup

import (
	"slices"

	"verso/hooks/translation/document/syntax"
)

// Class is what an element is to the text in and around it: a set of flags. None
// means a block, at whose tags the text around it ends.
type Class uint16

const (
	// Inline elements stand within a sentence.
	Inline Class = 1 << iota
	// Island elements stand within a sentence too, and what is in them does not
	// belong to it.
	Island
	// Void elements have no content and, in HTML, no end tag.
	Void
	// Locked elements hold no text to translate.
	Locked
	// Unlocked elements do, although they stand in locked ones.
	Unlocked
	// Sealed elements are locked, and nothing in them can be unlocked.
	Sealed
	// Preformatted elements keep their white space.
	Preformatted
	// Bare elements hold text alone, where no element may be added.
	Bare
	// Numbered elements hold page numbers, which are left where they are nothing
	// else.
	Numbered
	// Bound elements must not leave the element around them.
	Bound
	// Tongue elements hold the tag of the language that the document is in.
	Tongue
	// Joined elements only say how text looks: two alike, one directly after the other,
	// are one.
	Joined
	// Mute elements are seen once where the source is shown beside its translation.
	Mute
)

// inherited are the flags that hold for everything in an element.
const inherited = Locked | Sealed | Preformatted | Bare | Numbered

// Tag is a start tag, as a vocabulary sees it.
type Tag struct {
	// Name is the element's name, without its prefix, in lower case.
	Name string
	// Parent is the name of the element around it.
	Parent string

	source     string
	attributes []syntax.Attribute
}

// Attribute returns the value of an attribute, as it is written.
func (t *Tag) Attribute(name string) (string, bool) {
	for _, a := range t.attributes {
		if a.Name == name {
			return t.source[a.Start:a.End], true
		}
	}
	return "", false
}

// isFirst reports whether an attribute is the first of its name, which is the one that
// counts.
func (t *Tag) isFirst(i int) bool {
	return !slices.ContainsFunc(t.attributes[:i], func(a syntax.Attribute) bool { return a.Name == t.attributes[i].Name })
}

// Vocabulary says what the elements and attributes of a kind of document are.
type Vocabulary struct {
	// HTML documents are read by HTML's rules, all others by XML's.
	HTML bool
	// Classify returns what an element is.
	Classify func(*Tag) Class
	// Readable reports whether an attribute holds text that people read.
	Readable func(tag *Tag, attribute string) bool
}
