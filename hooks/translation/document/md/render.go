package md

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"verso/hooks/translation/document"
)

// attempt is a way of writing a translation.
type attempt struct {
	careful bool // escape what might be markup
	html    bool // emphasis as HTML elements
	bare    bool // no emphasis
}

// attempts are the ways of writing a translation, the most natural one first.
// The first that reads as what the translation says is taken. Where even the
// last does not, the source text stands: it may be in the wrong language, but
// the document around it is whole.
func attempts() []attempt {
	return []attempt{{}, {careful: true}, {careful: true, html: true}, {careful: true, bare: true}}
}

// render writes the translation of the n-th block, and in a bilingual output its
// source below; false where the source text stands.
func (f *file) render(n int, translation string, output document.Output) (string, bool) {
	rendered, ok := f.translated(n, translation)
	if !ok || !output.Bilingual {
		return rendered, ok
	}
	return rendered + sourceBelow(f.Passage(n), output), true
}

// sourceBelow returns a block's source as it stands below its translation: in
// inline HTML, which every leaf can hold, of a class by which a style sheet can show
// or hide it.
func sourceBelow(passage string, output document.Output) string {
	attribute := ""
	if output.Source != "" {
		attribute = ` lang="` + output.Source + `"`
	}
	if turned := document.TurnedAgainst(output.Source, output.Target); turned != "" {
		attribute += ` dir="` + string(turned) + `"`
	}
	return `<br class="verso-source"><span class="verso-source"` + attribute + ">" + passage + "</span>"
}

// translated writes the translation of the n-th block.
func (f *file) translated(n int, translation string) (string, bool) {
	if strings.TrimSpace(translation) == "" {
		return "", false // nothing is no translation of something
	}
	b := f.block(n)
	if b.isSimple(translation) {
		return strings.TrimSpace(translation), true
	}
	tokens := b.translated(translation)
	for _, a := range attempts() {
		if written, ok := f.attempt(b, a, slices.Clone(tokens)); ok {
			return written, true
		}
	}
	return "", false
}

// isSimple reports whether a translation needs no care at all, as most do.
func (b *block) isSimple(translation string) bool {
	if len(b.marks) > 0 || len(b.before) > 0 || len(b.after) > 0 || len(b.spelling) > 0 {
		return false
	}
	text := strings.TrimSpace(translation)
	return text != "" && isProse(text) && !strings.ContainsAny(text, "|#\"'\n\t\r\v\f\x7f") &&
		startsBlock(text, b.form) < 0
}

// attempt writes a translation in one way and reports whether it reads as it
// should. What would take too long to read, or makes goldmark panic, does not.
func (p parsers) attempt(b *block, a attempt, tokens []token) (written string, ok bool) {
	defer func() {
		if recover() != nil {
			written, ok = "", false
		}
	}()
	switch {
	case a.html:
		tokens = asHTML(tokens)
	case a.bare:
		tokens = slices.DeleteFunc(tokens, token.isEmphasis)
		tokens = joinWords(tokens)
	}
	before := len(b.before)
	whole := slices.Concat(b.before, tokens, b.after)
	whole = mendEmphasis(whole)
	tokens = whole[before : len(whole)-len(b.after)]

	w := writer{form: b.form, spelling: b.spelling, careful: a.careful, lineStart: b.beginsLine()}
	inFile, inLeaf := w.write(tokens)
	if inLeaf == "" {
		return "", false
	}
	leaf := rawOf(b.before) + inLeaf + rawOf(b.after)
	if work(leaf) > maxLeafWork || !p.keepsForm(b.form, leaf) {
		return "", false
	}
	read, ok := p.inline.tokens(leaf, p.references)
	if !ok {
		return "", false
	}
	read = decoded(read, nil)
	return inFile, slices.Equal(meant(whole), meant(read))
}

// beginsLine reports whether the block is the first thing of a line.
func (b *block) beginsLine() bool {
	return len(b.before) == 0 || b.before[len(b.before)-1].kind == soft || b.before[len(b.before)-1].kind == hard
}

// rawOf returns tokens as they are in the source's leaf.
func rawOf(tokens []token) string {
	var out strings.Builder
	for _, t := range tokens {
		out.WriteString(t.raw)
	}
	return out.String()
}

// asHTML writes emphasis as HTML elements, which every position allows.
func asHTML(tokens []token) []token {
	for i, t := range tokens {
		if !t.isEmphasis() {
			continue
		}
		raw := "<" + t.text + ">"
		if t.kind == closer {
			raw = "</" + t.text + ">"
		}
		tokens[i] = token{kind: stand, raw: raw, text: raw}
	}
	return tokens
}

// said is a token as far as it matters for what is read.
type said struct {
	kind kind
	text string
}

// meant returns what tokens say: words joined, their white space made even.
func meant(tokens []token) []said {
	var (
		out  []said
		run  strings.Builder
		text = func() {
			if s := strings.Join(strings.Fields(run.String()), " "); s != "" {
				out = append(out, said{word, s})
			}
			run.Reset()
		}
	)
	for _, t := range tokens {
		if t.kind == word || t.kind == soft {
			run.WriteString(t.text)
			continue
		}
		text()
		out = append(out, said{t.kind, strings.Join(strings.Fields(t.text), " ")})
	}
	text()
	return out
}

// keepsForm reports whether a leaf's text, put where such a leaf stands, is one
// leaf of the same kind and all of the text.
func (p parsers) keepsForm(form form, leaf string) bool {
	before, after := "", "\n"
	switch form {
	case headingForm:
		before = "# "
	case cellForm:
		before, after = "|", "|\n|-|\n"
	case rowStartForm:
		after = "|x\n-|-\n"
	case itemForm:
		if taskBox(leaf) > 0 {
			return false
		}
	case quoteForm:
		if alertMarker(leaf) > 0 {
			return false
		}
	}
	source := []byte(before + leaf + after)
	root, _ := p.blockParser.parse(source)
	node := root.FirstChild()
	if node == nil || node.NextSibling() != nil {
		return false
	}
	switch form {
	case headingForm:
		if node.Kind() != ast.KindHeading {
			return false
		}
	case cellForm, rowStartForm:
		if node.Kind() != extast.KindTable {
			return false
		}
		if node = node.FirstChild().FirstChild(); node == nil || (form == cellForm && node.NextSibling() != nil) {
			return false
		}
	default:
		if node.Kind() != ast.KindParagraph {
			return false
		}
	}
	return covers(node, source, len(before), strings.TrimRight(leaf, " \t"))
}

// covers reports whether a node's lines are all of a text that begins at an
// offset of the source.
func covers(node ast.Node, source []byte, start int, text string) bool {
	lines := node.Lines()
	if lines.Len() == 0 {
		return false
	}
	first, last := lines.At(0), lines.At(lines.Len()-1)
	return first.Start == start && last.Stop == start+len(text) && lines.Len() == strings.Count(text, "\n")+1
}
