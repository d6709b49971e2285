package engine

import "context"

// Analyst is an engine that can read a text for what its translations are to
// agree on.
type Analyst interface {
	Engine
	// Analyse asks the model once. Failures are an [*Error], as of Translate.
	Analyse(ctx context.Context, request Analysis) (Findings, error)
}

// Task is what to look for.
type Task string

// The tasks, as the wire format names them.
const (
	AnalyseStyle    Task = "analyze_style"
	AnalyseGlossary Task = "analyze_glossary"
)

// AnalysisPayload is the data of an analysis, which engines send as one JSON
// document apart from the instructions (contract, engine wire format).
type AnalysisPayload struct {
	Task           Task   `json:"task"`
	SourceLanguage string `json:"source_language"`
	TargetLanguage string `json:"target_language"`
	Text           string `json:"text"`
}

// Analysis is one question about a text. See [Request] for its fields.
type Analysis struct {
	Model           string
	APIKey          string
	Instructions    string
	Payload         AnalysisPayload
	Attempt         int
	MaxOutputTokens int
}

// Findings are what a model found in a text: the style or the glossary, as the
// task was.
type Findings struct {
	Style    Style
	Glossary []Entry
	Usage    Usage
}

// Style is how a text is to be written in the target language.
type Style struct {
	ProtagonistName       string `json:"protagonist_name"`
	NarrationStyleEndings string `json:"narration_style_endings"`
	ToneKeywords          string `json:"tone_keywords"`
	StylisticRule         string `json:"stylistic_rule"`
}

// Entry is a term that a model found, with its translation.
type Entry struct {
	Term        string   `json:"term"`
	Translation string   `json:"translation"`
	Kind        string   `json:"kind,omitempty"`
	Gender      string   `json:"gender,omitempty"`
	Aliases     []string `json:"aliases,omitempty"`
}
