package described

import (
	"bytes"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Exchange is a request and its answer.
type Exchange struct {
	Method  string
	Address string // path and query
	// Sent is the body of a request in JSON; nil where it was none.
	Sent []byte

	Status int
	Header http.Header
	Body   []byte
}

// Check notes that an answer was seen, and returns what of it is not described.
func (d *Document) Check(e Exchange) []error {
	asked, err := url.Parse(e.Address)
	if err != nil {
		return []error{err}
	}
	operation := d.find(e.Method, asked.Path)
	if operation == nil {
		return []error{fmt.Errorf("%s %s is not described", e.Method, asked.Path)}
	}
	var wrong []error
	say := func(format string, values ...any) {
		wrong = append(wrong, fmt.Errorf("%s, %s %s answered %d: %w", operation.ID, e.Method, e.Address, e.Status, fmt.Errorf(format, values...)))
	}
	if _, described := operation.statuses[e.Status]; !described {
		say("the status is not described; the body is %.300s", e.Body)
		return wrong
	}
	operation.statuses[e.Status] = true
	response, place, err := d.at(operation.place + "/responses/" + strconv.Itoa(e.Status))
	if err != nil {
		say("%w", err)
		return wrong
	}
	for _, err := range d.checkHeaders(response, place, e.Header) {
		say("%w", err)
	}
	if err := d.checkBody(response, place, e); err != nil {
		say("%w; the body is %.500s", err, e.Body)
	}
	if e.Status < http.StatusMultipleChoices {
		for _, err := range d.checkRequest(operation, asked.Query(), e.Sent) {
			say("of the request, %w", err)
		}
	}
	return wrong
}

// told are the headers by which a client is told something: where one stands in an
// answer it is described.
func told() []string {
	return []string{"Retry-After", "WWW-Authenticate", "X-Clerk-Auth-Reason", "Content-Disposition", "Content-Range", "ETag"}
}

func (d *Document) checkHeaders(response map[string]any, place string, header http.Header) (wrong []error) {
	described, _ := response["headers"].(map[string]any)
	names := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(described)) {
		names[http.CanonicalHeaderKey(name)] = true
		if err := d.checkHeader(place+"/headers/"+escape(name), header.Values(name)); err != nil {
			wrong = append(wrong, fmt.Errorf("header %s: %w", name, err))
		}
	}
	for _, name := range told() {
		name = http.CanonicalHeaderKey(name)
		if header.Get(name) != "" && !names[name] {
			wrong = append(wrong, fmt.Errorf("the header %s is not described", name))
		}
	}
	return wrong
}

func (d *Document) checkHeader(place string, values []string) error {
	node, there, err := d.at(place)
	if err != nil {
		return err
	}
	switch required, _ := node["required"].(bool); {
	case len(values) == 0 && required:
		return fmt.Errorf("is missing")
	case len(values) == 0:
		return nil
	case len(values) > 1:
		return fmt.Errorf("stands there %d times", len(values))
	}
	return d.checkText(there+"/schema", values[0])
}

// checkText holds a text that stands for a number, or for itself, against a schema.
func (d *Document) checkText(place, text string) error {
	schema, err := d.Schema(place)
	if err != nil {
		return err
	}
	if err = schema.Validate(text); err == nil {
		return nil
	}
	if value, notJSON := jsonschema.UnmarshalJSON(strings.NewReader(text)); notJSON == nil && schema.Validate(value) == nil {
		return nil
	}
	return err
}

// checkBody holds a body against what is described of its kind.
func (d *Document) checkBody(response map[string]any, place string, e Exchange) error {
	content, _ := response["content"].(map[string]any)
	if content == nil {
		if len(e.Body) > 0 {
			return fmt.Errorf("there is a body, and none is described")
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(e.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("the Content-Type %q: %w", e.Header.Get("Content-Type"), err)
	}
	if _, described := content[kind]; !described {
		return fmt.Errorf("bodies of the kind %s are not described", kind)
	}
	return d.checkContent(place+"/content/"+escape(kind)+"/schema", kind, e.Body)
}

// checkContent holds content of a kind against the schema at a place.
func (d *Document) checkContent(place, kind string, content []byte) error {
	schema, err := d.Schema(place)
	if err != nil {
		return err
	}
	var value any = string(content)
	if kind == "application/json" {
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(content)); err != nil {
			return fmt.Errorf("is no JSON: %w", err)
		}
	}
	return schema.Validate(value)
}

// checkRequest holds what was asked with success against what is described.
func (d *Document) checkRequest(o *Operation, query url.Values, sent []byte) (wrong []error) {
	parameters := d.parameters(o)
	for name, values := range query {
		place, described := parameters["query "+name]
		if !described && d.isSecret(o, name) {
			continue
		}
		if !described {
			wrong = append(wrong, fmt.Errorf("the parameter %s is not described", name))
			continue
		}
		if err := d.checkParameter(place, values[0]); err != nil {
			wrong = append(wrong, fmt.Errorf("the parameter %s: %w", name, err))
		}
	}
	if len(sent) > 0 {
		if err := d.checkContent(o.place+"/requestBody/content/application~1json/schema", "application/json", sent); err != nil {
			wrong = append(wrong, fmt.Errorf("the body: %w", err))
		}
	}
	return wrong
}

// isSecret reports whether one may sign in for an operation by a parameter of the
// query.
func (d *Document) isSecret(o *Operation, name string) bool {
	schemes, _, err := d.at("/components/securitySchemes")
	if err != nil {
		return false
	}
	for key := range schemes {
		scheme, _ := schemes[key].(map[string]any)
		if scheme["in"] == "query" && scheme["name"] == name && d.IsFor(o, key) {
			return true
		}
	}
	return false
}

func (d *Document) checkParameter(place, text string) error {
	node, there, err := d.at(place)
	if err != nil {
		return err
	}
	if explode, said := node["explode"].(bool); said && !explode { // a list
		for part := range strings.SplitSeq(text, ",") {
			if err := d.checkText(there+"/schema/items", part); err != nil {
				return err
			}
		}
		return nil
	}
	return d.checkText(there+"/schema", text)
}

// parameters returns the places of an operation's parameters, by "query limit" and
// so on: its own and its path's.
func (d *Document) parameters(o *Operation) map[string]string {
	found := map[string]string{}
	for _, place := range []string{"/paths/" + escape(o.Path), o.place} {
		node, _, err := d.at(place)
		if err != nil {
			continue
		}
		list, _ := node["parameters"].([]any)
		for i := range list {
			where := fmt.Sprintf("%s/parameters/%d", place, i)
			if one, _, err := d.at(where); err == nil {
				found[fmt.Sprint(one["in"], " ", one["name"])] = where
			}
		}
	}
	return found
}
