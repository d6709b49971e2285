package tests

import (
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"verso/hooks/web/openapi"
	"verso/tests/described"
)

// mustDescribe returns the description of the routes.
func mustDescribe(t *testing.T) *described.Document {
	t.Helper()
	text, err := openapi.Document()
	if err != nil {
		t.Fatal(err)
	}
	document, err := described.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// TestOpenAPIDocument holds the description of the routes to OpenAPI's own schema, its
// schemas to JSON Schema's, and its examples to its schemas.
func TestOpenAPIDocument(t *testing.T) {
	document := mustDescribe(t)
	file, err := os.Open("testdata/openapi/schema-3.1.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	standard, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	const address = "https://spec.openapis.org/oas/3.1/schema/2026-08-03"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(address, standard); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(map[string]any(document.Root)); err != nil {
		t.Errorf("it is no OpenAPI 3.1: %v", err)
	}

	examples, wrong := document.CheckExamples()
	for _, err := range wrong {
		t.Error(err)
	}
	if examples < 80 {
		t.Errorf("only %d examples were found", examples)
	}
	t.Logf("%d operations, %d examples", len(document.Operations()), examples)
}
