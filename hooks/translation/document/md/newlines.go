package md

import (
	"sort"
	"strings"
)

// plain is a source whose line breaks are all "\n", and the way back.
type plain struct {
	text string
	// dropped holds, for each carriage return that was taken out before a line
	// feed, the offset in text at which it stood.
	dropped []int
}

// newPlain takes the carriage returns out of a source. One without a line feed
// after it, the old Mac's line break, becomes a line feed.
func newPlain(source string) plain {
	if !strings.Contains(source, "\r") {
		return plain{text: source}
	}
	var (
		out     strings.Builder
		dropped []int
	)
	out.Grow(len(source))
	for i := range len(source) {
		switch {
		case source[i] != '\r':
			out.WriteByte(source[i])
		case i+1 < len(source) && source[i+1] == '\n':
			dropped = append(dropped, out.Len())
		default:
			out.WriteByte('\n')
		}
	}
	return plain{text: out.String(), dropped: dropped}
}

// start returns where in the source the byte at an offset of the text stands.
func (p plain) start(offset int) int {
	return offset + sort.SearchInts(p.dropped, offset+1)
}

// end returns the end in the source of a range that ends before an offset.
func (p plain) end(offset int) int {
	return offset + sort.SearchInts(p.dropped, offset)
}
