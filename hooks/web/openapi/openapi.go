// Package openapi holds the description of Verso's routes, which
// GET /api/v1/openapi.json answers with. People edit it as YAML, a subject a file:
//
//	document.yaml  what the service is, how to sign in, and what is in common
//	upload.yaml    …and so on: the paths of a subject with the schemas they need
//
// [Document] joins the files into one. The tests hold it against the code both ways:
// every route is described, and every answer of the running service is as described.
package openapi

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var parts embed.FS

// subjects are the parts in the order in which a reader meets them.
func subjects() []string {
	return []string{"document", "upload", "before", "jobs", "text", "brief", "account", "service", "errors"}
}

// Document returns the whole description as JSON, in the order in which it is
// written.
func Document() (json.RawMessage, error) { return join(parts, subjects()) }

// join puts the parts of a folder together, of which the list must name each.
func join(folder fs.FS, subjects []string) (json.RawMessage, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the parts of the document: %w", err)
	}
	if len(names) != len(subjects) {
		return nil, fmt.Errorf("there are %d parts of the document, and %d are listed", len(names), len(subjects))
	}
	document := &yaml.Node{Kind: yaml.MappingNode}
	for _, subject := range subjects {
		part, err := read(folder, subject+".yaml")
		if err == nil {
			err = merge(document, part, "")
		}
		if err != nil {
			return nil, fmt.Errorf("%s.yaml: %w", subject, err)
		}
	}
	return appendJSON(nil, document)
}

// read parses one part, which is a mapping.
func read(folder fs.FS, name string) (*yaml.Node, error) {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, err
	}
	var parsed yaml.Node
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		return nil, err
	}
	if len(parsed.Content) != 1 || parsed.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("is no mapping")
	}
	return parsed.Content[0], nil
}
