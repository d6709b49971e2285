package vtt

import (
	"encoding/json"
	"regexp"
	"strings"

	"verso/hooks/translation/document/subtitle"
)

// picture is the address of a preview picture, as players have them in cues.
var picture = regexp.MustCompile(`(?i)^\S+\.(?:jpe?g|png|webp|gif|avif)(?:[?#]\S*)?$`)

// longestAddress bounds the bytes of an address, as servers do.
const longestAddress = 8 << 10

// isData reports whether a cue holds data for a script, as the tracks of kind
// "metadata" do: JSON, or the address of a picture.
func isData(text string) bool {
	text = subtitle.Trim(text)
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return json.Valid([]byte(text))
	}
	return len(text) <= longestAddress && picture.MatchString(text)
}
