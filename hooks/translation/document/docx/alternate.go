package docx

import (
	"maps"
	"slices"
)

// alternate is a choice of contents for newer programs, and one for older ones.
type alternate struct {
	fallback bool
	texts    map[string]int // blocks of the first choice
}

// maxAlternates bounds how many alternates within one another are looked at: what is
// deeper is translated twice.
const maxAlternates = 16

// choosing returns the innermost alternate whose first choice is being read, nil where
// there is none.
func (p *parser) choosing() *alternate {
	for _, a := range slices.Backward(p.alternates) {
		if !a.fallback {
			return a
		}
	}
	return nil
}

// leaveAlternate ends the innermost alternate. Its texts become those of the one around
// it, so that none is in two.
func (p *parser) leaveAlternate() {
	last := len(p.alternates) - 1
	ended := p.alternates[last]
	p.alternates = p.alternates[:last]
	if outer := p.choosing(); outer != nil {
		if len(outer.texts) < len(ended.texts) {
			outer.texts, ended.texts = ended.texts, outer.texts
		}
		maps.Copy(outer.texts, ended.texts)
	}
}

// block returns the number of a block with that text: a new one, or in the contents
// for older programs the one that newer ones have.
func (p *parser) block(text string) int {
	for _, a := range slices.Backward(p.alternates) {
		if n, ok := a.texts[text]; ok && a.fallback {
			return n
		}
	}
	n := len(p.texts)
	p.texts = append(p.texts, text)
	if a := p.choosing(); a != nil {
		a.texts[text] = n
	}
	return n
}
