package translation

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxFilename bounds a file name, in bytes, as the jobs' field does.
	maxFilename = 255
	// maxExtension bounds what is taken for an extension when a name is cut.
	maxExtension = 20
)

// displayName makes a file name out of what a client sent: the last element of
// any path, without control characters, and never empty.
func displayName(sent string) string {
	// Only the end can matter, however much was sent.
	if most := 16 * maxFilename; len(sent) > most {
		sent = strings.ToValidUTF8(sent[len(sent)-most:], "")
	}
	name := path.Base(strings.ReplaceAll(sent, "\\", "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || r == 0x200b || r == 0xfeff || r == utf8.RuneError || isDirectionMark(r) {
			return -1
		}
		return r
	}, name))
	if name == "" || name == "." || name == ".." || name == "/" {
		return "document"
	}
	if len(name) <= maxFilename {
		return name
	}
	extension := path.Ext(name)
	if len(extension) > maxExtension {
		extension = ""
	}
	return strings.ToValidUTF8(name[:maxFilename-len(extension)], "") + extension
}

// isDirectionMark reports whether a rune turns the direction of the text
// around it, with which a name can be made to look like another.
func isDirectionMark(r rune) bool {
	return (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == 0x200e || r == 0x200f || r == 0x061c
}
