package standin

import "strings"

// Models returns the models that the stand-in knows by default: those on offer
// for text in autumn 2026.
func Models() []string {
	return []string{
		"gemini-2.5-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro",
		"gemini-3.5-flash-lite", "gemini-3.5-flash", "gemini-3.8-flash", "gemini-3.1-pro-preview",
	}
}

// What a model reads and writes at most, in tokens; the same for all of them
// (https://ai.google.dev/gemini-api/docs/models).
const (
	inputTokenLimit  = 1_048_576
	outputTokenLimit = 65_536
)

// modelInfo is a model as models.get and models.list show it.
type modelInfo struct {
	Name                       string   `json:"name"`
	Version                    string   `json:"version"`
	DisplayName                string   `json:"displayName"`
	InputTokenLimit            int      `json:"inputTokenLimit"`
	OutputTokenLimit           int      `json:"outputTokenLimit"`
	SupportedGenerationMethods []string `json:"supportedGenerationMethods"`
	Thinking                   bool     `json:"thinking"`
}

func describe(model string) modelInfo {
	return modelInfo{
		Name:                       "models/" + model,
		Version:                    "001",
		DisplayName:                model,
		InputTokenLimit:            inputTokenLimit,
		OutputTokenLimit:           outputTokenLimit,
		SupportedGenerationMethods: []string{"generateContent", "countTokens"},
		Thinking:                   true,
	}
}

// before3 reports whether a model is of a generation before 3, which thinks by
// budget; later ones think by level.
func before3(model string) bool {
	return strings.HasPrefix(model, "gemini-1") || strings.HasPrefix(model, "gemini-2")
}
