package md

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// verbatimParser keeps blocks out of which Markdown reads nothing: formulas
// between $$, lines of shortcodes and template tags, the content of shortcodes
// that hold code, and ::: directives. They may interrupt a paragraph. Their
// nodes are code blocks, since goldmark has none of its own for them.
type verbatimParser struct{}

// The lines that begin such a block. A shortcode may run over several lines.
var (
	templateLine  = regexp.MustCompile(`^(?:\{\{[<%].*?[>%]\}\}\s*|\{%.*?%\}\s*)+$`)
	templateStart = regexp.MustCompile(`^(?:\{\{([<%])|\{(%))[^}]*$`)
	codeShortcode = regexp.MustCompile(`^\{\{[<%]\s*((?:highlight|mermaid|math|katex|raw|verbatim|[\w/-]*code[\w-]*))\b[^}]*[^/}\s]\s*[>%]\}\}\s*$`)
	codeTag       = regexp.MustCompile(`^\{%-?\s*(highlight|raw|code|codeblock|mermaid|verbatim)\b[^}]*%\}\s*$`)
	directiveLine = regexp.MustCompile(`^:{3,}(?:[^:\n][^\n]*)?$`)
	mathLine      = regexp.MustCompile(`^\$\$(?:[^$\n]*|[^$\n]*\$\$[ \t.,;]*)$`)
)

// until returns what a line must hold to be the last one of the block that
// begins with it; "" where it is the last itself, false where it begins none.
func until(line []byte) (end []byte, ok bool) {
	switch {
	case line[0] == '$':
		if !mathLine.Match(line) {
			return nil, false
		}
		if bytes.Count(line, []byte("$$")) == 2 {
			return nil, true
		}
		return []byte("$$"), true
	case line[0] == ':':
		return nil, directiveLine.Match(line)
	}
	if m := codeShortcode.FindSubmatch(line); m != nil {
		return append([]byte("/"), m[1]...), true
	}
	if m := codeTag.FindSubmatch(line); m != nil {
		return append([]byte("end"), m[1]...), true
	}
	if templateLine.Match(line) {
		return nil, true
	}
	if m := templateStart.FindSubmatch(line); m != nil {
		switch {
		case string(m[1]) == "<":
			return []byte(">}}"), true
		case string(m[1]) == "%":
			return []byte("%}}"), true
		}
		return []byte("%}"), true
	}
	return nil, false
}

// Trigger returns the characters such a block begins with.
func (verbatimParser) Trigger() []byte { return []byte{'$', '{', ':'} }

// Open begins a block. One whose end never comes is none: the rest of the file
// would be lost in it.
func (verbatimParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || at >= len(line) {
		return nil, parser.NoChildren
	}
	end, ok := until(bytes.TrimRight(line[at:], " \t\r\n"))
	if !ok || (end != nil && !endsWithin(reader.Source()[segment.Stop:], end)) {
		return nil, parser.NoChildren
	}
	node := ast.NewCodeBlock()
	if end != nil {
		node.SetAttributeString("until", end)
	}
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

// verbatimBytes bounds how far the end of a verbatim block is looked for.
const verbatimBytes = 16 << 10

func endsWithin(rest, end []byte) bool {
	return bytes.Contains(rest[:min(len(rest), verbatimBytes)], end)
}

// Continue takes lines up to the one that holds the end.
func (verbatimParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	end, ok := node.AttributeString("until")
	if !ok {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	if bytes.Contains(line, end.([]byte)) {
		node.RemoveAttributes()
	}
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close does nothing.
func (verbatimParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph is true.
func (verbatimParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine is false.
func (verbatimParser) CanAcceptIndentedLine() bool { return false }

// indentedParser reads containers that are a marker and content indented by
// four columns: footnotes ([^1]: …), admonitions (!!! note, ??? note) and
// content tabs (=== "Tab"). Their nodes are quotes.
type indentedParser struct{}

var (
	footnoteMarker = regexp.MustCompile(`^\[\^[^\]\s]+\]:`)
	admonition     = regexp.MustCompile(`^(?:!!!|\?\?\?\+?) [^\n]*|^===[+!]? ["'][^\n]*`)
)

// Trigger returns the characters such a container begins with.
func (indentedParser) Trigger() []byte { return []byte{'[', '!', '?', '='} }

// Open begins a container.
func (indentedParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || at >= len(line) || depth(parent) >= maxDepth {
		return nil, parser.NoChildren
	}
	if m := footnoteMarker.Find(line[at:]); line[at] == '[' && m != nil {
		rest := at + len(m)
		if util.IsBlank(line[rest:]) {
			reader.AdvanceToEOL()
			return ast.NewBlockquote(), parser.NoChildren
		}
		reader.AdvanceAndSetPadding(rest-segment.Padding, 0)
		return ast.NewBlockquote(), parser.HasChildren
	}
	if line[at] != '[' && admonition.Match(line[at:]) {
		reader.AdvanceToEOL()
		return ast.NewBlockquote(), parser.NoChildren
	}
	return nil, parser.NoChildren
}

// Continue takes blank lines and lines indented by four columns.
func (indentedParser) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

// Close does nothing.
func (indentedParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph is true.
func (indentedParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine is false.
func (indentedParser) CanAcceptIndentedLine() bool { return false }
