// Package srt is the format of SubRip subtitles.
//
// A block is the text of a cue. Everything else is the file's own and comes
// back byte for byte: counters, time lines with whatever coordinates and
// spacing they have, blank lines, the order of the cues, line ends, and a
// UTF-8 byte order mark. The file is edited where text stands and never written
// anew from a list of cues: a writer such as go-astisub's gives every cue a
// fresh counter, every time three decimals and a comma, and drops coordinates,
// and what a player reads today it should read tomorrow. go-astisub is the
// referee in the tests instead.
//
// A cue begins with a time line and the counter above it, and reaches to the
// next one. Blank lines within it, which careless tools write, make several
// blocks of it. Where no letter stands (music signs, dots, numbers) there is
// nothing to translate.
//
// The lines of a cue flow into one text, because a sentence is translated
// better than its halves, except where a line is a speech, a label, a sound or
// a verse of its own. A translation is broken into lines again, at natural
// places and in lines of like length; a block translated to exactly its own
// text leaves the source as it was. Markup around a cue's text, or in the same
// way around each of its lines, is no part of the block; markup inside of it
// travels as numbered tags.
//
// The text comes in any common encoding and goes out as UTF-8.
package srt

import (
	"context"
	"fmt"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/document/subtitle"
)

// Format implements [document.Format] for SubRip subtitles.
type Format struct{}

var _ document.Format = Format{}

// Name returns "srt".
func (Format) Name() string { return "srt" }

// Extensions returns the extension of SubRip files.
func (Format) Extensions() []string { return []string{".srt"} }

// MediaType returns the media type of the output. IANA has registered none;
// this is what the freedesktop.org database, Android and players call it. The
// charset is told because players fall back to a legacy encoding without it.
func (Format) MediaType() string { return "application/x-subrip; charset=utf-8" }

// Recognise accepts text that is called .srt, and under the name of plain text
// or none what begins with a counter and a time line. WebVTT is another format,
// whatever its file is called.
func (Format) Recognise(name string, head []byte) bool {
	if charset.LooksBinary(head) {
		return false
	}
	start := charset.Beginning(string(head))
	if isWebVTT(start) {
		return false
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".srt":
		return true
	case "", ".txt", ".text":
		return beginsWithCue(start)
	}
	return false
}

// Parse decodes the file and finds its cues.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	text, bom, err := charset.Decode(data, options.Encoding)
	if err != nil {
		return nil, err
	}
	first := subtitle.FirstText(text)
	switch {
	case first == 0:
		return nil, document.Empty()
	case isWebVTT(text):
		return nil, &document.Error{
			Kind:    document.Unsupported,
			Message: "The file is WebVTT and not SubRip; upload it with the extension .vtt.",
		}
	}
	doc, cues, err := read(ctx, text, bom)
	switch {
	case err != nil:
		return nil, err
	case cues == 0:
		return nil, noCue(first)
	case len(doc.Blocks()) == 0:
		return nil, subtitle.Wordless(cues)
	}
	return doc, nil
}

// noCue returns the error of a text without cues; its first text stands in the
// line of that number, counted from 1.
func noCue(line int) *document.Error {
	return &document.Error{
		Kind: document.Unreadable,
		Message: fmt.Sprintf("There is no subtitle in the file: each begins with a line that holds its number, then a line such as "+
			"00:01:02,500 --> 00:01:05,000, then its text. The file's text begins in line %d with something else; "+
			"upload it in the format that it is.", line),
	}
}

// isWebVTT reports whether a text begins with WebVTT's signature, blank lines above
// it or not.
func isWebVTT(text string) bool {
	return subtitle.IsWebVTT(strings.TrimLeftFunc(text[:min(len(text), 256)], subtitle.IsBlank))
}

// beginsWithCue reports whether the first two lines that are not blank are a
// counter and a time line.
func beginsWithCue(text string) bool {
	counted := false
	for _, l := range subtitle.Lines(text) {
		content := subtitle.Trim(l.Of(text))
		switch {
		case content == "":
		case counted:
			return isTimeLine(content)
		case !isCounter(content):
			return false
		default:
			counted = true
		}
	}
	return false
}
