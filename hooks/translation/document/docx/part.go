package docx

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/document/syntax"
)

// part is a part of the document that holds text or languages.
type part struct {
	source string
	form   charset.Form
	role   role
	prefix string // of the names of its root, with the colon
	// attributes is the prefix of attributes of the same kind, which have one although
	// elements have none.
	attributes string
	end        int // where the root's end tag begins

	runs    []run
	places  []place // in the order in which they begin
	tongues []tongue
	turns   []turn
	turned  []extent // elements that turn something to the left
	twins   []twin
}

// extent is a range of byte offsets, of which a part has many.
type extent struct{ start, end int32 }

func extentOf[S, E int | int32](start S, end E) extent { return extent{int32(start), int32(end)} }

// place is where a block stands in a part. The same block may stand in several.
type place struct {
	extent
	block     int
	paragraph *paragraph // nil for an attribute's value, or an element's text
	quote     byte       // around an attribute's value
	label     bool       // of numbered paragraphs
}

// run is a run of a paragraph.
type run struct {
	prefix extent // its start tag and properties
	suffix extent // its end tag
	look   int32  // equal for runs that look the same
	code   bool
	turn   turn // where it may be turned
}

const (
	// maxDepth bounds how deep elements may be nested. Real documents stay below a
	// hundred: a table in a table takes eight.
	maxDepth = 1000
	// maxParagraph bounds the pieces of a paragraph.
	maxParagraph = 200_000
	// maxPieces bounds those of all paragraphs with text: a thousand pages have some
	// hundred thousand.
	maxPieces = 2_000_000
)

// add reads a part.
func (f *file) add(ctx context.Context, source source, code codeStyles, options document.Options) error {
	data, err := f.archive.Read(source.name)
	if err != nil {
		return err
	}
	text, form, err := charset.DecodeXML(data, "")
	if err != nil {
		return archive.In(source.name, err)
	}
	p := parser{
		part:  &part{source: text, form: form, role: source.role},
		lexer: syntax.NewLexer(text, false),
		code:  code, translateCode: options.TranslatePre, room: maxPieces - f.pieces,
		looks: map[string]int32{}, written: map[string]int32{}, insertions: map[string]string{}, labels: map[string]int{},
	}
	if err := p.read(ctx); err != nil {
		return archive.In(source.name, err)
	}
	f.pieces = maxPieces - p.room
	f.styled = f.styled || source.role == stylesRole && p.part.end > 0
	for _, t := range p.part.tongues {
		if source.role == stylesRole && t.standard && f.languages.declared[t.of] == "" {
			f.languages.declared[t.of] = t.value
		}
	}
	f.number(p.part, p.texts)
	if len(f.texts) > document.MaxBlocks {
		return document.TooLarge()
	}
	f.byName[source.name] = len(f.parts)
	f.parts = append(f.parts, p.part)
	return nil
}

// number gives the part's blocks their numbers in the document, in reading order: a
// text box was read before the paragraph it hangs on.
func (f *file) number(p *part, texts []string) {
	slices.SortStableFunc(p.places, func(a, b place) int { return int(a.start - b.start) })
	numbers := map[int]int{}
	for i := range p.places {
		n, ok := numbers[p.places[i].block]
		if !ok {
			n = len(f.texts)
			numbers[p.places[i].block] = n
			f.texts = append(f.texts, texts[p.places[i].block])
		}
		p.places[i].block = n
	}
}

// parser reads a part, token by token.
type parser struct {
	part          *part
	lexer         syntax.Lexer
	attributes    []syntax.Attribute
	code          codeStyles
	translateCode bool

	stack      []element
	paragraphs []*openParagraph // the innermost last
	alternates []*alternate
	looks      map[string]int32 // by formats without what nobody sees
	written    map[string]int32 // the same by formats as they are written
	insertions map[string]string
	texts      []string       // of the blocks
	described  alternate      // of the last picture
	labels     map[string]int // blocks of elements' texts
	room       int            // how many pieces paragraphs may still have
	kept       int            // how many runs blocks refer to
	spare      []atom         // memory for the next paragraph
}

