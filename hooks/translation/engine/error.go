package engine

import (
	"errors"
	"fmt"
	"time"
)

// ErrorKind says what a failed request means for what to do next.
type ErrorKind int

// The kinds of failures. The first four say nothing about the text: asking
// again later is right and spends no attempt. The next four are about the text
// or the answer. The last two are about what the owner lent or chose.
const (
	// RateLimited is a limit a minute that is used up. RetryAfter says how long
	// nothing may be asked of the same model with the same key.
	RateLimited ErrorKind = iota + 1
	// QuotaExhausted is a limit a day that is used up, until Until.
	QuotaExhausted
	// Unreachable is a network that failed or an answer that did not come in
	// time.
	Unreachable
	// ServerFailed is an engine that says it is itself at fault or overloaded.
	ServerFailed

	// Malformed is an answer that is no answer: not the document asked for,
	// or none at all.
	Malformed
	// CutOff is an answer that reached the model's limit of length.
	CutOff
	// Blocked is a text that the engine will not translate. Asking for the same
	// text in the same words will not help.
	Blocked
	// Unsuitable is a request that the engine takes for none, such as one that
	// is longer than the model can read.
	Unsuitable

	// KeyRefused is a key that the engine does not take, or no longer.
	KeyRefused
	// ModelRefused is a model that does not exist or is not open to the key.
	ModelRefused
)

// String returns the kind's name, for logs.
func (k ErrorKind) String() string {
	switch k {
	case RateLimited:
		return "limit a minute reached"
	case QuotaExhausted:
		return "quota of the day used up"
	case Unreachable:
		return "unreachable"
	case ServerFailed:
		return "engine failed"
	case Malformed:
		return "malformed answer"
	case CutOff:
		return "answer cut off"
	case Blocked:
		return "text blocked"
	case Unsuitable:
		return "request unsuitable"
	case KeyRefused:
		return "key refused"
	case ModelRefused:
		return "model refused"
	}
	return "unknown"
}

// Passing reports whether the failure says nothing about the text, so that
// asking again later may help as it is.
func (k ErrorKind) Passing() bool {
	return k == RateLimited || k == QuotaExhausted || k == Unreachable || k == ServerFailed
}

// Refused reports whether the engine does not take the key or the model.
func (k ErrorKind) Refused() bool { return k == KeyRefused || k == ModelRefused }

// Measure is what a limit counts.
type Measure int

// What limits count. Zero is a limit of which nobody knows what it counts.
const (
	Requests Measure = iota + 1
	InputTokens
)

// Error is a failed request. It never holds the API key or document text.
type Error struct {
	Kind ErrorKind
	// Detail says for a reader why a text was blocked or a key refused, in half a
	// sentence such as "the model's safety filter stopped it"; "" where there is
	// no more to say than the kind does.
	Detail string
	// RetryAfter is how long the engine asks to be left alone; 0 if it does
	// not say.
	RetryAfter time.Duration
	// Until is when a quota of the day is there again, for QuotaExhausted.
	Until time.Time
	// Measure is what the limit counts, for RateLimited, and Limit how many of
	// it a minute, 0 where the engine does not say.
	Measure Measure
	Limit   int
	Err     error
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
