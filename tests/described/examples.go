package described

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// CheckExamples holds every schema against JSON Schema and every example against its
// schema. It returns how many examples there were, and what is wrong; content of an
// answer that has no example is wrong too.
func (d *Document) CheckExamples() (examples int, wrong []error) {
	w := &walk{document: d}
	w.visit(d.Root, "")
	return w.examples, w.wrong
}

// walk goes through a document.
type walk struct {
	document *Document
	examples int
	wrong    []error
}

func (w *walk) visit(node any, at string) {
	switch node := node.(type) {
	case map[string]any:
		w.look(node, at)
		for _, key := range slices.Sorted(maps.Keys(node)) {
			if !isData(key) {
				w.visit(node[key], at+"/"+escape(key))
			}
		}
	case []any:
		for i, item := range node {
			w.visit(item, fmt.Sprintf("%s/%d", at, i))
		}
	}
}

// look checks what stands at one place.
func (w *walk) look(node map[string]any, at string) {
	_, hasSchema := node["schema"]
	switch {
	case hasSchema: // a parameter, a header, or content
		w.check(at+"/schema", at, examplesBeside(node))
		answer := strings.Contains(at, "/responses/") && strings.Contains(at, "/content/")
		if answer && len(examplesBeside(node)) == 0 && !strings.HasSuffix(schemaName(node), "TranslatedFile") {
			w.wrong = append(w.wrong, fmt.Errorf("%s has no example", at))
		}
	case isSchemaPlace(at):
		list, _ := node["examples"].([]any)
		if value, ok := node["default"]; ok {
			list = append(list, value)
		}
		w.check(at, at, list)
	}
}

// check holds values against the schema at a place.
func (w *walk) check(place, at string, values []any) {
	schema, err := w.document.Schema(place)
	if err != nil {
		w.wrong = append(w.wrong, err)
		return
	}
	for _, value := range values {
		w.examples++
		if err := schema.Validate(value); err != nil {
			var detail *jsonschema.ValidationError
			if errors.As(err, &detail) {
				err = errors.New(detail.Error())
			}
			w.wrong = append(w.wrong, fmt.Errorf("the example at %s: %w", at, err))
		}
	}
}

// examplesBeside returns what stands beside a schema as "example" or "examples".
func examplesBeside(node map[string]any) (values []any) {
	if value, ok := node["example"]; ok {
		values = append(values, value)
	}
	named, _ := node["examples"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(named)) {
		values = append(values, named[name].(map[string]any)["value"])
	}
	return values
}

func schemaName(node map[string]any) string {
	schema, _ := node["schema"].(map[string]any)
	reference, _ := schema["$ref"].(string)
	return reference
}

// isSchemaPlace reports whether at a place a schema stands: one of the components,
// or one inside of another.
func isSchemaPlace(at string) bool {
	parts := strings.Split(at, "/")
	if len(parts) < 4 {
		return false
	}
	switch parent := parts[len(parts)-2]; parent {
	case "schemas", "properties":
		return true
	}
	last := parts[len(parts)-1]
	return last == "items" || last == "contentSchema"
}
