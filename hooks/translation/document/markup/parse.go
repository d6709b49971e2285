package markup

import (
	"context"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

const (
	// maxDepth bounds how deep elements may be nested. Books stay below fifty;
	// browsers end the document tree at 512.
	maxDepth = 10_000
	// maxIslands bounds how deep islands may be nested in one another's sentences;
	// what is deeper ends the sentence around it.
	maxIslands = 16
)

// parser reads a document.
type parser struct {
	options    Options
	text       Text
	lexer      syntax.Lexer
	token      syntax.Token
	attributes []syntax.Attribute

	stack    []element
	open     map[string]int // how many elements of a name are open
	runs     []*run         // of the islands around, and the innermost
	expanded int            // bytes of text that declared entities stood for
}

// element is an open element.
type element struct {
	name  string
	class Class // with what it inherits
	start int   // of its start tag
	// Its tag in the run around it, if that is still the same run.
	runs, flushes, piece int
}

func newParser(source string, options Options) *parser {
	isHTML := options.Vocabulary.HTML
	return &parser{
		options: options,
		text:    Text{source: source, html: isHTML},
		lexer:   syntax.NewLexer(source, isHTML),
		open:    map[string]int{},
		runs:    []*run{{}},
	}
}

// run is the text and inline markup since the last block's tag.
type run struct {
	pieces  []piece
	flushes int // how many runs were there before in the same place
}

// pieceKind says what a piece of a run is.
type pieceKind uint8

const (
	words pieceKind = iota
	cdata           // words in a CDATA section, or the tag around them
	opening
	closing
	alone
)

// piece is a range of the source within a run.
type piece struct {
	kind       pieceKind
	start, end int
	mate       int // of opening and closing, the other's index; -1 without one
	class      Class
	joined     int // of opening: how many pairs after it are one with it
}

func (p *parser) read(ctx context.Context) error {
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, ok := p.lexer.Next()
		if !ok {
			break
		}
		p.token = t
		if err := p.take(t); err != nil {
			return err
		}
	}
	for len(p.stack) > 0 {
		if err := p.pop(len(p.text.source), false); err != nil {
			return err
		}
	}
	return p.flush()
}

// take adds a token to what was read.
func (p *parser) take(t syntax.Token) error {
	switch t.Kind {
	case syntax.StartTag:
		return p.start(t)
	case syntax.EndTag:
		return p.end(t)
	case syntax.Doctype:
		if !p.text.html {
			p.text.entities = syntax.Declared(p.text.source[t.Start:t.End])
		}
		return p.flush()
	case syntax.Text:
		if p.class()&Tongue != 0 {
			p.text.languages.name(p.text.source, t)
			return nil
		}
		p.add(piece{kind: words, start: t.Start, end: t.End})
	case syntax.CDATA:
		p.add(piece{kind: cdata, start: t.Start, end: t.End})
	case syntax.Other:
		p.add(piece{kind: alone, start: t.Start, end: t.End, class: Mute})
	}
	return nil
}

// class returns what holds where the parser is.
func (p *parser) class() Class {
	if len(p.stack) == 0 {
		return 0
	}
	return p.stack[len(p.stack)-1].class
}

// add adds a piece to the run, unless it stands in something locked.
func (p *parser) add(piece piece) int {
	if p.class()&Locked != 0 {
		return -1
	}
	r := p.runs[len(p.runs)-1]
	piece.mate = -1
	r.pieces = append(r.pieces, piece)
	return len(r.pieces) - 1
}

func (p *parser) start(t syntax.Token) error {
	tag := p.tag(t)
	if p.text.html {
		if err := p.implyEnds(t); err != nil {
			return err
		}
		if len(p.stack) > 0 {
			tag.Parent = p.stack[len(p.stack)-1].name
		}
	}
	class := p.options.Vocabulary.Classify(tag)
	if class&Preformatted != 0 && p.options.TranslatePre {
		class &^= Locked
	}
	class = inherit(p.class(), class)
	if class&Island != 0 && len(p.runs) > maxIslands {
		class &^= Island
	}
	p.text.languages.note(p, t, class)
	empty := t.Closed && (!p.text.html || p.open["svg"]+p.open["math"] > 0) || p.text.html && class&Void != 0

	if class&(Inline|Island) == 0 {
		if err := p.flush(); err != nil {
			return err
		}
	}
	if err := p.readable(tag, class); err != nil {
		return err
	}
	e := element{name: t.Name, class: class, start: t.Start, runs: -1}
	switch {
	case empty && class&(Inline|Island) != 0:
		p.add(piece{kind: alone, start: t.Start, end: t.End, class: class})
	case empty:
	case class&Inline != 0:
		if i := p.add(piece{kind: opening, start: t.Start, end: t.End, class: class}); i >= 0 {
			e.runs, e.flushes, e.piece = len(p.runs), p.runs[len(p.runs)-1].flushes, i
		}
	case class&Island != 0:
		p.runs = append(p.runs, &run{})
	}
	if empty {
		return nil
	}
	if len(p.stack) >= maxDepth {
		return document.Unreadablef("The document nests more than %d elements in one another, in %s; simplify it.", maxDepth, document.Quote(t.Name))
	}
	p.stack = append(p.stack, e)
	p.open[t.Name]++
	return nil
}

