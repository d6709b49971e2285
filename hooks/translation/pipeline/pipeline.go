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
	"verso/hooks/translation/pipeline/glossary"
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
	// Repeats is the id of the first block of the document with the same text, and
	// Of the position of its segment; "" for a block that is the first.
	Repeats string `json:"repeats,omitempty"`
	Of      int    `json:"of,omitempty"`
	// Repeated says that a later block has the same text.
	Repeated bool `json:"repeated,omitempty"`
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
type Term = glossary.Term

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
	// Brief is the revision of the brief that style and glossary are of.
	Brief int `json:"brief,omitempty"`
	// Style holds the user's wishes, free keys with text values.
	Style map[string]any `json:"style,omitempty"`
	// Glossary holds the terms that occur in the segment.
	Glossary []Term `json:"glossary,omitempty"`
	// Present holds the persons of the glossary who are named just before the
	// segment and may be meant in it.
	Present []Term `json:"present,omitempty"`
	// SealedKey is the owner's API key, sealed; empty for none.
	SealedKey string `json:"sealed_key,omitempty"`
	// Fallback is the model to ask for what Model cannot translate; "" for none.
	Fallback string `json:"fallback,omitempty"`
	// Kept holds the translations that stand and are not asked for: a person's,
	// or those of an earlier run.
	Kept []engine.Block `json:"kept,omitempty"`
	// Awaited are the ids of the blocks whose text stands in the document before:
	// they are not asked for, because its translation there will be theirs.
	Awaited []string `json:"awaited,omitempty"`
	// Earlier holds verified translations that stand again where no better one
	// is found.
	Earlier []engine.Block `json:"earlier,omitempty"`
	// Task makes the work an analysis of Text, which has no blocks.
	Task engine.Task `json:"task,omitempty"`
	Text string      `json:"text,omitempty"`
	// MaxOutputTokens is the most that the next answer may have, because there is
	// no money for more; 0 leaves it to the engine.
	MaxOutputTokens int `json:"max_output_tokens,omitempty"`
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
	Rungs []Rung `json:"rungs,omitempty"`
	// Spent is what the answers cost, by model.
	Spent engine.Spending `json:"spent,omitempty"`
}
