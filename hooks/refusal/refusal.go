// Package refusal gives refusals names, so that a program, or a page in another
// language, need not read their sentences.
//
//	return refusal.New(http.StatusGone, refusal.Expired, "The documents … were deleted.", nil)
//
// An error stays what PocketBase makes of one; its data holds the name as "code".
// Only what people meet, and may do something about, has one.
package refusal

import "github.com/pocketbase/pocketbase/tools/router"

// Code is what a refusal is called. It never changes its meaning.
type Code string

// The refusals that have a name.
const (
	TooManyJobs    Code = "too_many_jobs"      // as many unfinished translations as one may have
	UploadTooLarge Code = "upload_too_large"   // larger than the service takes
	UnknownFormat  Code = "unknown_format"     // no format on offer, or not the one that it seemed
	NoText         Code = "empty_document"     // nothing in it to translate
	CopyProtected  Code = "copy_protected"     // a book with DRM
	Encrypted      Code = "encrypted_document" // it opens with a password
	Broken         Code = "broken_document"    // it cannot be read; the sentence says where
	KeyRefused     Code = "key_refused"        // by the engine, for this model
	FieldRefused   Code = "field_refused"      // a field holds what it does not take; "field" is its name
	MonthUsedUp    Code = "month_used_up"      // of what one may spend on the server's key
	MovedOn        Code = "job_moved_on"       // the job is not in a status that allows it
	NothingToRetry Code = "nothing_to_retry"   // no segment that was asked for can be translated again
	Expired        Code = "documents_expired"  // they were deleted some time after the job's end
	Busy           Code = "busy"               // for the moment; Retry-After says for how long
	RateLimited    Code = "rate_limited"       // too many requests, or keys, in a short time
	NoRoom         Code = "no_room"            // the server's disk is full
)

// Codes returns all of them.
func Codes() []Code {
	return []Code{
		TooManyJobs, UploadTooLarge, UnknownFormat, NoText, CopyProtected, Encrypted, Broken, KeyRefused,
		FieldRefused, MonthUsedUp, MovedOn, NothingToRetry, Expired, Busy, RateLimited, NoRoom,
	}
}

// New returns an error with a name. The sentence is for the caller, the cause for
// the log.
func New(status int, code Code, sentence string, cause error) *router.ApiError {
	refused := router.NewApiError(status, sentence, cause)
	refused.Data = map[string]any{"code": code}
	return refused
}

// Field returns the error of a field that holds what it does not take.
func Field(status int, field, sentence string, cause error) *router.ApiError {
	refused := New(status, FieldRefused, sentence, cause)
	refused.Data["field"] = field
	return refused
}
