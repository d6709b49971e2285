package docx

import (
	"slices"
	"strings"
	"unicode"
)

// node is a paragraph, or what a pair of tags surrounds: sections in the order in
// which they stand.
type node struct{ sections []section }

// section is a piece of a node: text that looks the same, something that stands
// alone, or a pair of tags. A document has many of them.
type section struct {
	node        *node   // within a pair of tags
	atoms       indexes // of text, and of what stands alone
	open, close indexes // of a pair of tags; none for one that is a look alone
	look        int32   // of text
	alone       bool
}

// indexes are those of atoms, which always stand together: from one up to another.
type indexes struct{ from, to int32 }

func indexesOf(from, to int) indexes { return indexes{int32(from), int32(to)} }

func (x indexes) len() int { return int(x.to - x.from) }

// through returns the indexes from a first one's up to a last one's.
func (x indexes) through(last indexes) indexes {
	switch {
	case x.len() == 0:
		return last
	case last.len() == 0:
		return x
	}
	return indexes{x.from, last.to}
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
			n.pair(indexesOf(i, i+1), b.node(i+1, mate), indexesOf(mate, mate+1), b)
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
	n.sections = slices.Clone(n.sections) // without room for more
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
		n.pair(indexesOf(begin, end), &node{}, indexesOf(end, end+1), b)
		return end
	}
	n.pair(indexesOf(begin, result+1), b.node(result+1, end), indexesOf(end, end+1), b)
	return end
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

// lastText returns the last section, if it is text.
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
		s.atoms.to++
		return
	case text == " ":
		look = base
	}
	n.sections = append(n.sections, section{atoms: indexesOf(i, i+1), look: look})
}

// standing adds what stands alone.
func (n *node) standing(i int, b *builder) {
	if b.atoms[i].silent {
		n.silent(i)
		return
	}
	n.alone(indexesOf(i, i+1))
}

// silent adds what nobody sees: it goes with what stands before it.
func (n *node) silent(i int) {
	if len(n.sections) == 0 {
		n.alone(indexesOf(i, i+1))
		return
	}
	if s := &n.sections[len(n.sections)-1]; s.node != nil {
		s.close = s.close.through(indexesOf(i, i+1))
	} else {
		s.atoms.to++
	}
}

// alone adds what stands alone; beside another such thing it is one with it.
func (n *node) alone(atoms indexes) {
	if len(n.sections) > 0 && n.sections[len(n.sections)-1].alone {
		s := &n.sections[len(n.sections)-1]
		s.atoms = s.atoms.through(atoms)
		return
	}
	n.sections = append(n.sections, section{atoms: atoms, alone: true})
}

// pair adds a node in a pair of tags. Without words it is one thing that stands
// alone; a pair within, of the whole of it, is one with it.
func (n *node) pair(open indexes, inner *node, close indexes, b *builder) {
	if !inner.hasWords(b) {
		n.alone(open.through(close))
		return
	}
	if len(inner.sections) == 1 && inner.sections[0].node != nil {
		s := inner.sections[0]
		open, close, inner = open.through(s.open), s.close.through(close), s.node
	}
	n.sections = append(n.sections, section{open: open, node: inner, close: close})
}

// all returns the atoms of a node.
func (n *node) all() indexes {
	if len(n.sections) == 0 {
		return indexes{}
	}
	return n.sections[0].every().through(n.sections[len(n.sections)-1].every())
}

// every returns the atoms of a section.
func (s *section) every() indexes {
	if s.node == nil {
		return s.atoms
	}
	return s.open.through(s.node.all()).through(s.close)
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
	for i := s.atoms.from; i < s.atoms.to; i++ {
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
			first += n.sections[low].every().len()
			low++
		}
		for high > low && !n.sections[high-1].hasWords(b) {
			high--
			last -= n.sections[high].every().len()
		}
		if low == high {
			return nil, 0, 0
		}
		n = &node{sections: n.sections[low:high]}
		if len(n.sections) > 1 || n.sections[0].node == nil {
			return n, first, last
		}
		first += n.sections[0].open.len()
		last -= n.sections[0].close.len()
		n = n.sections[0].node
	}
}
