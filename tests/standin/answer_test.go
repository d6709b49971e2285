package standin_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/genai"

	"verso/tests/standin"
)

func TestGoodAnswer(t *testing.T) {
	server, client := start(t, standin.Config{ThoughtTokens: 7})
	list := blocks("Call me <1>Ishmael</1>.", "It was 1851.")
	response, err := client.ask(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	if got := client.read(response); !slices.Equal(got, good(list)) {
		t.Errorf("got %v, want %v", got, good(list))
	}
	if reason := response.Candidates[0].FinishReason; reason != genai.FinishReasonStop {
		t.Errorf("finish reason %q", reason)
	}
	if response.ModelVersion != model || response.ResponseID == "" {
		t.Errorf("model version %q, response id %q", response.ModelVersion, response.ResponseID)
	}
	usage, entry := response.UsageMetadata, server.Requests()[0]
	if usage.PromptTokenCount == 0 || int(usage.PromptTokenCount) != entry.InputTokens {
		t.Errorf("%d prompt tokens, the journal says %d", usage.PromptTokenCount, entry.InputTokens)
	}
	if usage.CandidatesTokenCount == 0 || usage.ThoughtsTokenCount != 7 ||
		usage.TotalTokenCount != usage.PromptTokenCount+usage.CandidatesTokenCount+7 {
		t.Errorf("usage %+v", usage)
	}
}

func TestNoThoughtsWhereTurnedOff(t *testing.T) {
	_, client := start(t, standin.Config{ThoughtTokens: 7})
	config := settings("Translate.")
	config.ThinkingConfig = &genai.ThinkingConfig{ThinkingBudget: new(int32(0))}
	response, err := client.Models.GenerateContent(t.Context(), model, payload(t, translation("ko", blocks("One."))), config)
	if err != nil {
		t.Fatal(err)
	}
	if n := response.UsageMetadata.ThoughtsTokenCount; n != 0 {
		t.Errorf("%d thoughts", n)
	}
}

func TestGlossaryIsObeyed(t *testing.T) {
	_, client := start(t, standin.Config{})
	config := settings("Translate.\nTranslate these terms so, and never otherwise:\n- \"white whale\" → \"흰 고래\"")
	response, err := client.Models.GenerateContent(t.Context(), model, payload(t, translation("ko", blocks("The White Whale swam."))), config)
	if err != nil {
		t.Fatal(err)
	}
	want := standin.Translate("ko", "The White Whale swam.", standin.Term{Term: "white whale", Translation: "흰 고래"})
	if got := client.read(response)[0].Text; got != want || !strings.Contains(got, "흰 고래") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOutputLimit(t *testing.T) {
	_, client := start(t, standin.Config{})
	config := settings("Translate.")
	config.MaxOutputTokens = 10
	response, err := client.Models.GenerateContent(t.Context(), model, payload(t, translation("ko", blocks(strings.Repeat("word ", 100)))), config)
	if err != nil {
		t.Fatal(err)
	}
	if reason := response.Candidates[0].FinishReason; reason != genai.FinishReasonMaxTokens {
		t.Errorf("finish reason %q", reason)
	}
	if n := response.UsageMetadata.CandidatesTokenCount; n != 10 {
		t.Errorf("%d tokens", n)
	}
}

func TestModels(t *testing.T) {
	_, client := start(t, standin.Config{})
	for _, name := range []string{model, "models/" + model} {
		got, err := client.Models.Get(t.Context(), name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != "models/"+model || got.OutputTokenLimit != 65_536 || !slices.Contains(got.SupportedActions, "generateContent") {
			t.Errorf("%+v", got)
		}
	}
	var names []string
	for listed, err := range client.Models.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, strings.TrimPrefix(listed.Name, "models/"))
	}
	if !slices.Equal(names, standin.Models()) {
		t.Errorf("models %v", names)
	}
	failed := refused(t, second(client.Models.Get(t.Context(), "gemini-0.1-nano", nil)))
	if failed.Code != 404 || failed.Status != "NOT_FOUND" {
		t.Errorf("unknown model: %v", failed)
	}
}

func TestCountTokens(t *testing.T) {
	_, client := start(t, standin.Config{})
	counted, err := client.Models.CountTokens(t.Context(), model, payload(t, translation("ko", blocks("One."))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if counted.TotalTokens == 0 {
		t.Error("no tokens")
	}
}

func TestAnalysis(t *testing.T) {
	text := "Ahab looked at Starbuck. Starbuck looked at the sea. Ahab and Starbuck said nothing. Ahab turned; Ahab left."
	tests := []struct {
		task   string
		schema string
		want   string
	}{
		{
			"analyze_style",
			`{"type":"object","properties":{"protagonist_name":{"type":"string"},"narration_style_endings":{"type":"string"},"tone_keywords":{"type":"array"},"stylistic_rule":{"type":"string"}}}`,
			`{"narration_style_endings":"-했다, -였다","protagonist_name":"Ahab","stylistic_rule":"Keep sentences as long as they are.","tone_keywords":["calm","observant"]}`,
		},
		{
			"analyze_glossary",
			`{"type":"object","properties":{"glossary":{"type":"array","items":{"properties":{"term":{},"translation":{}}}}}}`,
			`{"glossary":[{"term":"Ahab","translation":"` + standin.Translate("ko", "Ahab") + `"},{"term":"Starbuck","translation":"` + standin.Translate("ko", "Starbuck") + `"}]}`,
		},
	}
	for _, test := range tests {
		t.Run(test.task, func(t *testing.T) {
			server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.ServerError}}})
			config := settings("Analyse.")
			config.ResponseSchema = nil
			config.ResponseJsonSchema = json.RawMessage(test.schema)
			response, err := client.Models.GenerateContent(t.Context(), model, payload(t, map[string]string{
				"task": test.task, "source_language": "en", "target_language": "ko", "text": text,
			}), config)
			if err != nil {
				t.Fatal(err)
			}
			if got := response.Text(); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
			if kind := server.Requests()[0].Kind; kind != standin.Analysis {
				t.Errorf("noted as %s", kind)
			}
		})
	}
}

