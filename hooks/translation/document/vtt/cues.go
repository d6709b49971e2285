package vtt

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/span"
	"verso/hooks/translation/document/subtitle"
)

// arrow stands in the line that says when a cue is shown, and nowhere else.
const arrow = "-->"

// longestPassage bounds the bytes of a cue's text; what is longer is no cue, and to
// lay it out takes many times its size in memory.
const longestPassage = 64 << 10

// passage is the text of a cue: byte offsets in the source.
type passage struct{ start, end int }

// subtitles is a parsed file.
type subtitles struct {
	*span.Document
	dialect  *subtitle.Dialect
	passages []passage // of each block
}

// reader finds the cues of a text, line by line, as the standard's parser does
// (w3.org/TR/webvtt1, 6.1): a cue's text goes on to a blank line or the next arrow.
type reader struct {
	found  *subtitles
	source string
	cues   int
	inCue  bool
	open   passage
	size   int // lines of open
	first  int // the number of the first of them, counted from 1
}

// read returns a document of the cues' texts, and the number of cues.
func read(ctx context.Context, source string, bom bool) (*subtitles, int, error) {
	r := &reader{source: source, found: &subtitles{Document: span.New(source, bom), dialect: dialect()}}
	for i, l := range subtitle.Lines(source) {
		if i&0xfff == 0 && ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		if err := r.line(i+1, l); err != nil {
			return nil, 0, err
		}
	}
	if err := r.flush(); err != nil {
		return nil, 0, err
	}
	r.found.Render = r.found.render
	return r.found, r.cues, nil
}

// line reads the line of that number. Notes, styles and regions are no cues, so
// that nothing is to be done about them.
func (r *reader) line(number int, l subtitle.Line) error {
	text := l.Of(r.source)
	switch {
	case text == "":
		err := r.flush()
		r.inCue = false
		return err
	case strings.Contains(text, arrow):
		if err := r.flush(); err != nil {
			return err
		}
		r.cues++
		r.inCue = true
		return nil
	case !r.inCue:
		return nil
	case r.size == 0:
		r.open.start, r.first = l.Start, number
	}
	r.open.end = l.End
	r.size++
	return nil
}

// flush makes a block of the open passage if it holds words.
func (r *reader) flush() error {
	p := r.open
	if r.size == 0 {
		return nil
	}
	r.size = 0
	if p.end-p.start > longestPassage {
		return &document.Error{
			Kind: document.Unreadable,
			Message: fmt.Sprintf("The subtitle in line %d is longer than %d KB, so something else seems to stand there, "+
				"or the lines with the times are missing; mend the file and upload it again.", r.first, longestPassage>>10),
		}
	}
	source := r.source[p.start:p.end]
	if isData(source) {
		return nil
	}
	l := r.found.dialect.LayOut(source)
	if l.Text == "" {
		return nil
	}
	r.found.passages = append(r.found.passages, p)
	return r.found.Add(p.start+l.Start, p.start+l.End, l.Text)
}

// picture is the address of a preview picture, as players have them in cues.
var picture = regexp.MustCompile(`(?i)^\S+\.(?:jpe?g|png|webp|gif|avif)(?:[?#]\S*)?$`)

// isData reports whether a cue holds data for a script: JSON, or a picture.
func isData(text string) bool {
	text = subtitle.Trim(text)
	return strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") && strings.Contains(text, `":`) ||
		strings.HasPrefix(text, "[{") && strings.HasSuffix(text, "}]") || picture.MatchString(text)
}

// render writes the translation of the n-th block; false where there is nothing to
// write.
func (s *subtitles) render(n int, translated string, output document.Output) (string, bool) {
	p := s.passages[n]
	source := s.Source()[p.start:p.end]
	l := s.dialect.LayOut(source)
	rendered := l.Render(translated)
	if rendered == "" {
		return "", false
	}
	if output.Bilingual {
		rendered = l.Bilingual(rendered, source, `<c.verso-source>`, "</c>")
	}
	return rendered, true
}
