package gemini_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
)

// asked makes a request and returns what went over the wire.
func asked(t *testing.T, config gemini.Config, question engine.Request) (*http.Request, []byte) {
	t.Helper()
	var sent *http.Request
	var body []byte
	config.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		sent = r
		body, _ = io.ReadAll(r.Body)
		return answer(200, response(goodDocument, "STOP")), nil
	})
	if _, err := newEngine(t, config).Translate(within(t), question); err != nil {
		t.Fatal(err)
	}
	return sent, body
}

func TestQuestionOnTheWire(t *testing.T) {
	sent, body := asked(t, gemini.Config{}, request())
	if got := sent.Method + " " + sent.URL.String(); got != "POST https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-lite:generateContent" {
		t.Error(got)
	}
	if got := sent.Header.Values("X-Goog-Api-Key"); !slices.Equal(got, []string{testKey}) {
		t.Errorf("keys sent: %q", got)
	}
	want, err := os.ReadFile("testdata/question.json")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(got.String()) != strings.TrimSpace(string(want)) {
		t.Errorf("the question has changed; it is now\n%s", got.String())
	}
}

// wireQuestion is what tests look at in a question.
type wireQuestion struct {
	SystemInstruction *struct{ Parts []struct{ Text string } }
	Contents          []struct {
		Role  string
		Parts []struct{ Text string }
	}
	GenerationConfig struct {
		Temperature, TopP, TopK *float64
		MaxOutputTokens         int
		ThinkingConfig          map[string]any
	}
}

func decodeQuestion(t *testing.T, body []byte) (question wireQuestion) {
	t.Helper()
	if err := json.Unmarshal(body, &question); err != nil {
		t.Fatal(err)
	}
	return question
}

func TestLastPartIsTheDocument(t *testing.T) {
	_, body := asked(t, gemini.Config{}, request())
	contents := decodeQuestion(t, body).Contents
	if len(contents) != 1 || contents[0].Role != "user" || len(contents[0].Parts) != 1 {
		t.Fatalf("contents %+v", contents)
	}
	want := `{"target_language":"ko","source_language":"en","blocks":[{"id":"b1","text":"Call me <1>Ishmael</1> & \"go\"."},{"id":"b2","text":"Some years ago"}]}`
	if got := contents[0].Parts[0].Text; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestModelsAreAskedInTheirOwnWay holds the table of families against names.
func TestModelsAreAskedInTheirOwnWay(t *testing.T) {
	tests := []struct {
		model, thinking string
		temperature     bool
	}{
		{"gemini-2.5-flash-lite", `{"thinkingBudget":0}`, true},
		{"models/gemini-2.5-flash-lite", `{"thinkingBudget":0}`, true},
		{"gemini-2.5-flash-lite-preview-09-2025", `{"thinkingBudget":0}`, true},
		{"gemini-2.5-flash", `{"thinkingBudget":0}`, true},
		{"gemini-2.5-pro", `{"thinkingBudget":128}`, true},
		{"gemini-3.5-flash-lite", `{"thinkingLevel":"MINIMAL"}`, false},
		{"gemini-3.5-flash", `{"thinkingLevel":"MINIMAL"}`, false},
		{"gemini-3.8-flash", `{"thinkingLevel":"LOW"}`, false},
		{"gemini-3.1-pro-preview", `{"thinkingLevel":"LOW"}`, false},
		{"gemini-3-flash-preview", `{"thinkingLevel":"LOW"}`, false},
		{"gemini-30-flash", `null`, false},
		{"gemini-flash-latest", `null`, false},
		{"gemma-3-27b-it", `null`, false},
	}
	for _, test := range tests {
		t.Run(test.model, func(t *testing.T) {
			question := request()
			question.Model = test.model
			sent, body := asked(t, gemini.Config{}, question)
			config := decodeQuestion(t, body).GenerationConfig
			if thinking, _ := json.Marshal(config.ThinkingConfig); string(thinking) != test.thinking {
				t.Errorf("thinking %s", thinking)
			}
			if (config.Temperature != nil) != test.temperature || config.TopP != nil || config.TopK != nil {
				t.Errorf("sampling %v %v %v", config.Temperature, config.TopP, config.TopK)
			}
			if want := "/v1beta/models/" + strings.TrimPrefix(test.model, "models/") + ":generateContent"; sent.URL.Path != want {
				t.Errorf("path %s", sent.URL.Path)
			}
		})
	}
}

func TestFurtherAttemptsLeaveTheTemperature(t *testing.T) {
	question := request()
	question.Attempt = 2
	_, body := asked(t, gemini.Config{}, question)
	if got := decodeQuestion(t, body).GenerationConfig.Temperature; got != nil {
		t.Errorf("temperature %v", *got)
	}
}

func TestOutputLimit(t *testing.T) {
	tests := []struct {
		name, model, text string
		least, most       int
	}{
		{"a short block", "gemini-2.5-flash-lite", "Hello.", 1024, 1200},
		{"15,000 characters", "gemini-2.5-flash-lite", strings.Repeat("a", 15_000), 45_000, 47_000},
		{"with thoughts", "gemini-3.8-flash", "Hello.", 16_384, 18_000},
		{"the model's own", "gemini-2.5-flash-lite", strings.Repeat("字", 100_000), 65_536, 65_536},
		{"of a model that nobody knows", "gemini-9", strings.Repeat("a", 15_000), 65_536, 65_536},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			question := request()
			question.Model, question.Payload.Blocks = test.model, []engine.Block{{ID: "b1", Text: test.text}}
			_, body := asked(t, gemini.Config{}, question)
			if got := decodeQuestion(t, body).GenerationConfig.MaxOutputTokens; got < test.least || got > test.most {
				t.Errorf("%d tokens", got)
			}
		})
	}
}