// tag returns the start tag as the vocabulary sees it.
func (p *parser) tag(t syntax.Token) *Tag {
	p.attributes = syntax.Attributes(p.attributes[:0], p.text.source, t)
	tag := &Tag{Name: t.Name, source: p.text.source, attributes: p.attributes}
	if len(p.stack) > 0 {
		tag.Parent = p.stack[len(p.stack)-1].name
	}
	if p.text.prefix == "" && t.Name == "html" {
		p.text.prefix = t.Prefix
	}
	return tag
}

// inherit returns the class of an element within one of another class.
func inherit(outer, class Class) Class {
	class |= outer & inherited
	switch {
	case class&Sealed != 0:
		class |= Locked
	case class&Unlocked != 0:
		class &^= Locked
	}
	return class
}

func (p *parser) end(t syntax.Token) error {
	if p.open[t.Name] == 0 {
		if p.text.html {
			return nil // a browser passes over it
		}
		return p.flush()
	}
	for {
		top := p.stack[len(p.stack)-1]
		if top.name == t.Name {
			break
		}
		if err := p.pop(t.Start, false); err != nil {
			return err
		}
	}
	return p.pop(t.End, true)
}

// pop ends the innermost element: by the end tag that was read last, which ends at
// an offset, or, if it is not tagged, by what begins there.
func (p *parser) pop(end int, tagged bool) error {
	e := p.stack[len(p.stack)-1]
	switch {
	case e.class&Island != 0:
		if err := p.flush(); err != nil {
			return err
		}
		p.runs = p.runs[:len(p.runs)-1]
		p.leave(e)
		p.add(piece{kind: alone, start: e.start, end: end, class: e.class})
		return nil
	case e.class&Inline == 0:
		if err := p.flush(); err != nil {
			return err
		}
		p.leave(e)
		return nil
	}
	r := p.runs[len(p.runs)-1]
	if tagged && e.runs == len(p.runs) && e.flushes == r.flushes {
		if i := p.add(piece{kind: closing, start: p.token.Start, end: end, class: e.class}); i >= 0 {
			r.pieces[i].mate, r.pieces[e.piece].mate = e.piece, i
		}
	} else if tagged && e.class&Locked == 0 {
		p.add(piece{kind: closing, start: p.token.Start, end: end, class: e.class})
	}
	p.leave(e)
	return nil
}

// leave takes the innermost element off the stack.
func (p *parser) leave(e element) {
	p.stack = p.stack[:len(p.stack)-1]
	if p.open[e.name]--; p.open[e.name] == 0 {
		delete(p.open, e.name)
	}
}

// readable makes blocks of a tag's attributes that people read.
func (p *parser) readable(tag *Tag, class Class) error {
	if class&Locked != 0 {
		return nil
	}
	for _, a := range tag.attributes {
		if !a.Valued || a.Start == a.End || !p.options.Vocabulary.Readable(tag, a.Name) {
			continue
		}
		start, end := trimmed(p.text.source, a.Start, a.End)
		b := block{start: start, end: end, place: inAttribute, quote: a.Quote}
		if a.Quote == 0 {
			b.start, b.end = a.Start, a.End
		}
		w := blockWriter{p: p, block: &b, class: class &^ Preformatted}
		if err := w.words(b.start, b.end, false); err != nil {
			return err
		}
		if err := p.keep(b, w); err != nil {
			return err
		}
	}
	return nil
}

// keep adds a block to the document if it holds something to translate.
func (p *parser) keep(b block, w blockWriter) error {
	b.text = w.text.String()
	if !w.letters || w.class&Numbered != 0 && isNumeral(b.text) {
		return nil
	}
	if len(p.text.blocks) >= document.MaxBlocks {
		return document.TooLarge()
	}
	p.text.blocks = append(p.text.blocks, b)
	return nil
}

// isNumeral reports whether a text is a page's number, Roman ones included.
func isNumeral(text string) bool {
	return strings.Trim(text, "0123456789ivxlcdmIVXLCDM-–.,[]() ") == ""
}

// trimmed narrows a range to what is not white space.
func trimmed(s string, start, end int) (int, int) {
	for start < end && syntax.IsSpace(s[start]) {
		start++
	}
	for end > start && syntax.IsSpace(s[end-1]) {
		end--
	}
	return start, end
}
