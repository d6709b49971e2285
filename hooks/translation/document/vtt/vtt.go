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
package vtt

import (
	"context"
	"fmt"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/charset"
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
	// What is looked for is ASCII, which UTF-16 writes with a NUL beside it.
	start := strings.TrimLeft(strings.ReplaceAll(string(head), "\x00", ""), "\ufeff\xff\xfe")
	return hasSignature(start) || strings.EqualFold(path.Ext(name), ".vtt")
}

// signature begins every file, before a space or the line's end.
const signature = "WEBVTT"

func hasSignature(text string) bool {
	rest, ok := strings.CutPrefix(text, signature)
	return ok && (rest == "" || strings.IndexByte(" \t\r\n", rest[0]) >= 0)
}

// Parse decodes the file and finds its cues.
func (Format) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	text, bom, err := charset.Decode(data, options.Encoding)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(text) == "":
		return nil, document.Empty()
	case !hasSignature(text):
		return nil, &document.Error{
			Kind: document.Unreadable,
			Message: "The file is no WebVTT: its first line has to be WEBVTT. " +
				"If it is SubRip, upload it with the extension .srt.",
		}
	}
	doc, cues, err := read(ctx, text, bom)
	switch {
	case err != nil:
		return nil, err
	case cues == 0:
		return nil, &document.Error{
			Kind: document.Unreadable,
			Message: "There is no subtitle in the file: each begins with a line such as " +
				"00:01:02.500 --> 00:01:05.000, and its text stands below.",
		}
	case len(doc.Blocks()) == 0:
		return nil, &document.Error{
			Kind:    document.Unreadable,
			Message: fmt.Sprintf("None of the %d subtitles in the file holds a word, so there is nothing to translate.", cues),
		}
	}
	return doc, nil
}
