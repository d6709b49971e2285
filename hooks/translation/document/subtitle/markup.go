package subtitle

import (
	"strings"
)

// piece is a range of byte offsets within a passage. Of a pair's tags each
// holds the other's index.
type piece struct {
	kind       Kind
	start, end int
	mate       int
}

// pieces cuts a line into text and markup. The line begins at an offset.
func (d *Dialect) pieces(list []piece, text string, offset int) []piece {
	from := 0
	for at := 0; at < len(text); {
		next := strings.IndexAny(text[at:], "<{")
		if next < 0 {
			break
		}
		at += next
		length, kind := d.Markup(text[at:])
		if length == 0 {
			at++
			continue
		}
		if at > from {
			list = append(list, piece{kind: words, start: offset + from, end: offset + at})
		}
		list = append(list, piece{kind: kind, start: offset + at, end: offset + at + length})
		at += length
		from = at
	}
	if from < len(text) {
		list = append(list, piece{kind: words, start: offset + from, end: offset + len(text)})
	}
	return list
}

// pair finds the mates of a passage's tags. A tag without one, and one that
// crosses another pair, stands alone.
func (d *Dialect) pair(source string, list []piece) {
	var open []int
	waiting := map[string]int{}
	for i := range list {
		switch list[i].kind {
		case Opening:
			name := d.Name(source[list[i].start:list[i].end])
			open = append(open, i)
			waiting[name]++
		case Closing:
			name := d.Name(source[list[i].start:list[i].end])
			mate := -1
			for waiting[name] > 0 && mate < 0 {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				opened := d.Name(source[list[last].start:list[last].end])
				waiting[opened]--
				if opened == name {
					mate = last
				} else {
					list[last].kind = Alone
				}
			}
			if mate < 0 {
				list[i].kind = Alone
				continue
			}
			list[i].mate, list[mate].mate = mate, i
		}
	}
	for _, i := range open {
		list[i].kind = Alone
	}
}
