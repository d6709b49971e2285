package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// merge adds the entries of one mapping to another's. Only the lists of paths and of
// components are shared among the files: whatever else is said twice is a mistake.
func merge(into, from *yaml.Node, at string) error {
	for i := 0; i < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		where := at + "/" + key.Value
		existing := entry(into, key.Value)
		switch {
		case existing == nil:
			into.Content = append(into.Content, key, value)
		case !isJoint(where):
			return fmt.Errorf("line %d: %s is described in another file already", key.Line, where)
		default:
			if err := merge(existing, value, where); err != nil {
				return err
			}
		}
	}
	return nil
}

// isJoint reports whether a mapping may have entries in several files.
func isJoint(at string) bool {
	switch at {
	case "/paths", "/components", "/components/schemas", "/components/parameters", "/components/responses", "/components/headers":
		return true
	}
	return false
}

// entry returns the value of a mapping's key, or nil.
func entry(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// appendJSON writes a node as JSON, its keys in their order.
func appendJSON(out []byte, node *yaml.Node) ([]byte, error) {
	switch node.Kind {
	case yaml.MappingNode:
		return appendObject(out, node)
	case yaml.SequenceNode:
		out = append(out, '[')
		for i, item := range node.Content {
			if i > 0 {
				out = append(out, ',')
			}
			var err error
			if out, err = appendJSON(out, item); err != nil {
				return nil, err
			}
		}
		return append(out, ']'), nil
	case yaml.AliasNode:
		return appendJSON(out, node.Alias)
	default:
		return appendScalar(out, node)
	}
}

// appendObject writes a mapping. One under the key "<<" gives what the mapping does
// not say itself, as YAML's merges do.
func appendObject(out []byte, node *yaml.Node) ([]byte, error) {
	whole, err := unfolded(node)
	if err != nil {
		return nil, err
	}
	out = append(out, '{')
	seen := map[string]bool{}
	for i := 0; i < len(whole); i += 2 {
		key := whole[i]
		if seen[key.Value] {
			return nil, fmt.Errorf("line %d: %q stands twice", key.Line, key.Value)
		}
		seen[key.Value] = true
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = appendText(out, key.Value); err != nil {
			return nil, err
		}
		out = append(out, ':')
		if out, err = appendJSON(out, whole[i+1]); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// unfolded returns a mapping's keys and values with those that it takes from another.
func unfolded(node *yaml.Node) ([]*yaml.Node, error) {
	base := entry(node, "<<")
	if base == nil {
		return node.Content, nil
	}
	if base.Kind != yaml.AliasNode || base.Alias.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: << takes the alias of one mapping", base.Line)
	}
	var whole []*yaml.Node
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value != "<<" {
			whole = append(whole, node.Content[i], node.Content[i+1])
		}
	}
	for i := 0; i < len(base.Alias.Content); i += 2 {
		if entry(node, base.Alias.Content[i].Value) == nil {
			whole = append(whole, base.Alias.Content[i], base.Alias.Content[i+1])
		}
	}
	return whole, nil
}

func appendScalar(out []byte, node *yaml.Node) ([]byte, error) {
	switch node.Tag {
	case "!!null":
		return append(out, "null"...), nil
	case "!!bool", "!!int", "!!float":
		var value any
		if err := node.Decode(&value); err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		encoded, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		return append(out, encoded...), nil
	}
	return appendText(out, node.Value) // dates too, which JSON does not know
}

// appendText writes a text with its tags as they are.
func appendText(out []byte, text string) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return nil, fmt.Errorf("encode text: %w", err)
	}
	return append(out, bytes.TrimSuffix(encoded.Bytes(), []byte("\n"))...), nil
}
