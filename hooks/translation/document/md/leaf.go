package md

import (
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// form is what kind of leaf a block stands in, which decides what its first
// characters could turn it into.
type form uint8

const (
	paragraphForm form = iota
	itemForm           // the first paragraph of a list item, where [x] is a box
	quoteForm          // the first paragraph of a quote, where [!NOTE] is an alert
	headingForm        // an ATX heading
	cellForm           // a table cell after a pipe
	rowStartForm       // the first cell of a row without a pipe before it
)

// leaf is one paragraph, heading, table cell or term, freed of what stands
// before its lines.
type leaf struct {
	form   form
	source string
	lines  []line
}

// line is where a line of a leaf begins, in the leaf and in the file.
type line struct{ start, place int }

// newLeaf returns the leaf of a block node, or false for a node that is none.
func newLeaf(node ast.Node, file string) (leaf, bool) {
	if node.Type() != ast.TypeBlock || node.IsRaw() || node.Lines() == nil || node.Lines().Len() == 0 {
		return leaf{}, false
	}
	l := leaf{}
	switch node := node.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		l.form = paragraphIn(node)
	case *ast.Heading:
		if before := strings.TrimRight(file[:node.Lines().At(0).Start], " \t"); strings.HasSuffix(before, "#") {
			l.form = headingForm
		}
	case *extast.TableCell:
		l.form = cellForm
		before := strings.TrimRight(file[:node.Lines().At(0).Start], " \t")
		if node.PreviousSibling() == nil && !strings.HasSuffix(before, "|") {
			l.form = rowStartForm
		}
	case *extast.DefinitionTerm:
	default:
		return leaf{}, false
	}
	l.fill(node.Lines(), file)
	return l, l.source != ""
}

// fill takes a node's lines without the white space around them.
func (l *leaf) fill(segments *text.Segments, file string) {
	var out strings.Builder
	for i := range segments.Len() {
		segment := segments.At(i)
		value := file[segment.Start:segment.Stop]
		trimmed := strings.TrimLeft(value, whiteSpace)
		if i == segments.Len()-1 {
			trimmed = strings.TrimRight(trimmed, whiteSpace)
		}
		if trimmed == "" {
			continue
		}
		l.lines = append(l.lines, line{out.Len(), segment.Start + strings.Index(value, trimmed)})
		if segments.Len() == 1 {
			l.source = trimmed
			return
		}
		out.WriteString(trimmed)
		if !strings.HasSuffix(trimmed, "\n") {
			out.WriteByte('\n')
		}
	}
	l.source = strings.TrimRight(out.String(), whiteSpace)
}

// whiteSpace are the characters that Markdown takes off a line.
const whiteSpace = " \t\n\v\f\r"

func paragraphIn(node ast.Node) form {
	if node.PreviousSibling() != nil {
		return paragraphForm
	}
	switch node.Parent().(type) {
	case *ast.ListItem:
		return itemForm
	case *ast.Blockquote:
		return quoteForm
	}
	return paragraphForm
}

// place returns where an offset of the leaf's source stands in the file.
func (l leaf) place(offset int) int {
	i := sort.Search(len(l.lines), func(i int) bool { return l.lines[i].start > offset }) - 1
	return l.lines[i].place + offset - l.lines[i].start
}

// placeEnd returns where a range that ends at an offset ends in the file.
func (l leaf) placeEnd(offset int) int {
	if offset == 0 {
		return l.place(0)
	}
	return l.place(offset-1) + 1
}

// indent returns what stands in the file before the line that begins at an
// offset of the leaf's source.
func (l leaf) indent(offset int, file string) string {
	place := l.place(offset)
	return file[strings.LastIndexByte(file[:place], '\n')+1 : place]
}

// skip returns how much of a leaf's beginning is a marker and no text: a task
// box, or the first line of an alert.
func (l leaf) skip() int {
	switch l.form {
	case itemForm:
		return taskBox(l.source)
	case quoteForm:
		return alertMarker(l.source)
	}
	return 0
}

func taskBox(s string) int {
	if len(s) > 3 && s[0] == '[' && strings.ContainsRune(" xX", rune(s[1])) && s[2] == ']' && isSpace(s[3]) {
		return len(s) - len(strings.TrimLeft(s[3:], " \t\n"))
	}
	return 0
}

// alertMarker returns the length of "[!NOTE]" with the sign that folds it and
// the line break.
func alertMarker(s string) int {
	if !strings.HasPrefix(s, "[!") {
		return 0
	}
	end := strings.IndexByte(s, ']')
	if end < 3 || strings.ContainsFunc(s[2:end], func(r rune) bool { return !isASCIIWord(r) && r != '-' }) {
		return 0
	}
	rest := strings.TrimLeft(s[end+1:], "+-")
	rest = strings.TrimLeft(rest, " \t")
	rest = strings.TrimPrefix(rest, "\n")
	return len(s) - len(rest)
}

// part returns the leaf that is a range of a leaf's source.
func (l leaf) part(start, end int, form form) leaf {
	part := leaf{form: form, source: l.source[start:end], lines: []line{{0, l.place(start)}}}
	for _, each := range l.lines {
		if each.start > start && each.start < end {
			part.lines = append(part.lines, line{each.start - start, each.place})
		}
	}
	return part
}

// parts returns what of a leaf is text, without its marker. The title of an
// alert and the text below it are two.
func (l leaf) parts() []leaf {
	skip := l.skip()
	if skip == 0 {
		return []leaf{l}
	}
	if skip >= len(l.source) {
		return nil
	}
	if l.form == quoteForm && l.source[skip-1] != '\n' {
		if end := strings.IndexByte(l.source[skip:], '\n'); end >= 0 && skip+end+1 < len(l.source) {
			end += skip
			title := strings.TrimRight(l.source[:end], " \t")
			return []leaf{
				l.part(skip, max(skip, len(title)), paragraphForm),
				l.part(end+1, len(l.source), paragraphForm),
			}
		}
	}
	return []leaf{l.part(skip, len(l.source), paragraphForm)}
}
