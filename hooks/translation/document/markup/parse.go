package markup

import (
	"context"

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
	literals map[string]int32
	writer   blockWriter // of the block that is being made
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

		literals: map[string]int32{},
	}
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

// longestExpansion bounds what one declared entity may stand for. What is handed on
// must not be a bomb for whoever opens it either.
const longestExpansion = 64 << 10

// take adds a token to what was read.
func (p *parser) take(t syntax.Token) error {
	if len(p.runs[len(p.runs)-1].pieces) >= maxPieces {
		if err := p.flush(); err != nil {
			return err
		}
	}
	switch t.Kind {
	case syntax.StartTag:
		return p.start(t)
	case syntax.EndTag:
		return p.end(t)
	case syntax.Doctype:
		if !p.text.html {
			declaration := p.text.source[t.Start:t.End]
			if syntax.Expansion(declaration) > longestExpansion {
				return document.Unreadablef("The document declares entities that stand for each other and grow to more than %d KB; write their text out and upload it again.", longestExpansion>>10)
			}
			p.text.entities = syntax.Declared(declaration)
		}
		return p.flush()
	case syntax.Text:
		if p.class()&Tongue != 0 {
			p.text.languages.name(p.text.source, t)
			return nil
		}
		p.add(words, 0, t.Start, t.End)
	case syntax.CDATA:
		p.add(cdata, 0, t.Start, t.End)
	case syntax.Other:
		p.add(alone, Mute, t.Start, t.End)
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

// start begins an element.
func (p *parser) start(t syntax.Token) error {
	if p.text.html {
		if err := p.implyEnds(t); err != nil {
			return err
		}
	}
	tag := p.tag(t)
	class := p.classOf(tag)
	p.text.languages.note(p, t, class)
	if class&(Inline|Island) == 0 {
		if err := p.flush(); err != nil {
			return err
		}
	}
	if err := p.readable(tag, class); err != nil {
		return err
	}
	if p.isEmpty(t, class) {
		if class&(Inline|Island) != 0 {
			p.add(alone, class, t.Start, t.End)
		}
		return nil
	}
	return p.push(t, class)
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

// classOf returns the class of the element that a tag begins where the parser is.
func (p *parser) classOf(tag *Tag) Class {
	class := p.options.Vocabulary.Classify(tag)
	if class&Preformatted != 0 && p.options.TranslatePre {
		class &^= Locked
	}
	class = inherit(p.class(), class)
	if class&Island != 0 && len(p.runs) > maxIslands {
		class &^= Island
	}
	return class
}

// isEmpty reports whether a start tag is all of its element.
func (p *parser) isEmpty(t syntax.Token, class Class) bool {
	if p.text.html && class&Void != 0 {
		return true
	}
	return t.Closed && (!p.text.html || p.open["svg"]+p.open["math"] > 0)
}

// push puts an element on the stack, and its tag into the run.
func (p *parser) push(t syntax.Token, class Class) error {
	if len(p.stack) >= maxDepth {
		return document.Unreadablef("The document nests more than %d elements in one another, in %s; simplify it.", maxDepth, document.Quote(t.Name))
	}
	e := element{name: t.Name, class: class, start: t.Start, runs: -1}
	switch {
	case class&Inline != 0:
		if i := p.add(opening, class, t.Start, t.End); i >= 0 {
			e.runs, e.flushes, e.piece = len(p.runs), p.runs[len(p.runs)-1].flushes, i
		}
	case class&Island != 0:
		p.runs = append(p.runs, &run{})
	}
	p.stack = append(p.stack, e)
	p.open[t.Name]++
	return nil
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
		return p.stray(t)
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

// stray takes an end tag without its beginning. A browser passes over most of them
// within a sentence, and so it stands there.
func (p *parser) stray(t syntax.Token) error {
	if p.text.html && p.options.Vocabulary.Classify(&Tag{Name: t.Name})&(Inline|Island) != 0 {
		p.add(alone, Mute, t.Start, t.End)
		return nil
	}
	return p.flush()
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
		p.add(alone, e.class, e.start, end)
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
		if i := p.add(closing, e.class, p.token.Start, end); i >= 0 {
			r.pieces[i].mate, r.pieces[e.piece].mate = int32(e.piece), int32(i)
		}
	} else if tagged && e.class&Locked == 0 {
		p.add(closing, e.class, p.token.Start, end)
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
	for i, a := range tag.attributes {
		if !a.Valued || a.Start == a.End || !tag.isFirst(i) || !p.options.Vocabulary.Readable(tag, a.Name) {
			continue
		}
		start, end := trimmed(p.text.source, a.Start, a.End)
		b := block{start: start, end: end, place: inAttribute, quote: a.Quote}
		if a.Quote == 0 {
			b.start, b.end = a.Start, a.End
		}
		w := p.blockWriter(&b, class&^Preformatted)
		if err := w.words(b.start, b.end, false); err != nil {
			return err
		}
		if err := p.keep(b, w); err != nil {
			return err
		}
	}
	return nil
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
