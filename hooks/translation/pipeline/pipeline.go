// Package pipeline leads from a document's blocks to translations that are
// proven to be ones.
//
//	segments := pipeline.Plan(blocks, 15000)    // what is asked for at once
//	for !work.Done() {
//		err = executor.Step(ctx, &work, nil)    // ask, verify, climb
//	}
//	assembly.Add(segment.Blocks, work.Outcome().Blocks)
//	text, ok := assembly.Text("b1")             // and back to the document's blocks
//
// What an answer leaves untranslated climbs a ladder: it is asked for again with
// what was wrong, then by halves, then each block alone, then of another model,
// and given up with the reason where all of that fails. Each request is a step
// of its own, so that between two of them a work is a value that waits, and
// holds neither a place nor a goroutine.
//
// A [Work] and its [Outcome] are plain values that can be serialised, and
// a step touches no database: where it runs is not the pipeline's business. A
// job is an id here; users and files are unknown.
package pipeline

import (
	"verso/hooks/translation/engine"
)

// Block is a block of a segment, or one part of a block that was longer than
// a segment.
type Block struct {
	// ID is the document's block id, with ".1", ".2", … for a part.
	ID string `json:"id"`
	// Text is the source text.
	Text string `json:"text"`
	// Join is the white space between this part of a block and the next, as
	// the source has it. Empty for whole blocks and for last parts.
	Join string `json:"join,omitempty"`
	// Sentence says that a part which ends without white space ends with a
	// sentence, so that languages that put a space there get one.
	Sentence bool `json:"sentence,omitempty"`
}

// Segment is what is asked for at once.
type Segment struct {
	// Position counts the segments of a document from 0.
	Position int
	Blocks   []Block
}

// Term is a glossary entry: a source term and what it must become.
type Term struct {
	Term        string `json:"term"`
	Translation string `json:"translation"`
}

// Work is everything that translating one segment takes.
type Work struct {
	JobID    string  `json:"job_id"`
	Position int     `json:"position"`
	Blocks   []Block `json:"blocks"`
	// Context is the source text just before the segment, for orientation.
	Context        string `json:"context,omitempty"`
	Engine         string `json:"engine"`
	Model          string `json:"model"`
	SourceLanguage string `json:"source_language,omitempty"`
	TargetLanguage string `json:"target_language"`
	// Style holds the user's wishes, free keys with text values.
	Style map[string]any `json:"style,omitempty"`
	// Glossary holds the terms that occur in the segment.
	Glossary []Term `json:"glossary,omitempty"`
	// SealedKey is the owner's API key, sealed; empty for none.
	SealedKey string `json:"sealed_key,omitempty"`
	// Fallback is the model to ask for what Model cannot translate; "" for none.
	Fallback string `json:"fallback,omitempty"`
	// Kept holds the translations that stand and are not asked for: a person's,
	// or those of an earlier run.
	Kept []engine.Block `json:"kept,omitempty"`
	// Earlier holds verified translations that stand again where no better one
	// is found.
	Earlier []engine.Block `json:"earlier,omitempty"`
	// Climb is how far the work has come.
	Climb Climb `json:"climb,omitzero"`
}

// Outcome is what became of a [Work].
type Outcome struct {
	// Blocks holds the translations in the order of the work's blocks. A block
	// that could not be translated is not among them: nothing that is no
	// translation is ever kept as one.
	Blocks []engine.Block `json:"blocks"`
	// Issue says in words for a reader which blocks could not be translated
	// and why; empty if all were.
	Issue string `json:"issue,omitempty"`
	// Untranslated counts the blocks that stand in the source language.
	Untranslated int `json:"untranslated,omitempty"`
	// Requests counts the questions that were answered, with translations or
	// without. Waiting for a limit or an outage is none.
	Requests int `json:"requests"`
	// Rungs records each of them.
	Rungs []Rung       `json:"rungs,omitempty"`
	Usage engine.Usage `json:"usage"`
}
