package subtitle

import (
	"strings"
	"unicode"

	"verso/hooks/translation/document/inline"
)

// styled is a line on its way out: what it shows, and the markup in it.
type styled struct {
	text  string
	marks []mark
}

// mark is markup at a byte offset of the text.
type mark struct {
	at     int
	markup string
	closes bool
}

// Render returns what is written in the place of the block's text; "" where the
// translation shows nothing. Line breaks are "\n". No line of it is blank, which
// would end the cue.
func (l *Layout) Render(translation string) string { return l.render(translation, tight) }

func (l *Layout) render(translation string, allowed room) string {
	rows := l.rowsOf(translation)
	whole := l.whole(rows)
	var out []styled
	var waiting []mark // markup from lines without text, for the next line with
	for _, row := range rows {
		line := l.style(row, whole)
		if strings.TrimFunc(line.text, isInvisible) != "" {
			line.marks = append(waiting, line.marks...)
			out, waiting = append(out, line), nil
			continue
		}
		for _, m := range line.marks {
			if m.closes && len(out) > 0 {
				out[len(out)-1].add(m)
			} else {
				waiting = append(waiting, mark{0, m.markup, m.closes})
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	for _, m := range waiting {
		out[len(out)-1].add(m)
	}
	return l.fill(out, allowed)
}

// add puts markup at the end of a line.
func (s *styled) add(m mark) {
	s.marks = append(s.marks, mark{len(s.text), m.markup, m.closes})
}

// isInvisible reports whether a line of nothing but such runes looks blank.
func isInvisible(r rune) bool {
	return IsBlank(r) || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u200e' || r == '\u200f' || r == '\u2060'
}

// style puts a row's markup in the place of its numbered tags.
func (l *Layout) style(row string, whole []bool) styled {
	var text strings.Builder
	var marks []mark
	for t := range inline.Cut(row) {
		switch known := t.Number >= 1 && t.Number <= len(l.tags); {
		case t.Kind == inline.Text, !known:
			text.WriteString(t.Text)
		case !whole[t.Number-1]:
		case l.tags[t.Number-1].literal:
			text.WriteString(l.tags[t.Number-1].open)
		case t.Kind == inline.Close:
			marks = append(marks, mark{text.Len(), l.tags[t.Number-1].close, true})
		default:
			marks = append(marks, mark{text.Len(), l.tags[t.Number-1].open, false})
		}
	}
	return tidy(styled{text.String(), marks})
}

// tidy takes the white space off a line's ends.
func tidy(s styled) styled {
	left := len(s.text) - len(strings.TrimLeftFunc(s.text, IsBlank))
	s.text = Trim(s.text)
	for i := range s.marks {
		s.marks[i].at = min(max(s.marks[i].at-left, 0), len(s.text))
	}
	return s
}

// rowsOf returns the lines of a translation that are to stay apart. They are
// the translation's own where it has as many as the block; others are taken for
// line breaks in the middle of a sentence, unless they look meant.
func (l *Layout) rowsOf(translation string) []string {
	var rows []string
	for row := range strings.FieldsFuncSeq(strings.Map(printable, translation), isLineBreak) {
		if row = Trim(row); row != "" {
			rows = append(rows, row)
		}
	}
	if len(rows) == 1 && l.rows == 2 {
		rows = parted(rows[0])
	}
	if len(rows) == l.rows {
		return rows
	}
	var joined [][]string // of parts, so that many lines are joined in one go
	before := ""
	for _, row := range rows {
		shown := shownOf(row)
		if len(joined) == 0 || keepsApart(before, shown) && len(joined) < l.most() {
			joined = append(joined, nil)
		}
		last := &joined[len(joined)-1]
		if len(*last) > 0 {
			*last = append(*last, between(before, shown))
		}
		*last = append(*last, row)
		before = shown
	}
	rows = rows[:0]
	for _, parts := range joined {
		rows = append(rows, strings.Join(parts, ""))
	}
	return rows
}

// printable drops control characters, which no player shows and which would
// make the file one that is not text.
func printable(r rune) rune {
	if unicode.IsControl(r) && r != '\t' && !isLineBreak(r) {
		return -1
	}
	return r
}

// isLineBreak reports whether some player may break a line at a rune.
func isLineBreak(r rune) bool {
	return r >= '\n' && r <= '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// shownOf returns a row of a translation without its numbered tags.
func shownOf(row string) string {
	if !strings.Contains(row, "<") {
		return row
	}
	var b strings.Builder
	for t := range inline.Cut(row) {
		if t.Kind == inline.Text {
			b.WriteString(t.Text)
		}
	}
	return Trim(b.String())
}

// between returns what joins two lines: a space, but not within a script that
// writes none.
func between(before, after string) string {
	a, b := lastRune(before), firstRune(after)
	if isIdeographic(a) && isIdeographic(b) {
		return ""
	}
	return " "
}

// parted divides a line in which a dialogue's two speeches were run together:
// the second dash stands between spaces.
func parted(row string) []string {
	if !isDash(firstRune(shownOf(row))) {
		return []string{row}
	}
	at := -1
	for _, dash := range []string{" - ", " – ", " — "} {
		switch count := strings.Count(row, dash); {
		case count > 1 || count == 1 && at >= 0:
			return []string{row}
		case count == 1:
			at = strings.Index(row, dash)
		}
	}
	if at < 0 {
		return []string{row}
	}
	return []string{Trim(row[:at]), Trim(row[at:])}
}
