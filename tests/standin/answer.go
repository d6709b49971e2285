package standin

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
)

// good returns the text of the good answer: a JSON document.
func (c call) good() string {
	if c.payload.Task != "" {
		return analyse(c.payload, c.request.GenerationConfig.schema())
	}
	return document(translateBlocks(c.payload, c.terms))
}

func translateBlocks(payload Payload, terms []Term) []Block {
	blocks := make([]Block, len(payload.Blocks))
	for i, block := range payload.Blocks {
		blocks[i] = Block{ID: block.ID, Text: Translate(payload.TargetLanguage, block.Text, terms...)}
	}
	return blocks
}

func document(blocks []Block) string { return asJSON(blocksDocument{Blocks: blocks}) }

func asJSON(value any) string {
	// A model writes <1> as it is, not as \u003c1\u003e.
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("standin: an answer is plain JSON: " + err.Error())
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// respond is a response with one candidate that says a text. A text beyond the
// limit of output tokens is cut off, as Google does.
func (g *Gemini) respond(c call, text, finishReason string) generateResponse {
	response := g.respondNothing(c)
	limit := c.request.GenerationConfig.MaxOutputTokens
	if limit == 0 {
		limit = outputTokenLimit
	}
	if whole := withinTokens(text, max(0, limit-response.UsageMetadata.ThoughtsTokenCount)); whole != text {
		text, finishReason = whole, "MAX_TOKENS"
	}
	tokens := tokensOf(text)
	g.journal.change(func() { c.entry.OutputTokens = tokens })
	response.UsageMetadata.CandidatesTokenCount = tokens
	response.UsageMetadata.TotalTokenCount += tokens
	response.Candidates = []candidate{{
		Content:      &content{Role: "model", Parts: []part{{Text: text}}},
		FinishReason: finishReason,
	}}
	return response
}

// respondNothing is a response without candidates.
func (g *Gemini) respondNothing(c call) generateResponse {
	thoughts := g.config.ThoughtTokens
	if thinking := c.request.GenerationConfig.ThinkingConfig; thinking != nil &&
		thinking.ThinkingBudget != nil && *thinking.ThinkingBudget == 0 {
		thoughts = 0
	}
	return generateResponse{
		UsageMetadata: usageMetadata{
			PromptTokenCount:    c.entry.InputTokens,
			ThoughtsTokenCount:  thoughts,
			TotalTokenCount:     c.entry.InputTokens + thoughts,
			PromptTokensDetails: []tokenCount{{Modality: "TEXT", TokenCount: c.entry.InputTokens}},
		},
		ModelVersion: c.model,
		ResponseID:   g.responseID(c),
	}
}

// responseID looks like Google's and repeats with the seed.
func (g *Gemini) responseID(c call) string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], mix(g.config.Seed, uint64(c.entry.Number)))
	binary.BigEndian.PutUint64(id[8:], mix(g.config.Seed, uint64(c.entry.Number), 1))
	return base64.RawURLEncoding.EncodeToString(id[:])
}
