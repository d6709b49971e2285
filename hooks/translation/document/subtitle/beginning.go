package subtitle

import (
	"strings"

	"verso/hooks/translation/document/charset"
)

// Beginning returns what of a file's first bytes is ASCII, whatever encoding they
// are in, without a byte order mark: what a format is recognised by is ASCII, which
// UTF-16 writes with a NUL beside it.
func Beginning(head []byte) string {
	start := strings.ReplaceAll(string(head), "\x00", "")
	for _, bom := range []string{charset.BOM, "\xff\xfe", "\xfe\xff"} {
		start = strings.TrimPrefix(start, bom)
	}
	return start
}

// IsWebVTT reports whether a text begins with WebVTT's signature, which a space or
// the end of the line follows.
func IsWebVTT(text string) bool {
	rest, ok := strings.CutPrefix(text, "WEBVTT")
	return ok && (rest == "" || strings.IndexByte(" \t\r\n", rest[0]) >= 0)
}

// FirstText returns the number of the first line that is not blank, counted from 1;
// 0 where there is none.
func FirstText(text string) int {
	for i, l := range Lines(text) {
		if Trim(l.Of(text)) != "" {
			return i + 1
		}
	}
	return 0
}