// element is an open element.
type element struct {
	name   string
	prefix string // with the colon
	start  int32
	kind   elementKind
	dead   bool // nothing in it is text
	// alternate says that it is one of those that are looked at.
	alternate bool
	props     bool   // it holds formats
	close     int32  // where the end of a content control's content, or of ruby's base, begins
	tail      int32  // of a run with ruby text: where what follows that begins; 0 where there is none
	turns     turns  // what it says of the direction of what is formatted
	has       bool   // of a set of formats: it turns what it formats
	off       extent // of a set of formats: what says that it does not
	turn      int32  // of a set of formats: where a turn would have to stand; 0 if not known yet
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
		var err error
		switch t.Kind {
		case syntax.StartTag:
			err = p.start(t)
		case syntax.EndTag:
			err = p.end(t)
		case syntax.Doctype:
			err = document.Unreadablef("It declares a document type, which Word documents must not have; save the document again in Word or LibreOffice.")
		}
		if err != nil {
			return err
		}
	}
	if len(p.stack) > 0 {
		return document.Unreadablef("It is cut off: the element %s does not end; save or download the document again.", document.Quote(p.stack[len(p.stack)-1].name))
	}
	return nil
}

// top returns the innermost open element.
func (p *parser) top() element {
	if len(p.stack) == 0 {
		return element{}
	}
	return p.stack[len(p.stack)-1]
}

func (p *parser) start(t syntax.Token) error {
	if len(p.stack) >= maxDepth {
		return document.Unreadablef("It nests more than %d elements in one another, in %s; simplify it.", maxDepth, document.Quote(t.Name))
	}
	p.attributes = syntax.Attributes(p.attributes[:0], p.part.source, t)
	if len(p.stack) == 0 {
		p.part.prefix, p.part.attributes = t.Prefix, p.attributePrefix(t)
	}
	parent := p.top()
	e := element{name: t.Name, prefix: t.Prefix, start: int32(t.Start), dead: parent.dead, props: parent.props}
	p.noteLanguage(t)
	e.turns = p.noteTurn(t)
	p.noteTwin(t)
	if !e.dead {
		p.enter(t, &e, parent)
		if err := p.readable(t); err != nil {
			return err
		}
	}
	if t.Closed {
		return p.leave(e, syntax.Token{Start: t.End, End: t.End})
	}
	p.stack = append(p.stack, e)
	return nil
}

func (p *parser) end(t syntax.Token) error {
	e := p.top()
	if len(p.stack) == 0 || e.name != t.Name {
		return document.Unreadablef("It is not valid XML: %s ends where it did not begin; save the document again in Word or LibreOffice.", document.Quote(t.Name))
	}
	p.stack = p.stack[:len(p.stack)-1]
	if len(p.stack) == 0 {
		p.part.end = t.Start
	}
	return p.leave(e, t)
}

// attributePrefix returns the prefix of attributes of the root's namespace, "" where it
// has none.
func (p *parser) attributePrefix(root syntax.Token) string {
	if root.Prefix != "" {
		return root.Prefix
	}
	namespace := ""
	for _, a := range p.attributes {
		if a.Name == "xmlns" {
			namespace = p.part.source[a.Start:a.End]
		}
	}
	for _, a := range p.attributes {
		if prefix, ok := strings.CutPrefix(a.Name, "xmlns:"); ok && p.part.source[a.Start:a.End] == namespace {
			return p.part.source[a.At+len("xmlns:"):][:len(prefix)] + ":"
		}
	}
	return ""
}

// value returns the value of an attribute of the start tag that is read, whatever
// its prefix.
func (p *parser) value(name string) string {
	for _, a := range p.attributes {
		if a.Valued && a.Name[strings.IndexByte(a.Name, ':')+1:] == name {
			return p.part.source[a.Start:a.End]
		}
	}
	return ""
}

func (p *parser) checkSize() error {
	if len(p.part.places) > document.MaxBlocks {
		return document.TooLarge()
	}
	return nil
}

func hasLetter(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }
