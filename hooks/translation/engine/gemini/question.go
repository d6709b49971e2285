package gemini

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/genai"

	"verso/hooks/translation/engine"
)

// question puts a request into the SDK's terms: the instructions as the system
// instruction, and the data as the one part of the one user content.
func question(family family, request engine.Request) ([]*genai.Content, *genai.GenerateContentConfig, error) {
	document, err := encode(request.Payload)
	if err != nil {
		return nil, nil, fmt.Errorf("write the question: %w", err)
	}
	config := settings(family, request.Instructions, request.Attempt)
	config.MaxOutputTokens = withinBudget(outputLimit(family, request.Payload.Blocks), request.MaxOutputTokens)
	config.ResponseSchema = answerSchema()
	contents := []*genai.Content{{Role: genai.RoleUser, Parts: []*genai.Part{{Text: document}}}}
	return contents, config, nil
}

// settings says how a model is asked, whatever for.
func settings(family family, instructions string, attempt int) *genai.GenerateContentConfig {
	config := &genai.GenerateContentConfig{
		CandidateCount:        1,
		ResponseMIMEType:      "application/json",
		SafetySettings:        safetySettings(),
		AutomaticContinuation: new(false),
	}
	if instructions != "" {
		config.SystemInstruction = &genai.Content{Parts: []*genai.Part{{Text: instructions}}}
	}
	if family.temperature != 0 && attempt <= 1 {
		config.Temperature = new(family.temperature)
	}
	switch {
	case family.budget != nil:
		config.ThinkingConfig = &genai.ThinkingConfig{ThinkingBudget: family.budget}
	case family.level != "":
		config.ThinkingConfig = &genai.ThinkingConfig{ThinkingLevel: family.level}
	}
	return config
}

// encode writes the data as the JSON document of the engine wire format. The
// angle brackets of inline tags stay as they are: escaped, each would cost
// several tokens and be something else to a model than the tag it is told of.
func encode(payload engine.Payload) (string, error) {
	if payload.Blocks == nil {
		payload.Blocks = []engine.Block{}
	}
	var document bytes.Buffer
	encoder := json.NewEncoder(&document)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(payload); err != nil {
		return "", err
	}
	return strings.TrimSuffix(document.String(), "\n"), nil
}

// outputLimit is the most tokens that an answer may take, so that a model that
// repeats itself without end is stopped and the bill with it, and no
// translation ever is.
//
// It allows three tokens for each byte of source text. A tokeniser falls back
// to one token a byte at worst, the scripts of the basic multilingual plane
// take at most three bytes a character, and a translation has about as many
// characters as its source where both are alphabets (and where the source is
// Chinese, its three bytes a character leave room for nine). Another 32 a block
// are for the document around it, 1024 for what is shorter than that, and the
// family's share for thoughts. The model's own limit bounds it all.
func outputLimit(family family, blocks []engine.Block) int32 {
	limit := leastOutput + family.thoughts
	for _, block := range blocks {
		limit += tokensPerByte*len(block.Text) + len(block.ID) + 32
	}
	return int32(min(limit, maxOutputTokens))
}

const (
	// leastOutput is what every answer may have, and tokensPerByte what each byte
	// of source text adds; see [outputLimit].
	leastOutput, tokensPerByte = 1024, 3
)

// withinBudget lowers a limit to what the caller can pay for; 0 is no bound.
func withinBudget(limit int32, affordable int) int32 {
	if affordable > 0 {
		return min(limit, int32(min(affordable, maxOutputTokens)))
	}
	return limit
}

// answerSchema describes the document of the engine wire format. The id comes
// first, so that the model knows which block it is about to write.
func answerSchema() *genai.Schema {
	text := &genai.Schema{Type: genai.TypeString}
	return &genai.Schema{
		Type:     genai.TypeObject,
		Required: []string{"blocks"},
		Properties: map[string]*genai.Schema{"blocks": {
			Type: genai.TypeArray,
			Items: &genai.Schema{
				Type:             genai.TypeObject,
				Properties:       map[string]*genai.Schema{"id": text, "text": text},
				Required:         []string{"id", "text"},
				PropertyOrdering: []string{"id", "text"},
			},
		}},
	}
}

// safetySettings turns every filter off that can be: literature holds violence,
// hatred, love and danger, and its translation adds none of them. These four
// are the categories the Gemini API lets one set; civic integrity is withdrawn,
// and the filters against the gravest content cannot be set at all.
func safetySettings() []*genai.SafetySetting {
	return []*genai.SafetySetting{
		{Category: genai.HarmCategoryHarassment, Threshold: genai.HarmBlockThresholdOff},
		{Category: genai.HarmCategoryHateSpeech, Threshold: genai.HarmBlockThresholdOff},
		{Category: genai.HarmCategorySexuallyExplicit, Threshold: genai.HarmBlockThresholdOff},
		{Category: genai.HarmCategoryDangerousContent, Threshold: genai.HarmBlockThresholdOff},
	}
}
