package gemini

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/genai"

	"verso/hooks/translation/engine"
)

var _ engine.Analyst = (*Engine)(nil)

// maxFindings is the most tokens that an analysis may answer with, thoughts not
// included: some three hundred terms.
const maxFindings = 16_384

// Analyse asks the model once for the style or the glossary of a text. The
// findings hold the usage also where the answer is an error.
func (e *Engine) Analyse(ctx context.Context, request engine.Analysis) (engine.Findings, error) {
	name, key, err := e.admit(request.Model, request.APIKey)
	if err != nil {
		return engine.Findings{}, err
	}
	var document bytes.Buffer
	encoder := json.NewEncoder(&document)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(request.Payload); err != nil {
		return engine.Findings{}, &engine.Error{Kind: engine.Unsuitable, Err: fmt.Errorf("write the question: %w", err)}
	}
	data := strings.TrimSuffix(document.String(), "\n")
	family := familyOf(e.families, name)
	config := settings(family, request.Instructions, request.Attempt)
	// No more than what is set aside for a question of its length, whoever pays.
	most := min(maxFindings+family.thoughts, e.MostOutput(name, len(request.Instructions)+len(request.Payload.Text)))
	config.MaxOutputTokens = withinBudget(int32(most), request.MaxOutputTokens)
	config.ResponseSchema = findingsSchema(request.Payload.Task)

	sent := &exchange{key: key}
	answer, err := guarded(func() (*genai.GenerateContentResponse, error) {
		contents := []*genai.Content{{Role: genai.RoleUser, Parts: []*genai.Part{{Text: data}}}}
		return e.client.Models.GenerateContent(sent.within(ctx), name, contents, config)
	})
	if err = e.outcome(ctx, sent, err, data+request.Instructions); err != nil {
		return engine.Findings{}, err
	}
	return readFindings(answer, request.Payload.Task)
}

// findingsSchema describes the answers of the analysis routes. Terms carry, beside
// their translation, what helps to translate sentences around them.
func findingsSchema(task engine.Task) *genai.Schema {
	text := &genai.Schema{Type: genai.TypeString}
	if task == engine.AnalyseStyle {
		fields := []string{"protagonist_name", "narration_style_endings", "tone_keywords", "stylistic_rule"}
		style := &genai.Schema{Type: genai.TypeObject, Properties: map[string]*genai.Schema{}, Required: fields, PropertyOrdering: fields}
		for _, field := range fields {
			style.Properties[field] = text
		}
		return style
	}
	term := &genai.Schema{
		Type: genai.TypeObject,
		Properties: map[string]*genai.Schema{
			"term":        text,
			"translation": text,
			"kind":        {Type: genai.TypeString, Enum: []string{"person", "place", "organisation", "thing", "concept"}},
			"gender":      {Type: genai.TypeString, Enum: []string{"female", "male", "neuter", "plural", "unknown"}},
			"aliases":     {Type: genai.TypeArray, Items: text},
		},
		Required:         []string{"term", "translation"},
		PropertyOrdering: []string{"term", "translation", "kind", "gender", "aliases"},
	}
	return &genai.Schema{
		Type:       genai.TypeObject,
		Required:   []string{"glossary"},
		Properties: map[string]*genai.Schema{"glossary": {Type: genai.TypeArray, Items: term}},
	}
}

// readFindings makes findings of an answer that arrived whole. It is less strict
// than with translations: what a model adds to findings harms nobody.
func readFindings(answer *genai.GenerateContentResponse, task engine.Task) (engine.Findings, error) {
	findings := engine.Findings{Usage: usageOf(answer.UsageMetadata)}
	text, err := finishedText(answer)
	if err != nil {
		return findings, err
	}
	if task == engine.AnalyseStyle {
		var style struct {
			ProtagonistName       words `json:"protagonist_name"`
			NarrationStyleEndings words `json:"narration_style_endings"`
			ToneKeywords          words `json:"tone_keywords"`
			StylisticRule         words `json:"stylistic_rule"`
		}
		if json.Unmarshal([]byte(text), &style) != nil {
			return findings, &engine.Error{Kind: engine.Malformed, Err: errors.New("the answer does not describe a style")}
		}
		findings.Style = engine.Style{
			ProtagonistName:       string(style.ProtagonistName),
			NarrationStyleEndings: string(style.NarrationStyleEndings),
			ToneKeywords:          string(style.ToneKeywords),
			StylisticRule:         string(style.StylisticRule),
		}
		return findings, nil
	}
	var glossary struct {
		Glossary []engine.Entry `json:"glossary"`
	}
	if json.Unmarshal([]byte(text), &glossary) != nil {
		return findings, &engine.Error{Kind: engine.Malformed, Err: errors.New("the answer is no glossary")}
	}
	findings.Glossary = glossary.Glossary
	return findings, nil
}

// words is a text that some models write as a list of texts.
type words string

// UnmarshalJSON takes a text, a list of texts, or null.
func (w *words) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*w = words(strings.Join(list, ", "))
		return nil
	}
	return json.Unmarshal(data, (*string)(w))
}