// TestViolations holds requests that stray from the wire format against what
// the stand-in says about them.
func TestViolations(t *testing.T) {
	one := translation("ko", blocks("One."))
	tests := []struct {
		name     string
		model    string
		contents []*genai.Content
		change   func(*genai.GenerateContentConfig)
		want     string
	}{
		{name: "no instructions", change: func(c *genai.GenerateContentConfig) { c.SystemInstruction = nil }, want: "systemInstruction"},
		{name: "no schema", change: func(c *genai.GenerateContentConfig) { c.ResponseSchema = nil }, want: "responseSchema"},
		{name: "schema of something else", change: func(c *genai.GenerateContentConfig) { c.ResponseSchema = &genai.Schema{Type: genai.TypeObject} }, want: `"blocks"`},
		{name: "no MIME type", change: func(c *genai.GenerateContentConfig) { c.ResponseMIMEType = "" }, want: "responseMimeType"},
		{name: "prose", contents: genai.Text("Translate: One."), want: "one JSON document"},
		{name: "two documents", contents: genai.Text(`{"target_language":"ko","blocks":[]} {}`), want: "one JSON document"},
		{name: "the model's turn", contents: []*genai.Content{genai.NewContentFromText("{}", genai.RoleModel)}, want: "a part of the user"},
		{name: "no target", contents: payload(t, translation("", blocks("One."))), want: "target_language"},
		{name: "no blocks", contents: payload(t, translation("ko", nil)), want: "no blocks"},
		{name: "the same id twice", contents: payload(t, translation("ko", []standin.Block{{ID: "b1"}, {ID: "b1"}})), want: "an id of its own"},
		{name: "unknown task", contents: payload(t, map[string]string{"task": "sing", "target_language": "ko"}), want: `no task "sing"`},
		{name: "budget and level", change: thinking("LOW", 128), want: "only one of thinking budget and thinking level"},
		{name: "level before 3", change: thinking("LOW", none), want: "Thinking level is not supported"},
		{name: "level of a large model", model: "gemini-3.1-pro-preview", change: thinking("MINIMAL", none), want: "MINIMAL is not supported"},
		{name: "no thinking for a large model", model: "gemini-2.5-pro", change: thinking("", 0), want: "Budget 0 is invalid"},
		{name: "small budget", change: thinking("", 100), want: "between 512 and 24576"},
		{name: "temperature from 3 on", model: "gemini-3.8-flash", change: func(c *genai.GenerateContentConfig) { c.Temperature = new(float32(0.2)) }, want: "deprecated"},
		{name: "many candidates", change: func(c *genai.GenerateContentConfig) { c.CandidateCount = 2 }, want: "candidateCount"},
		{name: "too much output", change: func(c *genai.GenerateContentConfig) { c.MaxOutputTokens = 70_000 }, want: "maxOutputTokens"},
		{name: "too much input", contents: payload(t, translation("ko", blocks(strings.Repeat("word ", 900_000)))), want: "exceeds the maximum number of tokens allowed (1048576)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server, client := start(t, standin.Config{Latency: time.Hour}) // a refusal does not wait
			config := settings("Translate.")
			if test.change != nil {
				test.change(config)
			}
			contents, name := test.contents, test.model
			if contents == nil {
				contents = payload(t, one)
			}
			if name == "" {
				name = model
			}
			failed := refused(t, second(client.Models.GenerateContent(t.Context(), name, contents, config)))
			if failed.Code != 400 || failed.Status != "INVALID_ARGUMENT" || !strings.Contains(failed.Message, test.want) {
				t.Errorf("got %d %s %q, want %q", failed.Code, failed.Status, failed.Message, test.want)
			}
			if entry := server.Requests()[0]; entry.Status != 400 {
				t.Errorf("noted with status %d", entry.Status)
			}
		})
	}
}

// TestThinkingTaken has the settings that are not refused.
func TestThinkingTaken(t *testing.T) {
	tests := []struct {
		model  string
		change func(*genai.GenerateContentConfig)
	}{
		{"gemini-2.5-flash-lite", thinking("", 0)},
		{"gemini-2.5-flash-lite", thinking("", 512)},
		{"gemini-2.5-pro", thinking("", 128)},
		{"gemini-2.5-pro", thinking("", -1)},
		{"gemini-3.8-flash", thinking("LOW", none)},
		{"gemini-3.5-flash-lite", thinking("MINIMAL", none)},
		{"gemini-3.1-pro-preview", thinking("LOW", none)},
		{"gemini-2.5-flash", func(c *genai.GenerateContentConfig) { c.Temperature = new(float32(0.2)) }},
	}
	_, client := start(t, standin.Config{})
	for _, test := range tests {
		config := settings("Translate.")
		test.change(config)
		_, err := client.Models.GenerateContent(t.Context(), test.model, payload(t, translation("ko", blocks("One."))), config)
		if err != nil {
			t.Errorf("%s: %v", test.model, err)
		}
	}
}

// none is no thinking budget.
const none = -2

func thinking(level genai.ThinkingLevel, budget int32) func(*genai.GenerateContentConfig) {
	return func(c *genai.GenerateContentConfig) {
		c.ThinkingConfig = &genai.ThinkingConfig{ThinkingLevel: level}
		if budget != none {
			c.ThinkingConfig.ThinkingBudget = &budget
		}
	}
}

func second[T any](_ T, err error) error { return err }
