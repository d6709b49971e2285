package markup

import (
	"sort"
	"strings"

	"verso/hooks/translation/document/inline"
	"verso/hooks/translation/document/syntax"
)

// Output says what a document is written into.
type Output struct {
	// Translation returns the translation of the n-th block, or false where it has
	// none.
	Translation func(n int) (string, bool)
	// Target and Source are the languages (BCP 47); with an empty Target the
	// document keeps its own.
	Target, Source string
	// Bilingual puts each translated block's source below its translation.
	Bilingual bool
}

// Write returns the document with its blocks replaced; changed is false where it is
// the source. A block whose translation does not have exactly the block's tags,
// each pair closed, stands as it is, and its number is among those left.
func (t *Text) Write(output Output) (written string, changed bool, left []int) {
	w := writer{text: t, output: output, edits: t.languages.edits(t, output), isCRLF: strings.Contains(t.source, "\r\n")}
	w.out.Grow(len(t.source) + len(t.source)/8)
	w.copy(extent{0, len(t.source)}, 0, len(t.blocks))
	if !w.changed {
		return t.source, false, w.left
	}
	return w.out.String(), true, w.left
}

// writer writes a document.
type writer struct {
	text    *Text
	output  Output
	edits   []edit // of tags, in the order in which they stand
	out     strings.Builder
	isCRLF  bool // the source breaks lines so
	changed bool
	left    []int
}

// edit replaces a range of the source.
type edit struct {
	extent
	text string
}

// copy writes a range of the source with the blocks in it, which are among those
// from one number up to another.
func (w *writer) copy(e extent, from, to int) {
	at := e.start
	for n := from + w.search(from, to, e.start); n < to && w.text.blocks[n].end <= e.end; {
		b := &w.text.blocks[n]
		w.plain(at, b.start)
		next := n + 1 + w.search(n+1, to, b.end)
		w.block(n, next)
		at, n = b.end, next
	}
	w.plain(at, e.end)
}

// search returns how many blocks, from one number up to another, begin before an
// offset.
func (w *writer) search(from, to, offset int) int {
	return sort.Search(to-from, func(i int) bool { return w.text.blocks[from+i].start >= offset })
}

// plain writes a range of the source in which no block stands.
func (w *writer) plain(start, end int) {
	first := sort.Search(len(w.edits), func(i int) bool { return w.edits[i].start >= start })
	for _, edit := range w.edits[first:] {
		if edit.start >= end {
			break
		}
		w.out.WriteString(w.text.source[start:edit.start])
		w.out.WriteString(edit.text)
		start = edit.end
		w.changed = true
	}
	w.out.WriteString(w.text.source[start:end])
}

// block writes the n-th block; those before next stand within it.
func (w *writer) block(n, next int) {
	b := &w.text.blocks[n]
	translation, ok := w.output.Translation(n)
	translation = syntax.TrimSpace(translation)
	switch {
	case !ok || translation == syntax.TrimSpace(b.text):
		w.copy(extent{b.start, b.end}, n+1, next)
		return
	case translation == "" || !b.fits(translation):
		w.left = append(w.left, n)
		w.copy(extent{b.start, b.end}, n+1, next)
		return
	}
	w.changed = true
	var spelled syntax.Spelling
	if b.place != inCDATA {
		spelled = syntax.SpellingOf(w.text.source[b.start:b.end], w.text.entities)
	}
	if b.place == inAttribute && b.quote == 0 {
		w.out.WriteByte('"')
		defer w.out.WriteByte('"')
	}
	t := translationWriter{writer: w, block: b, from: n + 1, to: next, spelled: spelled}
	t.write(translation)
	if w.output.Bilingual && b.place == inFlow {
		w.source(b)
	}
}

// fits reports whether a translation has the block's tags.
func (b *block) fits(translation string) bool {
	pairs := make([]bool, len(b.marks))
	for i, m := range b.marks {
		pairs[i] = m.pair
	}
	return inline.Fits(translation, pairs)
}

// written returns where the block's text is written.
func (b *block) written() syntax.Place {
	switch {
	case b.place == inCDATA:
		return syntax.InCDATA
	case b.place == inAttribute && b.quote == '\'':
		return syntax.InSingleQuotes
	case b.place == inAttribute:
		return syntax.InDoubleQuotes
	}
	return syntax.InContent
}

// breaks returns a text with the line breaks of the document.
func (w *writer) breaks(text string) string {
	if w.isCRLF && strings.IndexByte(text, '\n') >= 0 {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
