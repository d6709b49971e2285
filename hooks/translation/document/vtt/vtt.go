// Package vtt is the format of WebVTT subtitles.
//
// A block is the text of a cue. Everything else is the file's own and comes back
// byte for byte: the header, notes, styles, regions, the cues' names, times and
// settings, blank lines and line ends. The file is edited where text stands, as
// package srt does with SubRip's; how text flows and is broken into lines is the
// same for both (package subtitle).
//
// A cue's tags (classes, voices, times within it) travel as numbered tags. The names
// of voices and the readings of ruby text are not translated. Character references
// are shown as the characters that they mean, and written again where a character
// would be markup: so no translation can hold the arrow that begins a cue. Cues that
// hold data for a script, as the tracks of kind "metadata" do, are left alone.
//
// Files are UTF-8 by the standard. Those that are not are read all the same, and go
// out as UTF-8.
package vtt

import (
	"context"
	"fmt"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/document/subtitle"
)

// Format implements [document.Format] for WebVTT.
type Format struct{}

var _ document.Format = Format{}

// Name returns "vtt".
func (Format) Name() string { return "vtt" }

// Extensions returns the extension of WebVTT files.
func (Format) Extensions() []string { return []string{".vtt"} }

// MediaType returns WebVTT's media type; its files are always UTF-8.
func (Format) MediaType() string { return "text/vtt; charset=utf-8" }

// Recognise accepts text with WebVTT's signature, whatever it is called, and text
// that is called .vtt.
func (Format) Recognise(name string, head []byte) bool {
	if charset.LooksBinary(head) {
		return false
	}
	return subtitle.IsWebVTT(charset.Beginning(string(head))) || strings.EqualFold(path.Ext(name), ".vtt")
}

// Parse decodes the file and finds its cues.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	text, bom, err := charset.Decode(data, options.Encoding)
	if err != nil {
		return nil, err
	}
	switch first := subtitle.FirstText(text); {
	case first == 0:
		return nil, document.Empty()
	case !subtitle.IsWebVTT(text):
		return nil, unsigned(first)
	}
	r, err := read(ctx, text, bom)
	switch {
	case err != nil:
		return nil, err
	case r.cues == 0:
		return nil, noCue(r.bad)
	case len(r.found.Blocks()) == 0:
		return nil, subtitle.Wordless(r.cues)
	}
	return r.found, nil
}

// unsigned returns the error of a text without the signature; its first text stands
// in the line of that number, counted from 1.
func unsigned(line int) *document.Error {
	return &document.Error{
		Kind: document.Unreadable,
		Message: fmt.Sprintf("The file is no WebVTT: its first line has to be WEBVTT, but its text begins in line %d with something else. "+
			"Write WEBVTT and a blank line at the very top; if the file is SubRip, upload it with the extension .srt.", line),
	}
}

// noCue returns the error of a text without cues. In the line of that number the
// times are wrong; 0 where there is no such line.
func noCue(line int) *document.Error {
	message := "There is no subtitle in the file: each begins with a line such as 00:01:02.500 --> 00:01:05.000, and its text stands below."
	if line > 0 {
		message += fmt.Sprintf(" The times in line %d cannot be read; mend the file and upload it again.", line)
	}
	return &document.Error{Kind: document.Unreadable, Message: message}
}
