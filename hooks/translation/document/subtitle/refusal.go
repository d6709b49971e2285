package subtitle

import (
	"fmt"

	"verso/hooks/translation/document"
)

// LongestPassage bounds the bytes of a cue's text. A cue on the screen has some
// hundred; what is longer than this is no cue, and to lay it out takes many
// times its size in memory.
const LongestPassage = 64 << 10

// TooLong returns the error of a passage that is longer and begins in the line of
// that number, counted from 1.
func TooLong(line int) *document.Error {
	return &document.Error{
		Kind: document.Unreadable,
		Message: fmt.Sprintf("The subtitle in line %d is longer than %d KB, so something else seems to stand there, "+
			"or the lines with the times are missing; mend the file and upload it again.", line, LongestPassage>>10),
	}
}

// Wordless returns the error of a file whose cues, so many, hold nothing to
// translate.
func Wordless(cues int) *document.Error {
	return document.Unreadablef("None of the %d subtitles in the file holds a word, so there is nothing to translate.", cues).Because(document.NoText)
}
