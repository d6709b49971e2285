package standin

import "encoding/json"

// The request and response bodies of generateContent, as far as the stand-in
// looks at them (https://ai.google.dev/api/generate-content).

type generateRequest struct {
	Contents          []content        `json:"contents"`
	SystemInstruction *content         `json:"systemInstruction,omitempty"`
	GenerationConfig  generationConfig `json:"generationConfig"`
}

type content struct {
	Role  string `json:"role,omitempty"`
	Parts []part `json:"parts,omitempty"`
}

type part struct {
	Text string `json:"text"`
}

func (c *content) text() string {
	if c == nil {
		return ""
	}
	var text string
	for _, part := range c.Parts {
		text += part.Text
	}
	return text
}

type generationConfig struct {
	Temperature        *float64        `json:"temperature"`
	TopP               *float64        `json:"topP"`
	TopK               *float64        `json:"topK"`
	CandidateCount     int             `json:"candidateCount"`
	MaxOutputTokens    int             `json:"maxOutputTokens"`
	ResponseMIMEType   string          `json:"responseMimeType"`
	ResponseSchema     json.RawMessage `json:"responseSchema"`
	ResponseJSONSchema json.RawMessage `json:"responseJsonSchema"`
	ThinkingConfig     *struct {
		ThinkingBudget *int   `json:"thinkingBudget"`
		ThinkingLevel  string `json:"thinkingLevel"`
	} `json:"thinkingConfig"`
}

func (c generationConfig) schema() json.RawMessage {
	if len(c.ResponseJSONSchema) > 0 {
		return c.ResponseJSONSchema
	}
	return c.ResponseSchema
}

type generateResponse struct {
	Candidates     []candidate     `json:"candidates,omitempty"`
	PromptFeedback *promptFeedback `json:"promptFeedback,omitempty"`
	UsageMetadata  usageMetadata   `json:"usageMetadata"`
	ModelVersion   string          `json:"modelVersion"`
	ResponseID     string          `json:"responseId"`
}

type candidate struct {
	Content       *content       `json:"content,omitempty"`
	FinishReason  string         `json:"finishReason,omitempty"`
	FinishMessage string         `json:"finishMessage,omitempty"`
	Index         int            `json:"index"`
	SafetyRatings []safetyRating `json:"safetyRatings,omitempty"`
}

type safetyRating struct {
	Category    string `json:"category"`
	Probability string `json:"probability"`
	Blocked     bool   `json:"blocked,omitempty"`
}

type promptFeedback struct {
	BlockReason        string         `json:"blockReason,omitempty"`
	BlockReasonMessage string         `json:"blockReasonMessage,omitempty"`
	SafetyRatings      []safetyRating `json:"safetyRatings,omitempty"`
}

type usageMetadata struct {
	PromptTokenCount     int          `json:"promptTokenCount"`
	CandidatesTokenCount int          `json:"candidatesTokenCount,omitempty"`
	ThoughtsTokenCount   int          `json:"thoughtsTokenCount,omitempty"`
	TotalTokenCount      int          `json:"totalTokenCount"`
	PromptTokensDetails  []tokenCount `json:"promptTokensDetails,omitempty"`
}

type tokenCount struct {
	Modality   string `json:"modality"`
	TokenCount int    `json:"tokenCount"`
}

// blocksDocument is the answer to a translation.
type blocksDocument struct {
	Blocks []Block `json:"blocks"`
}
