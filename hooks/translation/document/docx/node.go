package docx

import (
	"strings"
	"unicode"
)

// node is a paragraph, or what a pair of tags surrounds: sections in the order in
// which they stand.
type node struct{ sections []section }

// section is a piece of a node: text that looks the same, something that stands
// alone, or a pair of tags.
type section struct {
	atoms []int
	alone bool
	look  int32 // of text

	node        *node // within a pair of tags
	open, close []int // its atoms; none for a pair that is a look alone
}

// builder makes nodes of a paragraph's atoms.
type builder struct {
	part  *part
	atoms []atom
	mates []int
}

// node returns the node of the atoms from one index up to another.
func (b *builder) node(from, to int) *node {
	base := b.base(from, to)
	n := &node{}
	for i := from; i < to; i++ {
		a := b.atoms[i]
		mate := b.mates[i]
		switch {
		case mate > i && mate < to && a.kind == openAtom:
			n.pair([]int{i}, b.node(i+1, mate), []int{mate}, b)
			i = mate
		case mate > i && mate < to:
			i = b.field(n, i, mate)
		case a.kind == textAtom:
			n.text(i, b.part.runs[a.run].look, base, b)
		default:
			n.standing(i, b)
		}
	}
	for i := range n.sections {
		if s := &n.sections[i]; s.node == nil && !s.alone && s.look != base {
			inner := &node{sections: []section{*s}}
			*s = section{node: inner}
		}
	}
	return n
}

// field adds the field from an index to its end: its result between what begins and
// what ends it.
func (b *builder) field(n *node, begin, end int) int {
	result := -1
	for i := begin + 1; i < end; i++ {
		if m := b.mates[i]; m > i {
			i = m // a field, or a link, within its code
		} else if b.atoms[i].field == fieldResult {
			result = i
			break
		}
	}
	if result < 0 {
		n.pair(span(begin, end), &node{}, []int{end}, b)
		return end
	}
	n.pair(span(begin, result+1), b.node(result+1, end), []int{end}, b)
	return end
}

func span(from, to int) []int {
	indexes := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		indexes = append(indexes, i)
	}
	return indexes
}

// base returns the look that most of the text has that stands in a node itself.
func (b *builder) base(from, to int) int32 {
	letters := map[int32]int{}
	best := int32(-1)
	for i := from; i < to; i++ {
		if m := b.mates[i]; m > i && m < to {
			i = m
			continue
		}
		if a := b.atoms[i]; a.kind == textAtom {
			look := b.part.runs[a.run].look
			letters[look] += 1 + len(strings.TrimSpace(b.part.source[a.content.start:a.content.end]))
			if best < 0 || letters[look] > letters[best] {
				best = look
			}
		}
	}
	return best
}

// last returns the last section, if it is text.
func (n *node) lastText() *section {
	if len(n.sections) == 0 {
		return nil
	}
	s := &n.sections[len(n.sections)-1]
	if s.alone || s.node != nil {
		return nil
	}
	return s
}

// text adds a text. A single space belongs to the text before it, however it looks:
// nobody sees how.
func (n *node) text(i int, look, base int32, b *builder) {
	s := n.lastText()
	text := b.part.text(b.atoms[i])
	switch {
	case text == "":
		n.silent(i)
		return
	case s != nil && (s.look == look || text == " "):
		s.atoms = append(s.atoms, i)
		return
	case text == " ":
		look = base
	}
	n.sections = append(n.sections, section{atoms: []int{i}, look: look})
}

// standing adds what stands alone.
func (n *node) standing(i int, b *builder) {
	if b.atoms[i].silent {
		n.silent(i)
		return
	}
	n.alone([]int{i})
}

// silent adds what nobody sees: it goes with what stands before it.
func (n *node) silent(i int) {
	if len(n.sections) == 0 {
		n.alone([]int{i})
		return
	}
	if s := &n.sections[len(n.sections)-1]; s.node != nil {
		s.close = append(s.close, i)
	} else {
		s.atoms = append(s.atoms, i)
	}
}

// alone adds what stands alone; beside another such thing it is one with it.
func (n *node) alone(atoms []int) {
	if len(n.sections) > 0 && n.sections[len(n.sections)-1].alone {
		s := &n.sections[len(n.sections)-1]
		s.atoms = append(s.atoms, atoms...)
		return
	}
	n.sections = append(n.sections, section{atoms: atoms, alone: true})
}

// pair adds a node in a pair of tags. Without words it is one thing that stands
// alone; a pair within, of the whole of it, is one with it.
func (n *node) pair(open []int, inner *node, close []int, b *builder) {
	if !inner.hasWords(b) {
		n.alone(append(append(open, inner.all()...), close...))
		return
	}
	if len(inner.sections) == 1 && inner.sections[0].node != nil {
		s := inner.sections[0]
		open, close, inner = append(open, s.open...), append(s.close, close...), s.node
	}
	n.sections = append(n.sections, section{open: open, node: inner, close: close})
}

// all returns the atoms of a node.
func (n *node) all() []int {
	var atoms []int
	for _, s := range n.sections {
		atoms = append(atoms, s.every()...)
	}
	return atoms
}

// every returns the atoms of a section.
func (s *section) every() []int {
	if s.node == nil {
		return s.atoms
	}
	return append(append(append([]int{}, s.open...), s.node.all()...), s.close...)
}

// hasWords reports whether a node shows more than white space and things.
func (n *node) hasWords(b *builder) bool {
	for i := range n.sections {
		if n.sections[i].hasWords(b) {
			return true
		}
	}
	return false
}

func (s *section) hasWords(b *builder) bool {
	if s.node != nil {
		return s.node.hasWords(b)
	}
	for _, i := range s.atoms {
		if b.atoms[i].kind == textAtom && strings.ContainsFunc(b.part.text(b.atoms[i]), func(r rune) bool { return !unicode.IsSpace(r) }) {
			return true
		}
	}
	return false
}

// narrowed leaves out what stands around the words of a node, and returns the atoms
// between which they are.
func (b *builder) narrowed(n *node) (inner *node, first, last int) {
	last = len(b.atoms)
	for {
		low, high := 0, len(n.sections)
		for low < high && !n.sections[low].hasWords(b) {
			first += len(n.sections[low].every())
			low++
		}
		for high > low && !n.sections[high-1].hasWords(b) {
			high--
			last -= len(n.sections[high].every())
		}
		if low == high {
			return nil, 0, 0
		}
		n = &node{sections: n.sections[low:high]}
		if len(n.sections) > 1 || n.sections[0].node == nil {
			return n, first, last
		}
		first += len(n.sections[0].open)
		last -= len(n.sections[0].close)
		n = n.sections[0].node
	}
}
