package syntax

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Entities are the entities that a document declares for itself, by name.
type Entities map[string]string

// longestEntity bounds the text of a declared entity, expanded; beyond it a
// declaration is there to do harm. Real ones name a publisher.
const longestEntity = 4 << 10

// longestDoctype bounds how much of a document type declaration is read for
// entities.
const longestDoctype = 1 << 20

var entityDeclaration = regexp.MustCompile(`<!ENTITY\s+([^\s%"'<>]+)\s+(?:"([^"]*)"|'([^']*)')\s*>`)

// Declared returns the entities of a document type declaration that stand for
// plain text. One that stands for markup, for another entity or for another file
// keeps its reference wherever it stands, and is never expanded here: so no
// declaration can make a small document a huge one, or read a file.
func Declared(doctype string) Entities {
	var found Entities
	for _, m := range entityDeclaration.FindAllStringSubmatch(doctype[:min(len(doctype), longestDoctype)], -1) {
		name, value := m[1], m[2]+m[3]
		if len(value) > longestEntity || predefined(name) || !isPlain(value) {
			continue
		}
		if found == nil {
			found = Entities{}
		}
		if _, ok := found[name]; !ok { // the first declaration counts
			found[name] = Decode(value, nil)
		}
	}
	return found
}

// predefined reports whether XML itself defines an entity.
func predefined(name string) bool {
	switch name {
	case "amp", "lt", "gt", "apos", "quot":
		return true
	}
	return false
}

// isPlain reports whether an entity's value is text without markup. A character
// reference in it is replaced where it is declared, so that &#60; makes a tag.
func isPlain(value string) bool {
	if strings.ContainsAny(value, "<%") {
		return false
	}
	for at := 0; ; {
		next := strings.IndexByte(value[at:], '&')
		if next < 0 {
			return true
		}
		at += next
		length, text := ReferenceAt(value[at:], nil)
		if length == 0 || text == "" {
			return false
		}
		name := value[at+1 : at+length-1]
		if name[0] == '#' && (text == "<" || text == "&") || name[0] != '#' && !predefined(name) {
			return false
		}
		at += length
	}
}

// longestReference bounds the bytes of a reference: the longest name is 33 long.
const longestReference = 64

// ReferenceAt reads the reference that s, which begins with "&", begins with. The
// text is "" where it is not known what it stands for, the length 0 where it is none.
func ReferenceAt(s string, declared Entities) (length int, text string) {
	end := strings.IndexByte(s[:min(len(s), longestReference)], ';')
	if end < 2 {
		return 0, ""
	}
	name := s[1:end]
	if name[0] != '#' && nameLength(name) != len(name) {
		return 0, ""
	}
	if value, ok := declared[name]; ok {
		return end + 1, value
	}
	if text = html.UnescapeString(s[:end+1]); text == s[:end+1] || strings.ContainsRune(text, utf8.RuneError) {
		return end + 1, "" // unknown
	}
	if name[0] == '#' && isC1(s[:end+1], text) {
		return end + 1, ""
	}
	return end + 1, text
}

// isC1 reports whether a numeric reference means one of the control characters
// that HTML takes for characters of windows-1252 and XML does not.
func isC1(reference, text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r > 0x9f && len(reference) <= len("&#x009f;") && windows1252Reference.MatchString(reference)
}

var windows1252Reference = regexp.MustCompile(`^&#(?:0*(?:12[89]|1[345]\d)|[xX]0*[89][0-9a-fA-F]);$`)

// Decode returns a text with its references replaced; those that are not known
// stay.
func Decode(s string, declared Entities) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var out strings.Builder
	for {
		next := strings.IndexByte(s, '&')
		if next < 0 {
			break
		}
		out.WriteString(s[:next])
		s = s[next:]
		length, text := ReferenceAt(s, declared)
		if text == "" {
			length = max(length, 1)
			text = s[:length]
		}
		out.WriteString(text)
		s = s[length:]
	}
	out.WriteString(s)
	return out.String()
}

// Spelling maps characters to the reference by which a source always writes them.
type Spelling map[rune]string

// SpellingOf returns the spelling of a piece of source. Markup characters have one
// anyway; what is looked for is &nbsp; or &mdash;.
func SpellingOf(source string, declared Entities) Spelling {
	var found Spelling
	for at := 0; ; {
		next := strings.IndexByte(source[at:], '&')
		if next < 0 {
			break
		}
		at += next
		length, text := ReferenceAt(source[at:], declared)
		if r, size := utf8.DecodeRuneInString(text); size > 0 && size == len(text) && r != '<' && r != '&' && !unicode.IsLetter(r) {
			if found == nil {
				found = Spelling{}
			}
			if found[r] == "" {
				found[r] = source[at : at+length]
			}
		}
		at += max(length, 1)
	}
	if len(found) == 0 {
		return nil
	}
	for _, r := range source {
		if r != '&' && r != ';' && r != '#' {
			delete(found, r) // written both ways
		}
	}
	return found
}

// Place is where a text is written.
type Place uint8

const (
	// InContent is between tags.
	InContent Place = iota
	// InCDATA is in a CDATA section.
	InCDATA
	// InDoubleQuotes and InSingleQuotes are in an attribute's value.
	InDoubleQuotes
	InSingleQuotes
)

// Escape appends a text as it is written in a place, with the references that are
// needed there and those of a spelling.
func Escape(out *strings.Builder, text string, in Place, spelled Spelling) {
	if in == InCDATA {
		out.WriteString(strings.ReplaceAll(text, CDATAClose, "]]]]>"+CDATAOpen+">"))
		return
	}
	for i, r := range text {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case in == InDoubleQuotes && r == '"':
			out.WriteString("&quot;")
		case in == InSingleQuotes && r == '\'':
			out.WriteString("&#39;")
		case spelled[r] != "":
			out.WriteString(spelled[r])
		case r == '>' && strings.HasSuffix(text[:i], "]]"):
			out.WriteString("&gt;")
		case isForbidden(r):
			// XML has no way to write it, and nobody can see it.
		default:
			out.WriteRune(r)
		}
	}
}

// isForbidden reports whether XML 1.0 has no such character.
func isForbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}
