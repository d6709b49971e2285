package document

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

// Error is a file that cannot be translated. Message is a sentence for the
// person who brought it: what is wrong, where, and what to do about it.
type Error struct {
	Kind    ErrorKind
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

// Empty returns the error of a file without text.
func Empty() *Error {
	return &Error{Kind: Unreadable, Message: "The document is empty: there is no text in it to translate."}
}
