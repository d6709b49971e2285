package vtt

import (
	"context"
	"strings"

	"verso/hooks/translation/document/span"
	"verso/hooks/translation/document/subtitle"
)

// reader finds the cues of a text, line by line, as the standard's parser does
// (w3.org/TR/webvtt1, 6.1): a cue's text goes on to a blank line or the next arrow,
// and what has no time line above is no cue. So there is nothing to know of notes,
// styles and regions.
type reader struct {
	found  *subtitles
	source string
	cues   int // time lines so far
	bad    int // the number of the first line with an arrow that is none; 0 for none

	inCue  bool
	open   passage       // the cue's text so far
	size   int           // how many lines it has
	first  int           // the number of the first of them, counted from 1
	last   subtitle.Line // the last of them
	before int           // where the last but one ends
}

// read returns a reader that has read the whole text, which begins with the
// signature.
func read(ctx context.Context, source string, bom bool) (*reader, error) {
	r := &reader{source: source, found: &subtitles{Document: span.New(source, bom), dialect: dialect(source)}}
	r.found.Render = r.found.render
	for i, l := range subtitle.Lines(source) {
		if i&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if i == 0 { // the signature
			continue
		}
		if err := r.line(i+1, l); err != nil {
			return nil, err
		}
	}
	return r, r.flush()
}

// line reads the line of that number.
func (r *reader) line(number int, l subtitle.Line) error {
	text := l.Of(r.source)
	switch {
	case text == "":
		err := r.flush()
		r.inCue = false
		return err
	case strings.Contains(text, arrow):
		r.open.exposed = !r.dropName()
		err := r.flush()
		r.inCue = isTimeLine(text)
		switch {
		case r.inCue:
			r.cues++
		case r.bad == 0:
			r.bad = number
		}
		return err
	case !r.inCue:
		return nil
	case r.size == 0:
		r.open.start, r.first = l.Start, number
	}
	r.before, r.open.end, r.last = r.open.end, l.End, l
	r.size++
	return nil
}

// dropName takes the next cue's number off the open text where the blank line above
// it is missing, and reports whether there was one. A strict player shows it, but a
// translation that moved it into a sentence would be wrong for all others.
func (r *reader) dropName() bool {
	if r.size < 2 || !isNumber(r.last.Of(r.source)) {
		return false
	}
	r.size--
	r.open.end = r.before
	return true
}

// flush makes a block of the open text if it holds words.
func (r *reader) flush() error {
	p := r.open
	if r.size == 0 {
		return nil
	}
	r.size = 0
	r.open.exposed = false
	source := r.source[p.start:p.end]
	switch {
	case isData(source):
		return nil
	case len(source) > subtitle.LongestPassage:
		return subtitle.TooLong(r.first)
	}
	l := r.found.dialect.LayOut(source)
	if l.Text == "" {
		return nil
	}
	r.found.passages = append(r.found.passages, p)
	return r.found.Add(p.start+l.Start, p.start+l.End, l.Text)
}
