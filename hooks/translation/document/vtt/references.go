package vtt

import (
	"html"
	"strings"
)

// decode returns what text with character references shows.
func decode(text string) string {
	if strings.IndexByte(text, '&') < 0 {
		return text
	}
	return html.UnescapeString(text)
}

// encoder returns what writes text so that no reader takes it for markup or for a
// line of times. Characters that may be written either way are written as references
// where the file does: an invisible one that its author made visible stays so, and
// ">> JOE:" does not become a row of ampersands for players that know none.
func encoder(source string) func(text string) string {
	pairs := []string{"&", "&amp;", "<", "&lt;", arrow, "--&gt;"}
	for _, optional := range []struct{ character, reference string }{
		{">", "&gt;"}, {"\u00a0", "&nbsp;"}, {"\u200e", "&lrm;"}, {"\u200f", "&rlm;"},
	} {
		if strings.Contains(source, optional.reference) {
			pairs = append(pairs, optional.character, optional.reference)
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
