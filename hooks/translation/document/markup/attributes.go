package markup

import "strings"

// attribute is an attribute of a tag, with byte offsets in the source.
type attribute struct {
	name       string // in lower case, with its prefix
	start, end int    // of the value, without quotes
	quote      byte   // 0 where there is none
	valued     bool
}

// attributes appends the attributes of the start tag at an extent.
func attributes(list []attribute, source string, tag extent) []attribute {
	at := tag.start + 1
	at += nameLength(source[at:tag.end])
	end := tag.end - 1
	for at < end {
		if c := source[at]; isSpace(c) || c == '/' {
			at++
			continue
		}
		from := at
		for at++; at < end && !isSpace(source[at]) && source[at] != '=' && source[at] != '/'; at++ {
		}
		a := attribute{name: strings.ToLower(source[from:at])}
		next := skipSpace(source, at, end)
		if next < end && source[next] == '=' {
			at = skipSpace(source, next+1, end)
			a.valued = true
			a.start, a.end = at, at
			if at < end && (source[at] == '"' || source[at] == '\'') {
				a.quote = source[at]
				length := strings.IndexByte(source[at+1:end], a.quote)
				if length < 0 {
					return list // cut off
				}
				a.start, a.end = at+1, at+1+length
				at = a.end + 1
			} else {
				for at < end && !isSpace(source[at]) {
					at++
				}
				if at == end && at > a.start && source[at-1] == '/' {
					at-- // <a href=x/> closes
				}
				a.end = at
			}
		}
		list = append(list, a)
	}
	return list
}

func skipSpace(s string, at, end int) int {
	for at < end && isSpace(s[at]) {
		at++
	}
	return at
}

// isSpace reports whether a byte is white space in XML and HTML. No-break and
// ideographic spaces are none.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func trimSpace(s string) string { return strings.Trim(s, " \t\n\r\f") }
