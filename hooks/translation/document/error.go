package document

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrorKind says what is wrong with a file.
type ErrorKind int

const (
	// Unsupported is a file that is not of the format it seemed to be.
	Unsupported ErrorKind = iota + 1
	// Unreadable is a file of a known format that is empty or broken.
	Unreadable
	// BadOption is a file whose options do not fit it or do not exist.
	BadOption
)

// Reason tells unreadable files apart by what people can do about them.
type Reason int

const (
	// Broken is what the others are not.
	Broken Reason = iota
	// NoText is a document without text.
	NoText
	// CopyProtected is a book whose files are encrypted for one reader.
	CopyProtected
	// Encrypted is a file that opens with a password.
	Encrypted
)

// Error is a file that cannot be translated. Message is a sentence for the
// person who brought it: what is wrong, where, and what to do about it.
type Error struct {
	Kind    ErrorKind
	Reason  Reason // of an unreadable one
	Message string
	Err     error // the cause, for the log; may be nil
}

// Error returns the message and the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Unreadablef returns the error of a file that is broken, or built to do harm, with
// a message as by [fmt.Sprintf].
func Unreadablef(format string, args ...any) *Error {
	return &Error{Kind: Unreadable, Message: fmt.Sprintf(format, args...)}
}

// Because returns the error with a reason.
func (e *Error) Because(reason Reason) *Error {
	e.Reason = reason
	return e
}

// TooLarge returns the error of a document with more than [MaxBlocks] blocks.
func TooLarge() *Error {
	return Unreadablef("The document has more than %d pieces of text; divide it into several files.", MaxBlocks)
}

// Quote shows a name that stands in a document in a message: short, and without what
// is not seen.
func Quote(name string) string {
	const longest = 80
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, name)
	if runes := []rune(clean); len(runes) > longest {
		clean = string(runes[:longest]) + "…"
	}
	return `"` + clean + `"`
}

// Empty returns the error of a file without text.
func Empty() *Error {
	return Unreadablef("The document is empty: there is no text in it to translate.").Because(NoText)
}
