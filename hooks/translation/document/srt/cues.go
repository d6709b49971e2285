package srt

import (
	"context"

	"verso/hooks/translation/document/span"
	"verso/hooks/translation/document/subtitle"
)

// passage is the place of a block: lines of a cue with no blank line between.
type passage struct {
	start, end int // byte offsets in the source, markup included
	// later says that it is not the cue's first passage.
	later bool
	// exposed says that the next cue's time line follows directly, with no
	// blank line and no counter between.
	exposed bool
}

// reader finds the cues of a text, line by line.
type reader struct {
	dialect  *subtitle.Dialect
	source   string
	doc      *span.Document
	passages []passage
	cues     int // time lines so far

	open   passage       // the lines since the last one that was blank or a time line
	size   int           // how many they are
	first  int           // the number of the first of them, counted from 1
	last   subtitle.Line // the last of them
	before int           // where the last but one ends
	blank  bool          // nothing but a blank line stands above them
}

// read returns a document of the cues' texts, and the number of cues.
func read(ctx context.Context, source string, bom bool) (*subtitles, int, error) {
	r := &reader{dialect: dialect(), source: source, doc: span.New(source, bom), blank: true}
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
	found := &subtitles{dialect: r.dialect, Document: r.doc, passages: r.passages}
	found.Render = found.render
	return found, r.cues, nil
}

// line reads the line of that number.
func (r *reader) line(number int, l subtitle.Line) error {
	text := l.Of(r.source)
	switch {
	case subtitle.Trim(text) == "":
		r.blank = true
		return r.flush()
	case r.isHeader(text):
		r.open.exposed = !r.dropCounter()
		if err := r.flush(); err != nil {
			return err
		}
		r.cues++
		r.open = passage{}
		r.blank = false
		return nil
	case r.size == 0:
		r.open.start, r.first = l.Start, number
	}
	r.before, r.open.end, r.last = r.open.end, l.End, l
	r.size++
	return nil
}

// isHeader reports whether a line is a cue's time line.
func (r *reader) isHeader(text string) bool {
	if isTimeLine(text) {
		return true
	}
	return r.size == 1 && r.blank && isCounter(r.last.Of(r.source)) && isBrokenTimeLine(text)
}

// dropCounter takes the next cue's counter off the open passage, and reports
// whether there was one. A line that stands alone below a blank one is in the
// counter's place, so readers take it for one, whatever it says; unless the cue
// would have no text without it.
func (r *reader) dropCounter() bool {
	if r.size == 0 {
		return false
	}
	alone := r.size == 1 && r.blank && r.open.later
	if !alone && !isCounter(r.last.Of(r.source)) {
		return false
	}
	r.size--
	r.open.end = r.before
	return true
}

// flush makes a block of the open passage if it holds words. Above the first
// time line nothing is a cue's text.
func (r *reader) flush() error {
	p := r.open
	if r.size == 0 {
		return nil
	}
	r.size = 0
	r.open = passage{later: true}
	if r.cues == 0 {
		return nil
	}
	if p.end-p.start > subtitle.LongestPassage {
		return subtitle.TooLong(r.first)
	}
	l := r.dialect.LayOut(r.source[p.start:p.end])
	if l.Text == "" {
		return nil
	}
	r.passages = append(r.passages, p)
	return r.doc.Add(p.start+l.Start, p.start+l.End, l.Text)
}
