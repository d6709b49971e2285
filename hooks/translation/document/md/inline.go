package md

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// references are a document's link reference definitions, by their normalised
// labels.
type references map[string]parser.Reference

// leafContext is the context in which one leaf is parsed: it knows the link
// references of the whole document.
type leafContext struct {
	parser.Context
	references references
}

// Reference looks a normalised label up.
func (c leafContext) Reference(label string) (parser.Reference, bool) {
	ref, ok := c.references[label]
	return ref, ok
}

// inlineParser reads the inline markup of one leaf. It is safe for concurrent
// use.
type inlineParser struct{ parser.Parser }

func newInlineParser() inlineParser {
	return inlineParser{parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1)),
		parser.WithInlineParsers(
			util.Prioritized(keptParser{}, 50),
			util.Prioritized(extent{parser.NewCodeSpanParser()}, 100),
			util.Prioritized(linkExtent{extent{parser.NewLinkParser()}}, 200),
			util.Prioritized(extent{parser.NewAutoLinkParser()}, 300),
			util.Prioritized(extent{parser.NewRawHTMLParser()}, 400),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(addressParser{}, 999),
		),
	)}
}

// tokens cuts a leaf into tokens; false where that fails, which is a leaf that
// is better left alone.
func (p inlineParser) tokens(leaf string, refs references) ([]token, bool) {
	source := []byte(leaf)
	root := p.Parse(text.NewReader(source), parser.WithContext(leafContext{parser.NewContext(), refs}))
	paragraph := root.FirstChild()
	if paragraph == nil || paragraph.NextSibling() != nil {
		return nil, false
	}
	s := scanner{source: source}
	s.children(paragraph)
	return s.words(), !s.failed && s.at == len(source)
}

// extent is an inline parser that notes on its nodes where they end in the
// source, which goldmark's own do not say.
type extent struct{ parser.InlineParser }

const endName = "end"

// Parse parses and notes.
func (e extent) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	node := e.InlineParser.Parse(parent, block, pc)
	if node != nil {
		noteEnd(node, block)
	}
	return node
}

func noteEnd(node ast.Node, block text.Reader) {
	if _, ok := node.(*ast.Text); ok {
		return
	}
	_, position := block.Position()
	node.SetAttributeString(endName, position.Start)
}

// linkExtent is the link parser, which also wants to know when a block ends.
type linkExtent struct{ extent }

// CloseBlock turns what was no link into text.
func (l linkExtent) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	l.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// keptParser reads what is kept as it is and that goldmark does not know.
type keptParser struct{}

// Trigger returns the characters that such a thing begins with.
func (keptParser) Trigger() []byte { return []byte{'$', '{', '[', ':', '\\'} }

// Parse reads one such thing as if it were HTML.
func (keptParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	_, position := block.Position()
	length := kept(block.Source()[position.Start:], block.PrecendingCharacter())
	if length == 0 {
		return nil
	}
	block.Advance(length)
	node := ast.NewRawHTML()
	noteEnd(node, block)
	return node
}

// addressParser reads bare addresses of the web and of mail.
type addressParser struct{}

// Trigger returns the characters after which an address may begin; the space
// stands for white space and the beginning of a line.
func (addressParser) Trigger() []byte {
	return []byte{' ', '*', '_', '~', '(', '"', '\'', ',', ';', '|'}
}

// Parse reads one address as if it were HTML.
func (addressParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	skip := 0
	switch line[0] {
	case ' ', '\t', '*', '_', '~', '(', '"', '\'', ',', ';', '|':
		skip = 1
	}
	length := address(line[skip:])
	if length == 0 {
		return nil
	}
	if skip > 0 {
		ast.MergeOrAppendTextSegment(parent, segment.WithStop(segment.Start+skip))
	}
	block.Advance(skip + length)
	node := ast.NewRawHTML()
	node.SetPos(segment.Start + skip)
	noteEnd(node, block)
	return node
}
