package md

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// tagPattern is what the rest of the service reads as a tag.
var tagPattern = regexp.MustCompile(`</?\d+/?>`)

// mark is what a numbered tag stands for.
type mark struct {
	pair        bool
	open, close token   // of a pair
	stands      []token // of a standing tag
}

// block is what has to be known of a block to write its translation.
type block struct {
	form          form
	before, after []token // what encloses the block within its leaf
	marks         []mark  // marks[i] is tag i+1
	spelling      spelling
}

// found is a block and where its text stands in the leaf's source.
type found struct {
	block
	text       string
	start, end int
}

// blocksOf returns the blocks of a leaf: one, none where there is no letter, or
// one for each picture where only pictures hold letters.
func blocksOf(l leaf, tokens []token) []found {
	spelled := make(spelling)
	tokens = decoded(tokens, spelled)
	if !hasLetter(tokens) {
		return nil
	}
	if len(spelled) == 0 {
		spelled = nil
	}
	base := block{form: l.form, spelling: spelled}
	tree := elements(tokens)
	if outside(tree) {
		return []found{base.narrow(l.source, tree)}
	}
	var out []found
	for _, picture := range base.pictures(l.source, tree) {
		out = append(out, picture.base.narrow(l.source, picture.tree))
	}
	return out
}

func decoded(tokens []token, spelled spelling) []token {
	for i := range tokens {
		if tokens[i].kind == word {
			tokens[i].text = spelled.decode(tokens[i].raw)
		}
	}
	for r, w := range spelled {
		w.bare = -w.escaped
		for _, t := range tokens {
			if t.kind == word {
				w.bare += strings.Count(t.text, string(r))
			}
		}
	}
	return tokens
}

// outside reports whether letters stand outside of pictures.
func outside(tree []element) bool {
	for _, e := range tree {
		switch {
		case e.isPicture():
		case !e.pair:
			if hasLetter(e.tokens) {
				return true
			}
		case !e.whole() && outside(e.children):
			return true
		}
	}
	return false
}

// picture is what of a tree becomes the block of one picture, and the block.
type picture struct {
	tree []element
	base block
}

// pictures returns the pictures of a tree that hold letters. What encloses each
// becomes its context; what stands beside it does not matter for it. One that is
// named by its text, or stands in a link that is, takes its end with it.
func (b block) pictures(source string, tree []element) []picture {
	var out []picture
	for _, e := range tree {
		if !e.pair || e.whole() {
			continue
		}
		if e.namedByText(source) {
			out = append(out, picture{[]element{e}, b})
			continue
		}
		inner := b
		inner.before = slices.Concat(b.before, []token{e.first()})
		inner.after = slices.Concat([]token{e.last()}, b.after)
		if e.isPicture() {
			out = append(out, picture{e.children, inner})
			continue
		}
		out = append(out, inner.pictures(source, e.children)...)
	}
	return out
}

// narrow takes off a tree what can stay outside the block, and makes a block of
// the rest.
func (b block) narrow(source string, tree []element) found {
	for {
		first, last := 0, len(tree)-1
		for first < last && tree[first].isEdge() {
			first++
		}
		for first < last && tree[last].isEdge() {
			last--
		}
		b.before = slices.Concat(b.before, tokensOf(tree[:first]))
		b.after = slices.Concat(tokensOf(tree[last+1:]), b.after)
		tree = tree[first : last+1]
		only := tree[0]
		if len(tree) > 1 || !only.pair || only.whole() || only.namedByText(source) || len(only.children) == 0 {
			return b.compose(tree)
		}
		b.before = slices.Concat(b.before, []token{only.first()})
		b.after = slices.Concat([]token{only.last()}, b.after)
		tree = only.children
	}
}

func tokensOf(tree []element) []token {
	var out []token
	for _, e := range tree {
		out = append(out, e.tokens...)
	}
	return out
}

// compose writes a block's text with its tags, and finds its bounds.
func (b block) compose(tree []element) found {
	c := composer{marks: nil}
	c.all(tree)
	c.flush()
	f := found{block: b, start: tree[0].first().start, end: tree[len(tree)-1].last().end}
	f.marks = c.marks

	text := c.out.String()
	trimmed := strings.TrimLeft(text, " \t")
	if first := tree[0].first(); first.kind == word {
		f.start += min(len(text)-len(trimmed), len(first.raw)-len(strings.TrimLeft(first.raw, " \t")))
	}
	text = strings.TrimRight(trimmed, " \t")
	if last := tree[len(tree)-1].last(); last.kind == word {
		f.end -= len(last.raw) - len(strings.TrimRight(last.raw, " \t"))
	}
	f.text = text
	return f
}

// composer writes a tree as text with numbered tags.
type composer struct {
	out   strings.Builder
	run   strings.Builder // characters since the last tag
	marks []mark
}

func (c *composer) all(tree []element) {
	for _, e := range tree {
		switch {
		case e.whole():
			c.stand(mark{stands: e.tokens})
		case e.pair:
			number := c.number(mark{pair: true, open: e.first(), close: e.last()})
			c.flush()
			c.out.WriteString("<" + number + ">")
			c.all(e.children)
			c.flush()
			c.out.WriteString("</" + number + ">")
		default:
			c.run.WriteString(e.first().text)
		}
	}
}

func (c *composer) number(m mark) string {
	// Text before the tag comes first, since it may need numbers too.
	c.flush()
	c.marks = append(c.marks, m)
	return strconv.Itoa(len(c.marks))
}

func (c *composer) stand(m mark) {
	c.out.WriteString("<" + c.number(m) + "/>")
}

// flush writes the characters up to here; those that look like a tag become one.
func (c *composer) flush() {
	text := c.run.String()
	c.run.Reset()
	for text != "" {
		at := tagPattern.FindStringIndex(text)
		if at == nil {
			c.out.WriteString(text)
			return
		}
		c.out.WriteString(text[:at[0]])
		literal := text[at[0]:at[1]]
		c.marks = append(c.marks, mark{stands: []token{{kind: word, raw: literal, text: literal}}})
		c.out.WriteString("<" + strconv.Itoa(len(c.marks)) + "/>")
		text = text[at[1]:]
	}
}

// hasLetters reports whether a text holds a letter outside of its tags.
func hasLetters(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }
