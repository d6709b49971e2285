package engine

import (
	"errors"
	"fmt"
	"time"
)

// ErrorKind says what a failed request means for what to do next.
type ErrorKind int

const (
	// Unavailable is an engine that cannot be reached or cannot answer now.
	// Asking again later may help, and counts as no attempt.
	Unavailable ErrorKind = iota + 1
	// Malformed is an answer that is no answer. Asking again may help.
	Malformed
	// Blocked is a text that the engine will not translate. Asking for the
	// same text again will not help.
	Blocked
	// Refused is a key or a model that the engine does not take.
	Refused
)

// String returns the kind's name, for logs.
func (k ErrorKind) String() string {
	switch k {
	case Unavailable:
		return "unavailable"
	case Malformed:
		return "malformed answer"
	case Blocked:
		return "blocked"
	case Refused:
		return "key or model refused"
	}
	return "unknown"
}

// Error is a failed request. It never holds the API key or document text.
type Error struct {
	Kind ErrorKind
	// RetryAfter is how long the engine asks to be left alone; 0 if it does
	// not say.
	RetryAfter time.Duration
	Err        error
}

// Error returns the kind and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return "engine: " + e.Kind.String()
	}
	return fmt.Sprintf("engine: %s: %v", e.Kind, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of a failed request, or 0 for another error.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}
