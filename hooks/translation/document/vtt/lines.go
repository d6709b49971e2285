package vtt

import (
	"strings"

	"verso/hooks/translation/document/subtitle"
)

// arrow stands in the line that says when a cue is shown, and nowhere else: any
// other line with it ends the cue above.
const arrow = "-->"

// isTimeLine reports whether a line says when a cue begins and ends. The times may
// be written in any way, with SubRip's comma too; what follows them may be anything.
// Without times a player shows nothing.
func isTimeLine(line string) bool {
	begin, rest, ok := strings.Cut(line, arrow)
	if !ok {
		return false
	}
	begin, rest = subtitle.Trim(begin), subtitle.Trim(rest)
	end := rest[:len(rest)-len(strings.TrimLeft(rest, timeCharacters))]
	return strings.Trim(begin, timeCharacters) == "" && strings.Contains(begin, ":") && strings.Contains(end, ":")
}

const timeCharacters = "0123456789:.,"

// isNumber reports whether a line is a number, as cues are mostly named.
func isNumber(line string) bool {
	line = subtitle.Trim(line)
	return line != "" && strings.Trim(line, "0123456789") == ""
}
