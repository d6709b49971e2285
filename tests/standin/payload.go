package standin

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Block is a piece of text under its id.
type Block struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Payload is the JSON document that a request carries as its last user part
// (the engine wire format).
type Payload struct {
	// TargetLanguage and SourceLanguage are BCP 47 tags; the source may be "".
	TargetLanguage string `json:"target_language"`
	SourceLanguage string `json:"source_language"`
	// Blocks are the text of a translation.
	Blocks []Block `json:"blocks"`
	// Task is "analyze_style" or "analyze_glossary", and Text what to analyse;
	// both are "" in a translation.
	Task string `json:"task"`
	Text string `json:"text"`
}

// Characters counts the characters of the blocks, or of the text to analyse.
func (p Payload) Characters() int {
	n := utf8.RuneCountInString(p.Text)
	for _, block := range p.Blocks {
		n += utf8.RuneCountInString(block.Text)
	}
	return n
}

// Holds reports whether a block, or the text to analyse, contains a string.
func (p Payload) Holds(text string) bool {
	for _, block := range p.Blocks {
		if strings.Contains(block.Text, text) {
			return true
		}
	}
	return p.Text != "" && strings.Contains(p.Text, text)
}

func (p Payload) kind() Kind {
	if p.Task != "" {
		return Analysis
	}
	return Translation
}

// lastUserPart returns the last part that a user said.
func (r generateRequest) lastUserPart() (string, bool) {
	if len(r.Contents) == 0 {
		return "", false
	}
	last := r.Contents[len(r.Contents)-1]
	if (last.Role != "user" && last.Role != "") || len(last.Parts) == 0 {
		return "", false
	}
	return last.Parts[len(last.Parts)-1].Text, true
}

// payload reads the data of a request, as far as it can be read.
func (r generateRequest) payload() (Payload, bool) {
	text, ok := r.lastUserPart()
	if !ok {
		return Payload{}, false
	}
	var payload Payload
	if err := json.Unmarshal([]byte(text), &payload); err != nil {
		return Payload{}, false
	}
	return payload, true
}

// inputTokens counts the tokens of the instructions and the contents.
func (r generateRequest) inputTokens() int {
	tokens := tokensOf(r.SystemInstruction.text())
	for _, content := range r.Contents {
		tokens += tokensOf(content.text())
	}
	return tokens
}
