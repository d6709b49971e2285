package md

import (
	"slices"
	"sync/atomic"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const (
	// maxDepth bounds how deep quotes and lists may be nested; what goes deeper
	// is read as text. Real documents stay below ten, and without a bound
	// goldmark's recursion would follow whatever a file says.
	maxDepth = 100
	// maxCells bounds rows × columns of one table: goldmark fills short rows up,
	// so two lines of 100 KB could ask for 10¹⁰ cells.
	maxCells = 1_000_000
)

// blockParser finds the blocks of a text and leaves their inline markup alone.
// It is safe for concurrent use.
type blockParser struct {
	parser.Parser
	// hugeTable says that a table was left a paragraph because of its size.
	hugeTable *atomic.Bool
}

func newBlockParser() blockParser {
	huge := new(atomic.Bool)
	return blockParser{
		hugeTable: huge,
		Parser: parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(verbatimParser{}, 10),
				util.Prioritized(indentedParser{}, 50),
				util.Prioritized(parser.NewSetextHeadingParser(), 100),
				util.Prioritized(shallow{extension.NewDefinitionListParser()}, 101),
				util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
				util.Prioritized(parser.NewThematicBreakParser(), 200),
				util.Prioritized(shallow{parser.NewListParser()}, 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewCodeBlockParser(), 500),
				util.Prioritized(parser.NewATXHeadingParser(), 600),
				util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
				util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
				util.Prioritized(parser.NewHTMLBlockParser(), 900),
				util.Prioritized(parser.NewParagraphParser(), 1000),
			),
			parser.WithParagraphTransformers(
				util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
				util.Prioritized(boundedTable{extension.NewTableParagraphTransformer(), huge}, 200),
			),
		),
	}
}

// parse returns the tree of blocks and the link reference definitions.
func (p blockParser) parse(source []byte) (ast.Node, references) {
	pc := parser.NewContext()
	root := p.Parse(text.NewReader(source), parser.WithContext(pc))
	refs := make(references)
	for _, ref := range pc.References() {
		label := util.ToLinkReference(ref.Label())
		if _, ok := refs[label]; !ok {
			// A copy: goldmark's own holds on to the whole tree.
			refs[label] = parser.NewReference(nil, slices.Clone(ref.Destination()), slices.Clone(ref.Title()))
		}
	}
	return root, refs
}

// shallow is a parser of containers that opens none below maxDepth.
type shallow struct{ parser.BlockParser }

// Open opens a container unless it would be nested too deep.
func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if depth(parent) >= maxDepth {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

func depth(node ast.Node) int {
	n := 0
	for ; node != nil; node = node.Parent() {
		n++
	}
	return n
}

// boundedTable leaves a table alone that has too many cells.
type boundedTable struct {
	parser.ParagraphTransformer
	huge *atomic.Bool
}

// Transform makes a paragraph a table if it is one.
func (b boundedTable) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := node.Lines(), reader.Source()
	columns := 0
	for i := range lines.Len() {
		line := lines.At(i)
		columns = max(columns, delimiterColumns(source[line.Start:line.Stop]))
	}
	switch {
	case columns == 0: // no line is a delimiter row
	case columns*lines.Len() > maxCells:
		b.huge.Store(true)
	default:
		b.ParagraphTransformer.Transform(node, reader, pc)
	}
}

// delimiterColumns returns at most how many columns a table's delimiter row
// declares; 0 for a line that is none.
func delimiterColumns(line []byte) int {
	columns := 1
	for _, c := range line {
		switch c {
		case '|':
			columns++
		case '-', ':', ' ', '\t', '\n', '\r', '\v', '\f':
		default:
			return 0
		}
	}
	return columns
}
