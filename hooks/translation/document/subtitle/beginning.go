package subtitle

import "strings"

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
