package pipeline

import (
	"strings"

	"golang.org/x/text/language"

	"verso/hooks/translation/engine"
)

// Assembly puts the parts of blocks together again: it is given segments in
// the order of their positions and answers with the document's blocks.
type Assembly struct {
	spaced     bool // whether the target language writes a space between sentences
	texts      map[string]string
	translated int
	counted    string // the last block of which a part was counted

	// The block whose parts are being collected.
	open string
	text strings.Builder
	glue Block
}

// NewAssembly returns an empty assembly for a target language (BCP 47).
func NewAssembly(target string) *Assembly {
	return &Assembly{spaced: writesSpaces(target), texts: map[string]string{}}
}

// Add takes the next segment: its source blocks and the translations there
// are. A block without one stands in the source language.
func (a *Assembly) Add(source []Block, translation []engine.Block) {
	translated := make(map[string]string, len(translation))
	for _, block := range translation {
		translated[block.ID] = block.Text
	}
	for _, block := range source {
		text, ok := translated[block.ID]
		id, _, part := strings.Cut(block.ID, ".")
		switch {
		case !ok:
			text = block.Text
		case !part || a.counted != id:
			a.translated++
			a.counted = id
		}
		if !part {
			a.texts[id] = text
			continue
		}
		if a.open != id {
			a.close()
			a.open = id
		} else {
			a.text.WriteString(joint(a.glue, a.spaced))
		}
		a.text.WriteString(text)
		a.glue = block
	}
}

// Translated returns the number of the document's blocks that came with a
// translation, of all or of a part of them.
func (a *Assembly) Translated() int { return a.translated }

// Text returns the translation of a block of the document. It is to be asked
// only after the last segment was added.
func (a *Assembly) Text(id string) (string, bool) {
	a.close()
	text, ok := a.texts[id]
	return text, ok
}

func (a *Assembly) close() {
	if a.open != "" {
		a.texts[a.open] = a.text.String()
		a.open = ""
		a.text.Reset()
	}
}

// joint returns what stands between a part and the next: a line break stays, a
// space is the target language's affair (spaced), and where a word was cut
// nothing may come in between.
func joint(part Block, spaced bool) string {
	switch {
	case strings.Contains(part.Join, "\n"):
		return part.Join
	case part.Join != "":
		if spaced {
			return part.Join
		}
		return ""
	case part.Sentence && spaced:
		return " "
	}
	return ""
}

// writesSpaces reports whether a language puts a space between sentences.
// Chinese, Japanese, Tibetan, Dzongkha and Burmese do not; Thai, Lao and Khmer
// have no spaces between words but one between sentences.
func writesSpaces(target string) bool {
	tag, err := language.Parse(target)
	if err != nil {
		return true
	}
	base, _ := tag.Base()
	switch base.String() {
	case "zh", "yue", "ja", "bo", "dz", "my":
		return false
	}
	return true
}
