package vtt

import (
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/span"
	"verso/hooks/translation/document/subtitle"
)

// passage is the place of a cue's text: byte offsets in the source.
type passage struct{ start, end int }

// subtitles is a parsed file.
type subtitles struct {
	*span.Document
	dialect  *subtitle.Dialect
	passages []passage // of each block
}

const (
	// openSource and closeSource stand around the source in a bilingual file, so
	// that a style sheet can show or hide it. The class is the same in every format.
	openSource  = "<c.verso-source>"
	closeSource = "</c>"
)

// render writes the translation of the n-th block; false where there is nothing to
// write.
func (s *subtitles) render(n int, translated string, output document.Output) (string, bool) {
	p := s.passages[n]
	l := s.dialect.LayOut(s.Source()[p.start:p.end])
	if !output.Bilingual {
		rendered := l.Render(translated)
		return rendered, rendered != ""
	}
	rendered := l.RenderAbove(translated)
	if rendered == "" {
		return "", false
	}
	return l.Bilingual(rendered, openSource, closeSource), true
}
