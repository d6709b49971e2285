package openapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"verso/hooks/refusal"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	document, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(document) || !strings.HasPrefix(string(document), `{"openapi":"3.1.0","info":{"title":"Verso",`) {
		t.Errorf("it begins %.100s", document)
	}
}

// folder are parts by their names without the extension.
func folder(parts map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range parts {
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestJoin(t *testing.T) {
	t.Parallel()
	joined, err := join(folder(map[string]string{
		"b": "openapi: 3.1.0\npaths:\n  /b: {get: {x: 1.50, y: [true, null, ~, 'null']}}\n",
		"a": "paths:\n  /a: &a\n    z: \"<1>\"\n    date: 2026-10-07\n  /c: {<<: *a, z: 7}\n  /d: *a\n",
	}), []string{"b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"openapi":"3.1.0","paths":{"/b":{"get":{"x":1.5,"y":[true,null,null,"null"]}},` +
		`"/a":{"z":"<1>","date":"2026-10-07"},"/c":{"z":7,"date":"2026-10-07"},"/d":{"z":"<1>","date":"2026-10-07"}}}`
	if string(joined) != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

// TestJoinRefuses holds that nothing is said twice, or lost.
func TestJoinRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, a, b, says string }{
		{"a path in two files", "paths: {/x: {get: 1}}", "paths: {/x: {post: 1}}", "b.yaml: line 1: /paths//x is described in another file already"},
		{"a text in two files", "openapi: 3.1.0", "openapi: 3.1.0", "/openapi is described in another file already"},
		{"a key twice", "paths: {}", "components: {x: 1, x: 2}", `line 1: "x" stands twice`},
		{"a list", "paths: {}", "- paths", "b.yaml: is no mapping"},
		{"nothing", "paths: {}", "", "b.yaml: is no mapping"},
		{"no YAML", "paths: {}", "a: [", "b.yaml: yaml:"},
		{"several merges", "paths: {}", "x: &x {a: 1}\ny: {<<: [*x, *x]}", "<< takes the alias of one mapping"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := join(folder(map[string]string{"a": test.a, "b": test.b}), []string{"a", "b"})
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %s", err, test.says)
			}
		})
	}
	if _, err := join(folder(map[string]string{"a": "x: 1", "b": "y: 1"}), []string{"a"}); err == nil {
		t.Error("a part that is not listed is lost")
	}
}

// TestRefusalCodes holds the names of refusals that are described to those that there
// are.
func TestRefusalCodes(t *testing.T) {
	t.Parallel()
	document, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Components struct {
			Schemas struct{ RefusalCode struct{ Enum []refusal.Code } }
		}
	}
	if err := json.Unmarshal(document, &read); err != nil {
		t.Fatal(err)
	}
	if described := read.Components.Schemas.RefusalCode.Enum; !slices.Equal(described, refusal.Codes()) {
		t.Errorf("described are\n%v, there are\n%v", described, refusal.Codes())
	}
}
