// Package described holds answers against an OpenAPI document: whether a status, a
// header and a body are as it says, with nothing in them that it does not say.
//
//	document, err := described.Parse(text)
//	…
//	for _, wrong := range document.Check(answer) { t.Error(wrong) }
//	for _, operation := range document.Operations() { operation.Seen(http.StatusOK) }
//
// Schemas are JSON Schema 2020-12. In the view of this package an object of which
// properties are described has no others, unless the document says that it may.
package described

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// address is what the document is called among schemas.
const address = "https://verso.invalid/openapi.json"

// Document is an OpenAPI document.
type Document struct {
	// Root is the document as it was parsed.
	Root map[string]any

	compiler   *jsonschema.Compiler
	operations []*Operation
}

// Operation is what one method of one path does.
type Operation struct {
	ID, Method, Path string

	place    string // in the document, as a JSON pointer
	node     map[string]any
	pattern  *regexp.Regexp
	statuses map[int]bool // described, and whether it was seen
}

// Parse reads a document.
func Parse(text []byte) (*Document, error) {
	parse := func() (map[string]any, error) {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("parse document: %w", err)
		}
		root, ok := value.(map[string]any)
		if !ok {
			return nil, errors.New("the document is no object")
		}
		return root, nil
	}
	d := &Document{compiler: jsonschema.NewCompiler()}
	strict, err := parse() // a copy, since closing changes it
	if err == nil {
		d.Root, err = parse()
	}
	if err == nil {
		err = closeObjects(strict, "")
	}
	if err != nil {
		return nil, err
	}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(address, strict); err != nil {
		return nil, fmt.Errorf("take document for schemas: %w", err)
	}
	return d, d.readOperations()
}

// Operations returns the operations, by their paths.
func (d *Document) Operations() []*Operation { return d.operations }

func (d *Document) readOperations() error {
	paths, _ := d.Root["paths"].(map[string]any)
	ids := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			if method == "parameters" {
				continue
			}
			node := item[method].(map[string]any)
			o := &Operation{
				Method: strings.ToUpper(method), Path: path, node: node, statuses: map[int]bool{},
				place: "/paths/" + escape(path) + "/" + method, pattern: patternOf(path),
			}
			if o.ID, _ = node["operationId"].(string); o.ID == "" || ids[o.ID] {
				return fmt.Errorf("%s %s has no operationId of its own", o.Method, path)
			}
			ids[o.ID] = true
			responses, _ := node["responses"].(map[string]any)
			for status := range responses {
				number, err := strconv.Atoi(status)
				if err != nil {
					return fmt.Errorf("%s: the status %q is no number", o.ID, status)
				}
				o.statuses[number] = false
			}
			d.operations = append(d.operations, o)
		}
	}
	return nil
}

// Statuses returns the statuses that are described.
func (o *Operation) Statuses() []int { return slices.Sorted(maps.Keys(o.statuses)) }

// Seen reports whether an answer of that status was checked.
func (o *Operation) Seen(status int) bool { return o.statuses[status] }

// IsFor reports whether who signs in by a scheme may use the operation; "" is a guest.
func (d *Document) IsFor(o *Operation, scheme string) bool {
	allowed, ok := o.node["security"].([]any)
	if !ok {
		allowed, _ = d.Root["security"].([]any)
	}
	if len(allowed) == 0 {
		return true
	}
	return slices.ContainsFunc(allowed, func(one any) bool { _, ok := one.(map[string]any)[scheme]; return ok })
}

// find returns the operation that a request meets: a path without parameters first.
func (d *Document) find(method, path string) *Operation {
	var found *Operation
	for _, o := range d.operations {
		if o.Method == method && o.pattern.MatchString(path) && (found == nil || strings.Contains(found.Path, "{")) {
			found = o
		}
	}
	return found
}

var parameter = regexp.MustCompile(`\\\{\w+\\\}`)

// patternOf matches the addresses of a path.
func patternOf(path string) *regexp.Regexp {
	return regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
}

// at follows a place's reference, if it is one, and returns what is there.
func (d *Document) at(place string) (node map[string]any, there string, err error) {
	var value any = d.Root
	for _, key := range strings.Split(place, "/")[1:] {
		switch inside := value.(type) {
		case map[string]any:
			value = inside[unescape(key)]
		case []any:
			index, err := strconv.Atoi(key)
			if err != nil || index >= len(inside) {
				return nil, "", fmt.Errorf("there is nothing at %s", place)
			}
			value = inside[index]
		}
	}
	node, ok := value.(map[string]any)
	if !ok {
		return nil, "", fmt.Errorf("there is nothing at %s", place)
	}
	if reference, ok := node["$ref"].(string); ok {
		return d.at(strings.TrimPrefix(reference, "#"))
	}
	return node, place, nil
}

// Schema returns the schema at a place in the document.
func (d *Document) Schema(place string) (*jsonschema.Schema, error) {
	schema, err := d.compiler.Compile(address + "#" + (&url.URL{Fragment: place}).EscapedFragment())
	if err != nil {
		return nil, fmt.Errorf("schema at %s: %w", place, err)
	}
	return schema, nil
}

// escape writes a key as it stands in a JSON pointer.
func escape(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }

func unescape(key string) string { return strings.NewReplacer("~1", "/", "~0", "~").Replace(key) }
