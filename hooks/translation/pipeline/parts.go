package pipeline

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// leastPart is the length, in characters, below which a block is not cut for
// the length of its answer: no model's limit is that small.
const leastPart = 200

// cutInTwo cuts a block, or a piece of one, at the end of a sentence near its
// middle and returns the ids of both pieces; nil where that is not possible
// without cutting through a sentence or a pair of tags.
func (w *Work) cutInTwo(id string) []string {
	block := w.blocks([]string{id})[0]
	n := utf8.RuneCountInString(block.Text)
	if n < leastPart {
		return nil
	}
	var pieces []string
	for sentence := sentences.FromString(block.Text); sentence.Next(); {
		pieces = append(pieces, sentence.Value())
	}
	length, best := 0, 0
	for i, piece := range pieces[:len(pieces)-1] {
		length += utf8.RuneCountInString(piece)
		if best == 0 || length <= n/2 {
			best = i + 1
		}
	}
	if best == 0 {
		return nil
	}
	head, tail := strings.Join(pieces[:best], ""), strings.Join(pieces[best:], "")
	text := strings.TrimRight(head, " \t\r\n\u3000")
	if !balanced(text) || !balanced(tail) {
		return nil
	}
	parts := []Block{
		{ID: id + "/1", Text: text, Join: head[len(text):], Sentence: true},
		{ID: id + "/2", Text: tail},
	}
	if w.Climb.Parts == nil {
		w.Climb.Parts = map[string][]Block{}
	}
	w.Climb.Parts[id] = parts
	return []string{parts[0].ID, parts[1].ID}
}

// join puts the pieces of cut blocks together of which all are translated.
func (w *Work) join() {
	c := &w.Climb
	for again := true; again; {
		again = false
		for id, parts := range c.Parts {
			var text strings.Builder
			for i, part := range parts {
				translated, ok := c.Good[part.ID]
				if !ok {
					text.Reset()
					break
				}
				text.WriteString(translated)
				if i < len(parts)-1 {
					text.WriteString(joint(part, writesSpaces(w.TargetLanguage)))
				}
			}
			if text.Len() == 0 {
				continue
			}
			for _, part := range parts {
				delete(c.Good, part.ID)
			}
			delete(c.Parts, id)
			c.Good[id] = text.String()
			again = true // it may be a piece itself
		}
	}
}

// forget drops everything of a block that was cut and cannot be put together.
func (w *Work) forget(whole string) {
	c := &w.Climb
	ofWhole := func(id string) bool { return strings.HasPrefix(id, whole+"/") }
	for id := range c.Parts {
		if id == whole || ofWhole(id) {
			delete(c.Parts, id)
		}
	}
	for id := range c.Good {
		if ofWhole(id) {
			delete(c.Good, id)
		}
	}
	c.Asks = slices.DeleteFunc(c.Asks, func(ask Ask) bool { return slices.ContainsFunc(ask.Blocks, ofWhole) })
}

// balanced reports whether every numbered tag of a text is closed in it, in
// turn.
func balanced(text string) bool {
	var open []string
	for _, tag := range regexp.MustCompile(`</?\d+/?>`).FindAllString(text, -1) {
		number := strings.Trim(tag, "</>")
		switch {
		case strings.HasSuffix(tag, "/>"):
		case strings.HasPrefix(tag, "</"):
			if len(open) == 0 || open[len(open)-1] != number {
				return false
			}
			open = open[:len(open)-1]
		default:
			open = append(open, number)
		}
	}
	return len(open) == 0
}
