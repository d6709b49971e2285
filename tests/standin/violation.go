package standin

import (
	"encoding/json"
	"slices"
	"strings"
)

// violation returns what a generateContent request lacks of the engine wire
// format, or asks that Google refuses, or nil. Messages that begin with
// "stand-in:" are about the format; the others are Google's own.
func (c call) violation() *failure {
	if !c.readable {
		return invalidArgument("Invalid JSON payload received.")
	}
	if failed := c.dataViolation(); failed != nil {
		return failed
	}
	if failed := c.schemaViolation(); failed != nil {
		return failed
	}
	if failed := c.thinkingViolation(); failed != nil {
		return failed
	}
	config := c.request.GenerationConfig
	if !before3(c.model) && (config.Temperature != nil || config.TopP != nil || config.TopK != nil) {
		// Google deprecates them and asks to remove them from every request.
		return invalidArgument("stand-in: temperature, topP and topK are deprecated from Gemini 3 on; leave them out for %s", c.model)
	}
	if config.CandidateCount > 1 {
		return invalidArgument("stand-in: one candidate is enough, candidateCount is %d", config.CandidateCount)
	}
	if config.MaxOutputTokens < 0 || config.MaxOutputTokens > outputTokenLimit {
		return invalidArgument("stand-in: maxOutputTokens is %d, the model writes from 1 to %d", config.MaxOutputTokens, outputTokenLimit)
	}
	if c.entry.InputTokens > inputTokenLimit {
		return tooLong(c.entry.InputTokens)
	}
	return nil
}

// dataViolation looks at the instructions and at the last user part.
func (c call) dataViolation() *failure {
	if strings.TrimSpace(c.request.SystemInstruction.text()) == "" {
		return invalidArgument("stand-in: the instructions belong into systemInstruction, which is empty")
	}
	text, ok := c.request.lastUserPart()
	if !ok {
		return invalidArgument("stand-in: contents must end with a part of the user")
	}
	if !json.Valid([]byte(text)) {
		return invalidArgument("stand-in: the last user part must be one JSON document and nothing else")
	}
	p := c.payload
	switch {
	case p.TargetLanguage == "":
		return invalidArgument("stand-in: the JSON document of the last user part has no target_language")
	case p.Task == "" && len(p.Blocks) == 0:
		return invalidArgument("stand-in: the JSON document of the last user part has no blocks")
	case p.Task != "" && p.Task != taskStyle && p.Task != taskGlossary:
		return invalidArgument("stand-in: there is no task %q", p.Task)
	case p.Task != "" && p.Text == "":
		return invalidArgument("stand-in: the task %s has no text", p.Task)
	}
	seen := map[string]bool{}
	for _, block := range p.Blocks {
		if block.ID == "" || seen[block.ID] {
			return invalidArgument("stand-in: every block needs an id of its own, %q is not", block.ID)
		}
		seen[block.ID] = true
	}
	return nil
}

// schemaViolation wants an answer in JSON by a schema that names what the
// answer consists of.
func (c call) schemaViolation() *failure {
	config := c.request.GenerationConfig
	schema := string(config.schema())
	if schema == "" || schema == "null" {
		return invalidArgument("stand-in: there is no responseSchema and no responseJsonSchema")
	}
	if config.ResponseMIMEType != "application/json" {
		return invalidArgument("stand-in: responseMimeType must be application/json for a response schema, it is %q", config.ResponseMIMEType)
	}
	names := []string{"blocks", "id", "text"}
	switch c.payload.Task {
	case taskStyle:
		names = []string{"protagonist_name", "narration_style_endings", "tone_keywords", "stylistic_rule"}
	case taskGlossary:
		names = []string{"glossary", "term", "translation"}
	}
	for _, name := range names {
		if !strings.Contains(schema, `"`+name+`"`) {
			return invalidArgument("stand-in: the response schema does not name %q", name)
		}
	}
	return nil
}

// thinkingViolation is what Google refuses in a thinkingConfig.
func (c call) thinkingViolation() *failure {
	thinking := c.request.GenerationConfig.ThinkingConfig
	if thinking == nil {
		return nil
	}
	budget, level := thinking.ThinkingBudget, thinking.ThinkingLevel
	switch {
	case budget != nil && level != "":
		return invalidArgument("You can only set only one of thinking budget and thinking level.")
	case level != "" && before3(c.model):
		return invalidArgument("Thinking level is not supported for this model.")
	case level != "" && !slices.Contains(thinkingLevels(c.model), strings.ToUpper(level)):
		return invalidArgument("Thinking level %s is not supported for this model.", strings.ToUpper(level))
	case budget == nil:
		return nil
	}
	least, most, off := thinkingBudgets(c.model)
	switch {
	case *budget == -1 || (*budget == 0 && off):
		return nil
	case *budget == 0:
		return invalidArgument("Budget 0 is invalid. This model only works in thinking mode.")
	case *budget < least || *budget > most:
		return invalidArgument("The thinking budget %d is invalid. Please choose a value between %d and %d.", *budget, least, most)
	}
	return nil
}

// thinkingLevels returns the levels that a model takes
// (https://ai.google.dev/gemini-api/docs/thinking).
func thinkingLevels(model string) []string {
	if strings.Contains(model, "-pro") || strings.HasPrefix(model, "gemini-3.7-flash") || strings.HasPrefix(model, "gemini-3.8-flash") {
		return []string{"LOW", "MEDIUM", "HIGH"}
	}
	return []string{"MINIMAL", "LOW", "MEDIUM", "HIGH"}
}

// thinkingBudgets returns the bounds of a model's thinking budget and whether
// 0 turns thinking off (https://ai.google.dev/gemini-api/docs/thinking).
func thinkingBudgets(model string) (least, most int, off bool) {
	switch {
	case strings.HasPrefix(model, "gemini-2.5-flash-lite"):
		return 512, 24_576, true
	case strings.HasPrefix(model, "gemini-2.5-pro"):
		return 128, 32_768, false
	case before3(model):
		return 1, 24_576, true
	}
	return 1, 65_535, !strings.Contains(model, "-pro")
}

// tooLong is Google's answer to more input than a model reads.
func tooLong(tokens int) *failure {
	return invalidArgument("The input token count (%d) exceeds the maximum number of tokens allowed (%d).", tokens, inputTokenLimit)
}
