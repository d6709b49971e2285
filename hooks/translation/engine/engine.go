// Package engine says what it takes to translate: an [Engine] is given blocks
// of text apart from the instructions about them, and answers with blocks.
//
// Engines are packages of their own below this one. They speak to a model and
// to nothing else: no database, no files, no knowledge of jobs. Whether an
// answer is a translation is not theirs to say; the pipeline verifies it.
package engine

import "context"

// Engine is one way to have text translated.
type Engine interface {
	// Info describes the engine.
	Info() Info
	// Check asks whether the engine would take a model and a key, before a job
	// depends on them. It returns an [*Error] of kind [KeyRefused] or
	// [ModelRefused] where it would not; any other error means that nobody can
	// tell at the moment.
	Check(ctx context.Context, model, apiKey string) error
	// Translate asks the model once. Failures are an [*Error]; the response
	// holds the usage all the same where the engine told it, because a blocked
	// or cut off answer is billed too.
	Translate(ctx context.Context, request Request) (Response, error)
}

// Info describes an engine to the service and to its users.
type Info struct {
	// Name is how an upload names the engine.
	Name string `json:"name"`
	// Models are the models to choose from, the default first.
	Models []string `json:"models"`
	// NeedsKey says that a request without an API key cannot succeed.
	NeedsKey bool `json:"needs_key"`
	// Free says that requests cost nothing, whatever the model.
	Free bool `json:"free"`
	// Fallbacks names for a model the one to ask for what it cannot translate;
	// a model without one is not among the keys.
	Fallbacks map[string]string `json:"-"`
	// Imitation says that the answers are in no language, so that they are not
	// held against what is known of languages.
	Imitation bool `json:"-"`
}

// Block is a piece of text under its id.
type Block struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Term is a word of the source and what it must become.
type Term struct{ Source, Target string }

// Payload is the data of a request, which engines send as one JSON document
// apart from the instructions (contract, engine wire format).
type Payload struct {
	TargetLanguage string  `json:"target_language"`
	SourceLanguage string  `json:"source_language"`
	Blocks         []Block `json:"blocks"`
}

// Request is one question to a model.
type Request struct {
	Model string
	// APIKey is in clear here, for the time of the request; "" asks with the
	// engine's own. It must not be kept, logged, or put into an error.
	APIKey string
	// Instructions is the system instruction: task, style, glossary, context.
	Instructions string
	// Terms are the glossary terms that stand in the instructions, for engines
	// that read none.
	Terms []Term
	// MaxOutputTokens is the most that the answer may have, thoughts included,
	// because there is no money for more; 0 leaves it to the engine.
	MaxOutputTokens int
	Payload         Payload
	// Attempt counts the requests made for the segment so far, this one and those
	// without an answer included, from 1.
	Attempt int
	// Again says that an earlier answer to these blocks could not be used.
	Again bool
}

// Response is a model's answer.
type Response struct {
	Blocks []Block
	Usage  Usage
}

// Usage counts tokens as the engine bills them.
type Usage struct {
	InputTokens, OutputTokens, ThinkingTokens int
}

// Spending is what was used of each model, by its name.
type Spending map[string]Usage

// Add counts a usage of a model and returns the spending, which is made where
// there was none. Nothing is counted where nothing was used.
func (s Spending) Add(model string, usage Usage) Spending {
	if usage == (Usage{}) {
		return s
	}
	if s == nil {
		s = Spending{}
	}
	s[model] = s[model].Add(usage)
	return s
}

// Total returns what was used of all models together.
func (s Spending) Total() (total Usage) {
	for _, usage := range s {
		total = total.Add(usage)
	}
	return total
}

// Add returns the sum of two usages.
func (u Usage) Add(other Usage) Usage {
	return Usage{
		InputTokens:    u.InputTokens + other.InputTokens,
		OutputTokens:   u.OutputTokens + other.OutputTokens,
		ThinkingTokens: u.ThinkingTokens + other.ThinkingTokens,
	}
}
