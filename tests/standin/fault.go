package standin

// Fault names a way to misbehave.
type Fault string

// Faults of the blocks: the answer is a good document with a wrong block in
// it. One block is spoiled, the longest of those to which it can happen, or
// the one that the rule's Holding names; with Rule.All every such block is.
const (
	// Missing leaves a block out.
	Missing Fault = "missing"
	// Doubled answers a block's id twice.
	Doubled Fault = "doubled"
	// UnknownID answers a block under an id that nobody asked for.
	UnknownID Fault = "unknown-id"
	// CrossedTags lets inline tags overlap, or close before they open.
	CrossedTags Fault = "crossed-tags"
	// DroppedTags loses a block's inline tags.
	DroppedTags Fault = "dropped-tags"
	// Echo gives the source text back.
	Echo Fault = "echo"
	// WrongLanguage answers in real German, or in Russian where the source is
	// German or the target is written in Latin letters, with tags and numbers
	// kept.
	WrongLanguage Fault = "wrong-language"
	// EmptyText answers a block with "".
	EmptyText Fault = "empty-text"
	// Refusal answers with a sentence that declines, in English or Korean, in
	// the place of the translation.
	Refusal Fault = "refusal"
	// ReasoningInside puts the model's notes before the translation, within
	// the block.
	ReasoningInside Fault = "reasoning-inside"
	// Runaway repeats the end of the translation without end.
	Runaway Fault = "runaway"
	// LostNumbers loses a block's digits.
	LostNumbers Fault = "lost-numbers"
	// Swapped exchanges the translations of two neighbouring blocks.
	Swapped Fault = "swapped"
	// Merged puts two blocks' translations into the first and leaves the
	// second out.
	Merged Fault = "merged"
	// MergedEmpty is Merged with the second block there and empty.
	MergedEmpty Fault = "merged-empty"
	// IgnoredTerms translates the terms of the glossary like any other word.
	IgnoredTerms Fault = "ignored-terms"
)

// Faults of the answer's text as a whole.
const (
	// TruncatedJSON cuts the document off, and yet says STOP.
	TruncatedJSON Fault = "truncated-json"
	// MaxTokens cuts the document in half with finishReason MAX_TOKENS, as a
	// model does at its limit of output tokens. With Rule.Over only requests of
	// more characters meet it, so that halving helps.
	MaxTokens Fault = "max-tokens"
	// Reasoning puts prose and a ```json fence around the document, as models
	// do in spite of a response schema.
	Reasoning Fault = "reasoning"
	// RefusalInstead answers a sentence that declines and no JSON.
	RefusalInstead Fault = "refusal-instead"
	// EmptyAnswer answers a candidate whose text is "".
	EmptyAnswer Fault = "empty-answer"
)

// Faults of the candidate: there is none, or one without content and with a
// finishReason that says why. The HTTP status is 200 and the usage is told.
const (
	// Safety is finishReason SAFETY with safety ratings.
	Safety Fault = "safety"
	// Recitation is finishReason RECITATION.
	Recitation Fault = "recitation"
	// ProhibitedContent is finishReason PROHIBITED_CONTENT.
	ProhibitedContent Fault = "prohibited-content"
	// Blocklist is finishReason BLOCKLIST.
	Blocklist Fault = "blocklist"
	// SPII is finishReason SPII, sensitive personal information.
	SPII Fault = "spii"
	// LanguageReason is finishReason LANGUAGE, one the model does not speak.
	LanguageReason Fault = "language"
	// OtherReason is finishReason OTHER.
	OtherReason Fault = "other-reason"
	// BlockedPrompt is promptFeedback with a blockReason (Rule.Reason, default
	// PROHIBITED_CONTENT) and no candidate.
	BlockedPrompt Fault = "blocked-prompt"
	// EmptyCandidate is a candidate with finishReason STOP and no parts.
	EmptyCandidate Fault = "empty-candidate"
	// NoCandidates is a response without candidates and without a reason.
	NoCandidates Fault = "no-candidates"
)

