package docx

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/syntax"
)

// write returns the content of a part's entry; changed is false where it is the
// source's. Blocks whose translation cannot be written are added to missing.
func (f *file) write(p *part, output document.Output, missing map[int]bool) (content string, changed bool, err error) {
	w := writer{file: f, part: p, output: output, run: -1}
	if output.Target != "" {
		source, from := f.languages.source(output.Source)
		w.edits = p.languageEdits(&f.languages, source, output.Target)
		if to := document.DirectionOf(output.Target); to != from {
			w.edits = append(w.edits, p.turnEdits(to, w.isTranslated)...)
		}
	}
	if output.Bilingual && p.role == stylesRole && p.end > 0 && !f.marked {
		w.edits = append(w.edits, edit{extentOf(p.end, p.end), p.sourceStyle()})
	}
	slices.SortStableFunc(w.edits, func(a, b edit) int { return int(a.start - b.start) })
	w.out.Grow(len(p.source) + len(p.source)/8)
	w.copy(extentOf(0, len(p.source)))
	for _, n := range w.left {
		missing[n] = true
	}
	if !w.changed {
		return "", false, nil
	}
	content, err = p.form.Encode(w.out.String())
	return content, true, err
}

// writer writes a part.
type writer struct {
	file    *file
	part    *part
	output  document.Output
	edits   []edit // in the order in which they stand
	out     strings.Builder
	changed bool
	left    []int // blocks

	run int32 // whose tag is open in what is written of a paragraph; -1 for none
}

// copy writes a range of the source with the blocks in it.
func (w *writer) copy(e extent) {
	places := w.part.places
	at := e.start
	n := sort.Search(len(places), func(i int) bool { return places[i].start >= e.start })
	for n < len(places) && places[n].start < e.end {
		place := &places[n]
		if place.end > e.end {
			n++ // the paragraph that begins with the range
			continue
		}
		w.plain(extentOf(at, place.start))
		if w.place(place) {
			n += 1 + sort.Search(len(places)-n-1, func(i int) bool { return places[n+1+i].start >= place.end })
			at = place.end
			continue
		}
		// The source stands, and in it other blocks may.
		at = place.start
		n++
	}
	w.plain(extentOf(at, e.end))
}

// plain writes a range of the source in which no block stands.
func (w *writer) plain(e extent) {
	first := sort.Search(len(w.edits), func(i int) bool { return w.edits[i].start >= e.start })
	at := e.start
	for _, edit := range w.edits[first:] {
		if edit.end > e.end || edit.start == e.end && edit.end == e.end {
			break
		}
		if edit.start < at {
			continue
		}
		w.out.WriteString(w.part.source[at:edit.start])
		w.out.WriteString(edit.text)
		at = edit.end
		w.changed = true
	}
	w.out.WriteString(w.part.source[at:e.end])
}

// fate is what becomes of a block.
type fate uint8

const (
	untold   fate = iota // it has no translation
	kept                 // it has its own text
	replaced             // by its translation
	unplaced             // its translation cannot be written
)

// judged returns the translation of a block, and what becomes of it.
func (w *writer) judged(place *place) (translation string, f fate) {
	translation, ok := w.output.Translation(document.BlockID(place.block + 1))
	translation = strings.TrimSpace(translation)
	switch {
	case !ok:
		return "", untold
	case translation == w.file.texts[place.block]:
		return translation, kept
	case translation == "":
		return "", unplaced
	case place.label && !slices.Equal(counters(translation), counters(w.file.texts[place.block])):
		return "", unplaced
	case place.paragraph != nil && !place.paragraph.takes(translation):
		return "", unplaced
	}
	return translation, replaced
}

// counters returns the places of numbers in the label of a numbered paragraph, such as
// the %1 of "Chapter %1", in order.
func counters(label string) []string {
	found := counter.FindAllString(label, -1)
	slices.Sort(found)
	return found
}

var counter = regexp.MustCompile(`%[0-9]`)

// isTranslated reports whether what stands in a place is in the target language.
func (w *writer) isTranslated(place *place) bool {
	_, f := w.judged(place)
	return f == kept || f == replaced
}

// place writes a block in its place, and reports whether it did: it does not where
// the source is to stand.
func (w *writer) place(place *place) bool {
	translation, fate := w.judged(place)
	if fate == unplaced {
		w.left = append(w.left, place.block)
	}
	if fate != replaced {
		return false
	}
	w.changed = true
	switch {
	case place.paragraph != nil:
		w.paragraph(place.paragraph, translation, w.file.texts[place.block])
	case place.quote == '\'':
		syntax.Escape(&w.out, translation, syntax.InSingleQuotes, nil)
	case place.quote != 0:
		syntax.Escape(&w.out, translation, syntax.InDoubleQuotes, nil)
	default:
		syntax.Escape(&w.out, translation, syntax.InContent, nil)
	}
	return true
}
