package subtitle

import (
	"strings"
	"unicode"
)

// Layout is how a passage is laid out: what of it is the block's text, and what
// a translation must get back.
type Layout struct {
	// Start and End are the range to replace, in bytes from the passage's start.
	Start, End int
	// Text is the block's text; "" where no letter stands in the passage.
	Text string

	dialect *Dialect
	sheet   *sheet // what the block was made of
	// lines is the number of lines that the passage has on the screen.
	lines int
	// rows is the number of lines in text.
	rows int
	// join stands between two lines: a line break, and around it the markup
	// that every line has around itself.
	join string
	// tags are what the numbered tags stand for, number 1 first.
	tags []tag
}

// tag is what a numbered tag stands for: a pair of tags, or in open alone what
// stands by itself.
type tag struct {
	open, close string
	alone       bool
	literal     bool // to be seen on the screen
}

// row is a line as a range of pieces.
type row struct{ from, to int }

// sheet is a passage cut into pieces and rows.
type sheet struct {
	dialect        *Dialect
	source         string
	pieces         []piece
	rows           []row
	prefix, suffix string // around each line
}

// LayOut reads a passage.
func (d *Dialect) LayOut(source string) Layout {
	s := &sheet{dialect: d, source: source}
	for _, l := range Lines(source) {
		from := len(s.pieces)
		s.pieces = d.pieces(s.pieces, l.Of(source), l.Start)
		s.rows = append(s.rows, row{from, len(s.pieces)})
	}
	if !s.hasLetter() {
		return Layout{}
	}
	d.pair(source, s.pieces)
	s.strip()
	first, last := s.rows[0], s.rows[len(s.rows)-1]
	start, end := s.pieces[first.from].start, s.pieces[last.to-1].end
	content := strings.TrimLeftFunc(source[start:end], IsBlank)
	start = end - len(content)
	end = start + len(strings.TrimRightFunc(content, IsBlank))

	l := Layout{dialect: d, sheet: s, Start: start, End: end, lines: len(s.rows), rows: 1, join: s.suffix + "\n" + s.prefix}
	l.flow(s)
	return l
}

func (s *sheet) hasLetter() bool {
	for _, p := range s.pieces {
		if p.kind == words && strings.ContainsFunc(s.shown(p), unicode.IsLetter) {
			return true
		}
	}
	return false
}

func (s *sheet) raw(p piece) string { return s.source[p.start:p.end] }

// shown returns the text that a piece shows.
func (s *sheet) shown(p piece) string {
	if s.dialect.Decode == nil {
		return s.raw(p)
	}
	return s.dialect.Decode(s.raw(p))
}

// deepest bounds the layers of markup that are looked for around every line;
// real files have two or three.
const deepest = 8

// strip takes the markup from around the passage, and from around each of its
// lines where it is the same for all.
func (s *sheet) strip() {
	for layer := 0; ; layer++ {
		s.narrow()
		if layer < deepest && s.stripLines() {
			continue
		}
		if !s.stripEnds() {
			return
		}
	}
}

// narrow takes white space, and lines of nothing else, from the ends.
func (s *sheet) narrow() {
	for s.skipBlank(&s.rows[0]); empty(s.rows[0]); s.skipBlank(&s.rows[0]) {
		s.rows = s.rows[1:]
	}
	for s.skipBlank(s.last()); empty(*s.last()); s.skipBlank(s.last()) {
		s.rows = s.rows[:len(s.rows)-1]
	}
}

func (s *sheet) last() *row { return &s.rows[len(s.rows)-1] }

// stripEnds takes a tag from one end of the passage or a pair from both, and
// reports whether there was one.
func (s *sheet) stripEnds() bool {
	first, last := &s.rows[0], s.last()
	head, tail := s.pieces[first.from], s.pieces[last.to-1]
	switch {
	case head.kind == Alone:
		first.from++
	case tail.kind == Alone:
		last.to--
	case head.kind == Opening && head.mate == last.to-1:
		first.from++
		last.to--
	default:
		return false
	}
	return true
}

func empty(r row) bool { return r.from >= r.to }

// skipBlank takes white space from the ends of a row.
func (s *sheet) skipBlank(r *row) {
	blank := func(p piece) bool { return p.kind == words && Trim(s.shown(p)) == "" }
	for !empty(*r) && blank(s.pieces[r.from]) {
		r.from++
	}
	for !empty(*r) && blank(s.pieces[r.to-1]) {
		r.to--
	}
}

// stripLines takes the markup that each line alike has around itself.
func (s *sheet) stripLines() bool {
	if len(s.rows) < 2 {
		return false
	}
	head := s.pieces[s.rows[0].from]
	pairs := head.kind == Opening
	if !pairs && head.kind != Alone {
		return false
	}
	open, end := s.raw(head), ""
	if pairs {
		end = s.raw(s.pieces[head.mate])
	}
	for i := range s.rows {
		s.skipBlank(&s.rows[i])
		r := s.rows[i]
		if r.to-r.from < 2 || s.pieces[r.from].kind != head.kind || s.raw(s.pieces[r.from]) != open {
			return false
		}
		p := s.pieces[r.from]
		if pairs && (p.mate != r.to-1 || s.raw(s.pieces[p.mate]) != end) {
			return false
		}
	}
	for i := range s.rows {
		s.rows[i].from++
		if pairs {
			s.rows[i].to--
		}
	}
	s.prefix += open
	s.suffix = end + s.suffix
	return true
}

// visible returns what a row shows on the screen.
func (s *sheet) visible(r row) string {
	var b strings.Builder
	for _, p := range s.pieces[r.from:r.to] {
		if p.kind == words {
			b.WriteString(s.shown(p))
		}
	}
	return Trim(b.String())
}
