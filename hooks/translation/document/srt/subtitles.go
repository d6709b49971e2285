package srt

import (
	"strings"

	"verso/hooks/translation/document/span"
)

// subtitles is a parsed file.
type subtitles struct {
	*span.Document
	passages []passage // of each block
}

// render writes the translation of the n-th block; false where there is nothing
// to write.
func (s *subtitles) render(n int, translated string) (string, bool) {
	p := s.passages[n]
	l := layOut(s.Source()[p.start:p.end])
	rendered := l.render(translated)
	if rendered == "" {
		return "", false
	}
	last := lastLine(rendered)
	if p.exposed && (isCounter(last) || p.later && last == rendered) {
		// A reader would take the line for the next cue's counter; a blank line
		// at the end of a cue changes nothing else.
		rendered += "\n"
	}
	return rendered, true
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }
