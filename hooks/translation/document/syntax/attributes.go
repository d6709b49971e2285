package syntax

import "strings"

// Attribute is an attribute of a tag, with byte offsets in the source.
type Attribute struct {
	Name       string // in lower case, with its prefix
	At         int    // where the name begins
	Start, End int    // of the value, without quotes; behind the name where there is none
	Quote      byte   // 0 where there is none
	Valued     bool   // it has a value, if an empty one
}

// maxAttributes bounds the attributes that are read of a tag: real ones have twenty.
const maxAttributes = 256

// Attributes appends the attributes of a start tag: all of them, or those before
// what cannot be read, or the first 256.
func Attributes(list []Attribute, source string, tag Token) []Attribute {
	at := tag.Start + 1
	at += nameLength(source[at:tag.End])
	end := tag.End - 1
	for most := len(list) + maxAttributes; at < end && len(list) < most; {
		if c := source[at]; IsSpace(c) || c == '/' {
			at++
			continue
		}
		from := at
		for at++; at < end && !IsSpace(source[at]) && source[at] != '=' && source[at] != '/'; at++ {
		}
		if strings.ContainsAny(source[from:at], `"'<=`) {
			return list // no attribute, so that nobody knows where the next begins
		}
		a := Attribute{Name: lower(source[from:at]), At: from, Start: at, End: at}
		next := skipSpace(source, at, end)
		if next < end && source[next] == '=' {
			at = skipSpace(source, next+1, end)
			a.Valued = true
			a.Start, a.End = at, at
			if at < end && (source[at] == '"' || source[at] == '\'') {
				a.Quote = source[at]
				length := strings.IndexByte(source[at+1:end], a.Quote)
				if length < 0 {
					return list // cut off
				}
				a.Start, a.End = at+1, at+1+length
				at = a.End + 1
			} else {
				for at < end && !IsSpace(source[at]) {
					at++
				}
				if at == end && at > a.Start && source[at-1] == '/' {
					at-- // <a href=x/> closes
				}
				a.End = at
				if strings.ContainsAny(source[a.Start:a.End], `"'<`) {
					return list // XML and HTML do not agree where it ends
				}
			}
		}
		list = append(list, a)
	}
	return list
}

// Behind returns the offset behind the attribute, its closing quote included.
func (a Attribute) Behind() int {
	if a.Quote != 0 {
		return a.End + 1
	}
	return a.End
}

func skipSpace(s string, at, end int) int {
	for at < end && IsSpace(s[at]) {
		at++
	}
	return at
}

// IsSpace reports whether a byte is white space in XML and HTML. No-break and
// ideographic spaces are none.
func IsSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// TrimSpace takes that white space off both ends of a text.
func TrimSpace(s string) string { return strings.Trim(s, " \t\n\r\f") }