// Faults of the service: an HTTP status other than 200 in Google's error form.
const (
	// RateLimitedMinute is 429 RESOURCE_EXHAUSTED with a QuotaFailure on
	// requests a minute (Rule.Quota, default 10) and a RetryInfo
	// (Rule.RetryDelay, default 26 s).
	RateLimitedMinute Fault = "rate-limited"
	// RateLimitedTokens is the same on input tokens a minute (Rule.Quota,
	// default 250,000).
	RateLimitedTokens Fault = "rate-limited-tokens"
	// QuotaDay is the same on requests a day (Rule.Quota, default 250). Its
	// RetryInfo asks for seconds, as Google's does, though nothing will work
	// before midnight Pacific time.
	QuotaDay Fault = "quota-day"
	// Exhausted is a 429 that says nothing but "Resource has been exhausted".
	Exhausted Fault = "exhausted"
	// ServerError is 500 INTERNAL.
	ServerError Fault = "server-error"
	// Unavailable is 503 UNAVAILABLE, the model is overloaded; with a
	// Retry-After header where Rule.RetryDelay is set.
	Unavailable Fault = "unavailable"
	// Timeout504 is 504 DEADLINE_EXCEEDED.
	Timeout504 Fault = "timeout-504"
	// BadGateway is 502 with an HTML page, as a proxy answers.
	BadGateway Fault = "bad-gateway"
	// ModelGone is 404 NOT_FOUND for a model that was there before.
	ModelGone Fault = "model-gone"
	// TooLong is 400 INVALID_ARGUMENT, more input tokens than the model reads.
	TooLong Fault = "too-long"
	// BadRequest is 400 INVALID_ARGUMENT without a reason.
	BadRequest Fault = "bad-request"
	// WrongLocation is 400 FAILED_PRECONDITION, a country that Google does not
	// serve.
	WrongLocation Fault = "wrong-location"
)

// Faults of keys. They go on: the key that the request used stays refused.
const (
	// WrongKey is 400 INVALID_ARGUMENT with the reason API_KEY_INVALID.
	WrongKey Fault = "wrong-key"
	// ExpiredKey is the same reason in other words.
	ExpiredKey Fault = "expired-key"
	// LeakedKey is 403 PERMISSION_DENIED for a key found in public.
	LeakedKey Fault = "leaked-key"
	// SuspendedKey is 403 with the reason CONSUMER_SUSPENDED; its message and
	// details hold the key itself, as Google's do.
	SuspendedKey Fault = "suspended-key"
	// BlockedKey is 403 with the reason API_KEY_SERVICE_BLOCKED, a key that is
	// not for this API.
	BlockedKey Fault = "blocked-key"
)

// Faults of the connection.
const (
	// Hang never answers, until the client goes or the stand-in is closed.
	Hang Fault = "hang"
	// SlowDrip sends the headers at once and then the good answer byte by
	// byte, Rule.Delay apart (default 1 s).
	SlowDrip Fault = "slow-drip"
	// Reset ends the connection by a TCP reset before a byte is sent.
	Reset Fault = "reset"
	// ResetInBody does it after half of the good answer.
	ResetInBody Fault = "reset-in-body"
	// HalfBody announces the whole good answer, sends half and closes.
	HalfBody Fault = "half-body"
	// NotJSON is 200 with an HTML page, as a captive portal answers.
	NotJSON Fault = "not-json"
	// HugeAnswer is a good document whose first block is longer than anyone
	// wants to hold: Rule.Bytes (default 32 MiB).
	HugeAnswer Fault = "huge-answer"
)

// Faults returns every fault.
func Faults() []Fault {
	return []Fault{
		Missing, Doubled, UnknownID, CrossedTags, DroppedTags, Echo, WrongLanguage, EmptyText, Refusal,
		ReasoningInside, Runaway, LostNumbers, Swapped, Merged, MergedEmpty, IgnoredTerms,
		TruncatedJSON, MaxTokens, Reasoning, RefusalInstead, EmptyAnswer,
		Safety, Recitation, ProhibitedContent, Blocklist, SPII, LanguageReason, OtherReason,
		BlockedPrompt, EmptyCandidate, NoCandidates,
		RateLimitedMinute, RateLimitedTokens, QuotaDay, Exhausted, ServerError, Unavailable, Timeout504,
		BadGateway, ModelGone, TooLong, BadRequest, WrongLocation,
		WrongKey, ExpiredKey, LeakedKey, SuspendedKey, BlockedKey,
		Hang, SlowDrip, Reset, ResetInBody, HalfBody, NotJSON, HugeAnswer,
	}
}
