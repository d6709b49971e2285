package subtitle

import "strings"

const (
	// widestLatin is the most columns of a line: the 42 characters that the
	// style guides of broadcasters and streaming services agree on.
	widestLatin = 42
	// widestWide is the same for text that is mostly East Asian: 20 characters
	// of two columns each.
	widestWide = 40
	// fewest is how many lines a cue may have whatever the source had: two are
	// read as easily as one.
	fewest = 2
)

// most returns the number of lines that a translation may have.
func (l *Layout) most() int { return max(l.lines, fewest) }

// room says how long a line may be that would be broken otherwise.
type room int

const (
	tight room = iota // as long as the style guides have it
	// roomy is half as much again: a player's usual letters fill a screen of 16 by
	// 9 with some 70.
	roomy
)

// fill breaks lines and writes them.
func (l *Layout) fill(lines []styled, allowed room) string {
	spare := l.most() - len(lines)
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteString(l.join)
		}
		var breaks []point
		if spare > 0 {
			breaks = wrap(line.text, 1+spare, allowed)
			spare -= len(breaks)
		}
		line.write(&b, breaks, l.join, l.dialect.Encode)
	}
	return b.String()
}

// write writes a line broken at the given points. Markup at a break goes with
// the word it belongs to.
func (s styled) write(b *strings.Builder, breaks []point, join string, encode func(string) string) {
	at, next := 0, 0
	text := func(to int) {
		if to <= at {
			return
		}
		shown := s.text[at:to]
		if encode != nil {
			shown = encode(shown)
		}
		b.WriteString(shown)
		at = to
	}
	for _, p := range breaks {
		for ; next < len(s.marks); next++ {
			m := s.marks[next]
			if m.at > p.to || m.at >= p.from && !m.closes {
				break
			}
			text(min(m.at, p.from))
			b.WriteString(m.markup)
		}
		text(p.from)
		b.WriteString(join)
		at = p.to
	}
	for ; next < len(s.marks); next++ {
		text(s.marks[next].at)
		b.WriteString(s.marks[next].markup)
	}
	text(len(s.text))
}

// wrap returns where to break a text into at most so many lines: nowhere if there
// is room for it in one, in as few lines as it fits into, and in all of them, longer
// than they should be, if it does not.
func wrap(text string, most int, allowed room) []point {
	if len(text) <= widestWide { // a text has no more columns than bytes
		return nil
	}
	m := measure(text)
	if m.total <= m.limit || allowed == roomy && m.total <= m.limit*3/2 {
		return nil
	}
	return m.choose(min(m.needed(most), most))
}

// needed returns the number of lines, up to most, that the text fits into.
func (m *measured) needed(most int) int {
	lines, start, fit := 1, 0, -1
	for _, p := range m.points {
		if lines >= most {
			break
		}
		if p.before-start > m.limit && fit >= 0 {
			lines++
			start, fit = fit, -1
		}
		fit = p.after
	}
	if fit >= 0 && m.total-start > m.limit {
		lines++
	}
	return lines
}

// choose returns the best breaks for a number of lines. Each line in turn is
// brought near to an equal share of what is left.
func (m *measured) choose(lines int) []point {
	var breaks []point
	start, next := 0, 0
	for left := lines; left > 1; left-- {
		share := (m.total - start) / left
		best, cost := -1, 0
		for i := next; i < len(m.points); i++ {
			p := m.points[i]
			width := p.before - start
			if best >= 0 && width > max(m.limit, 2*share) {
				break
			}
			c := p.cost + m.unevenness(width, m.total-p.after, share, left)
			if best < 0 || c < cost {
				best, cost = i, c
			}
		}
		if best < 0 {
			break
		}
		breaks = append(breaks, m.points[best])
		start, next = m.points[best].after, best+1
	}
	return breaks
}

const (
	// overflow is the cost of a column beyond the limit: more than any other
	// reason to break elsewhere.
	overflow = 40
	// topHeavy is the cost of an upper line that is longer than what is below:
	// the lower line is by convention the longer one, so that the text covers
	// less of the picture.
	topHeavy = 2
)

// unevenness is the cost of a line of some width with so much text left.
func (m *measured) unevenness(width, rest, share, left int) int {
	cost := max(width-share, share-width)
	if width > share+1 {
		cost += topHeavy
	}
	cost += overflow * max(0, width-m.limit)
	return cost + overflow*max(0, rest-m.limit*(left-1))
}
