package gemini

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
)

// masked stands where a key stood.
const masked = "[API key]"

// mask takes a key out of a text, however addresses and JSON escape it, and
// whatever else has the form of a Google key: Google's own messages name the
// key of a suspended project.
func mask(text, key string) string {
	if key != "" {
		text = disguises(key).ReplaceAllString(text, masked)
	}
	return regexp.MustCompile(`AIza[0-9A-Za-z_-]{8,}|AQ\.[0-9A-Za-z_-]{16,}`).ReplaceAllString(text, masked)
}

// disguises matches a key of which each character stands as it is, behind a
// backslash, or as %2b, %2B or \u002b.
func disguises(key string) *regexp.Regexp {
	var pattern strings.Builder
	for i := range len(key) {
		fmt.Fprintf(&pattern, `(?:\\?%s|(?i:%%%02x)|\\u(?i:%04x))`, regexp.QuoteMeta(key[i:i+1]), key[i], key[i])
	}
	return regexp.MustCompile(pattern.String())
}

// cause says why no answer began to arrive. The SDK wraps what the HTTP client
// says; anything else is a text of its own, which may quote the question.
func cause(err error, key string) error {
	var failed *url.Error
	if !errors.As(err, &failed) {
		return errors.New("the request could not be made")
	}
	// The address before it says nothing: it is the same for every request.
	return withoutKey(failed.Err, key)
}

// withoutKey returns an error that says the same without the key. Of the errors
// below it only those are kept that say nothing of their own, so that nothing
// that is unwrapped holds the key either.
func withoutKey(err error, key string) error {
	said := oneLine(mask(err.Error(), key))
	for _, known := range []error{context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			if said == known.Error() {
				return known
			}
			return fmt.Errorf("%s: %w", said, known)
		}
	}
	return errors.New(said)
}

// oneLine shortens a message to what a log line bears.
func oneLine(message string) string {
	message = strings.Join(strings.Fields(strings.ToValidUTF8(message, "")), " ")
	if runes := []rune(message); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return message
}

// quotes reports whether a message repeats a stretch of what was asked, as
// validators do with a value that they do not like. 24 bytes are four or five
// words, too long to be the same by accident.
func quotes(message, said string) bool {
	const stretch = 24
	for start := 0; start+stretch <= len(message); start++ {
		if strings.Contains(said, message[start:start+stretch]) {
			return true
		}
	}
	return false
}
