package standin_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/genai"

	"verso/tests/standin"
)

func TestMain(m *testing.M) {
	// The SDK's dependencies start this one when they are loaded.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.opencensus.io/stats/view.(*worker).start"))
}

const (
	key   = "a-key"
	model = "gemini-2.5-flash-lite"
)

// client is the real SDK in front of the stand-in.
type client struct {
	*genai.Client
	t testing.TB
}

func newClient(t testing.TB, server *standin.Gemini, apiKey string) client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	sdk, err := genai.NewClient(t.Context(), &genai.ClientConfig{
		Backend:     genai.BackendGeminiAPI,
		APIKey:      apiKey,
		HTTPClient:  &http.Client{Transport: transport},
		HTTPOptions: genai.HTTPOptions{BaseURL: server.URL},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client{sdk, t}
}

// start starts a stand-in and a client with a good key.
func start(t testing.TB, config standin.Config) (*standin.Gemini, client) {
	t.Helper()
	server := standin.StartGemini(t, config)
	return server, newClient(t, server, key)
}

// blocks numbers texts as blocks.
func blocks(texts ...string) []standin.Block {
	list := make([]standin.Block, len(texts))
	for i, text := range texts {
		list[i] = standin.Block{ID: "b" + string(rune('1'+i)), Text: text}
	}
	return list
}

// schema is the form of a translation.
func schema() *genai.Schema {
	text := &genai.Schema{Type: genai.TypeString}
	return &genai.Schema{
		Type: genai.TypeObject, Required: []string{"blocks"},
		Properties: map[string]*genai.Schema{"blocks": {
			Type: genai.TypeArray,
			Items: &genai.Schema{
				Type: genai.TypeObject, Required: []string{"id", "text"},
				Properties: map[string]*genai.Schema{"id": text, "text": text},
			},
		}},
	}
}

// settings is what a good translation request sets.
func settings(instructions string) *genai.GenerateContentConfig {
	return &genai.GenerateContentConfig{
		SystemInstruction: genai.NewContentFromText(instructions, genai.RoleUser),
		ResponseMIMEType:  "application/json",
		ResponseSchema:    schema(),
	}
}

func payload(t testing.TB, data any) []*genai.Content {
	t.Helper()
	encoded, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	return []*genai.Content{genai.NewContentFromText(string(encoded), genai.RoleUser)}
}

func translation(target string, list []standin.Block) map[string]any {
	return map[string]any{"target_language": target, "source_language": "en", "blocks": list}
}

// ask asks for a translation into Korean.
func (c client) ask(ctx context.Context, list []standin.Block) (*genai.GenerateContentResponse, error) {
	c.t.Helper()
	return c.Models.GenerateContent(ctx, model, payload(c.t, translation("ko", list)), settings("Translate."))
}

// answer asks for a translation into Korean and reads it.
func (c client) answer(list []standin.Block) []standin.Block {
	c.t.Helper()
	response, err := c.ask(c.t.Context(), list)
	if err != nil {
		c.t.Fatalf("ask: %v", err)
	}
	return c.read(response)
}

func (c client) read(response *genai.GenerateContentResponse) []standin.Block {
	c.t.Helper()
	var document struct{ Blocks []standin.Block }
	if err := json.Unmarshal([]byte(response.Text()), &document); err != nil {
		c.t.Fatalf("the answer is no document: %v", err)
	}
	return document.Blocks
}

// refused returns the error that the API answered with.
func refused(t testing.TB, err error) genai.APIError {
	t.Helper()
	var failed genai.APIError
	if !errors.As(err, &failed) {
		t.Fatalf("no error of the API: %v", err)
	}
	return failed
}

// detail returns an error's detail of a type.
func detail(t testing.TB, failed genai.APIError, name string) map[string]any {
	t.Helper()
	for _, detail := range failed.Details {
		if detail["@type"] == "type.googleapis.com/google.rpc."+name {
			return detail
		}
	}
	t.Fatalf("no detail %s in %v", name, failed.Details)
	return nil
}

func good(list []standin.Block) []standin.Block {
	translated := make([]standin.Block, len(list))
	for i, block := range list {
		translated[i] = standin.Block{ID: block.ID, Text: standin.Translate("ko", block.Text)}
	}
	return translated
}
