package described_test

import (
	"net/http"
	"strings"
	"testing"

	"verso/tests/described"
)

const jobs = `{
"openapi": "3.1.0",
"paths": {
  "/jobs/{id}": {
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "get": {
      "operationId": "viewJob",
      "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}],
      "responses": {
        "200": {
          "description": "A job.",
          "headers": {"Retry-After": {"required": true, "schema": {"type": "integer", "minimum": 1}}},
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}, "example": {"id": "a", "at": null}}}
        },
        "204": {"description": "Nothing."},
        "404": {"$ref": "#/components/responses/NotFound"}
      }
    },
    "patch": {
      "operationId": "changeJob",
      "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}}},
      "responses": {"204": {"description": "Changed."}}
    }
  },
  "/jobs/last": {"get": {"operationId": "viewLast", "responses": {"204": {"description": "Nothing."}}}}
},
"components": {
  "responses": {"NotFound": {"description": "None.", "content": {"application/json": {"schema": {"type": "object", "additionalProperties": true}, "example": {}}}}},
  "schemas": {"Job": {"type": "object", "required": ["id", "at"], "properties": {
    "id": {"type": "string"}, "at": {"type": ["string", "null"], "format": "date-time"}}}}
}}`

func mustParse(t *testing.T, text string) *described.Document {
	t.Helper()
	document, err := described.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// answered is an answer that is as described, apart from what edit does to it.
func answered(edit func(*described.Exchange)) described.Exchange {
	e := described.Exchange{
		Method: http.MethodGet, Address: "/jobs/abc?limit=3", Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json"}, "Retry-After": {"3"}},
		Body:   []byte(`{"id":"abc","at":"2026-11-20T09:30:00Z"}`),
	}
	edit(&e)
	return e
}

// TestCheck holds that each way to stray from a description is found.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		edit func(*described.Exchange)
		says string // "" for nothing
	}{
		{"as described", func(*described.Exchange) {}, ""},
		{"null", func(e *described.Exchange) { e.Body = []byte(`{"id":"abc","at":null}`) }, ""},
		{"a field more", func(e *described.Exchange) { e.Body = []byte(`{"id":"abc","at":null,"x":1}`) }, "additional properties 'x' not allowed"},
		{"a field less", func(e *described.Exchange) { e.Body = []byte(`{"id":"abc"}`) }, "missing property 'at'"},
		{"another type", func(e *described.Exchange) { e.Body = []byte(`{"id":7,"at":null}`) }, "got number, want string"},
		{"no time", func(e *described.Exchange) { e.Body = []byte(`{"id":"a","at":"today"}`) }, "date-time"},
		{"no JSON", func(e *described.Exchange) { e.Body = []byte(`{`) }, "is no JSON"},
		{"another kind", func(e *described.Exchange) { e.Header.Set("Content-Type", "text/plain") }, "the kind text/plain are not described"},
		{"a header less", func(e *described.Exchange) { e.Header.Del("Retry-After") }, "header Retry-After: is missing"},
		{"a header that is wrong", func(e *described.Exchange) { e.Header.Set("Retry-After", "soon") }, "header Retry-After"},
		{"a header more", func(e *described.Exchange) { e.Header.Set("WWW-Authenticate", "Bearer") }, "header Www-Authenticate is not described"},
		{"another status", func(e *described.Exchange) { e.Status = http.StatusTeapot }, "status is not described"},
		{"another path", func(e *described.Exchange) { e.Address = "/people" }, "GET /people is not described"},
		{"another method", func(e *described.Exchange) { e.Method = http.MethodPut }, "is not described"},
		{"a body where there is none", func(e *described.Exchange) { e.Status, e.Header = 204, http.Header{} }, "there is a body"},
		{"a parameter more", func(e *described.Exchange) { e.Address = "/jobs/abc?page=1" }, "parameter page is not described"},
		{"a parameter that is wrong", func(e *described.Exchange) { e.Address = "/jobs/abc?limit=0" }, "parameter limit"},
		{"a refused request may be wrong", func(e *described.Exchange) {
			e.Address, e.Status = "/jobs/abc?page=1", 404
			e.Header.Del("Retry-After")
		}, ""},
		{"a body sent", func(e *described.Exchange) {
			*e = described.Exchange{Method: "PATCH", Address: "/jobs/abc", Status: 204, Sent: []byte(`{"name":"x"}`)}
		}, "of the request, the body"},
		{"a path before a parameter", func(e *described.Exchange) {
			*e = described.Exchange{Method: "GET", Address: "/jobs/last", Status: 204}
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var said []string
			for _, wrong := range mustParse(t, jobs).Check(answered(test.edit)) {
				said = append(said, wrong.Error())
			}
			all := strings.Join(said, "\n")
			if test.says == "" && all != "" || !strings.Contains(all, test.says) {
				t.Errorf("said %q, want %q", all, test.says)
			}
		})
	}
}

// TestSeen holds that what was checked is seen, and nothing else.
func TestSeen(t *testing.T) {
	t.Parallel()
	document := mustParse(t, jobs)
	document.Check(answered(func(*described.Exchange) {}))
	for _, operation := range document.Operations() {
		for _, status := range operation.Statuses() {
			if want := operation.ID == "viewJob" && status == http.StatusOK; operation.Seen(status) != want {
				t.Errorf("%s %d is seen: %v", operation.ID, status, !want)
			}
		}
	}
}

// TestCheckExamples holds that wrong examples, missing ones and wrong schemas are
// found.
func TestCheckExamples(t *testing.T) {
	t.Parallel()
	if examples, wrong := mustParse(t, jobs).CheckExamples(); len(wrong) > 0 || examples != 2 {
		t.Errorf("%d examples, %v", examples, wrong)
	}
	for _, test := range []struct{ old, new, says string }{
		{`"at": null}`, `"at": 7}`, "got number"},
		{`"at": null}`, `"at": null, "more": 1}`, "additional properties"},
		{`, "example": {}`, ``, "has no example"},
		{`"type": "integer"`, `"type": "whole"`, "/type"},
		{`"required": ["id", "at"]`, `"required": "id"`, "/required"},
		{`#/components/schemas/Job`, `#/components/schemas/Work`, "Work"},
	} {
		_, wrong := mustParse(t, strings.Replace(jobs, test.old, test.new, 1)).CheckExamples()
		if len(wrong) == 0 || !strings.Contains(wrong[0].Error(), test.says) {
			t.Errorf("with %s: %v, want %q", test.new, wrong, test.says)
		}
	}
}

// TestParseRefuses holds what a document must not be.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ old, new, says string }{
		{`"openapi"`, `openapi`, "parse document"},
		{`"viewLast"`, `"viewJob"`, "no operationId of its own"},
		{`"404": {`, `"default": {`, `"default" is no number`},
		{`{"type": "object", "required": ["id", "at"]`, `{"allOf": [], "type": "object", "required": ["id", "at"]`, "allOf cannot be closed"},
	} {
		_, err := described.Parse([]byte(strings.Replace(jobs, test.old, test.new, 1)))
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("with %s: %v, want %q", test.new, err, test.says)
		}
	}
}
