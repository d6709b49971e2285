package srt

import (
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/span"
	"verso/hooks/translation/document/subtitle"
)

// subtitles is a parsed file.
type subtitles struct {
	*span.Document
	dialect  *subtitle.Dialect
	passages []passage // of each block
}

// render writes the translation of the n-th block; false where there is nothing
// to write. None of its lines is a time line, which would begin a cue.
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
	rendered = noArrow(rendered)
	if output.Bilingual {
		rendered = l.Bilingual(rendered, "", "")
	}
	rendered = noTimeLine(rendered)
	last, rest := lastLine(rendered), subtitle.Trim(source[l.End:])
	if p.exposed && (isCounter(last) && rest == "" || p.later && last == rendered) {
		// A reader would take the line for the next cue's counter; a blank line
		// at the end of a cue changes nothing else.
		rendered += "\n"
	}
	return rendered, true
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }
