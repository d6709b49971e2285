package vtt

import (
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/span"
	"verso/hooks/translation/document/subtitle"
)

// passage is the place of a cue's text.
type passage struct {
	start, end int // byte offsets in the source
	// exposed says that the next cue's time line follows directly, with no blank
	// line and no name between.
	exposed bool
}

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
	source := s.Source()[p.start:p.end]
	l := s.dialect.LayOut(source)
	layOut := l.Render
	if output.Bilingual {
		layOut = l.RenderAbove
	}
	rendered := layOut(translated)
	if rendered == "" {
		return "", false
	}
	if output.Bilingual {
		rendered = l.Bilingual(rendered, openSource, closeSource)
	}
	last := rendered[strings.LastIndexByte(rendered, '\n')+1:]
	if p.exposed && isNumber(last) && subtitle.Trim(source[l.End:]) == "" {
		// A reader might take the line for the next cue's name; a blank line at the
		// end of a cue changes nothing else.
		rendered += "\n"
	}
	return rendered, true
}
