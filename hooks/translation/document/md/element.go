package md

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// element is a node of a leaf's tree of markup: a token, or a pair of tokens
// with what stands between them.
type element struct {
	tokens   []token // all of it, in order
	pair     bool
	children []element
}

func (e element) first() token { return e.tokens[0] }

func (e element) last() token { return e.tokens[len(e.tokens)-1] }

// inner returns the tokens between those of a pair.
func (e element) inner() []token { return e.tokens[1 : len(e.tokens)-1] }

// elements makes a tree of tokens, whose openers and closers match.
func elements(tokens []token) []element {
	var out []element
	for i := 0; i < len(tokens); i++ {
		if tokens[i].kind != opener {
			out = append(out, element{tokens: tokens[i : i+1]})
			continue
		}
		end := match(tokens, i)
		out = append(out, element{
			tokens:   tokens[i : end+1],
			pair:     true,
			children: elements(tokens[i+1 : end]),
		})
		i = end
	}
	return pairHTML(tokens, out)
}

// match returns the index of the closer of an opener.
func match(tokens []token, open int) int {
	depth := 0
	for i := open; i < len(tokens); i++ {
		switch tokens[i].kind {
		case opener:
			depth++
		case closer:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(tokens) - 1
}

var (
	htmlOpen  = regexp.MustCompile(`^<([A-Za-z][A-Za-z0-9-]*)(?:\s[^>]*[^>/])?>$`)
	htmlClose = regexp.MustCompile(`^</([A-Za-z][A-Za-z0-9-]*)\s*>$`)
)

// voids are HTML elements that have no end tag.
var voids = []string{"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// verbatims are HTML elements whose content is not prose.
var verbatims = []string{"code", "kbd", "math", "pre", "samp", "script", "style", "svg", "tt", "var"}

// pairHTML makes pairs of the HTML tags among siblings that belong together.
func pairHTML(tokens []token, siblings []element) []element {
	if !slices.ContainsFunc(siblings, func(e element) bool { return htmlClose.MatchString(e.first().raw) }) {
		return siblings
	}
	var out []element
	names := []string{} // of the open tags in out, "" for everything else
	for _, e := range siblings {
		name := ""
		if !e.pair && e.first().kind == stand {
			raw := e.first().raw
			if m := htmlOpen.FindStringSubmatch(raw); m != nil && !slices.Contains(voids, strings.ToLower(m[1])) {
				name = strings.ToLower(m[1])
			} else if m := htmlClose.FindStringSubmatch(raw); m != nil {
				if open := lastIndex(names, strings.ToLower(m[1])); open >= 0 {
					start, end := out[open].first().start, e.last().end
					e = element{tokens: between(tokens, start, end), pair: true, children: slices.Clone(out[open+1:])}
					out, names = out[:open], names[:open]
				}
			}
		}
		out, names = append(out, e), append(names, name)
	}
	return out
}

func lastIndex(names []string, name string) int {
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] == name {
			return i
		}
	}
	return -1
}

func between(tokens []token, start, end int) []token {
	from := slices.IndexFunc(tokens, func(t token) bool { return t.start >= start })
	to := from
	for to < len(tokens) && tokens[to].end <= end {
		to++
	}
	return tokens[from:to]
}

// hasLetter reports whether there is anything to translate in tokens.
func hasLetter(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool {
		return t.kind == word && strings.ContainsFunc(t.text, unicode.IsLetter)
	})
}

// whole reports whether an element travels as one standing tag: what is a token
// by itself, what holds no letter, code in HTML, and a link that shows an
// address.
func (e element) whole() bool {
	if !e.pair {
		return e.first().kind != word && e.first().kind != soft
	}
	if !hasLetter(e.tokens) {
		return true
	}
	open := e.first()
	if m := htmlOpen.FindStringSubmatch(open.raw); open.kind == stand && m != nil {
		return slices.Contains(verbatims, strings.ToLower(m[1]))
	}
	if strings.HasPrefix(open.text, "link ") && len(e.inner()) == 1 {
		text := e.inner()[0].text
		return text != "" && address([]byte(text)) == len(text)
	}
	return false
}

// isPicture reports whether an element is an image.
func (e element) isPicture() bool { return e.pair && strings.HasPrefix(e.first().text, "image ") }

// namedByText reports whether a link or image is named by its own text, so that
// its end has to be written anew when the text changes.
func (e element) namedByText(source string) bool {
	last := e.last()
	return e.pair && last.kind == closer && !last.isEmphasis() && oneLine(source[last.start:last.end]) != last.raw
}

// isEdge reports whether an element at the end of a leaf can stay outside of
// its block, because no translation would want it elsewhere.
func (e element) isEdge() bool {
	first := e.first()
	switch {
	case first.kind == soft || first.kind == hard:
		return true
	case first.kind == word:
		return strings.TrimSpace(first.text) == ""
	case e.pair:
		return e.whole() && (e.isPicture() || (len(e.children) == 1 && e.children[0].isPicture()))
	}
	return attributeList.MatchString(first.raw) || strings.HasPrefix(first.raw, "<!--") ||
		strings.HasPrefix(first.raw, "<br") || strings.HasPrefix(first.raw, "<a name") || strings.HasPrefix(first.raw, "<a id")
}