func TestNoInstructionsNoSystemInstruction(t *testing.T) {
	question := request()
	question.Instructions = ""
	_, body := asked(t, gemini.Config{}, question)
	if got := decodeQuestion(t, body).SystemInstruction; got != nil {
		t.Errorf("got %+v", got)
	}
}

// TestEnvironmentSwitchesNothing sets every variable that the SDK looks at.
func TestEnvironmentSwitchesNothing(t *testing.T) {
	for name, value := range map[string]string{
		"GOOGLE_GENAI_USE_VERTEXAI": "true", "GOOGLE_GENAI_USE_ENTERPRISE": "true",
		"GOOGLE_API_KEY": "of-the-environment", "GOOGLE_CLOUD_PROJECT": "project",
		"GOOGLE_CLOUD_LOCATION": "europe-west1", "GOOGLE_CLOUD_REGION": "europe-west1",
		"GOOGLE_GEMINI_BASE_URL": "https://elsewhere.example/", "GOOGLE_VERTEX_BASE_URL": "https://elsewhere.example/",
	} {
		t.Setenv(name, value)
	}
	sent, _ := asked(t, gemini.Config{}, request())
	if sent.URL.Host != "generativelanguage.googleapis.com" || sent.Header.Get("X-Goog-Api-Key") != testKey {
		t.Errorf("asked %s", sent.URL.Host)
	}
	sent, _ = asked(t, gemini.Config{BaseURL: "http://proxy.example/gemini/"}, request())
	if got := sent.URL.String(); got != "http://proxy.example/gemini/v1beta/models/gemini-2.5-flash-lite:generateContent" {
		t.Errorf("asked %s", got)
	}
	if without := newEngine(t, gemini.Config{}); !without.Info().NeedsKey {
		t.Error("a key of the environment counts as the server's own")
	}
}

func TestWhoseKey(t *testing.T) {
	question := request()
	question.APIKey = ""
	sent, _ := asked(t, gemini.Config{APIKey: "the-server's"}, question)
	if got := sent.Header.Get("X-Goog-Api-Key"); got != "the-server's" {
		t.Errorf("asked with %q", got)
	}
	sent, _ = asked(t, gemini.Config{APIKey: "the-server's"}, request())
	if got := sent.Header.Get("X-Goog-Api-Key"); got != testKey {
		t.Errorf("asked with %q", got)
	}
}

// TestNothingIsSent lists what is refused before a request is made, because it
// would change the request.
func TestNothingIsSent(t *testing.T) {
	tests := []struct {
		name, model, key string
		kind             engine.ErrorKind
	}{
		{"no key", "gemini-2.5-flash-lite", "", engine.KeyRefused},
		{"a key of two lines", "gemini-2.5-flash-lite", "AIza\r\nX-Evil: 1", engine.KeyRefused},
		{"a key with a space", "gemini-2.5-flash-lite", "AI za", engine.KeyRefused},
		{"a key in Cyrillic", "gemini-2.5-flash-lite", "ключ", engine.KeyRefused},
		{"no model", "", testKey, engine.ModelRefused},
		{"another path", "../files/1", testKey, engine.ModelRefused},
		{"a query", "gemini-2.5-flash?key=x", testKey, engine.ModelRefused},
		{"another method", "gemini-2.5-flash:countTokens", testKey, engine.ModelRefused},
		{"an escape", "gemini%2f", testKey, engine.ModelRefused},
		{"a tuned model", "tunedModels/mine", testKey, engine.ModelRefused},
		{"dots", "gemini..", testKey, engine.ModelRefused},
		{"too long", strings.Repeat("g", 101), testKey, engine.ModelRefused},
	}
	e := newEngine(t, gemini.Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s was asked", r.URL)
		return answer(500, ""), nil
	})})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			question := request()
			question.Model, question.APIKey = test.model, test.key
			_, err := e.Translate(within(t), question)
			if got := failureOf(t, err).Kind; got != test.kind {
				t.Errorf("Translate: %v", got)
			}
			if got := failureOf(t, e.Check(within(t), test.model, test.key)).Kind; got != test.kind {
				t.Errorf("Check: %v", got)
			}
		})
	}
}
