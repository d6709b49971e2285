package md

import (
	"context"
	"fmt"
	"sync"

	"github.com/yuin/goldmark/ast"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/span"
)

// file is a parsed Markdown file. It implements [document.Document].
type file struct {
	*span.Document
	parsers
	body    string // the text after the front matter, its line breaks "\n"
	leaves  []leaf
	origins []origin // origins[i] belongs to the document's block i+1

	// recent is the leaf that was read last for a translation: its blocks, such
	// as a row of pictures, come one after another.
	mutex  sync.Mutex
	recent struct {
		leaf  int
		found []found
	}
}

// origin is where a block comes from: the leaf, which of its blocks it is, and
// the range of the source. What else is needed to write a translation is read
// from the leaf again, which costs time and saves ten times the memory.
type origin struct{ leaf, index, start, end int }

// parsers are what a block is read with, and what it is read with again after
// it was written.
type parsers struct {
	blockParser blockParser
	inline      inlineParser
	references  references
}

// parse finds the blocks of a text.
func parse(ctx context.Context, text string, bom bool) (*file, error) {
	f := &file{
		Document: span.New(text, bom),
		parsers:  parsers{blockParser: newBlockParser(), inline: newInlineParser()},
	}
	source := newPlain(text)
	skip := frontMatter(source.text)
	body := []byte(source.text[skip:])
	if err := chargeLines(body); err != nil {
		return nil, err
	}

	root, refs := f.blockParser.parse(body)
	if f.blockParser.hugeTable.Load() {
		return nil, &document.Error{
			Kind:    document.Unreadable,
			Message: fmt.Sprintf("A table of the document has more than %d cells; divide it into several tables.", maxCells),
		}
	}
	f.references = refs
	f.body = source.text[skip:]
	f.recent.leaf = -1

	collector := collector{ctx: ctx, file: f, source: source, skip: skip}
	if err := collector.walk(root); err != nil {
		return nil, err
	}
	f.Render = f.render
	return f, nil
}

// collector walks over the blocks of a file and collects the leaves' text.
type collector struct {
	ctx    context.Context
	file   *file
	source plain
	skip   int // length of the front matter
	end    int // where the last block ends: goldmark can give lines out of order
	work   int // what the inline markup read so far may have cost
	pieces int // of text and markup that were read so far
}

func (c *collector) walk(node ast.Node) error {
	if l, ok := newLeaf(node, c.file.body); ok {
		for _, part := range l.parts() {
			if err := c.leaf(part); err != nil {
				return err
			}
		}
		return nil
	}
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if child.Type() != ast.TypeBlock {
			continue
		}
		if err := c.walk(child); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) leaf(l leaf) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if err := c.charge(l); err != nil {
		return err
	}
	read, pieces := c.file.read(l)
	if c.pieces += pieces; c.pieces > maxPieces {
		return document.Unreadablef("The document has more than %d pieces of text and markup; divide it into several files.", maxPieces)
	}
	kept := false
	for i, found := range read {
		if !hasLetters(found.text) {
			continue
		}
		start := c.source.start(c.skip + l.place(found.start))
		end := c.source.end(c.skip + l.placeEnd(found.end))
		if start < c.end {
			continue
		}
		c.end = end
		if err := c.file.Add(start, end, found.text); err != nil {
			return err
		}
		if !kept {
			c.file.leaves, kept = append(c.file.leaves, l), true
		}
		c.file.origins = append(c.file.origins, origin{len(c.file.leaves) - 1, i, start, end})
	}
	return nil
}

// read finds the blocks of a leaf, and says of how many pieces of text and markup it
// consists.
func (f *file) read(l leaf) (blocks []found, pieces int) {
	if isProse(l.source) {
		text := prose(l.source)
		if !hasLetters(text) {
			return nil, 1
		}
		return []found{{block: block{form: l.form}, text: text, start: 0, end: len(l.source)}}, 1
	}
	tokens, ok := f.inline.tokens(l.source, f.references)
	if !ok {
		return nil, len(tokens)
	}
	for i := range tokens {
		if tokens[i].kind == hard {
			tokens[i].indent = l.indent(tokens[i].end, f.body)
		}
	}
	return blocksOf(l, tokens), len(tokens)
}

// block returns what has to be known to write the translation of the n-th block.
func (f *file) block(n int) *block {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	at := f.origins[n]
	if f.recent.leaf != at.leaf {
		f.recent.leaf = at.leaf
		f.recent.found, _ = f.read(f.leaves[at.leaf])
	}
	b := f.recent.found[at.index].block
	return &b
}
